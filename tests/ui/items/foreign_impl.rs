use autodiff_runtime::{Differentiable, differentiate};

#[derive(Clone, Copy, Differentiable)]
struct Scale {
    factor: f64,
}

#[differentiate]
impl std::ops::Mul<Scale> for f64 {
    type Output = f64;
    fn mul(self, scale: Scale) -> f64 {
        self * scale.factor
    }
}

fn main() {}
