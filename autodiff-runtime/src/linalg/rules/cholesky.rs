//! The Cholesky factor.

use crate::linalg::Field;
use crate::linalg::factor::{Side, Triangle, hermitian_part, solve_triangular_mut};
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule, undefined};
use crate::linalg::shape::{View, ViewMut, square, view, view_mut};
use nalgebra::{Cholesky, DMatrix};

rule! {
    /// The lower triangular `L` with `A = L L^H` and a positive diagonal; `None` if `A` is not positive definite.
    ///
    /// `A` n x n; a function of its symmetric (Hermitian) part. `dL = L phi(L^-1 dA L^-H)`, where `phi` takes the lower triangle with half
    /// the diagonal; `A_bar = L^-H (phi(L^H L_bar) + phi(L^H L_bar)^H) L^-1 / 2`, which is symmetric; by blocks.
    ///
    /// I. Murray, Differentiation of the Cholesky decomposition (2016), [arXiv:1602.07527](https://doi.org/10.48550/arXiv.1602.07527).
    ///
    /// ```
    /// use autodiff_runtime::linalg::cholesky;
    /// use nalgebra::Matrix2;
    ///
    /// let (l, dl) = cholesky::jvp(&Matrix2::new(4.0, 2.0, 2.0, 5.0), &Matrix2::new(8.0, 4.0, 4.0, 10.0));
    /// assert_eq!(l, Some(Matrix2::new(2.0, 0.0, 1.0, 2.0)));
    /// assert_eq!(dl, l); // half of 2, which A is multiplied with
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square; in the derivatives, if a pivot is nothing but rounding.
    cholesky[T: Field, D](a da: S[D, D]) -> Option<OMatrix<T, D, D>>
}

impl<T: Field> Rule<T, 1> for cholesky {
    type Constants = ();
    type Value = Option<DMatrix<T>>;
    type Saved = Option<DMatrix<T>>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        square("cholesky", &a);
        let l = Cholesky::new(hermitian_part(&a)).map(Cholesky::unpack);
        (l.clone(), l)
    }

    fn tangent([a]: [View<'_, T>; 1], l: &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        let l = l.as_ref()?;
        assert_definite(&a, l);
        let mut x = hermitian_part(&da);
        congruence(&view(l), Side::Plain, &mut x);
        Some(l * half_diagonal(&x))
    }

    fn reverse(
        [a]: [View<'_, T>; 1],
        l: Self::Saved,
        l_bar: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        let Some((l, l_bar)) = defined(l, l_bar) else {
            return;
        };
        assert_definite(&a, &l);
        let lower = by_blocks(&view(&l), l_bar);
        add_hermitian(&mut a_bar, &lower);
    }
}

/// Rows and columns of a block.
const BLOCK: usize = 32;

/// The lower triangle of twice the adjoint of `A`, its diagonal once, by products of blocks. Above the diagonal nothing is read or meant.
fn by_blocks<T: Field>(l: &View<'_, T>, mut bar: DMatrix<T>) -> DMatrix<T> {
    let n = l.nrows();
    if n <= BLOCK {
        one_block(l, &mut view_mut(&mut bar));
        return bar;
    }
    let mut end = n;
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        let (size, below) = (end - start, n - end);
        let (block, left) = (
            l.view((start, start), (size, size)),
            l.view((start, 0), (size, start)),
        );
        let mut c_bar = bar.view((end, start), (below, size)).adjoint();
        solve_triangular_mut(&block, Triangle::Lower, Side::Adjoint, &mut c_bar);
        let minus = -T::one();
        let column = c_bar.adjoint();
        let mut rest = bar.view_mut((end, 0), (below, start));
        rest.gemm(minus, &column, &left, T::one());
        bar.view_mut((end, start), (below, size)).copy_from(&column);
        let mut diagonal = bar.view_mut((start, start), (size, size));
        diagonal.gemm(
            minus,
            &c_bar,
            &l.view((end, start), (below, size)),
            T::one(),
        );
        one_block(&view(&block), &mut view_mut(&mut diagonal));
        let lower = diagonal.lower_triangle();
        let doubled = &lower + lower.adjoint();
        let mut rest = bar.view_mut((start, 0), (size, start));
        rest.gemm(minus, &c_bar, &l.view((end, 0), (below, start)), T::one());
        rest.gemm(minus, &doubled, &left, T::one());
        end = start;
    }
    bar
}

/// The same of one block, in place, column after column from the last: `L_ij` is `(A_ij - <row i, row j>) / L_jj`.
fn one_block<T: Field>(l: &View<'_, T>, bar: &mut ViewMut<'_, T>) {
    let n = l.nrows();
    let half: T = nalgebra::convert(0.5);
    for j in (0..n).rev() {
        let pivot = l[(j, j)].real();
        let mut diagonal = bar[(j, j)].real();
        for i in j + 1..n {
            diagonal -= (l[(i, j)].conjugate() * bar[(i, j)]).real() / pivot;
            bar[(i, j)] = bar[(i, j)].unscale(pivot);
        }
        diagonal /= pivot;
        for k in 0..j {
            let known = l[(j, k)];
            let mut sum = known.scale(diagonal);
            for i in j + 1..n {
                let share = bar[(i, j)];
                sum += share.conjugate() * l[(i, k)];
                bar[(i, k)] -= share * known;
            }
            bar[(j, k)] -= sum;
        }
        bar[(j, j)] = T::from_real(diagonal) * half;
    }
}

/// `A += (B + B^H) / 2`, where `B` is the lower triangle of a matrix.
fn add_hermitian<T: Field>(a: &mut ViewMut<'_, T>, b: &DMatrix<T>) {
    let half: T = nalgebra::convert(0.5);
    for j in 0..b.ncols() {
        a[(j, j)] += T::from_real(b[(j, j)].real());
        for i in j + 1..b.nrows() {
            let share = b[(i, j)] * half;
            a[(i, j)] += share;
            a[(j, i)] += share.conjugate();
        }
    }
}

/// The lower triangle with half the diagonal.
fn half_diagonal<T: Field>(a: &DMatrix<T>) -> DMatrix<T> {
    let mut lower = a.lower_triangle();
    let half: T = nalgebra::convert(0.5);
    lower.set_diagonal(&(lower.diagonal() * half));
    lower
}

/// `X := L^-1 X L^-H`, or with the adjoint of `L`; `X` is Hermitian.
fn congruence<T: Field>(l: &View<'_, T>, side: Side, x: &mut DMatrix<T>) {
    solve_triangular_mut(l, Triangle::Lower, side, x);
    *x = x.adjoint();
    solve_triangular_mut(l, Triangle::Lower, side, x);
}

/// Panics if what is left of a diagonal entry is rounding.
#[track_caller]
fn assert_definite<T: Field>(a: &View<'_, T>, l: &DMatrix<T>) {
    let n: T::RealField = nalgebra::convert(a.nrows() as f64);
    let lost = |i: usize| l[(i, i)].modulus_squared() <= n * T::EPSILON * a[(i, i)].modulus();
    if let Some(i) = (0..a.nrows()).find(|i| lost(*i)) {
        undefined(
            "cholesky",
            format!("the matrix is singular to working precision (pivot {i})"),
        );
    }
}
