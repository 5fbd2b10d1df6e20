use autodiff_runtime::{Differentiable, differentiate};

#[derive(Clone, Copy, Differentiable)]
struct Scale {
    factor: f64,
}

#[differentiate]
impl From<&Scale> for f64 {
    fn from(scale: &Scale) -> f64 {
        2.0 * scale.factor
    }
}

fn main() {}
