//! The numbers that matrices are made of.

use crate::scalar::{Entry, Real};
use nalgebra::{Complex, ComplexField};

/// A real or complex number: `f32`, `f64`, `Complex<f32>`, `Complex<f64>`.
///
/// The tangent of a complex number is a complex number, and so is its adjoint, with `<a, b> = Re(conj(a) b)`: a gradient points
/// uphill, and `z - t * gradient` goes down.
#[diagnostic::on_unimplemented(
    message = "matrices of `{Self}` cannot be differentiated",
    note = "only those of `f32`, `f64`, `Complex<f32>` and `Complex<f64>` can"
)]
pub trait Field: Entry + ComplexField<RealField: Real> {}

impl Field for f32 {}
impl Field for f64 {}

/// Complex numbers.
macro_rules! impl_complex {
    ($($real:ty),*) => {$(
        impl Entry for Complex<$real> {
            const __ZERO: Self = Complex::new(0.0, 0.0);
        }

        impl Field for Complex<$real> {}
    )*};
}

impl_complex!(f32, f64);
