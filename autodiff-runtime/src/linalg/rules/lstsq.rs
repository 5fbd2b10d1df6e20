//! Least squares.

use super::pinv::pinv;
use crate::linalg::Field;
use crate::linalg::factor::has_full_rank;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::view_mut;
use crate::linalg::shape::{View, ViewMut, same_rows};
use crate::linalg::triangular::{Side, Triangle, solve_triangular_mut};
use nalgebra::{DMatrix, QR};

rule! {
    /// The `X` that makes `norm(A X - B)` smallest, and of several the one with the smallest norm; `None` if `A` has not full rank.
    ///
    /// `A` n x m, `B` n x k, `X` m x k, by QR factorisation of the tall one of `A` and `A^H`.
    ///
    /// * Tall, $A = Q R$, residual $E = B - A X$: $\dot X = R^{-1} (R^{-H} \dot A^H E + Q^H (\dot B - \dot A X))$; with $W = R^{-H} \bar X$
    ///   and $Z = R^{-1} W$: $\bar B = Q W$, $\bar A = E Z^H - \bar B X^H$.
    /// * Wide, $A^H = Q R$, $Y = (A A^H)^{-1} B$: $\dot X = (I - Q Q^H) \dot A^H Y + Q R^{-H} (\dot B - \dot A X)$;
    ///   $\bar B = R^{-1} Q^H \bar X$, $\bar A = Y (\bar X - Q Q^H \bar X)^H - \bar B X^H$.
    ///
    /// Where the rank may be smaller use [`pinv`](fn@crate::linalg::pinv).
    ///
    /// G. H. Golub and V. Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems whose variables
    /// separate, SIAM Journal on Numerical Analysis 10 (1973), [doi:10.1137/0710036](https://doi.org/10.1137/0710036).
    ///
    /// ```
    /// use autodiff_runtime::linalg::lstsq;
    /// use nalgebra::{Vector1, Vector2};
    ///
    /// // The mean, and its slope where the numbers move.
    /// let (x, dx) = lstsq::jvp(&Vector2::new(1.0, 1.0), &Vector2::new(2.0, 4.0), &Vector2::zeros(), &Vector2::new(1.0, 2.0));
    /// assert!((x.unwrap() - Vector1::new(3.0)).norm() < 1e-15);
    /// assert!((dx.unwrap() - Vector1::new(1.5)).norm() < 1e-15);
    /// ```
    ///
    /// # Panics
    ///
    /// If `B` has another number of rows than `A`.
    lstsq[T: Field, N, M, E, K](a da: SA[N, M], b db: SB[E, K]) -> Option<OMatrix<T, M, K>>
    where [DefaultAllocator: Allocator<M, K>]
    ; twice
}

/// The factorisation of the tall one of `A` and `A^H`, and the solution.
pub struct Solved<T> {
    q: DMatrix<T>,
    r: DMatrix<T>,
    x: DMatrix<T>,
}

impl<T: Field> Solved<T> {
    /// `B := R^-1 B` or `R^-H B`
    fn divide(&self, side: Side, mut b: DMatrix<T>) -> DMatrix<T> {
        solve_triangular_mut(&self.r, Triangle::Upper, side, &mut b);
        b
    }

    /// `B - Q Q^H B`
    fn complement(&self, b: &DMatrix<T>) -> DMatrix<T> {
        b - &self.q * self.q.ad_mul(b)
    }
}

impl<T: Field> Rule<T, 2> for lstsq {
    type Constants = ();
    type Value = Option<DMatrix<T>>;
    type Saved = Option<Solved<T>>;

    fn forward([a, b]: [View<'_, T>; 2], (): ()) -> (Self::Value, Self::Saved) {
        same_rows("lstsq", &a, &b);
        let tall = a.nrows() >= a.ncols();
        let (q, r) = QR::new(if tall { a.clone_owned() } else { a.adjoint() }).unpack();
        if !has_full_rank(&r, a.nrows().max(a.ncols())) {
            return (None, None);
        }
        let x = DMatrix::zeros(a.ncols(), b.ncols());
        let mut solved = Solved { q, r, x };
        solved.x = if tall {
            solved.divide(Side::Plain, solved.q.ad_mul(&b))
        } else {
            &solved.q * solved.divide(Side::Adjoint, b.clone_owned())
        };
        (Some(solved.x.clone()), Some(solved))
    }

    fn tangent(
        [a, b]: [View<'_, T>; 2],
        saved: &Self::Saved,
        [da, db]: [View<'_, T>; 2],
    ) -> Self::Value {
        let solved = saved.as_ref()?;
        let right = db - da * &solved.x;
        if a.nrows() >= a.ncols() {
            let residual = b - a * &solved.x;
            let turned = solved.divide(Side::Adjoint, da.ad_mul(&residual));
            return Some(solved.divide(Side::Plain, turned + solved.q.ad_mul(&right)));
        }
        let y = solved.divide(Side::Plain, solved.divide(Side::Adjoint, b.clone_owned()));
        let moved = solved.complement(&da.ad_mul(&y));
        Some(moved + &solved.q * solved.divide(Side::Adjoint, right))
    }

    fn reverse(
        [a, b]: [View<'_, T>; 2],
        saved: &Self::Saved,
        x_bar: Self::Value,
        [mut a_bar, mut b_bar]: [ViewMut<'_, T>; 2],
    ) {
        let Some((solved, x_bar)) = defined(saved.as_ref(), x_bar) else {
            return;
        };
        let seed = if a.nrows() >= a.ncols() {
            let w = solved.divide(Side::Adjoint, x_bar);
            let seed = &solved.q * &w;
            let residual = b - a * &solved.x;
            let z = solved.divide(Side::Plain, w);
            a_bar.gemm(T::one(), &residual, &z.adjoint(), T::one());
            seed
        } else {
            let y = solved.divide(Side::Plain, solved.divide(Side::Adjoint, b.clone_owned()));
            let outside = solved.complement(&x_bar).adjoint();
            a_bar.gemm(T::one(), &y, &outside, T::one());
            solved.divide(Side::Plain, solved.q.ad_mul(&x_bar))
        };
        b_bar += &seed;
        a_bar.gemm(-T::one(), &seed, &solved.x.adjoint(), T::one());
    }
}

/// By the pseudo-inverse, `X = A^+ B`: the rank is full.
impl<T: Field> SecondRule<T, 2> for lstsq {
    fn reverse_tangent(
        [a, b]: [View<'_, T>; 2],
        (): Self::Constants,
        saved: &Self::Saved,
        [da, db]: [View<'_, T>; 2],
        x_bar: Self::Value,
        [mut a_slope, mut b_slope]: [ViewMut<'_, T>; 2],
    ) {
        let Some((_, x_bar)) = defined(saved.as_ref(), x_bar) else {
            return;
        };
        let tolerance = T::EPSILON;
        let inverted = <pinv as Rule<T, 1>>::forward([a], tolerance).1;
        let dy = <pinv as Rule<T, 1>>::tangent([a], &inverted, [da]);
        b_slope += dy.ad_mul(&x_bar);
        let (seed, d_seed) = (&x_bar * b.adjoint(), x_bar * db.adjoint());
        <pinv as Rule<T, 1>>::reverse([a], &inverted, d_seed, [view_mut(&mut a_slope)]);
        <pinv as SecondRule<T, 1>>::reverse_tangent(
            [a],
            tolerance,
            &inverted,
            [da],
            seed,
            [a_slope],
        );
    }
}
