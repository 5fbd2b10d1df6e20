//! The LU factorisation.

use crate::linalg::Field;
use crate::linalg::factor::divide_upper;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{rule, undefined};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut};
use crate::linalg::triangular::{Side, Triangle, solve_triangular_mut};
use nalgebra::{DMatrix, DimMin, DimMinimum, LU};

rule! {
    /// The factors `(P, L, U)` of `P A = L U`, with partial pivoting: a permutation, unit lower and upper triangular.
    ///
    /// `A` n x m, `P` n x n, `L` n x k, `U` k x m with `k = min(n, m)`. With the leading square blocks `L_1`, `U_1` and what is left, `L_2`
    /// below or `U_2` beside, and $X = L_1^{-1} P \dot A_1$, $S$ the part of $X U_1^{-1}$ below the diagonal: $\dot L_1 = L_1 S$,
    /// $\dot U_1 = X - S U_1$, $\dot L_2 = (P \dot A_2 - L_2 \dot U_1) U_1^{-1}$, $\dot U_2 = L_1^{-1} P \dot A_2 - S U_2$; in reverse the
    /// transpose of that. `P` is constant. The last pivot of a matrix that is not tall may be zero.
    ///
    /// F. de Hoog, R. Anderssen and M. Lukas, Differentiation of matrix functionals using triangular factorization, Mathematics of
    /// Computation 80 (2011), [doi:10.1090/S0025-5718-2011-02451-8](https://doi.org/10.1090/S0025-5718-2011-02451-8).
    ///
    /// ```
    /// use autodiff_runtime::linalg::lu;
    /// use nalgebra::Matrix2;
    ///
    /// let ((p, l, u), (_, dl, du)) = lu::jvp(&Matrix2::new(2.0, 4.0, 1.0, 3.0), &Matrix2::new(0.0, 0.0, 2.0, 0.0));
    /// assert_eq!((p, l, u), (Matrix2::identity(), Matrix2::new(1.0, 0.0, 0.5, 1.0), Matrix2::new(2.0, 4.0, 0.0, 1.0)));
    /// assert_eq!((dl, du), (Matrix2::new(0.0, 0.0, 1.0, 0.0), Matrix2::new(0.0, 0.0, 0.0, -4.0)));
    /// ```
    ///
    /// # Panics
    ///
    /// In the derivatives, if a pivot is zero.
    lu[T: Field, N, M](a da: S[N, M])
        -> (OMatrix<T, N, N>, OMatrix<T, N, DimMinimum<N, M>>, OMatrix<T, DimMinimum<N, M>, M>)
    where [
        N: DimMin<M>,
        DefaultAllocator: Allocator<N, N> + Allocator<N, DimMinimum<N, M>> + Allocator<DimMinimum<N, M>, M>,
    ]
    ; twice
}

impl<T: Field> Rule<T, 1> for lu {
    type Constants = ();
    type Value = (DMatrix<T>, DMatrix<T>, DMatrix<T>);
    type Saved = (DMatrix<T>, DMatrix<T>, DMatrix<T>);

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        let (rows, l, u) = LU::new(a.clone_owned()).unpack();
        let mut p = DMatrix::identity(a.nrows(), a.nrows());
        rows.permute_rows(&mut p);
        let factors = (p, l, u);
        (factors.clone(), factors)
    }

    fn tangent(
        _: [View<'_, T>; 1],
        (p, l, u): &Self::Saved,
        [da]: [View<'_, T>; 1],
    ) -> Self::Value {
        let k = l.ncols();
        let below = l.nrows() - k;
        let (l1, u1) = (l.rows(0, k).into_owned(), regular_block(l, u));
        let da = p * da;
        let mut x = da.rows(0, k).into_owned();
        solve_triangular_mut(&l1, Triangle::Lower, Side::Plain, &mut x);
        let s = below_diagonal(&divide_upper(
            x.columns(0, k).into_owned(),
            &u1,
            Side::Plain,
        ));
        let du = (x - &s * u).upper_triangle();
        let mut dl = DMatrix::zeros(k + below, k);
        dl.rows_mut(0, k).copy_from(&(&l1 * &s));
        let rest = da.view((k, 0), (below, k)) - l.rows(k, below) * du.columns(0, k);
        dl.rows_mut(k, below)
            .copy_from(&divide_upper(rest, &u1, Side::Plain));
        (p * T::zero(), dl, du)
    }

    fn reverse(
        _: [View<'_, T>; 1],
        (p, l, u): &Self::Saved,
        (_, l_bar, u_bar): Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        let k = l.ncols();
        let below = l.nrows() - k;
        let (l1, u1) = (l.rows(0, k).into_owned(), regular_block(l, u));
        let lower = divide_upper(l_bar.rows(k, below).into_owned(), &u1, Side::Adjoint);
        let mut u_bar = u_bar.upper_triangle();
        let leading = u_bar.columns(0, k) - l.rows(k, below).ad_mul(&lower);
        u_bar.columns_mut(0, k).copy_from(&leading.upper_triangle());
        let s_bar = below_diagonal(&(l1.ad_mul(&l_bar.rows(0, k)) - &u_bar * u.adjoint()));
        let mut x_bar = u_bar;
        let mut columns = x_bar.columns_mut(0, k);
        columns += divide_upper(s_bar, &u1, Side::Adjoint);
        solve_triangular_mut(&l1, Triangle::Lower, Side::Adjoint, &mut x_bar);
        let p_h = p.transpose();
        a_bar.gemm(T::one(), &p_h.columns(0, k), &x_bar, T::one());
        let mut columns = a_bar.columns_mut(0, k);
        columns.gemm(T::one(), &p_h.columns(k, below), &lower, T::one());
    }
}

/// The reverse, line by line.
impl<T: Field> SecondRule<T, 1> for lu {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        saved: &Self::Saved,
        [da]: [View<'_, T>; 1],
        (_, l_bar, u_bar): Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        let (p, l, u) = saved;
        let (_, dl, du) = Self::tangent([a], saved, [da]);
        let (k, below) = (l.ncols(), l.nrows() - l.ncols());
        let (l1, u1) = (l.rows(0, k).into_owned(), regular_block(l, u));
        let (dl1, du1) = (dl.rows(0, k), du.columns(0, k));
        let (l2, dl2) = (l.rows(k, below), dl.rows(k, below));
        let over_u = |b: DMatrix<T>| divide_upper(b, &u1, Side::Adjoint);
        let lower = over_u(l_bar.rows(k, below).into_owned());
        let d_lower = over_u(-(&lower * du1.adjoint()));
        let mut u_bar = u_bar.upper_triangle();
        let mut du_bar = &u_bar * T::zero();
        let leading = (u_bar.columns(0, k) - l2.ad_mul(&lower)).upper_triangle();
        let d_leading = (-dl2.ad_mul(&lower) - l2.ad_mul(&d_lower)).upper_triangle();
        u_bar.columns_mut(0, k).copy_from(&leading);
        du_bar.columns_mut(0, k).copy_from(&d_leading);
        let l1_bar = l_bar.rows(0, k);
        let s_bar = below_diagonal(&(l1.ad_mul(&l1_bar) - &u_bar * u.adjoint()));
        let ds_bar = dl1.ad_mul(&l1_bar) - &du_bar * u.adjoint() - &u_bar * du.adjoint();
        let share = over_u(s_bar);
        let d_share = over_u(below_diagonal(&ds_bar) - &share * du1.adjoint());
        let (mut x_bar, mut dx_bar) = (u_bar, du_bar);
        let mut columns = x_bar.columns_mut(0, k);
        columns += share;
        let mut columns = dx_bar.columns_mut(0, k);
        columns += d_share;
        solve_triangular_mut(&l1, Triangle::Lower, Side::Adjoint, &mut x_bar);
        dx_bar -= dl1.ad_mul(&x_bar);
        solve_triangular_mut(&l1, Triangle::Lower, Side::Adjoint, &mut dx_bar);
        let p_h = p.transpose();
        slope.gemm(T::one(), &p_h.columns(0, k), &dx_bar, T::one());
        let mut columns = slope.columns_mut(0, k);
        columns.gemm(T::one(), &p_h.columns(k, below), &d_lower, T::one());
    }
}

/// The part below the diagonal.
fn below_diagonal<T: Field>(a: &DMatrix<T>) -> DMatrix<T> {
    let mut lower = a.lower_triangle();
    lower.fill_diagonal(T::zero());
    lower
}

/// The leading square block of `U`, its last pivot set to one if it is zero and no row is below: nothing depends on it.
#[track_caller]
fn regular_block<T: Field>(l: &DMatrix<T>, u: &DMatrix<T>) -> DMatrix<T> {
    let k = l.ncols();
    let mut block = u.columns(0, k).into_owned();
    if k > 0 && l.nrows() == k && block[(k - 1, k - 1)].is_zero() {
        block[(k - 1, k - 1)] = T::one();
    }
    if let Some(i) = (0..k).find(|i| block[(*i, *i)].is_zero()) {
        undefined("lu", format!("the pivot {i} is zero"));
    }
    block
}
