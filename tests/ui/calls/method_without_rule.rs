use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    x.polygamma() + 1.0
}

trait Polygamma {
    fn polygamma(self) -> f64;
}

impl Polygamma for f64 {
    fn polygamma(self) -> f64 {
        self
    }
}

fn main() {}
