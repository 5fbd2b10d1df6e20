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

/// Systems of this size are solved without products.
const SMALL: usize = 16;

/// From this number of right-hand sides on it pays to copy a small matrix.
const MANY: usize = 4;

/// How a triangular matrix is read.
#[derive(Clone, Copy)]
struct Kind {
    triangle: Triangle,
    side: Side,
    /// Are the diagonal entries one, whatever is stored?
    unit: bool,
}

impl Kind {
    /// Does the first unknown come first?
    fn is_forward(self) -> bool {
        (self.triangle == Triangle::Lower) == (self.side == Side::Plain)
    }
}

/// `B := T^-1 B` or `T^-H B` for a triangular matrix without zeros on the diagonal; the other triangle is not read.
pub fn solve_triangular_mut<T: Field>(
    matrix: &Matrix<T, Dyn, Dyn, impl Storage<T, Dyn, Dyn>>,
    triangle: Triangle,
    side: Side,
    b: &mut Matrix<T, Dyn, Dyn, impl StorageMut<T, Dyn, Dyn>>,
) {
    let unit = false;
    let kind = Kind {
        triangle,
        side,
        unit,
    };
    halve(view(matrix), kind, view_mut(b));
}

fn halve<T: Field>(t: View<'_, T>, kind: Kind, mut b: ViewMut<'_, T>) {
    let n = t.nrows();
    match b.ncols() {
        _ if n > SMALL => {}
        MANY.. => return solve_copied(&t, kind, &mut b),
        _ => return solve_in_place(&t, kind, &mut b),
    }
    let h = n / 2;
    let (first, last) = (t.view((0, 0), (h, h)), t.view((h, h), (n - h, n - h)));
    let coupling = match kind.triangle {
        Triangle::Lower => t.view((h, 0), (n - h, h)),
        Triangle::Upper => t.view((0, h), (h, n - h)),
    };
    let coupling = match kind.side {
        Side::Plain => coupling.clone_owned(),
        Side::Adjoint => coupling.adjoint(),
    };
    let (mut above, mut below) = b.rows_range_pair_mut(..h, h..);
    if kind.is_forward() {
        halve(first, kind, view_mut(&mut above));
        below.gemm(-T::one(), &coupling, &above, T::one());
        halve(last, kind, below);
    } else {
        halve(last, kind, view_mut(&mut below));
        above.gemm(-T::one(), &coupling, &below, T::one());
        halve(first, kind, above);
    }
}

/// Right-hand sides that are solved for together.
const WIDTH: usize = 8;

/// Substitution, some columns together: the compiler makes vector instructions of it.
fn solve_copied<T: Field>(t: &View<'_, T>, kind: Kind, b: &mut ViewMut<'_, T>) {
    let n = t.nrows();
    let t = match kind.side {
        Side::Plain => t.clone_owned(),
        Side::Adjoint => t.adjoint(),
    };
    let mut rows = [[T::zero(); WIDTH]; SMALL];
    for start in (0..b.ncols()).step_by(WIDTH) {
        let width = WIDTH.min(b.ncols() - start);
        for (i, row) in rows[..n].iter_mut().enumerate() {
            (0..width).for_each(|k| row[k] = b[(i, start + k)]);
        }
        for k in 0..n {
            let j = if kind.is_forward() { k } else { n - 1 - k };
            if !kind.unit {
                rows[j].iter_mut().for_each(|x| *x /= t[(j, j)]);
            }
            let known = rows[j];
            let rest = if kind.is_forward() { j + 1..n } else { 0..j };
            let entries = &t.as_slice()[j * n..][rest.clone()];
            for (row, t) in rows[rest].iter_mut().zip(entries) {
                (0..WIDTH).for_each(|k| row[k] -= *t * known[k]);
            }
        }
        for (i, row) in rows[..n].iter().enumerate() {
            (0..width).for_each(|k| b[(i, start + k)] = row[k]);
        }
    }
}

fn solve_in_place<T: Field>(t: &View<'_, T>, kind: Kind, b: &mut ViewMut<'_, T>) {
    match (kind.triangle, kind.side) {
        (Triangle::Lower, Side::Adjoint) if kind.unit => solve_unit_adjoint(t, b),
        (Triangle::Lower, Side::Adjoint) => t.ad_solve_lower_triangular_unchecked_mut(b),
        (Triangle::Lower, Side::Plain) if kind.unit => {
            t.solve_lower_triangular_with_diag_unchecked_mut(b, T::one());
        }
        (Triangle::Lower, Side::Plain) => t.solve_lower_triangular_unchecked_mut(b),
        (Triangle::Upper, Side::Plain) => t.solve_upper_triangular_unchecked_mut(b),
        (Triangle::Upper, Side::Adjoint) => t.ad_solve_upper_triangular_unchecked_mut(b),
    }
}

/// `B := L^-H B`, the diagonal of `L` being one.
fn solve_unit_adjoint<T: Field>(l: &View<'_, T>, b: &mut ViewMut<'_, T>) {
    for (k, j) in (0..b.ncols()).flat_map(|k| (0..l.nrows()).rev().map(move |j| (k, j))) {
        let below = j + 1..l.nrows();
        let known = below.map(|i| l[(i, j)].conjugate() * b[(i, k)]);
        let sum = known.fold(T::zero(), |sum, x| sum + x);
        b[(j, k)] -= sum;
    }
}

/// `A^-H B` with the factors of `P A = L U`: `A^H = U^H L^H P`. No pivot is zero.
pub fn solve_adjoint<T: Field>(lu: &LU<T, Dyn, Dyn>, mut b: DMatrix<T>) -> DMatrix<T> {
    solve_triangular_mut(lu.lu_internal(), Triangle::Upper, Side::Adjoint, &mut b);
    solve_lower_adjoint(lu, b)
}

/// `P^T L^-H B`
fn solve_lower_adjoint<T: Field>(lu: &LU<T, Dyn, Dyn>, mut b: DMatrix<T>) -> DMatrix<T> {
    let (triangle, side, unit) = (Triangle::Lower, Side::Adjoint, true);
    let kind = Kind {
        triangle,
        side,
        unit,
    };
    halve(view(lu.lu_internal()), kind, view_mut(&mut b));
    lu.p().inv_permute_rows(&mut b);
    b
}

/// Is a pivot zero?
pub fn is_singular<T: Field>(lu: &LU<T, Dyn, Dyn>) -> bool {
    lu.lu_internal().diagonal().iter().any(T::is_zero)
}

/// `seed A^-H` with the factors of `P A = L U`. No pivot is zero.
pub fn adjoint_inverse<T: Field>(lu: &LU<T, Dyn, Dyn>, seed: T) -> DMatrix<T> {
    let factors = view(lu.lu_internal());
    let n = factors.nrows();
    let mut inverse = DMatrix::from_diagonal_element(n, n, seed);
    let (triangle, side, unit) = (Triangle::Upper, Side::Adjoint, false);
    // Above the diagonal the first system has zeros.
    for start in (0..n).step_by(SMALL) {
        let (size, width) = (n - start, SMALL.min(n - start));
        let trailing = factors.view((start, start), (size, size));
        let mut columns = inverse.view_mut((start, start), (size, width));
        halve(
            trailing,
            Kind {
                triangle,
                side,
                unit,
            },
            view_mut(&mut columns),
        );
    }
    solve_lower_adjoint(lu, inverse)
}

/// `A -= X Y^H`
pub fn subtract_outer<T: Field>(a: &mut ViewMut<'_, T>, x: &DMatrix<T>, y: &DMatrix<T>) {
    if x.ncols() == 1 {
        a.gerc(-T::one(), &x.column(0), &y.column(0), T::one());
    } else {
        a.gemm(-T::one(), x, &y.adjoint(), T::one());
    }
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
    DMatrix::from_fn(a.nrows(), a.ncols(), |i, j| {
        (a[(i, j)] + a[(j, i)].conjugate()) * half
    })
}

/// Is no pivot of the triangular factor nothing but rounding, in a matrix with `n` rows or columns?
pub fn has_full_rank<T: Field>(r: &DMatrix<T>, n: usize) -> bool {
    let n: T::RealField = nalgebra::convert(n as f64);
    let pivots = r.diagonal();
    let rounding = n * T::EPSILON * pivots.camax();
    pivots.iter().all(|p| p.modulus() > rounding)
}
