use autodiff_runtime::{Differentiable, differentiate};
use std::ops::AddAssign;

#[derive(Clone, Copy, Differentiable)]
struct Pair(f64, f64);

impl AddAssign for Pair {
    fn add_assign(&mut self, other: Pair) {
        self.0 = (self.0 + other.0).min(1.0);
        self.1 += other.1;
    }
}

#[differentiate]
fn pair(x: f64) -> Pair {
    Pair(x, 2.0 * x)
}

#[differentiate]
fn total(x: f64) -> f64 {
    let mut all = pair(x);
    for _ in 0..3 {
        all += pair(x);
    }
    all.0 + all.1
}

fn main() {}
