//! A function of its module's name, as crates with one function a file have them.

use autodiff_runtime::differentiate;

/// The area of a triangle by its sides.
#[differentiate]
pub fn heron<T: num_traits::Float>(a: T, b: T, mut c: T) -> T {
    let half = (a + b + c) / (T::one() + T::one());
    c = half - c;
    (half * (half - a) * (half - b) * c).sqrt()
}

/// Called where the module does not hide the companion.
#[differentiate]
pub fn equilateral(a: f64) -> f64 {
    heron(a, a, a)
}
