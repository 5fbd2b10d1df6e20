//! The numbers that matrices are made of.

use crate::scalar::{Entry, Real, Zero};
use nalgebra::{Complex, ComplexField, RealField};

/// A real or complex number: `f32`, `f64`, `Complex<f32>`, `Complex<f64>`.
///
/// The tangent of a complex number is a complex number, and so is its adjoint, with `<a, b> = Re(conj(a) b)`: a gradient points
/// uphill, and `z - t * gradient` goes down.
#[diagnostic::on_unimplemented(
    message = "matrices of `{Self}` cannot be differentiated",
    note = "only those of `f32`, `f64`, `Complex<f32>` and `Complex<f64>` can"
)]
pub trait Field: Entry + ComplexField<RealField: Real> {
    /// The distance from 1 to the next larger real number.
    #[doc(hidden)]
    const EPSILON: Self::RealField;
}

/// A real number: `f32`, `f64`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a real number that matrices can be differentiated with",
    note = "only `f32` and `f64` are"
)]
pub trait RealNumber: Field + RealField {}

impl<T: Real + RealField> Field for T {
    const EPSILON: T = T::__EPSILON;
}

impl<T: Real + RealField> RealNumber for T {}

impl<T: Real> Zero for Complex<T> {
    const __ZERO: Self = Complex::new(T::__ZERO, T::__ZERO);
}

impl<T: Real + RealField> Entry for Complex<T> {}

impl<T: Real + RealField> Field for Complex<T> {
    const EPSILON: T = T::__EPSILON;
}
