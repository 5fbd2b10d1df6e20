//! A function that states the derivative of what it does with bits.

use autodiff_runtime::differentiate;

/// `x * 2^n`
#[differentiate(wrt = x, partials(x = 2f64.powi(n)))]
fn ldexp(x: f64, n: i32) -> f64 {
    let exponent = (x.to_bits() >> 52) as i32 + n;
    f64::from_bits(x.to_bits() & 0xf_ffff_ffff_ffff | (exponent as u64) << 52)
}

#[differentiate]
fn cube(x: f64) -> f64 {
    ldexp(x * x * x, 3)
}

fn main() {
    assert_eq!(cube::value_and_grad(2.0), (64.0, 96.0));
}
