//! Names that generated code could take for those of the standard library.

/// Not the core of the standard library.
pub mod core {
    /// The squared norm.
    #[autodiff_runtime::differentiate]
    pub fn norm(x: &[f64]) -> f64 {
        let mut std = 0.0;
        for f in x {
            std += f * f;
        }
        std
    }
}

#[allow(dead_code)]
mod std {}

#[allow(dead_code)]
struct Vec;

#[allow(dead_code)]
struct Option;

#[allow(dead_code)]
trait Clone {}

/// A sum of squares with a trace, among types that are called like those of the standard library.
#[autodiff_runtime::differentiate]
pub fn sum(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for a in x {
        sum = (sum + a * a).sqrt();
    }
    sum * sum
}

/// The area of a square, where nothing is what it is called.
#[autodiff_runtime::differentiate]
pub fn area(t1: f64) -> f64 {
    let x_bar = t1;
    let x_dot = x_bar * t1;
    let result = x_dot;
    let rt = 1.0;
    result * rt
}
