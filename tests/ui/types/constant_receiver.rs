//! The method has no derivative with respect to its receiver: no gradient rather than a wrong one.

use autodiff_runtime::{Differentiable, differentiate};

#[cfg_attr(all(), derive(Differentiable))]
struct Spring {
    stiffness: f64,
}

#[differentiate]
impl Spring {
    fn force(&self, x: f64) -> f64 {
        self.stiffness * x
    }

    fn softness(&self) -> f64 {
        1.0 / self.stiffness
    }
}

#[differentiate]
fn energy(spring: &Spring, x: f64) -> f64 {
    0.5 * x * spring.force(x)
}

#[differentiate]
fn length(spring: &Spring, load: f64) -> f64 {
    load * spring.softness()
}

fn main() {}
