//! Numbers of the interpreter: plain ones, and duals, which carry the derivative in one direction.

use std::fmt::Debug;

/// What the interpreter computes with.
pub trait Number: Copy + Debug + PartialEq + 'static {
    /// A constant.
    fn lift(value: f64) -> Self;
    /// The value.
    fn value(self) -> f64;
    /// A function with this value of these arguments, its partial with respect to argument `k` being `partial(k)`.
    fn chain(value: f64, args: &[Self], partial: impl Fn(usize) -> f64) -> Self;
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
