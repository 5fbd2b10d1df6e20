//! The Cholesky factor.

use crate::linalg::Field;
use crate::linalg::factor::hermitian_part;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule, undefined};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, square, view, view_mut};
use crate::linalg::triangular::{Side, Triangle, solve_triangular_mut};
use nalgebra::{Cholesky, DMatrix, StorageMut};

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
    ; twice
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
        l: &Self::Saved,
        l_bar: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        let Some((l, l_bar)) = defined(l.as_ref(), l_bar) else {
            return;
        };
        assert_definite(&a, l);
        add_hermitian(&mut a_bar, &pull_factor(l, l_bar));
    }
}

/// Of `M = L^-H K L^-1` the tangent is `L^-H dK L^-1 - (dL L^-1)^H M - M dL L^-1`.
impl<T: Field> SecondRule<T, 1> for cholesky {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        l: &Self::Saved,
        [da]: [View<'_, T>; 1],
        l_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        let dl = Self::tangent([a], l, [da]);
        let (Some((l, l_bar)), Some(dl)) = (defined(l.as_ref(), l_bar), dl) else {
            return;
        };
        let lower = l_bar.lower_triangle();
        let mut pulled = DMatrix::zeros(l.nrows(), l.ncols());
        add_hermitian(&mut pulled, &pull_factor(l, lower.clone()));
        let inner = half_diagonal(&dl.ad_mul(&lower));
        let mut change = &inner + inner.adjoint();
        congruence(&view(l), Side::Adjoint, &mut change);
        let mut turn = dl.adjoint();
        solve_triangular_mut(l, Triangle::Lower, Side::Adjoint, &mut turn);
        let through = turn * pulled;
        let half: T = nalgebra::convert(0.5);
        slope += change * half - &through - through.adjoint();
    }
}

/// Rows and columns of a block.
const BLOCK: usize = 32;

/// The lower triangle of the matrix whose Hermitian part the adjoint of the factor contributes to that of `A`. Of the factor, of its adjoint
/// and of what comes out only the lower triangles count.
#[inline]
pub(crate) fn pull_factor<T: ComplexField + Copy, D: Dim>(
    l: &OMatrix<T, D, D>,
    mut l_bar: OMatrix<T, D, D>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    if l.nrows() <= BLOCK {
        one_block(l.nrows(), l.as_slice(), l_bar.as_mut_slice());
    } else {
        by_blocks(&view(l), view_mut(&mut l_bar));
    }
    l_bar
}

/// The lower triangle of twice the adjoint of `A`, its diagonal once, in the place of that of `L`, by products of blocks.
fn by_blocks<T: ComplexField + Copy>(l: &View<'_, T>, mut bar: ViewMut<'_, T>) {
    let mut end = l.nrows();
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        let (size, below) = (end - start, l.nrows() - end);
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
        let mut lower = diagonal.lower_triangle();
        one_block(size, block.into_owned().as_slice(), lower.as_mut_slice());
        diagonal.copy_from(&lower);
        let doubled = &lower + lower.adjoint();
        let mut rest = bar.view_mut((start, 0), (size, start));
        rest.gemm(minus, &c_bar, &l.view((end, 0), (below, start)), T::one());
        rest.gemm(minus, &doubled, &left, T::one());
        end = start;
    }
}

/// The same of one block of `n` rows, in place, column after column from the last: `L_ij` is `(A_ij - <row i, row j>) / L_jj`.
#[inline(always)] // of a static matrix nothing is left to loop over
fn one_block<T: ComplexField + Copy>(n: usize, l: &[T], bar: &mut [T]) {
    let half: T = nalgebra::convert(0.5);
    for j in (0..n).rev() {
        let (left, column) = bar.split_at_mut(j * n);
        let (diagonal, shares) = column[j..n].split_at_mut(1);
        let pivot = l[j * n + j];
        let mut once = T::from_real(diagonal[0].real());
        for (share, l) in shares.iter_mut().zip(&l[j * n + j + 1..]) {
            *share /= pivot;
            once -= T::from_real((l.conjugate() * *share).real());
        }
        once /= pivot;
        diagonal[0] = once * half;
        for (bar, l) in left.chunks_exact_mut(n).zip(l.chunks_exact(n)) {
            pull_products(once, shares, &l[j..], &mut bar[j..]);
        }
    }
}

/// Adds to the adjoint of the column `k`, from `L_jk` on, what the products `L_ik L_jk` in the entries of the column `j` contribute.
#[inline(always)]
fn pull_products<T: ComplexField + Copy>(diagonal: T, shares: &[T], l: &[T], bar: &mut [T]) {
    let mut sum = l[0] * diagonal;
    for ((share, l_i), bar) in shares.iter().zip(&l[1..]).zip(&mut bar[1..]) {
        sum += share.conjugate() * *l_i;
        *bar -= *share * l[0];
    }
    bar[0] -= sum;
}

/// Rows of a matrix that is reversed without a loop.
pub(crate) const FEW: usize = 4;

/// [`pull_factor`] of a matrix of at most [`FEW`] rows, column by column; what is missing are columns of the identity.
#[inline]
pub(crate) fn pull_few<T: ComplexField + Copy>(n: usize, l: &[T], l_bar: &[T]) -> [[T; FEW]; FEW] {
    let half: T = nalgebra::convert(0.5);
    let (mut factor, mut bar) = ([[T::zero(); FEW]; FEW], [[T::zero(); FEW]; FEW]);
    for j in 0..FEW {
        factor[j][j] = T::one();
        for i in j..n {
            factor[j][i] = l[j * n + i];
            bar[j][i] = l_bar[j * n + i];
        }
    }
    for j in (0..FEW).rev() {
        let mut once = T::from_real(bar[j][j].real());
        for i in j + 1..FEW {
            bar[j][i] /= factor[j][j];
            once -= T::from_real((factor[j][i].conjugate() * bar[j][i]).real());
        }
        once /= factor[j][j];
        bar[j][j] = once * half;
        for k in 0..j {
            let mut sum = factor[k][j] * once;
            for i in j + 1..FEW {
                sum += bar[j][i].conjugate() * factor[k][i];
                bar[k][i] -= bar[j][i] * factor[k][j];
            }
            bar[k][j] -= sum;
        }
    }
    bar
}

/// `A += (B + B^H) / 2`, where `B` is the lower triangle of a matrix.
#[inline]
pub(crate) fn add_hermitian<T: ComplexField + Copy, D: Dim>(
    a: &mut Matrix<T, D, D, impl StorageMut<T, D, D>>,
    b: &OMatrix<T, D, D>,
) where
    DefaultAllocator: Allocator<D, D>,
{
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
