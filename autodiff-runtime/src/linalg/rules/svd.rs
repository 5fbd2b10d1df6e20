//! The singular value decomposition.

use crate::linalg::Field;
use crate::linalg::RealNumber;
use crate::linalg::decomposition::gauge::{Gauge, ties};
use crate::linalg::decomposition::rotation::{align, outside, rotations};
use crate::linalg::decomposition::svd::Svd;
use crate::linalg::decomposition::svd::scaled_columns;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::{SecondRule, assert_distinct};
use crate::linalg::shape::{View, ViewMut};
use nalgebra::{DMatrix, DVector, DimMin, DimMinimum, OVector, StorageMut, U1};

rule! {
    /// The thin singular value decomposition `(U, s, V^H)` with `A = U diag(s) V^H`, the singular values in descending order.
    ///
    /// `A` n x m, `U` n x k, `s` of length k, `V^H` k x m with `k = min(n, m)`. With $C = U^H \dot A V$, its Hermitian part $H$ and its
    /// skew-Hermitian part $K$: $\dot s = \mathrm{diag} H$, off the diagonal $(U^H \dot U + V^H \dot V)\_{ij} = 2 H_{ij} / (s_j - s_i)$,
    /// $(U^H \dot U - V^H \dot V)\_{ij} = 2 K_{ij} / (s_i + s_j)$, and outside of the range of `U` $\dot U = (I - U U^H) \dot A V S^{-1}$,
    /// likewise for `V`. In reverse, with $K_U$ the skew part of $U^H \bar U$ and $K_V$ that of $V^H \bar V$, $\bar A = U X V^H$ plus what
    /// lies outside, $(I - U U^H) \bar U S^{-1} V^H$ and $U S^{-1} \bar V^H (I - V V^H)$, where
    /// $X_{ij} = (K_U + K_V)\_{ij} / (s_j - s_i) + (K_U - K_V)\_{ij} / (s_i + s_j)$ off the diagonal and $X_{ii} = \bar s_i$. No singular value
    /// is squared.
    ///
    /// The vectors of a repeated singular value are arbitrary up to a common rotation, those of zero up to two, and those of a
    /// complex matrix up to a phase. `jvp` takes those that have a derivative in the direction `dA`, and returns them as the value. In
    /// reverse, `U V^H` and the projectors on the spaces of equal values have their derivatives exactly, and so has what the other vectors
    /// or the values make. Anything else is refused: the cotangents do not tell how a function such as `U f(s) V^H` depends on what mixes
    /// equal values. The same holds for values at zero, unless it is the one of a square matrix: use
    /// [`nuclear_norm`](fn@crate::linalg::nuclear_norm), [`pinv`](fn@crate::linalg::pinv) or another function of the matrix itself.
    ///
    /// S. F. Walter, L. Lehmann and R. Lamour, On evaluating higher-order derivatives of the QR decomposition of tall matrices with
    /// full column rank in forward and reverse mode algorithmic differentiation, Optimization Methods and Software 27 (2012),
    /// [doi:10.1080/10556788.2011.610454](https://doi.org/10.1080/10556788.2011.610454).
    ///
    /// ```
    /// use autodiff_runtime::linalg::svd;
    /// use nalgebra::Matrix2;
    ///
    /// // The rotation nearest to a matrix, at equal singular values.
    /// let ((u, _, v_t), pullback) = svd::vjp(&Matrix2::new(0.0, -2.0, 2.0, 0.0));
    /// let y_bar = Matrix2::new(1.0, 2.0, 3.0, 4.0);
    /// let a_bar = pullback((y_bar * v_t.transpose(), nalgebra::zero(), u.transpose() * y_bar));
    /// assert!((a_bar - Matrix2::identity() * 1.25).norm() < 1e-14);
    /// ```
    ///
    /// # Panics
    ///
    /// In the derivatives, if they depend on the choice of vectors.
    svd[T: Field, N, M](a da: S[N, M]) -> (
        OMatrix<T, N, DimMinimum<N, M>>,
        OMatrix<T::RealField, DimMinimum<N, M>, U1>,
        OMatrix<T, DimMinimum<N, M>, M>,
    )
    where [
        N: DimMin<M>,
        DefaultAllocator: Allocator<N, DimMinimum<N, M>> + Allocator<DimMinimum<N, M>, M> + Allocator<DimMinimum<N, M>, U1>,
    ]
    ; twice
}

impl<T: Field> Rule<T, 1> for svd {
    type Constants = ();
    type Value = (DMatrix<T>, DVector<T::RealField>, DMatrix<T>);
    type Saved = Svd<T>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        let factors = Svd::new(&a);
        (parts(&factors), factors)
    }

    fn align(value: &mut Self::Value, saved: &mut Self::Saved, [da]: [View<'_, T>; 1]) {
        align(saved, &da);
        *value = parts(saved);
    }

    fn tangent(_: [View<'_, T>; 1], saved: &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        let (u, v) = (&saved.u, saved.v_t.adjoint());
        let ds = (u.adjoint() * da * &v).diagonal().map(|c| c.real());
        let (turn_u, turn_v) = rotations(saved, &da);
        let du = u * turn_u + outside(saved, &da.clone_owned());
        let dv = v * turn_v + outside(&saved.adjoint(), &da.adjoint());
        (du, ds, dv.adjoint())
    }

    fn reverse(
        [a]: [View<'_, T>; 1],
        saved: &Self::Saved,
        (u_bar, s_bar, v_t_bar): Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        let (gauge, g) = (
            turns(saved, &u_bar, &v_t_bar),
            inner(saved, &u_bar, &v_t_bar),
        );
        let square = a.is_square();
        for run in ties::<T>(saved.s.as_slice(), saved.largest()) {
            if !saved.is_zero(run.start) {
                gauge.assert_no_mixing(&(&g[0] + &g[1]), &s_bar, run);
            } else if run.len() > 1 || !square {
                gauge.assert_unused(&s_bar, run);
            }
        }
        pull(saved, &gauge, (&u_bar, &s_bar, &v_t_bar), &g, &mut a_bar);
    }
}

/// What divides by the sums and differences of the singular values.
fn turns<T: Field, N: Dim, K: Dim, M: Dim>(
    svd: &Svd<T, N, K, M>,
    u_bar: &OMatrix<T, N, K>,
    v_t_bar: &OMatrix<T, K, M>,
) -> Gauge<T>
where
    DefaultAllocator: Allocator<N, K> + Allocator<K> + Allocator<K, M> + Allocator<N, M>,
{
    let n = svd.u.nrows().max(svd.v_t.ncols());
    Gauge::new("svd", n, u_bar.norm() + v_t_bar.norm(), svd.largest())
}

/// `U^H U_bar` and `V^H V_bar`
fn inner<T: Field, N: Dim, K: Dim, M: Dim>(
    svd: &Svd<T, N, K, M>,
    u_bar: &OMatrix<T, N, K>,
    v_t_bar: &OMatrix<T, K, M>,
) -> [OMatrix<T, K, K>; 2]
where
    DefaultAllocator:
        Allocator<N, K> + Allocator<K> + Allocator<K, M> + Allocator<M, K> + Allocator<K, K>,
{
    [svd.u.ad_mul(u_bar), &svd.v_t * v_t_bar.adjoint()]
}

/// The adjoints of `U`, of the singular values and of `V^H`.
type Cotangents<'a, T, N, K, M> = (
    &'a OMatrix<T, N, K>,
    &'a OVector<<T as ComplexField>::RealField, K>,
    &'a OMatrix<T, K, M>,
);

/// Adds to the adjoint of the matrix what those of its factors contribute, for `g` from [`inner`].
#[track_caller]
fn pull<T: Field, N: Dim, K: Dim, M: Dim>(
    svd: &Svd<T, N, K, M>,
    gauge: &Gauge<T>,
    (u_bar, s_bar, v_t_bar): Cotangents<'_, T, N, K, M>,
    g: &[OMatrix<T, K, K>; 2],
    a_bar: &mut Matrix<T, N, M, impl StorageMut<T, N, M>>,
) where
    DefaultAllocator:
        Allocator<N, K> + Allocator<K> + Allocator<K, M> + Allocator<K, K> + Allocator<N, M>,
{
    let mut left = &svd.u * core(svd, gauge, g, s_bar);
    if !svd.u.is_square() {
        let mut rest = u_bar - &svd.u * &g[0];
        for (mut column, s) in rest.column_iter_mut().zip(svd.s.iter()) {
            column.apply(|x| *x = gauge.quotient(*x, *s));
        }
        left += rest;
    }
    a_bar.gemm(T::one(), &left, &svd.v_t, T::one());
    if !svd.v_t.is_square() {
        let mut rest = v_t_bar - g[1].adjoint() * &svd.v_t;
        for (mut row, s) in rest.row_iter_mut().zip(svd.s.iter()) {
            row.apply(|x| *x = gauge.quotient(*x, *s));
        }
        a_bar.gemm(T::one(), &svd.u, &rest, T::one());
    }
}

/// The same where no two singular values are equal and none is zero. Does it apply?
pub(crate) fn pull_regular<T: Field, N: Dim, K: Dim, M: Dim>(
    svd: &Svd<T, N, K, M>,
    cotangents: Cotangents<'_, T, N, K, M>,
    a_bar: &mut OMatrix<T, N, M>,
) -> bool
where
    DefaultAllocator: Allocator<N, K>
        + Allocator<K>
        + Allocator<K, M>
        + Allocator<M, K>
        + Allocator<K, K>
        + Allocator<N, M>,
{
    let regular = svd.is_regular();
    if regular {
        let (u_bar, _, v_t_bar) = cotangents;
        let (gauge, g) = (turns(svd, u_bar, v_t_bar), inner(svd, u_bar, v_t_bar));
        pull(svd, &gauge, cotangents, &g, a_bar);
    }
    regular
}

impl<T: RealNumber> SecondRule<T, 1> for svd {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        saved: &Self::Saved,
        [da]: [View<'_, T>; 1],
        (u_bar, s_bar, v_t_bar): Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        let (u, s, v) = (&saved.u, &saved.s, saved.v_t.transpose());
        assert_distinct(
            "svd",
            s.as_slice(),
            saved.largest(),
            s.iter().copied().last(),
        );
        let (du, ds, dv_t) = Self::tangent([a], saved, [da]);
        let (dv, v_bar) = (dv_t.transpose(), v_t_bar.transpose());
        let g = [u.tr_mul(&u_bar), v.tr_mul(&v_bar)];
        let dg = [du.tr_mul(&u_bar), dv.tr_mul(&v_bar)];
        let core = DMatrix::from_diagonal(&s_bar)
            + of_pairs(&g, |i, j, x, y| x / (s[j] - s[i]) + y / (s[i] + s[j]));
        let change = of_pairs(&dg, |i, j, x, y| x / (s[j] - s[i]) + y / (s[i] + s[j]))
            - of_pairs(&g, |i, j, x, y| {
                x * (ds[j] - ds[i]) / (s[j] - s[i]).powi(2)
                    + y * (ds[i] + ds[j]) / (s[i] + s[j]).powi(2)
            });
        let [left, d_left] = beside([u, &du], &u_bar, [s, &ds]);
        let [right, d_right] = beside([&v, &dv], &v_bar, [s, &ds]);
        let inner = u * &core + left;
        slope += (&du * core + u * change + d_left) * &saved.v_t + inner * dv_t;
        slope += du * right.transpose() + u * d_right.transpose();
    }
}

/// Of `K_U + K_V` and `K_U - K_V` off the diagonal, with the skew parts of the two matrices.
fn of_pairs<T: RealNumber>(
    [g_u, g_v]: &[DMatrix<T>; 2],
    f: impl Fn(usize, usize, T, T) -> T,
) -> DMatrix<T> {
    let half: T = nalgebra::convert(0.5);
    let skew = |g: &DMatrix<T>, i, j| (g[(i, j)] - g[(j, i)]) * half;
    DMatrix::from_fn(g_u.nrows(), g_u.ncols(), |i, j| {
        let (k_u, k_v) = (skew(g_u, i, j), skew(g_v, i, j));
        if i == j {
            T::zero()
        } else {
            f(i, j, k_u + k_v, k_u - k_v)
        }
    })
}

/// `(I - U U^T) U_bar S^-1` and its tangent.
fn beside<T: RealNumber>(
    [u, du]: [&DMatrix<T>; 2],
    u_bar: &DMatrix<T>,
    [s, ds]: [&DVector<T>; 2],
) -> [DMatrix<T>; 2] {
    if u.is_square() {
        return [
            DMatrix::zeros(u.nrows(), u.ncols()),
            DMatrix::zeros(u.nrows(), u.ncols()),
        ];
    }
    let g = u.tr_mul(u_bar);
    let over = |m: DMatrix<T>| scaled_columns(&m, &s.map(|s| s.recip()));
    let value = over(u_bar - u * &g);
    let change = over(-(du * g + u * du.tr_mul(u_bar)) - scaled_columns(&value, ds));
    [value, change]
}

fn parts<T: Field>(svd: &Svd<T>) -> (DMatrix<T>, DVector<T::RealField>, DMatrix<T>) {
    (svd.u.clone(), svd.s.clone(), svd.v_t.clone())
}

/// `U^H A_bar V`
#[track_caller]
fn core<T: Field, N: Dim, K: Dim, M: Dim>(
    svd: &Svd<T, N, K, M>,
    gauge: &Gauge<T>,
    [g_u, g_v]: &[OMatrix<T, K, K>; 2],
    s_bar: &OVector<T::RealField, K>,
) -> OMatrix<T, K, K>
where
    DefaultAllocator: Allocator<N, K> + Allocator<K> + Allocator<K, M> + Allocator<K, K>,
{
    let half: T = nalgebra::convert(0.5);
    let skew = |g: &OMatrix<T, K, K>, i, j| (g[(i, j)] - g[(j, i)].conjugate()) * half;
    let (rows, columns) = g_u.shape_generic();
    OMatrix::from_fn_generic(rows, columns, |i, j| {
        let (k_u, k_v) = (skew(g_u, i, j), skew(g_v, i, j));
        let turned = gauge.quotient(k_u + k_v, svd.s[j] - svd.s[i])
            + gauge.quotient(k_u - k_v, svd.s[i] + svd.s[j]);
        if i == j {
            turned + T::from_real(s_bar[i])
        } else {
            turned
        }
    })
}
