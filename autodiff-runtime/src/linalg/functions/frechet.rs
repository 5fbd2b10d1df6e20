//! The derivative of a primary matrix function, `f(A)` for a square A, in both modes from one routine.
//!
//! `L(A, E) = d/dt f(A + t E)` at `t = 0` is the forward rule. For an f that is real on the real axis, or a power series with any
//! coefficients, the adjoint of `L(A, .)` for `<X, Y> = Re tr(X^H Y)` is `W -> L(A, W^H)^H`: nothing but L is needed, with the same
//! factorisations, and A may be defective.

use nalgebra::{ComplexField, DMatrix};

/// A matrix function at a point, with what its derivative there needs.
pub trait Frechet<T: ComplexField> {
    /// `L(A, E)`, the derivative in the direction E.
    fn frechet(&self, direction: &DMatrix<T>) -> DMatrix<T>;

    /// The adjoint of the argument, given that of the value.
    fn adjoint(&self, value_bar: &DMatrix<T>) -> DMatrix<T> {
        self.frechet(&value_bar.adjoint()).adjoint()
    }
}
