//! The QR factorisation.

use crate::linalg::Field;
use crate::linalg::factor::{divide_upper, has_full_rank};
use crate::linalg::rule::names::*;
use crate::linalg::rule::{rule, undefined};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut};
use crate::linalg::triangular::Side;
use nalgebra::{DMatrix, DimMin, DimMinimum, QR};

rule! {
    /// The thin factors `(Q, R)` of `A = Q R`, the diagonal of `R` positive.
    ///
    /// `A` n x m, `Q` n x k, `R` k x m with `k = min(n, m)`. For `m = k`, with `W = Q^H dA R^-1` and its skew-Hermitian part below the
    /// diagonal `X`: `dR = (W - X) R`, `dQ = dA R^-1 - Q (W - X)`. In reverse `M = R_bar R^H - Q^H Q_bar` and
    /// `A_bar = (Q_bar + Q H) R^-H`, `H` the Hermitian matrix with the upper triangle of `M`. A wide matrix goes through its leading
    /// square block. What completes `Q` to a basis of the whole space has no derivative, only its projector has: `I - Q Q^H`.
    ///
    /// S. F. Walter and L. Lehmann, Algorithmic differentiation of linear algebra functions with application in optimum
    /// experimental design (2010), [arXiv:1001.1654](https://doi.org/10.48550/arXiv.1001.1654).
    ///
    /// ```
    /// use autodiff_runtime::linalg::qr;
    /// use nalgebra::Matrix2;
    ///
    /// let ((q, r), (dq, dr)) = qr::jvp(&Matrix2::new(2.0, 0.0, 0.0, 1.0), &Matrix2::new(0.0, 0.0, 1.0, 0.0));
    /// assert_eq!((q, r), (Matrix2::identity(), Matrix2::new(2.0, 0.0, 0.0, 1.0)));
    /// assert_eq!((dq, dr), (Matrix2::new(0.0, -0.5, 0.5, 0.0), Matrix2::new(0.0, 0.5, 0.0, 0.0)));
    /// ```
    ///
    /// # Panics
    ///
    /// In the derivatives, if the leading columns of `A` do not have full rank.
    qr[T: Field, N, M](a da: S[N, M]) -> (OMatrix<T, N, DimMinimum<N, M>>, OMatrix<T, DimMinimum<N, M>, M>)
    where [
        N: DimMin<M>,
        DefaultAllocator: Allocator<N, DimMinimum<N, M>> + Allocator<DimMinimum<N, M>, M>,
    ]
    ; twice
}

impl<T: Field> Rule<T, 1> for qr {
    type Constants = ();
    type Value = (DMatrix<T>, DMatrix<T>);
    type Saved = (DMatrix<T>, DMatrix<T>);

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        let factors = QR::new(a.clone_owned()).unpack();
        (factors.clone(), factors)
    }

    fn tangent([a]: [View<'_, T>; 1], (q, r): &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        let k = q.ncols();
        let leading = leading_block(&a, r);
        let quotient = divide_upper(da.columns(0, k).into_owned(), &leading, Side::Plain);
        let w = upper_hermitian(&(q.adjoint() * &quotient));
        let dq = quotient - q * &w;
        let mut dr = DMatrix::zeros(k, a.ncols());
        dr.columns_mut(0, k).copy_from(&(w * leading));
        let rest = (k, a.ncols() - k);
        let moved = dq.ad_mul(&a.columns(rest.0, rest.1)) + q.ad_mul(&da.columns(rest.0, rest.1));
        dr.columns_mut(rest.0, rest.1).copy_from(&moved);
        (dq, dr)
    }

    fn reverse(
        [a]: [View<'_, T>; 1],
        (q, r): &Self::Saved,
        (mut q_bar, r_bar): Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        let k = q.ncols();
        let leading = leading_block(&a, r);
        let rest = (k, a.ncols() - k);
        let right = r_bar.columns(rest.0, rest.1);
        q_bar.gemm(
            T::one(),
            &a.columns(rest.0, rest.1),
            &right.adjoint(),
            T::one(),
        );
        a_bar
            .columns_mut(rest.0, rest.1)
            .gemm(T::one(), q, &right, T::one());
        let upper = r_bar.columns(0, k).upper_triangle();
        let m = upper * leading.adjoint() - q.ad_mul(&q_bar);
        q_bar.gemm(T::one(), q, &hermitian_of_upper(&m), T::one());
        let mut columns = a_bar.columns_mut(0, k);
        columns += divide_upper(q_bar, &leading, Side::Adjoint);
    }
}

impl<T: Field> SecondRule<T, 1> for qr {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        saved: &Self::Saved,
        [da]: [View<'_, T>; 1],
        (mut q_bar, r_bar): Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        let (q, r) = saved;
        let (dq, dr) = Self::tangent([a], saved, [da]);
        let (k, leading) = (q.ncols(), leading_block(&a, r));
        let rest = a.ncols() - k;
        let right = r_bar.columns(k, rest);
        q_bar.gemm(T::one(), &a.columns(k, rest), &right.adjoint(), T::one());
        let dq_bar = da.columns(k, rest) * right.adjoint();
        let (upper, d_leading) = (r_bar.columns(0, k).upper_triangle(), dr.columns(0, k));
        let m = hermitian_of_upper(&(&upper * leading.adjoint() - q.ad_mul(&q_bar)));
        let dm = upper * d_leading.adjoint() - dq.ad_mul(&q_bar) - q.ad_mul(&dq_bar);
        let pulled = divide_upper(q_bar + q * &m, &leading, Side::Adjoint);
        let mut change = dq_bar + &dq * m + q * hermitian_of_upper(&dm);
        change.gemm(-T::one(), &pulled, &d_leading.adjoint(), T::one());
        let mut columns = slope.columns_mut(0, k);
        columns += divide_upper(change, &leading, Side::Adjoint);
        slope
            .columns_mut(k, rest)
            .gemm(T::one(), &dq, &right, T::one());
    }
}

/// The leading square block of `R`.
#[track_caller]
fn leading_block<T: Field>(a: &View<'_, T>, r: &DMatrix<T>) -> DMatrix<T> {
    let leading = r.columns(0, r.nrows()).into_owned();
    if !has_full_rank(&leading, a.nrows().max(a.ncols())) {
        undefined("qr", "the leading columns do not have full rank");
    }
    leading
}

/// The upper triangular matrix that differs from `W` by a skew-Hermitian one.
fn upper_hermitian<T: Field>(w: &DMatrix<T>) -> DMatrix<T> {
    DMatrix::from_fn(w.nrows(), w.ncols(), |i, j| match i.cmp(&j) {
        std::cmp::Ordering::Less => w[(i, j)] + w[(j, i)].conjugate(),
        std::cmp::Ordering::Equal => T::from_real(w[(i, j)].real()),
        std::cmp::Ordering::Greater => T::zero(),
    })
}

/// The Hermitian matrix with this upper triangle; the adjoint of [`upper_hermitian`].
fn hermitian_of_upper<T: Field>(m: &DMatrix<T>) -> DMatrix<T> {
    DMatrix::from_fn(m.nrows(), m.ncols(), |i, j| match i.cmp(&j) {
        std::cmp::Ordering::Less => m[(i, j)],
        std::cmp::Ordering::Equal => T::from_real(m[(i, j)].real()),
        std::cmp::Ordering::Greater => m[(j, i)].conjugate(),
    })
}
