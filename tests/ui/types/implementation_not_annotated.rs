use autodiff_runtime::differentiate;

#[differentiate]
trait Shape {
    fn area(&self, scale: f64) -> f64 {
        scale
    }
}

struct Square;

impl Shape for Square {
    fn area(&self, scale: f64) -> f64 {
        scale * scale
    }
}

fn main() {}
