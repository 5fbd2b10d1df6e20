//! `R Y + Y S = C` with R and S block upper triangular, as Schur forms are (Bartels and Stewart 1972, doi:10.1145/361573.361582).
//!
//! *In*: R (m x m), S (n x n), C (m x n). *Out*: Y, or `None` if an eigenvalue of R is minus one of S up to rounding: then there is no
//! unique Y.

use super::schur::diagonal_blocks;
use nalgebra::{DMatrix, RealField};
use std::ops::Range;

/// The solution Y of `R Y + Y S = C`, block by block from the lower left corner. A pivot of at most `floor` counts as zero.
pub fn solve_sylvester<T: RealField + Copy>(
    r: &DMatrix<T>,
    s: &DMatrix<T>,
    c: DMatrix<T>,
    floor: T,
) -> Option<DMatrix<T>> {
    let blocks = diagonal_blocks(r);
    let mut y = c;
    for columns in diagonal_blocks(s) {
        subtract_known_columns(&mut y, s, &columns);
        for rows in blocks.iter().rev() {
            let c = read_block(&y, rows, &columns);
            let solution = solve_block(r, s, rows, &columns, c, floor)?;
            write_block(&mut y, rows, &columns, solution);
            subtract_from_rows_above(&mut y, r, rows, &columns);
        }
    }
    Some(y)
}

/// What cannot be told from zero beside the entries of R and S.
pub fn rounding_level<T: RealField + Copy>(r: &DMatrix<T>, s: &DMatrix<T>) -> T {
    T::default_epsilon() * r.amax().max(s.amax())
}

/// The places of a block of at most two by two, column by column.
fn places(rows: &Range<usize>, columns: &Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    let rows = rows.clone();
    columns
        .clone()
        .flat_map(move |j| rows.clone().map(move |i| (i, j)))
}

/// The entries of a block of at most two by two.
pub fn read_block<T: RealField + Copy>(
    m: &DMatrix<T>,
    rows: &Range<usize>,
    columns: &Range<usize>,
) -> [T; 4] {
    let mut entries = [T::zero(); 4];
    for (entry, place) in entries.iter_mut().zip(places(rows, columns)) {
        *entry = m[place];
    }
    entries
}

/// Writes the entries of a block.
pub fn write_block<T: RealField + Copy>(
    m: &mut DMatrix<T>,
    rows: &Range<usize>,
    columns: &Range<usize>,
    entries: [T; 4],
) {
    for (entry, place) in entries.into_iter().zip(places(rows, columns)) {
        m[place] = entry;
    }
}

/// `Y[:, J] -= Y[:, ..J] S[..J, J]`
fn subtract_known_columns<T: RealField + Copy>(
    y: &mut DMatrix<T>,
    s: &DMatrix<T>,
    columns: &Range<usize>,
) {
    let (known, mut rest) = y.columns_range_pair_mut(0..columns.start, columns.clone());
    let factor = s.view((0, columns.start), (columns.start, columns.len()));
    rest.gemm(-T::one(), &known, &factor, T::one());
}

/// `Y[..I, J] -= R[..I, I] Y[I, J]`
fn subtract_from_rows_above<T: RealField + Copy>(
    y: &mut DMatrix<T>,
    r: &DMatrix<T>,
    rows: &Range<usize>,
    columns: &Range<usize>,
) {
    for j in columns.clone() {
        for i in rows.clone() {
            let factor = -y[(i, j)];
            let column = r.column(i);
            let mut above = y.view_mut((0, j), (rows.start, 1));
            above.zip_apply(&column.rows(0, rows.start), |y, r| *y += factor * r);
        }
    }
}

/// The solution Y of `R[I, I] Y + Y S[J, J] = C`.
pub fn solve_block<T: RealField + Copy>(
    r: &DMatrix<T>,
    s: &DMatrix<T>,
    rows: &Range<usize>,
    columns: &Range<usize>,
    c: [T; 4],
    floor: T,
) -> Option<[T; 4]> {
    let mut system = [[T::zero(); 5]; 4];
    for (m, (i, j)) in places(rows, columns).enumerate() {
        for (n, (k, l)) in places(rows, columns).enumerate() {
            let left = if j == l { r[(i, k)] } else { T::zero() };
            let right = if i == k { s[(l, j)] } else { T::zero() };
            system[m][n] = left + right;
        }
        system[m][4] = c[m];
    }
    eliminate(system, rows.len() * columns.len(), floor)
}

/// Gaussian elimination with complete pivoting of up to four equations, the right-hand side last.
fn eliminate<T: RealField + Copy>(mut m: [[T; 5]; 4], n: usize, floor: T) -> Option<[T; 4]> {
    let mut order = [0, 1, 2, 3];
    for k in 0..n {
        let (row, column) = largest_entry(&m, k, n);
        m.swap(k, row);
        order.swap(k, column);
        m.iter_mut().for_each(|equation| equation.swap(k, column));
        let pivot = m[k];
        if pivot[k].abs() <= floor {
            return None;
        }
        for equation in &mut m[k + 1..n] {
            let factor = equation[k] / pivot[k];
            for (x, p) in equation.iter_mut().zip(pivot) {
                *x -= factor * p;
            }
        }
    }
    let mut solution = [T::zero(); 4];
    for k in (0..n).rev() {
        let known = (k + 1..n).fold(T::zero(), |sum, l| sum + m[k][l] * solution[order[l]]);
        solution[order[k]] = (m[k][4] - known) / m[k][k];
    }
    Some(solution)
}

/// Where the entry of the largest modulus of the rows and columns `k..n` is.
fn largest_entry<T: RealField + Copy>(m: &[[T; 5]; 4], k: usize, n: usize) -> (usize, usize) {
    let mut best = (k, k);
    for i in k..n {
        for j in k..n {
            if m[i][j].abs() > m[best.0][best.1].abs() {
                best = (i, j);
            }
        }
    }
    best
}
