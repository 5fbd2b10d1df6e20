use autodiff_runtime::differentiate;

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

fn main() {}
