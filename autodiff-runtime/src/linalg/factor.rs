//! Triangular systems by products, and what nalgebra's factorisations lack.
//!
//! A system is halved until it is small; what couples the halves is a matrix product, which runs at the speed of one.

use super::Field;
use super::shape::{View, ViewMut, view, view_mut};
use crate::tangent::Differentiable;
use nalgebra::{DMatrix, Dyn, LU, Matrix, Storage, StorageMut};

/// Which entries of a matrix are not zero by construction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Triangle {
    /// Those on and below the diagonal.
    Lower,
    /// Those on and above the diagonal.
    Upper,
}

impl Triangle {
    /// The triangle of a matrix, the rest zero.
    pub(super) fn of<T: Field>(
        self,
        matrix: &Matrix<T, Dyn, Dyn, impl Storage<T, Dyn, Dyn>>,
    ) -> DMatrix<T> {
        match self {
            Self::Lower => matrix.lower_triangle(),
            Self::Upper => matrix.upper_triangle(),
        }
    }
}

impl Differentiable for Triangle {
    type Tangent = ();
    type Slot = ();
    fn zero_tangent(&self) {}
    fn fits_tangent(&self, (): &()) -> bool {
        true
    }
}

/// What is solved with: the matrix or its adjoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    Plain,
    Adjoint,
}

impl Side {
    pub fn opposite(self) -> Self {
        match self {
            Self::Plain => Self::Adjoint,
            Self::Adjoint => Self::Plain,
        }
    }
}

/// Systems of this size are solved column by column.
const SMALL: usize = 32;

/// `B := T^-1 B` or `T^-H B` for a triangular matrix without zeros on the diagonal; the other triangle is not read.
pub fn solve_triangular_mut<T: Field>(
    matrix: &Matrix<T, Dyn, Dyn, impl Storage<T, Dyn, Dyn>>,
    triangle: Triangle,
    side: Side,
    b: &mut Matrix<T, Dyn, Dyn, impl StorageMut<T, Dyn, Dyn>>,
) {
    halve(view(matrix), triangle, side, view_mut(b));
}

fn halve<T: Field>(t: View<'_, T>, triangle: Triangle, side: Side, mut b: ViewMut<'_, T>) {
    let n = t.nrows();
    if n <= SMALL {
        return solve_small(&t, triangle, side, &mut b);
    }
    let h = n / 2;
    let (first, last) = (t.view((0, 0), (h, h)), t.view((h, h), (n - h, n - h)));
    let coupling = match triangle {
        Triangle::Lower => t.view((h, 0), (n - h, h)),
        Triangle::Upper => t.view((0, h), (h, n - h)),
    };
    let coupling = match side {
        Side::Plain => coupling.clone_owned(),
        Side::Adjoint => coupling.adjoint(),
    };
    let (mut above, mut below) = b.rows_range_pair_mut(..h, h..);
    if (triangle == Triangle::Lower) == (side == Side::Plain) {
        halve(first, triangle, side, view_mut(&mut above));
        below.gemm(-T::one(), &coupling, &above, T::one());
        halve(last, triangle, side, below);
    } else {
        halve(last, triangle, side, view_mut(&mut below));
        above.gemm(-T::one(), &coupling, &below, T::one());
        halve(first, triangle, side, above);
    }
}

fn solve_small<T: Field>(t: &View<'_, T>, triangle: Triangle, side: Side, b: &mut ViewMut<'_, T>) {
    match (triangle, side) {
        (Triangle::Lower, Side::Plain) => t.solve_lower_triangular_unchecked_mut(b),
        (Triangle::Upper, Side::Plain) => t.solve_upper_triangular_unchecked_mut(b),
        (Triangle::Lower, Side::Adjoint) => t.ad_solve_lower_triangular_unchecked_mut(b),
        (Triangle::Upper, Side::Adjoint) => t.ad_solve_upper_triangular_unchecked_mut(b),
    }
}

/// `A^-H B` with the factors of `P A = L U`: `A^H = U^H L^H P`. No pivot is zero.
pub fn solve_adjoint<T: Field>(lu: &LU<T, Dyn, Dyn>, mut b: DMatrix<T>) -> DMatrix<T> {
    let mut factors = lu.lu_internal().clone();
    solve_triangular_mut(&factors, Triangle::Upper, Side::Adjoint, &mut b);
    factors.fill_diagonal(T::one());
    solve_triangular_mut(&factors, Triangle::Lower, Side::Adjoint, &mut b);
    lu.p().inv_permute_rows(&mut b);
    b
}

/// Is a pivot zero?
pub fn is_singular<T: Field>(lu: &LU<T, Dyn, Dyn>) -> bool {
    lu.lu_internal().diagonal().iter().any(T::is_zero)
}

/// `A^-1` with the factors of `P A = L U`. No pivot is zero.
pub fn inverse_of<T: Field>(lu: &LU<T, Dyn, Dyn>) -> DMatrix<T> {
    let mut factors = lu.lu_internal().clone();
    let mut inverse = DMatrix::identity(factors.nrows(), factors.nrows());
    lu.p().permute_rows(&mut inverse);
    let diagonal = factors.diagonal();
    factors.fill_diagonal(T::one());
    solve_triangular_mut(&factors, Triangle::Lower, Side::Plain, &mut inverse);
    factors.set_diagonal(&diagonal);
    solve_triangular_mut(&factors, Triangle::Upper, Side::Plain, &mut inverse);
    inverse
}

/// `B U^-1`, or `B U^-H`, for an upper triangular `U`.
pub fn divide_upper<T: Field>(b: DMatrix<T>, u: &DMatrix<T>, side: Side) -> DMatrix<T> {
    let mut adjoint = b.adjoint();
    solve_triangular_mut(u, Triangle::Upper, side.opposite(), &mut adjoint);
    adjoint.adjoint()
}

/// `(A + A^H) / 2`
pub fn hermitian_part<T: Field>(a: &Matrix<T, Dyn, Dyn, impl Storage<T, Dyn, Dyn>>) -> DMatrix<T> {
    let half: T = nalgebra::convert(0.5);
    (a + a.adjoint()) * half
}

/// Is no pivot of the triangular factor nothing but rounding, in a matrix with `n` rows or columns?
pub fn has_full_rank<T: Field>(r: &DMatrix<T>, n: usize) -> bool {
    let n: T::RealField = nalgebra::convert(n as f64);
    let pivots = r.diagonal();
    let rounding = n * T::EPSILON * pivots.camax();
    pivots.iter().all(|p| p.modulus() > rounding)
}
