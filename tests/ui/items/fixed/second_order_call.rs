use autodiff_runtime::{Differentiable, differentiate};

#[derive(Clone, Copy, Differentiable)]
struct Spring {
    stiffness: f64,
}

#[differentiate(order = 2)]
fn energy(spring: &Spring, x: f64) -> f64 {
    0.5 * spring.stiffness * x * x
}

#[differentiate(order = 2)]
fn total(x: f64) -> f64 {
    let spring = Spring { stiffness: x };
    energy(&spring, x)
}

fn main() {
    assert_eq!(total::hessian(2.0)[(0, 0)], 6.0);
}
