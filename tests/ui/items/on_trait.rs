use autodiff_runtime::differentiate;

#[differentiate]
trait Shape {
    fn area(&self, scale: f64) -> f64;
}

fn main() {}
