//! The QR factorisation.

use crate::linalg::Field;
use crate::linalg::factor::{divide_upper, has_full_rank};
use crate::linalg::rule::names::*;
use crate::linalg::rule::{rule, undefined};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, view, view_mut};
use crate::linalg::triangular::Side;
use nalgebra::{DMatrix, DimMin, DimMinimum, QR, StorageMut};
use std::cmp::Ordering;

rule! {
    /// The thin factors `(Q, R)` of `A = Q R`, the diagonal of `R` positive.
    ///
    /// `A` n x m, `Q` n x k, `R` k x m with `k = min(n, m)`. For `m = k`, with $W = Q^H \dot A R^{-1}$ and $\Omega$ the skew-Hermitian matrix
    /// with what $W$ has below the diagonal: $\dot R = (W - \Omega) R$, $\dot Q = \dot A R^{-1} - Q (W - \Omega)$. In reverse
    /// $M = \bar R R^H - Q^H \bar Q$ and $\bar A = (\bar Q + Q H) R^{-H}$, $H$ the Hermitian matrix with the upper triangle of $M$. A wide
    /// matrix goes through its leading square block. What completes `Q` to a basis of the whole space has no derivative, only its projector
    /// has: `I - Q Q^H`.
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
        factor_tangents(&a, q, r, &da)
    }

    fn reverse(
        [a]: [View<'_, T>; 1],
        (q, r): &Self::Saved,
        (q_bar, r_bar): Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        pull_factors(&a, [q, &q_bar], [r, &r_bar], &mut a_bar);
    }
}

/// The tangents of the factors.
#[track_caller]
pub(crate) fn factor_tangents<T: Field, N: Dim, K: Dim, M: Dim>(
    a: &Matrix<T, N, M, impl Storage<T, N, M>>,
    q: &OMatrix<T, N, K>,
    r: &OMatrix<T, K, M>,
    da: &Matrix<T, N, M, impl Storage<T, N, M>>,
) -> (OMatrix<T, N, K>, OMatrix<T, K, M>)
where
    DefaultAllocator: Allocator<N, K> + Allocator<K, N> + Allocator<K, M> + Allocator<K, K>,
{
    let (k, dimension) = (q.ncols(), q.shape_generic().1);
    let leading = leading_block(a, r);
    let moved = da.columns_generic(0, dimension).into_owned();
    let quotient = divide_upper(moved, &leading, Side::Plain);
    let w = upper_hermitian(&q.ad_mul(&quotient));
    let dq = quotient - q * &w;
    let mut dr = r.map(|_| T::zero());
    dr.columns_generic_mut(0, dimension)
        .copy_from(&(w * leading));
    if a.ncols() > k {
        let rest = |m: View<'_, T>| m.columns(k, m.ncols() - k).into_owned();
        let moved = view(&dq).ad_mul(&rest(view(a))) + view(q).ad_mul(&rest(view(da)));
        view_mut(&mut dr)
            .columns_mut(k, moved.ncols())
            .copy_from(&moved);
    }
    (dq, dr)
}

/// Adds to the adjoint of the matrix what those of the factors contribute.
#[track_caller]
pub(crate) fn pull_factors<T: Field, N: Dim, K: Dim, M: Dim>(
    a: &Matrix<T, N, M, impl Storage<T, N, M>>,
    [q, q_bar]: [&OMatrix<T, N, K>; 2],
    [r, r_bar]: [&OMatrix<T, K, M>; 2],
    a_bar: &mut Matrix<T, N, M, impl StorageMut<T, N, M>>,
) where
    DefaultAllocator: Allocator<N, K> + Allocator<K, N> + Allocator<K, M> + Allocator<K, K>,
{
    let (k, dimension) = (q.ncols(), q.shape_generic().1);
    if k == a.ncols() && k <= SMALL {
        return pull_small_factors([q, q_bar], [r, r_bar], a_bar);
    }
    let (leading, mut q_bar) = (leading_block(a, r), q_bar.clone_owned());
    if a.ncols() > k {
        let (a, r_bar, rest) = (view(a), view(r_bar), a.ncols() - k);
        let right = r_bar.columns(k, rest);
        let mut columns = view_mut(&mut q_bar);
        columns.gemm(T::one(), &a.columns(k, rest), &right.adjoint(), T::one());
        let mut columns = view_mut(a_bar);
        columns
            .columns_mut(k, rest)
            .gemm(T::one(), &view(q), &right, T::one());
    }
    let upper = r_bar.columns_generic(0, dimension).upper_triangle();
    let m = upper * leading.adjoint() - q.ad_mul(&q_bar);
    q_bar.gemm(T::one(), q, &hermitian_of_upper(&m), T::one());
    let mut columns = a_bar.columns_generic_mut(0, dimension);
    columns += divide_upper(q_bar, &leading, Side::Adjoint);
}

/// Columns with which nothing is gained by products of matrices.
const SMALL: usize = 8;

/// The same of a small matrix that is not wide: `(Q_bar + Q M) R^-H`, column by column from the last.
#[track_caller]
fn pull_small_factors<T: Field, N: Dim, K: Dim, M: Dim>(
    [q, q_bar]: [&OMatrix<T, N, K>; 2],
    [r, r_bar]: [&OMatrix<T, K, M>; 2],
    a_bar: &mut Matrix<T, N, M, impl StorageMut<T, N, M>>,
) where
    DefaultAllocator: Allocator<N, K> + Allocator<K, M>,
{
    let (n, k) = q.shape();
    assert_full_rank(r, n.max(k));
    let (q, r) = (q.as_slice(), |i: usize, j: usize| r[(i, j)]);
    let mut core = [[T::zero(); SMALL]; SMALL];
    for (j, bars) in q_bar.as_slice().chunks_exact(n.max(1)).enumerate() {
        for (i, turns) in q.chunks_exact(n.max(1)).enumerate().take(j + 1) {
            let right = (j..k).fold(T::zero(), |sum, l| {
                sum + r_bar[(i, l)] * r(j, l).conjugate()
            });
            let products = turns.iter().zip(bars).map(|(q, bar)| q.conjugate() * *bar);
            let entry = products.fold(right, |sum, product| sum - product);
            core[i][j] = if i == j {
                T::from_real(entry.real())
            } else {
                entry
            };
            core[j][i] = core[i][j].conjugate();
        }
    }
    let mut found = q_bar.clone_owned();
    let columns = found.as_mut_slice();
    for j in (0..k).rev() {
        let (before, later) = columns.split_at_mut((j + 1) * n);
        let column = &mut before[j * n..];
        for (i, turns) in q.chunks_exact(n.max(1)).enumerate() {
            add_multiple(column, core[i][j], turns);
        }
        for (l, known) in (j + 1..k).zip(later.chunks_exact(n.max(1))) {
            add_multiple(column, -r(j, l).conjugate(), known);
        }
        let pivot = r(j, j).conjugate();
        column.iter_mut().for_each(|x| *x /= pivot);
        let entries = a_bar.column_mut(j).into_iter().zip(&*column);
        entries.for_each(|(bar, share)| *bar += *share);
    }
}

/// `column += factor x`
#[inline(always)]
fn add_multiple<T: Field>(column: &mut [T], factor: T, x: &[T]) {
    for (sum, x) in column.iter_mut().zip(x) {
        *sum += factor * *x;
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
fn leading_block<T: Field, N: Dim, K: Dim, M: Dim>(
    a: &Matrix<T, N, M, impl Storage<T, N, M>>,
    r: &OMatrix<T, K, M>,
) -> OMatrix<T, K, K>
where
    DefaultAllocator: Allocator<K, M> + Allocator<K, K>,
{
    assert_full_rank(r, a.nrows().max(a.ncols()));
    r.columns_generic(0, r.shape_generic().0).into_owned()
}

/// Panics where a pivot of the leading block is rounding.
#[track_caller]
fn assert_full_rank<T: Field, K: Dim, M: Dim>(r: &OMatrix<T, K, M>, n: usize)
where
    DefaultAllocator: Allocator<K, M>,
{
    if !has_full_rank(r, n) {
        undefined("qr", "the leading columns do not have full rank");
    }
}

/// The upper triangular matrix that differs from `W` by a skew-Hermitian one.
fn upper_hermitian<T: Field, D: Dim>(w: &OMatrix<T, D, D>) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let (rows, columns) = w.shape_generic();
    OMatrix::from_fn_generic(rows, columns, |i, j| match i.cmp(&j) {
        Ordering::Less => w[(i, j)] + w[(j, i)].conjugate(),
        Ordering::Equal => T::from_real(w[(i, j)].real()),
        Ordering::Greater => T::zero(),
    })
}

/// The Hermitian matrix with this upper triangle; the adjoint of [`upper_hermitian`].
fn hermitian_of_upper<T: Field, D: Dim>(m: &OMatrix<T, D, D>) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let (rows, columns) = m.shape_generic();
    OMatrix::from_fn_generic(rows, columns, |i, j| match i.cmp(&j) {
        Ordering::Less => m[(i, j)],
        Ordering::Equal => T::from_real(m[(i, j)].real()),
        Ordering::Greater => m[(j, i)].conjugate(),
    })
}
