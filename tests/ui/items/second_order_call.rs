use autodiff_runtime::{Differentiable, differentiate};

#[derive(Clone, Copy, Differentiable)]
struct Spring {
    stiffness: f64,
}

#[differentiate(self)]
impl Spring {
    fn energy(&self, x: f64) -> f64 {
        0.5 * self.stiffness * x * x
    }
}

#[differentiate(order = 2)]
fn total(x: f64) -> f64 {
    let spring = Spring { stiffness: x };
    spring.energy(x)
}

fn main() {}
