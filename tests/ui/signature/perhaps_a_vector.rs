use autodiff_runtime::differentiate;
use std::ops::{Add, Mul};

#[differentiate]
fn between<V>(a: V, b: V, t: f64) -> V
where
    V: Add<Output = V> + Mul<f64, Output = V> + Copy,
{
    a * (1.0 - t) + b * t
}

fn main() {}
