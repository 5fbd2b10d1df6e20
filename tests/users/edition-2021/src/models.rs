//! Functions that others build on.

use ad::differentiate;
use ad::nalgebra::RealField;

/// `c[0] + c[1] x + c[2] x^2 + ..`
#[differentiate(crate = ad)]
pub fn polynomial(c: &[f64], x: f64) -> f64 {
    let mut value = 0.0;
    for a in c.iter().rev() {
        value = value * x + a;
    }
    value
}

/// `1 / (1 + x)` for any float.
#[differentiate(crate = ad)]
pub fn rational<T>(x: T) -> T
where
    T: Copy + RealField,
{
    (x + T::one()).recip()
}

/// A straight line.
#[derive(Clone, Copy, Debug, ad::Differentiable)]
#[differentiable(crate = ad)]
pub struct Line<T> {
    /// The slope.
    pub slope: T,
    /// The value at zero.
    pub offset: T,
}
