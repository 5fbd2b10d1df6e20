use autodiff_runtime::{Differentiable, differentiate};

#[cfg_attr(all(), derive(Differentiable))]
struct Spring {
    stiffness: f64,
}

#[differentiate(self)]
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

fn main() {
    let (spring, force) = energy::grad(&Spring { stiffness: 2.0 }, 3.0);
    assert_eq!((spring.stiffness, force), (4.5, 6.0));
    let (spring, load) = length::grad(&Spring { stiffness: 2.0 }, 3.0);
    assert_eq!((spring.stiffness, load), (-0.75, 0.5));
}
