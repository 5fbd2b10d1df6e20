use autodiff_runtime::{Differentiable, differentiate};
use std::ops::Add;

#[derive(Clone, Copy, Differentiable)]
struct Pair(f64, f64);

impl Add<&Pair> for &Pair {
    type Output = Pair;
    fn add(self, other: &Pair) -> Pair {
        Pair(self.0 + other.0, self.1 + other.1)
    }
}

#[differentiate]
impl Add for Pair {
    type Output = Pair;
    fn add(self, other: Pair) -> Pair {
        &self + &other
    }
}

fn main() {
    let sum = Pair(1.0, 2.0) + Pair(3.0, 4.0);
    assert_eq!(sum.0 + sum.1, 10.0);
}
