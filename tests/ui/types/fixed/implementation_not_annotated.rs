use autodiff_runtime::differentiate;

#[differentiate]
trait Shape {
    fn area(&self, scale: f64) -> f64 {
        scale
    }
}

struct Square;

#[differentiate]
impl Shape for Square {
    fn area(&self, scale: f64) -> f64 {
        scale * scale
    }
}

fn main() {
    assert_eq!(Square.area_grad(3.0), 6.0);
}
