//! The names stay outside, a function states its own derivative.

use autodiff_runtime::differentiate;

#[differentiate(partials(x = 0.5))]
fn half(x: f64) -> f64 {
    f64::from_bits(x.to_bits() - (1 << 52))
}

#[differentiate]
fn scaled(x: &[f64]) -> f64 {
    half(x[1]) * x.iter().sum::<f64>()
}

fn main() {
    assert_eq!(scaled::value_and_grad(&[1.0, 2.0]), (3.0, vec![1.0, 2.5]));
}
