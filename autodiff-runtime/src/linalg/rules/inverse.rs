//! The inverse.

use crate::linalg::Field;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::DMatrix;

rule! {
    /// The inverse `Y = A^-1`; `None` if a pivot is zero.
    ///
    /// `A` n x n. $\dot Y = -Y \dot A Y$; $\bar A = -Y^H \bar Y Y^H$. To multiply with an inverse use [`solve`](fn@crate::linalg::solve),
    /// which is cheaper and more accurate.
    ///
    /// M. B. Giles (2008), [doi:10.1007/978-3-540-68942-3_4](https://doi.org/10.1007/978-3-540-68942-3_4).
    ///
    /// ```
    /// use autodiff_runtime::linalg::inverse;
    /// use nalgebra::Matrix2;
    ///
    /// let a = Matrix2::new(2.0, 0.0, 0.0, 4.0);
    /// let (value, slope) = inverse::jvp(&a, &Matrix2::identity());
    /// assert_eq!(value, Some(Matrix2::new(0.5, 0.0, 0.0, 0.25)));
    /// assert_eq!(slope, Some(Matrix2::new(-0.25, 0.0, 0.0, -0.0625)));
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square.
    inverse[T: Field, D](a da: S[D, D]) -> Option<OMatrix<T, D, D>>
    ; twice
}

impl<T: Field> Rule<T, 1> for inverse {
    type Constants = ();
    type Value = Option<DMatrix<T>>;
    type Saved = Option<DMatrix<T>>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        square("inverse", &a);
        // nalgebra inverts four rows by cofactors, which loses twice as many digits as elimination.
        let y = match a.nrows() {
            4 => a.clone_owned().lu().try_inverse(),
            _ => a.try_inverse(),
        };
        (y.clone(), y)
    }

    fn tangent(_: [View<'_, T>; 1], y: &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        let y = y.as_ref()?;
        Some(-(y * da * y))
    }

    fn reverse(
        _: [View<'_, T>; 1],
        y: &Self::Saved,
        y_bar: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        if let Some((y, y_bar)) = defined(y.as_ref(), y_bar) {
            let y = y.adjoint();
            a_bar.gemm(-T::one(), &(&y * y_bar), &y, T::one());
        }
    }
}

impl<T: Field> SecondRule<T, 1> for inverse {
    fn reverse_tangent(
        _: [View<'_, T>; 1],
        (): Self::Constants,
        y: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        if let Some((y, y_bar)) = defined(y.as_ref(), y_bar) {
            let (moved, y_h) = ((y * da * y).adjoint(), y.adjoint());
            slope += &moved * (&y_bar * &y_h) + y_h * (y_bar * moved);
        }
    }
}
