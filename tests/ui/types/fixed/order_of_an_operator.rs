use autodiff_runtime::{Differentiable, differentiate};
use std::ops::Add;

#[derive(Clone, Copy, Differentiable)]
struct Pair(f64, f64);

#[differentiate(order = 2)]
impl Add for Pair {
    type Output = Pair;
    fn add(self, other: Pair) -> Pair {
        Pair(self.0 + other.0, (self.1 + other.1).min(1.0))
    }
}

#[differentiate(order = 2)]
fn sum(x: f64) -> f64 {
    let total = Pair(x, 1.0) + Pair(2.0, x);
    total.0 * total.1
}

fn main() {
    assert_eq!(sum::hvp(-1.0, 1.0), 2.0);
}
