use autodiff_runtime::differentiate;

#[differentiate]
trait Shape {
    #[constant]
    fn area(&self, scale: f64) -> f64 {
        scale
    }

    fn perimeter(&self, scale: f64) -> f64 {
        scale
    }
}

struct Square;

#[differentiate]
impl Shape for Square {
    #[constant]
    fn area(&self, scale: f64) -> f64 {
        scale * scale
    }
}

fn main() {
    assert_eq!(Square.area(3.0), 9.0);
    assert_eq!(Square.perimeter_grad(3.0), 1.0);
}
