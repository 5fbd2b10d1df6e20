//! Sylvester's equation.

use crate::linalg::RealNumber;
use crate::linalg::functions::sylvester::Sylvester;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::DMatrix;

rule! {
    /// The solution `X` of `A X + X B = C`; `None` if an eigenvalue of `A` is minus one of `B` up to rounding, or an entry is not finite.
    ///
    /// `A` n x n, `B` m x m, `C` n x m. $A \dot X + \dot X B = \dot C - \dot A X - X \dot B$; with $A^T Z + Z B^T = \bar X$ it is
    /// $\bar C = Z$, $\bar A = -Z X^T$, $\bar B = -X^T Z$. The Schur forms of `A` and `B` serve all equations.
    ///
    /// R. H. Bartels, G. W. Stewart, Solution of the matrix equation AX + XB = C (1972),
    /// [doi:10.1145/361573.361582](https://doi.org/10.1145/361573.361582).
    ///
    /// ```
    /// use autodiff_runtime::linalg::sylvester;
    /// use nalgebra::{Matrix1, Matrix2, Vector2};
    ///
    /// let (a, b, c) = (Matrix2::new(1.0f64, 1.0, 0.0, 2.0), Matrix1::new(1.0), Vector2::new(3.0, 3.0));
    /// let (x, pullback) = sylvester::vjp(&a, &b, &c);
    /// assert!((x.unwrap() - Vector2::new(1.0, 1.0)).amax() < 1e-15);
    /// let (_, b_bar, c_bar) = pullback(Some(Vector2::new(2.0, 0.0)));
    /// assert!((c_bar - Vector2::new(1.0, -1.0 / 3.0)).amax() < 1e-15);
    /// assert!((b_bar.x + 2.0 / 3.0).abs() < 1e-15);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` or `B` is not square, or `C` does not have the rows of `A` and the columns of `B`.
    sylvester[T: RealNumber, N, M](a da: SA[N, N], b db: SB[M, M], c dc: SC[N, M]) -> Option<OMatrix<T, N, M>>
    ; twice
}

impl<T: RealNumber> Rule<T, 3> for sylvester {
    type Constants = ();
    type Value = Option<DMatrix<T>>;
    type Saved = Option<Sylvester<T>>;

    fn forward([a, b, c]: [View<'_, T>; 3], (): ()) -> (Self::Value, Self::Saved) {
        square("sylvester", &a);
        square("sylvester", &b);
        let (rows, columns) = c.shape();
        assert!(
            (rows, columns) == (a.nrows(), b.nrows()),
            "`sylvester` needs a right-hand side of {}x{}, but this one is {rows}x{columns}",
            a.nrows(),
            b.nrows()
        );
        let saved = Sylvester::new(&a.clone_owned(), &b.clone_owned(), &c.clone_owned());
        (saved.as_ref().map(|s| s.x.clone()), saved)
    }

    fn tangent(
        _: [View<'_, T>; 3],
        saved: &Self::Saved,
        [da, db, dc]: [View<'_, T>; 3],
    ) -> Self::Value {
        let saved = saved.as_ref()?;
        Some(saved.again(&(dc - da * &saved.x - &saved.x * db)))
    }

    fn reverse(
        _: [View<'_, T>; 3],
        saved: &Self::Saved,
        x_bar: Self::Value,
        [mut a_bar, mut b_bar, mut c_bar]: [ViewMut<'_, T>; 3],
    ) {
        let Some((saved, x_bar)) = defined(saved.as_ref(), x_bar) else {
            return;
        };
        let z = saved.adjoint(&x_bar);
        a_bar.gemm(-T::one(), &z, &saved.x.transpose(), T::one());
        b_bar.gemm_tr(-T::one(), &saved.x, &z, T::one());
        c_bar += z;
    }
}

impl<T: RealNumber> SecondRule<T, 3> for sylvester {
    fn reverse_tangent(
        [a, b, c]: [View<'_, T>; 3],
        (): Self::Constants,
        saved: &Self::Saved,
        [da, db, dc]: [View<'_, T>; 3],
        x_bar: Self::Value,
        [mut a_slope, mut b_slope, mut c_slope]: [ViewMut<'_, T>; 3],
    ) {
        let dx = Self::tangent([a, b, c], saved, [da, db, dc]);
        let (Some((saved, x_bar)), Some(dx)) = (defined(saved.as_ref(), x_bar), dx) else {
            return;
        };
        let z = saved.adjoint(&x_bar);
        let dz = -saved.adjoint(&(da.tr_mul(&z) + &z * db.transpose()));
        a_slope -= &dz * saved.x.transpose() + &z * dx.transpose();
        b_slope -= saved.x.tr_mul(&dz) + dx.tr_mul(&z);
        c_slope += dz;
    }
}
