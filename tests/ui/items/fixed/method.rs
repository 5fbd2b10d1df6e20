use autodiff_runtime::differentiate;

struct Scale {
    factor: f64,
}

#[differentiate(wrt = x)]
fn apply(factor: f64, x: f64) -> f64 {
    factor * x
}

impl Scale {
    fn apply(&self, x: f64) -> f64 {
        apply(self.factor, x)
    }
}

fn main() {
    let scale = Scale { factor: 2.0 };
    assert_eq!(scale.apply(3.0), 6.0);
    assert_eq!(apply::grad(scale.factor, 3.0), 2.0);
}
