//! The principal square root: `Y Y = A` with all eigenvalues of Y in the right half plane.
//!
//! `A = Q T Q^T`, and the root U of T by the recursion over its blocks (Higham 1987, doi:10.1016/0024-3795(87)90118-2), real throughout.
//! The derivative solves `Y dY + dY Y = dA`, in the same basis an equation of triangular matrices.

use super::frechet::Frechet;
use super::quasi_triangular::{
    read_block, rounding_level, solve_block, solve_sylvester, write_block,
};
use super::schur::{SchurForm, complex_pair, diagonal_blocks};
use nalgebra::{DMatrix, RealField, convert};
use std::ops::Range;

/// The square root, and Q and U of `Y = Q U Q^T`.
#[derive(Clone, Debug)]
pub struct SquareRoot<T: RealField> {
    form: SchurForm<T>,
    value: DMatrix<T>,
}

impl<T: RealField + Copy> SquareRoot<T> {
    /// `None` if an eigenvalue is on the negative real axis, or is zero and has no root of its own.
    pub fn new(a: &DMatrix<T>) -> Option<Self> {
        let SchurForm { q, t } = SchurForm::new(a)?;
        let t = triangular_root(&t)?;
        let form = SchurForm { q, t };
        let value = form.in_standard_basis(&form.t);
        Some(SquareRoot { form, value })
    }

    pub fn value(&self) -> &DMatrix<T> {
        &self.value
    }
}

impl<T: RealField + Copy> Frechet<T> for SquareRoot<T> {
    /// # Panics
    ///
    /// If A is singular.
    fn frechet(&self, direction: &DMatrix<T>) -> DMatrix<T> {
        let u = &self.form.t;
        let solution = solve_sylvester(u, u, self.form.in_schur_basis(direction), T::zero());
        self.form.in_standard_basis(&solution.unwrap_or_else(|| {
            panic!("the square root of a singular matrix has no derivative; its argument has an eigenvalue that is zero up to rounding")
        }))
    }
}

/// The principal root of a block upper triangular matrix.
pub fn triangular_root<T: RealField + Copy>(t: &DMatrix<T>) -> Option<DMatrix<T>> {
    let blocks = diagonal_blocks(t);
    let mut u = DMatrix::zeros(t.nrows(), t.ncols());
    for (k, columns) in blocks.iter().enumerate() {
        root_of_block(&mut u, t, columns)?;
        for rows in blocks[..k].iter().rev() {
            root_beside_diagonal(&mut u, t, rows, columns)?;
        }
    }
    Some(u)
}

/// The root of a diagonal block: of a number, or of a block with the eigenvalues `x +- i y`.
fn root_of_block<T: RealField + Copy>(
    u: &mut DMatrix<T>,
    t: &DMatrix<T>,
    block: &Range<usize>,
) -> Option<()> {
    let k = block.start;
    if block.len() == 1 {
        u[(k, k)] = t[(k, k)].try_sqrt()?;
        return Some(());
    }
    let (x, y) = complex_pair(t, k);
    let real = real_part_of_root(x, y);
    let factor = convert::<f64, T>(0.5) / real;
    for i in block.clone() {
        for j in block.clone() {
            let shift = if i == j { x } else { T::zero() };
            u[(i, j)] = (t[(i, j)] - shift) * factor;
        }
        u[(i, i)] += real;
    }
    (!real.is_zero()).then_some(())
}

/// The real part of the root of `x + i y`, without cancellation.
fn real_part_of_root<T: RealField + Copy>(x: T, y: T) -> T {
    let half: T = convert(0.5);
    let root = (half * (x.abs() + x.hypot(y))).sqrt();
    if x >= T::zero() {
        root
    } else {
        half * y / root
    }
}

/// The block `U[I, J]` above the diagonal from `U[I, I] U[I, J] + U[I, J] U[J, J] = T[I, J] - U[I, I..J] U[I..J, J]`.
fn root_beside_diagonal<T: RealField + Copy>(
    u: &mut DMatrix<T>,
    t: &DMatrix<T>,
    rows: &Range<usize>,
    columns: &Range<usize>,
) -> Option<()> {
    let between = columns.start - rows.end;
    let left = u.view((rows.start, rows.end), (rows.len(), between));
    let right = u.view((rows.end, columns.start), (between, columns.len()));
    let known = t.view((rows.start, columns.start), (rows.len(), columns.len())) - left * right;
    u.view_mut((rows.start, columns.start), (rows.len(), columns.len()))
        .copy_from(&known);
    let c = read_block(u, rows, columns);
    let solution = solve_block(u, u, rows, columns, c, T::zero());
    // A double eigenvalue zero has a root if nothing couples the two.
    let uncoupled = known.amax() <= rounding_level(t, t);
    let root = solution.or(uncoupled.then_some([T::zero(); 4]))?;
    write_block(u, rows, columns, root);
    Some(())
}
