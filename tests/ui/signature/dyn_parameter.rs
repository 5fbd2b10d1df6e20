use autodiff_runtime::differentiate;

trait Shape {
    fn area(&self, scale: f64) -> f64;
}

#[differentiate]
fn apply(shape: &dyn Shape, x: f64) -> f64 {
    shape.area(x)
}

fn main() {}
