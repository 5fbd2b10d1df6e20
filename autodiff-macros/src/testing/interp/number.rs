//! Numbers of the interpreter: plain ones, and duals, which carry the derivative in one direction.

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// What the interpreter computes with.
pub trait Number:
    Copy
    + Debug
    + PartialEq
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + 'static
{
    /// A constant.
    fn lift(value: f64) -> Self;
    /// The value.
    fn value(self) -> f64;
    /// A function with this value of these arguments, its partial with respect to argument `k` being `partial(k)`.
    fn chain(value: f64, args: &[Self], partial: impl Fn(usize) -> f64) -> Self;

    /// A function of one argument.
    fn map(self, f: impl Fn(f64) -> f64, slope: impl Fn(f64) -> f64) -> Self {
        let x = self.value();
        Self::chain(f(x), &[self], |_| slope(x))
    }
    /// Its sine.
    fn sin(self) -> Self {
        self.map(f64::sin, f64::cos)
    }
    /// Its cosine.
    fn cos(self) -> Self {
        self.map(f64::cos, |x| -x.sin())
    }
    /// Its exponential.
    fn exp(self) -> Self {
        self.map(f64::exp, f64::exp)
    }
    /// Its natural logarithm.
    fn ln(self) -> Self {
        self.map(f64::ln, f64::recip)
    }
    /// Its square root.
    fn sqrt(self) -> Self {
        self.map(f64::sqrt, |x| 0.5 / x.sqrt())
    }
    /// Its power by a constant.
    fn power(self, p: f64) -> Self {
        self.map(|x| x.powf(p), |x| p * x.powf(p - 1.0))
    }
    /// Its power.
    fn powf(self, p: Self) -> Self {
        (p * self.ln()).exp()
    }
    /// Its magnitude.
    fn abs(self) -> Self {
        self.map(f64::abs, f64::signum)
    }
}

impl Number for f64 {
    fn lift(value: f64) -> Self {
        value
    }

    fn value(self) -> f64 {
        self
    }

    fn chain(value: f64, _: &[Self], _: impl Fn(usize) -> f64) -> Self {
        value
    }
}

/// A value, its derivative in one direction, and the sum of the magnitudes of the terms of the derivative: what an error
/// of the derivative is measured by.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Dual {
    /// The value.
    pub value: f64,
    /// The derivative.
    pub slope: f64,
    /// The magnitude of its terms.
    pub scale: f64,
}

/// A partial that is small because large terms cancel has an absolute error all the same.
const LEAST_PARTIAL: f64 = 1e-3;

impl Add for Dual {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::chain(self.value + other.value, &[self, other], |_| 1.0)
    }
}

impl Sub for Dual {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Dual {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let (a, b) = (self.value, other.value);
        Self::chain(a * b, &[self, other], |k| [b, a][k])
    }
}

impl Div for Dual {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let (a, b) = (self.value, other.value);
        Self::chain(a / b, &[self, other], |k| [1.0 / b, -a / b / b][k])
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Self::chain(-self.value, &[self], |_| -1.0)
    }
}

impl Number for Dual {
    fn lift(value: f64) -> Self {
        Self {
            value,
            slope: 0.0,
            scale: 0.0,
        }
    }

    fn value(self) -> f64 {
        self.value
    }

    fn chain(value: f64, args: &[Self], partial: impl Fn(usize) -> f64) -> Self {
        let mut result = Self::lift(value);
        for (k, arg) in args.iter().enumerate() {
            if arg.scale == 0.0 && arg.slope == 0.0 {
                continue;
            }
            let slope = partial(k);
            if arg.slope != 0.0 {
                result.slope += slope * arg.slope;
            }
            result.scale += (slope.abs() + LEAST_PARTIAL) * arg.scale;
        }
        result
    }
}
