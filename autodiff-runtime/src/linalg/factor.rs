//! What nalgebra's factorisations lack, of static and dynamic matrices.

use super::Field;
use super::shape::{View, ViewMut, view, view_mut};
use super::triangular::{
    Kind, SMALL, Side, Triangle, small_adjoint_inverse, solve_mut, solve_triangular_mut,
    substitute_adjoint,
};
use nalgebra::allocator::Allocator;
use nalgebra::constraint::{AreMultipliable, SameNumberOfRows, ShapeConstraint};
use nalgebra::{ComplexField, DMatrix, DefaultAllocator, Dim, DimMin, Dyn, LU, Matrix, OMatrix};
use nalgebra::{RealField, Storage, StorageMut};
use num_traits::Zero;

const LOWER: Kind = Kind {
    triangle: Triangle::Lower,
    side: Side::Plain,
    unit: false,
};

const UPPER_ADJOINT: Kind = Kind {
    triangle: Triangle::Upper,
    side: Side::Adjoint,
    unit: false,
};

const UNIT_LOWER_ADJOINT: Kind = Kind {
    triangle: Triangle::Lower,
    side: Side::Adjoint,
    unit: true,
};

/// `B := A^-H B` with the factors of `P A = L U`: `A^H = U^H L^H P`. No pivot is zero.
#[inline]
pub fn solve_adjoint<T: ComplexField + Copy, D: DimMin<D, Output = D>, K: Dim>(
    lu: &LU<T, D, D>,
    b: &mut OMatrix<T, D, K>,
) where
    DefaultAllocator: Allocator<D, D> + Allocator<D> + Allocator<D, K>,
{
    let factors = lu.lu_internal();
    let n = factors.nrows();
    if n <= SMALL && b.ncols() < COLUMNS {
        for column in b.as_mut_slice().chunks_exact_mut(n.max(1)) {
            substitute_adjoint(factors.as_slice(), column);
        }
    } else {
        solve_mut(factors, UPPER_ADJOINT, b);
        solve_mut(factors, UNIT_LOWER_ADJOINT, b);
    }
    lu.p().inv_permute_rows(b);
}

/// `A^-1 B` with the factors of A, also where there is no row.
pub fn lu_solve<T: Field>(lu: &LU<T, Dyn, Dyn>, b: &View<'_, T>) -> Option<DMatrix<T>> {
    if b.nrows() == 0 {
        return Some(b.clone_owned());
    }
    lu.solve(b)
}

/// Is a pivot zero?
#[inline]
pub fn is_singular<T: ComplexField, D: DimMin<D, Output = D>>(lu: &LU<T, D, D>) -> bool
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let factors = lu.lu_internal();
    (0..factors.nrows()).any(|i| factors[(i, i)].is_zero())
}

/// `seed A^-H` with the factors of `P A = L U`. No pivot is zero.
pub fn adjoint_inverse<T: ComplexField + Copy, D: DimMin<D, Output = D>>(
    lu: &LU<T, D, D>,
    seed: T,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let factors = lu.lu_internal();
    if factors.nrows() <= SMALL {
        let mut inverse = factors.map(|_| T::zero());
        small_adjoint_inverse(
            factors.nrows(),
            factors.as_slice(),
            seed,
            inverse.as_mut_slice(),
        );
        lu.p().inv_permute_rows(&mut inverse);
        return inverse;
    }
    let mut inverse = lower_inverse(factors, UPPER_ADJOINT) * seed;
    solve_mut(factors, UNIT_LOWER_ADJOINT, &mut inverse);
    lu.p().inv_permute_rows(&mut inverse);
    inverse
}

/// `A^-1 = W^H W` with the factor of `A = L L^H`, whose other triangle is not read, and `W = L^-1`.
pub fn cholesky_inverse<T: ComplexField + Copy, D: Dim>(l: &OMatrix<T, D, D>) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let mut inverse = lower_inverse(l, LOWER);
    square_lower(view_mut(&mut inverse));
    for j in 1..inverse.ncols() {
        for i in 0..j {
            inverse[(i, j)] = inverse[(j, i)].conjugate();
        }
    }
    inverse
}

/// The inverse of a triangular matrix that is read as a lower one: above its diagonal there are zeros.
fn lower_inverse<T: ComplexField + Copy, D: Dim>(
    matrix: &OMatrix<T, D, D>,
    kind: Kind,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let (rows, columns) = matrix.shape_generic();
    let mut inverse = OMatrix::identity_generic(rows, columns);
    invert_lower(view(matrix), kind, view_mut(&mut inverse));
    inverse
}

/// `T^-1` in the place of the identity: nearly all of it is products, of `[A 0; C B]^-1 = [A^-1 0; -B^-1 C A^-1 B^-1]`.
fn invert_lower<T: ComplexField + Copy>(t: View<'_, T>, kind: Kind, mut out: ViewMut<'_, T>) {
    let n = t.nrows();
    if n <= SMALL {
        return solve_mut(&t, kind, &mut out);
    }
    let h = n / 2;
    let rest = (n - h, n - h);
    let adjoint = (kind.side == Side::Adjoint).then(|| t.view((0, h), (h, n - h)).adjoint());
    let below_diagonal = t.view((h, 0), (n - h, h));
    let coupling = adjoint.as_ref().map_or(below_diagonal, DMatrix::as_view);
    invert_lower(
        t.view((0, 0), (h, h)),
        kind,
        view_mut(&mut out.view_mut((0, 0), (h, h))),
    );
    invert_lower(
        t.view((h, h), rest),
        kind,
        view_mut(&mut out.view_mut((h, h), rest)),
    );
    let coupled = coupling * out.view((0, 0), (h, h));
    let (mut left, right) = out.columns_range_pair_mut(..h, h..);
    let (last, one) = (right.rows(h, n - h), T::one());
    left.rows_mut(h, n - h)
        .gemm(-one, &last, &coupled, T::zero());
}

/// `W^H W` in the place of a `W` that is lower triangular, on and below the diagonal: of `[A 0; C B]` that is `[A^H A + C^H C; B^H C  B^H B]`.
fn square_lower<T: ComplexField + Copy>(mut w: ViewMut<'_, T>) {
    let n = w.nrows();
    if n <= SMALL {
        for j in 0..n {
            for i in j..n {
                let below = i..n;
                let products = below.map(|k| w[(k, i)].conjugate() * w[(k, j)]);
                w[(i, j)] = products.fold(T::zero(), |sum, product| sum + product);
            }
        }
        return;
    }
    let (h, one) = (n / 2, T::one());
    let (mut left, mut right) = w.columns_range_pair_mut(..h, h..);
    let (mut first, mut coupled) = left.rows_range_pair_mut(..h, h..);
    square_lower(view_mut(&mut first));
    first.gemm(one, &coupled.adjoint(), &coupled, one);
    let mut last = right.rows_mut(h, n - h);
    coupled.copy_from(&(last.adjoint() * &coupled));
    square_lower(view_mut(&mut last));
}

/// With more rows and columns a copy of the transposed matrix pays: nalgebra multiplies with a transposed matrix entry by entry.
const ENTRYWISE: usize = 8;

/// `target += factor A^T B`
#[inline]
#[track_caller]
pub fn add_tr_product<T, R, C, K, C2>(
    target: &mut OMatrix<T, C2, K>,
    factor: T,
    a: &Matrix<T, R, C, impl Storage<T, R, C>>,
    b: &Matrix<T, R, K, impl Storage<T, R, K>>,
) where
    T: RealField + Copy,
    R: Dim,
    C: Dim,
    K: Dim,
    C2: Dim,
    DefaultAllocator: Allocator<C2, K>,
    ShapeConstraint: SameNumberOfRows<C2, C> + AreMultipliable<C, R, R, K>,
{
    if [a.nrows(), a.ncols(), b.ncols()]
        .iter()
        .all(|n| *n > ENTRYWISE)
    {
        add_transposed_product(view_mut(target), factor, view(a), view(b));
    } else {
        target.gemm_tr(factor, a, b, T::one());
    }
}

fn add_transposed_product<T: RealField + Copy>(
    mut target: ViewMut<'_, T>,
    factor: T,
    a: View<'_, T>,
    b: View<'_, T>,
) {
    target.gemm(factor, &a.transpose(), &b, T::one());
}

/// With so many columns the product of a matrix and an adjoint is a product; else column by column.
const COLUMNS: usize = 4;

/// `A -= X Y^H`
#[inline]
pub fn subtract_outer<T: ComplexField + Copy, R: Dim, C: Dim, K: Dim>(
    a: &mut Matrix<T, R, C, impl StorageMut<T, R, C>>,
    x: &Matrix<T, R, K, impl Storage<T, R, K>>,
    y: &Matrix<T, C, K, impl Storage<T, C, K>>,
) {
    if x.ncols() < COLUMNS {
        for k in 0..x.ncols() {
            a.gerc(-T::one(), &x.column(k), &y.column(k), T::one());
        }
        return;
    }
    let (x, y) = (view(x), view(y));
    view_mut(a).gemm(-T::one(), &x, &y.adjoint(), T::one());
}

/// The same of matrices that own their entries: of small ones through slices of these.
#[inline]
pub fn subtract_owned_outer<T: ComplexField + Copy, R: Dim, C: Dim, K: Dim>(
    a: &mut OMatrix<T, R, C>,
    x: &OMatrix<T, R, K>,
    y: &OMatrix<T, C, K>,
) where
    DefaultAllocator: Allocator<R, C> + Allocator<R, K> + Allocator<C, K>,
{
    let (n, m) = (x.nrows().max(1), y.nrows().max(1));
    if x.ncols() >= COLUMNS || n > SMALL {
        return subtract_outer(a, x, y);
    }
    for (x, y) in x
        .as_slice()
        .chunks_exact(n)
        .zip(y.as_slice().chunks_exact(m))
    {
        for (column, y) in a.as_mut_slice().chunks_exact_mut(n).zip(y) {
            let factor = y.conjugate();
            let entries = column.iter_mut().zip(x);
            entries.for_each(|(entry, x)| *entry -= *x * factor);
        }
    }
}

/// `B U^-1`, or `B U^-H`, for an upper triangular `U`.
pub fn divide_upper<T: Field, R: Dim, D: Dim>(
    b: OMatrix<T, R, D>,
    u: &OMatrix<T, D, D>,
    side: Side,
) -> OMatrix<T, R, D>
where
    DefaultAllocator: Allocator<R, D> + Allocator<D, R> + Allocator<D, D>,
{
    let mut adjoint = b.adjoint();
    solve_triangular_mut(u, Triangle::Upper, side.opposite(), &mut adjoint);
    adjoint.adjoint()
}

/// `(A + A^H) / 2`
pub fn hermitian_part<T: Field>(a: &Matrix<T, Dyn, Dyn, impl Storage<T, Dyn, Dyn>>) -> DMatrix<T> {
    let half: T = nalgebra::convert(0.5);
    DMatrix::from_fn(a.nrows(), a.ncols(), |i, j| {
        (a[(i, j)] + a[(j, i)].conjugate()) * half
    })
}

/// Is no pivot of the triangular factor nothing but rounding, in a matrix with `n` rows or columns?
pub fn has_full_rank<T: Field, R: Dim, C: Dim>(r: &OMatrix<T, R, C>, n: usize) -> bool
where
    DefaultAllocator: Allocator<R, C>,
{
    let pivots = || (0..r.nrows()).map(|i| r[(i, i)].modulus());
    let largest = pivots().fold(T::RealField::zero(), |largest, pivot| largest.max(pivot));
    let n: T::RealField = nalgebra::convert(n as f64);
    pivots().all(|pivot| pivot > n * T::EPSILON * largest)
}
