//! The square root of a matrix.

use crate::linalg::RealNumber;
use crate::linalg::functions::frechet::Frechet;
use crate::linalg::functions::sqrtm::SquareRoot;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::{SecondRule, add_second_of_series};
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::DMatrix;

rule! {
    /// The principal square root `Y`: `Y Y = A`, with the eigenvalues of `Y` in the right half plane. `None` if `A` has an eigenvalue on the
    /// negative real axis, an eigenvalue zero without a root of its own (`[[0, 1], [0, 0]]`), or an entry that is not finite.
    ///
    /// `A` n x n, real; so is `Y`. $\dot Y$ solves $Y \dot Y + \dot Y Y = \dot A$; $\bar A$ solves $Y^T \bar A + \bar A Y^T = \bar Y$.
    /// Repeated eigenvalues and defective matrices are like any other. For a symmetric matrix that is only semidefinite use `symmetric_sqrt`:
    /// here an eigenvalue zero may come out a little below zero.
    ///
    /// N. J. Higham, Computing real square roots of a real matrix (1987),
    /// [doi:10.1016/0024-3795(87)90118-2](https://doi.org/10.1016/0024-3795(87)90118-2).
    ///
    /// ```
    /// use autodiff_runtime::linalg::sqrtm;
    /// use nalgebra::Matrix2;
    ///
    /// let a = Matrix2::new(7.0f64, 10.0, 15.0, 22.0);
    /// let (root, pullback) = sqrtm::vjp(&a);
    /// let root = root.unwrap();
    /// assert!((root * root - a).amax() < 1e-13);
    /// // The gradient of the trace of the root is half its inverse, transposed.
    /// let gradient = pullback(Some(Matrix2::identity()));
    /// assert!((2.0 * root.transpose() * gradient - Matrix2::identity()).amax() < 1e-13);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square. The derivatives, if `A` is singular: there the root has none.
    sqrtm[T: RealNumber, D](a da: S[D, D]) -> Option<OMatrix<T, D, D>>
    ; twice
}

impl<T: RealNumber> Rule<T, 1> for sqrtm {
    type Constants = ();
    type Value = Option<DMatrix<T>>;
    type Saved = Option<SquareRoot<T>>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        square("sqrtm", &a);
        let saved = SquareRoot::new(&a.clone_owned());
        (saved.as_ref().map(|f| f.value().clone()), saved)
    }

    fn tangent(_: [View<'_, T>; 1], saved: &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        Some(saved.as_ref()?.frechet(&da.clone_owned()))
    }

    fn reverse(
        _: [View<'_, T>; 1],
        saved: &Self::Saved,
        y_bar: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        if let Some((saved, y_bar)) = defined(saved.as_ref(), y_bar) {
            a_bar += saved.adjoint(&y_bar);
        }
    }
}

impl<T: RealNumber> SecondRule<T, 1> for sqrtm {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        _: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        if let Some(y_bar) = y_bar {
            add_second_of_series::<Self, T>(&a, (), &da, &y_bar, &mut slope);
        }
    }
}
