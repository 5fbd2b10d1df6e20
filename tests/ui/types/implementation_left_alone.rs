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
    #[constant]
    fn area(&self, scale: f64) -> f64 {
        scale * scale
    }
}

fn main() {}
