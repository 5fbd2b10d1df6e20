//! The Cholesky factor.

use crate::linalg::Field;
use crate::linalg::factor::hermitian_part;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule, undefined};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, square, view, view_mut};
use crate::linalg::triangular::{Side, Triangle, solve_triangular_mut};
use nalgebra::{Cholesky, DMatrix, Dyn, StorageMut};

rule! {
    /// The lower triangular `L` with `A = L L^H` and a positive diagonal; `None` if `A` is not positive definite.
    ///
    /// `A` n x n; a function of its symmetric (Hermitian) part. $\dot L = L \Phi(L^{-1} \dot A L^{-H})$, where $\Phi$ takes the lower
    /// triangle with half the diagonal; $\bar A = \frac12 L^{-H} (\Phi(L^H \bar L) + \Phi(L^H \bar L)^H) L^{-1}$, which is symmetric; by
    /// blocks.
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
    let n = l.nrows();
    if n <= FEW {
        let lower = pull_few(n, l.as_slice(), l_bar.as_slice());
        let columns = l_bar.as_mut_slice().chunks_exact_mut(n.max(1));
        let columns = columns.zip(&lower).enumerate();
        columns.for_each(|(j, (to, from))| to[j..].copy_from_slice(&from[j..n]));
    } else if n <= BLOCK {
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
        let mut c_bar = adjoint(&bar.view((end, start), (below, size)));
        solve_triangular_mut(&block, Triangle::Lower, Side::Adjoint, &mut c_bar);
        let minus = -T::one();
        let column = adjoint(&c_bar);
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
        let mut lower = DMatrix::from_fn(size, size, |i, j| diagonal[(i, j)]);
        let factor = DMatrix::from_fn(size, size, |i, j| block[(i, j)]);
        one_block(size, factor.as_slice(), lower.as_mut_slice());
        lower.fill_upper_triangle(T::zero(), 1);
        diagonal.copy_from(&lower);
        let doubled = &lower + adjoint(&lower);
        let mut rest = bar.view_mut((start, 0), (size, start));
        rest.gemm(minus, &c_bar, &l.view((end, 0), (below, start)), T::one());
        rest.gemm(minus, &doubled, &left, T::one());
        end = start;
    }
}

/// The adjoint, entry by entry: nalgebra's iterators over parts of matrices are slow.
fn adjoint<T: ComplexField + Copy>(
    a: &Matrix<T, Dyn, Dyn, impl Storage<T, Dyn, Dyn>>,
) -> DMatrix<T> {
    DMatrix::from_fn(a.ncols(), a.nrows(), |i, j| a[(j, i)].conjugate())
}

/// Columns that are reversed together, without a loop.
const FEW: usize = 4;

/// So many rows and columns, column by column.
type Corner<T> = [[T; FEW]; FEW];

/// The same of one block of `n` rows, in place, a few columns at a time, from the last: `L_ij` is `(A_ij - <row i, row j>) / L_jj`.
#[inline]
fn one_block<T: ComplexField + Copy>(n: usize, l: &[T], bar: &mut [T]) {
    let mut shares = [[T::zero(); FEW]; BLOCK];
    for start in (0..n).step_by(FEW).rev() {
        let (width, at) = (FEW.min(n - start), start * n + start);
        let factor = corner(n, width, T::one(), &l[at..]);
        let inverses: [T; FEW] = std::array::from_fn(|c| T::one() / factor[c][c]);
        let mut diagonal = corner(n, width, T::zero(), &bar[at..]);
        let below = shares.iter_mut().enumerate().take(n);
        for (i, row) in below.skip(start + FEW) {
            let (l, bar) = (&l[start * n..], &mut bar[start * n..]);
            *row = pull_row(n, i, &factor, &inverses, l, &mut diagonal, bar);
        }
        pull_corner(&factor, &mut diagonal);
        for (j, column) in diagonal.iter().enumerate().take(width) {
            bar[at + j * n..][j..width].copy_from_slice(&column[j..width]);
            let rows = shares[start..].iter_mut().zip(column);
            rows.for_each(|(row, share)| row[j] = *share);
        }
        let left = bar[..start * n].chunks_exact_mut(n);
        for (bar, l) in left.zip(l.chunks_exact(n)) {
            pull_columns(&shares[start..n], &l[start..], &mut bar[start..]);
        }
    }
}

/// The lower triangle of `width` rows and columns; what is missing is `one` times the identity.
#[inline(always)]
fn corner<T: ComplexField + Copy>(n: usize, width: usize, one: T, entries: &[T]) -> Corner<T> {
    let mut corner = [[T::zero(); FEW]; FEW];
    for j in 0..FEW {
        corner[j][j] = one;
        for i in 0..FEW {
            if j <= i && i < width {
                corner[j][i] = entries[j * n + i];
            }
        }
    }
    corner
}

/// The row `i` below a corner: what comes out, and what it contributes to the corner.
#[inline(always)]
fn pull_row<T: ComplexField + Copy>(
    n: usize,
    i: usize,
    factor: &Corner<T>,
    inverses: &[T; FEW],
    l: &[T],
    diagonal: &mut Corner<T>,
    bar: &mut [T],
) -> [T; FEW] {
    let mut x: [T; FEW] = std::array::from_fn(|c| bar[c * n + i]);
    for c in (0..FEW).rev() {
        x[c] *= inverses[c];
        for k in 0..c {
            x[k] -= x[c] * factor[k][c];
        }
        for k in 0..=c {
            diagonal[k][c] -= x[c].conjugate() * l[k * n + i];
        }
    }
    (0..FEW).for_each(|c| bar[c * n + i] = x[c]);
    x
}

/// What the products of a few columns contribute to a column on their left: each on the diagonal counts twice, with half its share.
#[inline(always)]
fn pull_columns<T: ComplexField + Copy>(shares: &[[T; FEW]], l: &[T], bar: &mut [T]) {
    let factors: [T; FEW] = std::array::from_fn(|c| l.get(c).copied().unwrap_or_else(T::zero));
    let mut sums = [T::zero(); FEW];
    for ((row, l), bar) in shares.iter().zip(l).zip(bar.iter_mut()) {
        let mut less = T::zero();
        for c in 0..FEW {
            sums[c] += row[c].conjugate() * *l;
            less += row[c] * factors[c];
        }
        *bar -= less;
    }
    bar.iter_mut().zip(sums).for_each(|(bar, sum)| *bar -= sum);
}

/// [`pull_factor`] of a matrix of at most [`FEW`] rows, column by column; what is missing are columns of the identity.
#[inline]
fn pull_few<T: ComplexField + Copy>(n: usize, l: &[T], l_bar: &[T]) -> Corner<T> {
    let mut bar = corner(n, n, T::zero(), l_bar);
    pull_corner(&corner(n, n, T::one(), l), &mut bar);
    bar
}

#[inline(always)]
fn pull_corner<T: ComplexField + Copy>(l: &Corner<T>, bar: &mut Corner<T>) {
    pull_column::<T, 3>(l, bar);
    pull_column::<T, 2>(l, bar);
    pull_column::<T, 1>(l, bar);
    pull_column::<T, 0>(l, bar);
}

/// The column `J` of a corner: a constant, so that the compiler leaves no loop.
#[inline(always)]
fn pull_column<T: ComplexField + Copy, const J: usize>(l: &Corner<T>, bar: &mut Corner<T>) {
    let half: T = nalgebra::convert(0.5);
    let inverse = T::one() / l[J][J];
    let mut once = T::from_real(bar[J][J].real());
    for i in J + 1..FEW {
        bar[J][i] *= inverse;
        once -= T::from_real((l[J][i].conjugate() * bar[J][i]).real());
    }
    once *= inverse;
    bar[J][J] = once * half;
    for k in 0..J {
        let mut sum = l[k][J] * once;
        for i in J + 1..FEW {
            sum += bar[J][i].conjugate() * l[k][i];
            bar[k][i] -= bar[J][i] * l[k][J];
        }
        bar[k][J] -= sum;
    }
}

/// `A += (B + B^H) / 2`, where `B` is the lower triangle of a matrix.
#[inline]
fn add_hermitian<T: ComplexField + Copy, D: Dim>(
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
