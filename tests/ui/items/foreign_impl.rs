use autodiff_runtime::differentiate;

trait Sigmoid {
    fn sigmoid(self) -> Self;
}

#[differentiate]
impl Sigmoid for f64 {
    fn sigmoid(self) -> f64 {
        1.0 / (1.0 + (-self).exp())
    }
}

fn main() {}
