use autodiff_runtime::differentiate;

#[differentiate]
fn square(side: f64) -> f64 {
    side * side
}

trait Shape {
    fn area(&self, scale: f64) -> f64;
}

struct Square;

impl Shape for Square {
    fn area(&self, scale: f64) -> f64 {
        square(scale)
    }
}

fn main() {
    assert_eq!(Square.area(3.0), 9.0);
    assert_eq!(square::grad(3.0), 6.0);
}
