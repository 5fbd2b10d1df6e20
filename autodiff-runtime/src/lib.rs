//! Runtime (docs to follow).

extern crate self as autodiff_runtime;

pub mod check;

#[doc(hidden)]
pub mod private;
#[doc(hidden)]
pub mod scalar;
pub mod tangent;

pub use nalgebra;
pub use scalar::Real;
pub use tangent::{Coordinates, Differentiable, OwnedTangent, Tangent};

/// The value itself, with derivative zero: to the derivative program a constant.
///
/// ```
/// assert_eq!(autodiff_runtime::stop_gradient(2.5), 2.5);
/// ```
#[inline]
pub fn stop_gradient<T>(x: T) -> T {
    x
}
