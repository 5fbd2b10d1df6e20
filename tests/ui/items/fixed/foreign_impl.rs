use autodiff_runtime::differentiate;

trait Sigmoid {
    fn sigmoid(self) -> Self;
}

#[differentiate]
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

impl Sigmoid for f64 {
    fn sigmoid(self) -> f64 {
        sigmoid(self)
    }
}

fn main() {
    assert_eq!(sigmoid::grad(0.0), 0.25);
    assert_eq!(0.0.sigmoid(), 0.5);
}
