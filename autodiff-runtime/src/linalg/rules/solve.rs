//! Linear systems with a square matrix.

use crate::linalg::Field;
use crate::linalg::factor::{lu_solve, solve_adjoint, subtract_outer};
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, same_rows, square};
use nalgebra::{DMatrix, Dyn, LU};

rule! {
    /// The solution `X` of `A X = B`, by LU factorisation with partial pivoting; `None` if a pivot is zero.
    ///
    /// `A` n x n, `B` n x k. $\dot X = A^{-1} (\dot B - \dot A X)$; $\bar B = A^{-H} \bar X$, $\bar A = -\bar B X^H$. One factorisation
    /// serves all.
    ///
    /// M. B. Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation (2008),
    /// [doi:10.1007/978-3-540-68942-3_4](https://doi.org/10.1007/978-3-540-68942-3_4).
    ///
    /// ```
    /// use autodiff_runtime::linalg::solve;
    /// use nalgebra::{Matrix2, Vector2};
    ///
    /// let (a, b) = (Matrix2::new(2.0, 0.0, 0.0, 4.0), Vector2::new(2.0, 4.0));
    /// let (x, pullback) = solve::vjp(&a, &b);
    /// assert_eq!(x, Some(Vector2::new(1.0, 1.0)));
    /// let (a_bar, b_bar) = pullback(Some(Vector2::new(1.0, 0.0)));
    /// assert_eq!(a_bar, Matrix2::new(-0.5, -0.5, 0.0, 0.0));
    /// assert_eq!(b_bar, Vector2::new(0.5, 0.0));
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square, or `B` has another number of rows.
    solve[T: Field, D, E, K](a da: SA[D, D], b db: SB[E, K]) -> Option<OMatrix<T, D, K>>
    where [DefaultAllocator: Allocator<D, K>]
    ; twice
}

impl<T: Field> Rule<T, 2> for solve {
    type Constants = ();
    type Value = Option<DMatrix<T>>;
    type Saved = Option<(LU<T, Dyn, Dyn>, DMatrix<T>)>;

    fn forward([a, b]: [View<'_, T>; 2], (): ()) -> (Self::Value, Self::Saved) {
        square("solve", &a);
        same_rows("solve", &a, &b);
        let lu = LU::new(a.clone_owned());
        let x = lu_solve(&lu, &b);
        (x.clone(), x.map(|x| (lu, x)))
    }

    fn tangent(
        _: [View<'_, T>; 2],
        saved: &Self::Saved,
        [da, db]: [View<'_, T>; 2],
    ) -> Self::Value {
        let (lu, x) = saved.as_ref()?;
        let mut right = db.clone_owned();
        right.gemm(-T::one(), &da, x, T::one());
        lu_solve(lu, &view(&right))
    }

    fn reverse(
        _: [View<'_, T>; 2],
        saved: &Self::Saved,
        x_bar: Self::Value,
        [mut a_bar, mut b_bar]: [ViewMut<'_, T>; 2],
    ) {
        let Some(((lu, x), mut z)) = defined(saved.as_ref(), x_bar) else {
            return;
        };
        solve_adjoint(lu, &mut z);
        b_bar += &z;
        subtract_outer(&mut a_bar, &z, x);
    }
}

impl<T: Field> SecondRule<T, 2> for solve {
    fn reverse_tangent(
        _: [View<'_, T>; 2],
        (): Self::Constants,
        saved: &Self::Saved,
        [da, db]: [View<'_, T>; 2],
        x_bar: Self::Value,
        [mut a_slope, mut b_slope]: [ViewMut<'_, T>; 2],
    ) {
        let Some(((lu, x), mut z)) = defined(saved.as_ref(), x_bar) else {
            return;
        };
        solve_adjoint(lu, &mut z);
        let mut right = db.clone_owned();
        right.gemm(-T::one(), &da, x, T::one());
        let right = lu_solve(lu, &view(&right)).unwrap_or(right);
        let mut dz = -da.ad_mul(&z);
        solve_adjoint(lu, &mut dz);
        subtract_outer(&mut a_slope, &dz, x);
        subtract_outer(&mut a_slope, &z, &right);
        b_slope += dz;
    }
}
