//! The right polar decomposition.

use crate::linalg::functions::polar::Polar;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut};
use crate::linalg::{Field, RealNumber};
use nalgebra::DMatrix;

rule! {
    /// The right polar decomposition `(W, H)`: `A = W H`, `H` positive semidefinite, `W` with orthonormal columns, or rows if `A` is wide.
    ///
    /// `A` m x n of any shape, real or complex. With `A = U S V^H`: `W = U V^H`, `H = V S V^H`, and with $P = U^H \dot A V$ the derivatives
    /// are, in the bases of U and V, $(P_{ij} - \overline{P_{ji}}) / (s_i + s_j)$ of W and
    /// $(s_i P_{ij} + s_j \overline{P_{ji}}) / (s_i + s_j)$ of H, with what $\dot A$ has beside these bases. In reverse the adjoint maps.
    /// Equal singular values are no exception, small ones do not harm H.
    ///
    /// Where singular values are zero, W is not unique and has no derivative; what depends on H alone has: at a pair of zeros, where H is like
    /// the modulus of a number, zero is taken.
    ///
    /// N. J. Higham, Computing the polar decomposition, with applications (1986), [doi:10.1137/0907079](https://doi.org/10.1137/0907079).
    ///
    /// ```
    /// use autodiff_runtime::linalg::polar_right;
    /// use nalgebra::Matrix2;
    ///
    /// // The rotation that is nearest to a matrix does not change with what is symmetric.
    /// let a = Matrix2::new(2.0f64, 0.0, 0.0, 3.0);
    /// let ((w, h), (dw, dh)) = polar_right::jvp(&a, &Matrix2::new(1.0, 2.0, 2.0, 0.0));
    /// assert!(dw.amax() < 1e-15 && (w - Matrix2::identity()).amax() < 1e-15);
    /// assert!((h - a).amax() < 1e-15 && (dh - Matrix2::new(1.0, 2.0, 2.0, 0.0)).amax() < 1e-15);
    /// ```
    ///
    /// # Panics
    ///
    /// The derivatives, if they depend on W and `A` has not full rank; the second ones, if `A` has not full rank.
    polar_right[T: Field, R, C](a da: S[R, C]) -> (OMatrix<T, R, C>, OMatrix<T, C, C>)
    where [DefaultAllocator: Allocator<C, C>]
    ; twice
}

impl<T: Field> Rule<T, 1> for polar_right {
    type Constants = ();
    type Value = (DMatrix<T>, DMatrix<T>);
    type Saved = Polar<T>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        let saved = Polar::new("polar_right", &a);
        ((saved.w.clone(), saved.h.clone()), saved)
    }

    fn tangent(_: [View<'_, T>; 1], saved: &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        saved.tangent(&da.clone_owned())
    }

    fn reverse(
        _: [View<'_, T>; 1],
        saved: &Self::Saved,
        (w_bar, h_bar): Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        a_bar += saved.adjoint(&w_bar, &h_bar);
    }
}

impl<T: RealNumber> SecondRule<T, 1> for polar_right {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        saved: &Self::Saved,
        [da]: [View<'_, T>; 1],
        (w_bar, h_bar): Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        slope += saved.adjoint_tangent(&a, &da.clone_owned(), &w_bar, &h_bar);
    }
}
