use autodiff_runtime::differentiate;

trait Shape {
    #[differentiate]
    fn area(&self, scale: f64) -> f64;
}

fn main() {}
