//! Linear systems with a positive definite matrix.

use crate::linalg::Field;
use crate::linalg::factor::hermitian_part;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, same_rows, square};
use crate::linalg::triangular::{Side, Triangle, solve_triangular_mut};
use nalgebra::{Cholesky, DMatrix};

rule! {
    /// The solution `X` of `A X = B` for a positive definite `A`, by Cholesky factorisation; `None` if it is not positive definite.
    ///
    /// `A` n x n, a function of its symmetric (Hermitian) part; `B` n x k. $\dot X = A^{-1} (\dot B - \dot A X)$; $\bar B = A^{-1} \bar X$,
    /// $\bar A$ the symmetric part of $-\bar B X^H$. One factorisation serves all.
    ///
    /// M. B. Giles (2008), [doi:10.1007/978-3-540-68942-3_4](https://doi.org/10.1007/978-3-540-68942-3_4).
    ///
    /// ```
    /// use autodiff_runtime::linalg::cholesky_solve;
    /// use nalgebra::{Matrix2, Vector2};
    ///
    /// let (a, b) = (Matrix2::new(4.0, 0.0, 0.0, 1.0), Vector2::new(4.0, 1.0));
    /// let (x, pullback) = cholesky_solve::vjp(&a, &b);
    /// assert_eq!(x, Some(Vector2::new(1.0, 1.0)));
    /// let (a_bar, b_bar) = pullback(Some(Vector2::new(1.0, 0.0)));
    /// assert_eq!(a_bar, Matrix2::new(-0.25, -0.125, -0.125, 0.0));
    /// assert_eq!(b_bar, Vector2::new(0.25, 0.0));
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square, or `B` has another number of rows.
    cholesky_solve[T: Field, D, E, K](a da: SA[D, D], b db: SB[E, K]) -> Option<OMatrix<T, D, K>>
    where [DefaultAllocator: Allocator<D, K>]
    ; twice
}

impl<T: Field> Rule<T, 2> for cholesky_solve {
    type Constants = ();
    type Value = Option<DMatrix<T>>;
    /// The factor and the solution.
    type Saved = Option<(DMatrix<T>, DMatrix<T>)>;

    fn forward([a, b]: [View<'_, T>; 2], (): ()) -> (Self::Value, Self::Saved) {
        square("cholesky_solve", &a);
        same_rows("cholesky_solve", &a, &b);
        let Some(cholesky) = Cholesky::new(hermitian_part(&a)) else {
            return (None, None);
        };
        let x = cholesky.solve(&b);
        (Some(x.clone()), Some((cholesky.unpack_dirty(), x)))
    }

    fn tangent(
        _: [View<'_, T>; 2],
        saved: &Self::Saved,
        [da, db]: [View<'_, T>; 2],
    ) -> Self::Value {
        let (l, x) = saved.as_ref()?;
        let mut dx = db.clone_owned();
        dx.gemm(-T::one(), &hermitian_part(&da), x, T::one());
        solve_with(l, &mut dx);
        Some(dx)
    }

    fn reverse(
        _: [View<'_, T>; 2],
        saved: &Self::Saved,
        x_bar: Self::Value,
        [mut a_bar, mut b_bar]: [ViewMut<'_, T>; 2],
    ) {
        let Some(((l, x), mut z)) = defined(saved.as_ref(), x_bar) else {
            return;
        };
        solve_with(l, &mut z);
        b_bar += &z;
        a_bar -= hermitian_part(&(z * x.adjoint()));
    }
}

impl<T: Field> SecondRule<T, 2> for cholesky_solve {
    fn reverse_tangent(
        [a, b]: [View<'_, T>; 2],
        (): Self::Constants,
        saved: &Self::Saved,
        [da, db]: [View<'_, T>; 2],
        x_bar: Self::Value,
        [mut a_slope, mut b_slope]: [ViewMut<'_, T>; 2],
    ) {
        let dx = Self::tangent([a, b], saved, [da, db]);
        let (Some(((l, x), mut z)), Some(dx)) = (defined(saved.as_ref(), x_bar), dx) else {
            return;
        };
        solve_with(l, &mut z);
        let mut dz = -(hermitian_part(&da) * &z);
        solve_with(l, &mut dz);
        a_slope -= hermitian_part(&(&dz * x.adjoint() + z * dx.adjoint()));
        b_slope += dz;
    }
}

/// `B := (L L^H)^-1 B`
fn solve_with<T: Field>(l: &DMatrix<T>, b: &mut DMatrix<T>) {
    solve_triangular_mut(l, Triangle::Lower, Side::Plain, b);
    solve_triangular_mut(l, Triangle::Lower, Side::Adjoint, b);
}
