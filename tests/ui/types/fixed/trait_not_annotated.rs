use autodiff_runtime::differentiate;

#[differentiate]
trait Shape {
    fn area(&self, scale: f64) -> f64;
}

struct Square;

#[differentiate]
impl Shape for Square {
    fn area(&self, scale: f64) -> f64 {
        scale * scale
    }
}

/// A trait of somebody else's.
trait Foreign {
    fn perimeter(&self, scale: f64) -> f64;
}

#[differentiate(inherent)]
impl Foreign for Square {
    fn perimeter(&self, scale: f64) -> f64 {
        4.0 * scale
    }
}

fn main() {
    assert_eq!(Square.area_grad(3.0), 6.0);
    assert_eq!(Square.perimeter_grad(3.0), 4.0);
}
