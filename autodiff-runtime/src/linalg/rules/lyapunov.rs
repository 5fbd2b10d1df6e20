//! Lyapunov's equation.

use crate::linalg::RealNumber;
use crate::linalg::functions::sylvester::Sylvester;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::DMatrix;

rule! {
    /// The solution `X` of `A X + X A^T = C`, continuous in time; `None` if two eigenvalues of `A`, or one twice, have the sum zero up to
    /// rounding, or an entry is not finite.
    ///
    /// `A` and `C` n x n; `C` need not be symmetric, and where it is, so is `X`. $A \dot X + \dot X A^T = \dot C - \dot A X - X \dot A^T$;
    /// with $A^T Z + Z A = \bar X$ it is $\bar C = Z$, $\bar A = -(Z X^T + Z^T X)$. One Schur form serves all equations.
    ///
    /// R. H. Bartels, G. W. Stewart, Solution of the matrix equation AX + XB = C (1972),
    /// [doi:10.1145/361573.361582](https://doi.org/10.1145/361573.361582).
    ///
    /// ```
    /// use autodiff_runtime::linalg::lyapunov;
    /// use nalgebra::Matrix2;
    ///
    /// // The covariance of x' = -x + noise.
    /// let (a, c) = (-Matrix2::<f64>::identity(), -Matrix2::identity());
    /// let (x, pullback) = lyapunov::vjp(&a, &c);
    /// assert_eq!(x, Some(Matrix2::identity() / 2.0));
    /// let (a_bar, c_bar) = pullback(Some(Matrix2::identity()));
    /// assert_eq!((a_bar, c_bar), (Matrix2::identity() / 2.0, -Matrix2::identity() / 2.0));
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square, or `C` is not of its shape.
    lyapunov[T: RealNumber, D](a da: SA[D, D], c dc: SC[D, D]) -> Option<OMatrix<T, D, D>>
    ; twice
}

impl<T: RealNumber> Rule<T, 2> for lyapunov {
    type Constants = ();
    type Value = Option<DMatrix<T>>;
    type Saved = Option<Sylvester<T>>;

    fn forward([a, c]: [View<'_, T>; 2], (): ()) -> (Self::Value, Self::Saved) {
        square("lyapunov", &a);
        let (n, (rows, columns)) = (a.nrows(), c.shape());
        assert!(
            (rows, columns) == (n, n),
            "`lyapunov` needs a right-hand side of {n}x{n}, but this one is {rows}x{columns}"
        );
        let saved = Sylvester::lyapunov(&a.clone_owned(), &c.clone_owned());
        (saved.as_ref().map(|s| s.x.clone()), saved)
    }

    fn tangent(
        _: [View<'_, T>; 2],
        saved: &Self::Saved,
        [da, dc]: [View<'_, T>; 2],
    ) -> Self::Value {
        let saved = saved.as_ref()?;
        Some(saved.again(&(dc - da * &saved.x - &saved.x * da.transpose())))
    }

    fn reverse(
        _: [View<'_, T>; 2],
        saved: &Self::Saved,
        x_bar: Self::Value,
        [mut a_bar, mut c_bar]: [ViewMut<'_, T>; 2],
    ) {
        let Some((saved, x_bar)) = defined(saved.as_ref(), x_bar) else {
            return;
        };
        let z = saved.adjoint(&x_bar);
        a_bar.gemm(-T::one(), &z, &saved.x.transpose(), T::one());
        a_bar.gemm_tr(-T::one(), &z, &saved.x, T::one());
        c_bar += z;
    }
}

impl<T: RealNumber> SecondRule<T, 2> for lyapunov {
    fn reverse_tangent(
        [a, c]: [View<'_, T>; 2],
        (): Self::Constants,
        saved: &Self::Saved,
        [da, dc]: [View<'_, T>; 2],
        x_bar: Self::Value,
        [mut a_slope, mut c_slope]: [ViewMut<'_, T>; 2],
    ) {
        let dx = Self::tangent([a, c], saved, [da, dc]);
        let (Some((saved, x_bar)), Some(dx)) = (defined(saved.as_ref(), x_bar), dx) else {
            return;
        };
        let z = saved.adjoint(&x_bar);
        let dz = -saved.adjoint(&(da.tr_mul(&z) + &z * da));
        a_slope -= &dz * saved.x.transpose() + &z * dx.transpose();
        a_slope -= dz.tr_mul(&saved.x) + z.tr_mul(&dx);
        c_slope += dz;
    }
}
