//! Triangular systems, of static and dynamic matrices.
//!
//! *In*: a triangular matrix without zeros on its diagonal, whose other triangle is not read, and right-hand sides. *Out*: the solutions in
//! their place. A large system is halved until it is small; what couples the halves is a matrix product, which runs at the speed of one.
//! A small one is solved by substitution and allocates nothing.

use super::shape::{View, ViewMut, view, view_mut};
use crate::tangent::Differentiable;
use nalgebra::{ComplexField, DMatrix, Dim, Dyn, Matrix, Storage, StorageMut};

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
    pub(super) fn of<T: ComplexField>(
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
pub const SMALL: usize = 16;

/// From this size and this number of right-hand sides on it pays to solve some columns together.
const MANY: usize = 4;

/// How a triangular matrix is read.
#[derive(Clone, Copy)]
pub struct Kind {
    pub triangle: Triangle,
    pub side: Side,
    /// Are the diagonal entries one, whatever is stored?
    pub unit: bool,
}

impl Kind {
    /// Does the first unknown come first?
    fn is_forward(self) -> bool {
        (self.triangle == Triangle::Lower) == (self.side == Side::Plain)
    }

    /// The unknowns that come before the `j`th of `n`.
    fn before(self, j: usize, n: usize) -> std::ops::Range<usize> {
        if self.is_forward() { 0..j } else { j + 1..n }
    }

    /// All unknowns of `n`, in the order in which they are found.
    fn order(self, n: usize) -> impl Iterator<Item = usize> {
        (0..n).map(move |k| if self.is_forward() { k } else { n - 1 - k })
    }

    /// An entry of what is solved with.
    #[inline]
    fn entry<T: ComplexField + Copy, D: Dim, S: Storage<T, D, D>>(
        self,
        t: &Matrix<T, D, D, S>,
        i: usize,
        j: usize,
    ) -> T {
        match self.side {
            Side::Plain => t[(i, j)],
            Side::Adjoint => t[(j, i)].conjugate(),
        }
    }
}

/// `B := T^-1 B` or `T^-H B`
#[inline]
pub fn solve_triangular_mut<T: ComplexField + Copy, D: Dim, K: Dim>(
    matrix: &Matrix<T, D, D, impl Storage<T, D, D>>,
    triangle: Triangle,
    side: Side,
    b: &mut Matrix<T, D, K, impl StorageMut<T, D, K>>,
) {
    let unit = false;
    let kind = Kind {
        triangle,
        side,
        unit,
    };
    solve_mut(matrix, kind, b);
}

/// The same, with a diagonal of ones where the kind says so.
#[inline]
pub fn solve_mut<T: ComplexField + Copy, D: Dim, K: Dim>(
    matrix: &Matrix<T, D, D, impl Storage<T, D, D>>,
    kind: Kind,
    b: &mut Matrix<T, D, K, impl StorageMut<T, D, K>>,
) {
    let n = matrix.nrows();
    if n <= MANY || n <= SMALL && b.ncols() < MANY {
        substitute(matrix, kind, b);
    } else {
        halve(view(matrix), kind, view_mut(b));
    }
}

/// Substitution, column by column.
#[inline]
fn substitute<T: ComplexField + Copy, D: Dim, K: Dim>(
    t: &Matrix<T, D, D, impl Storage<T, D, D>>,
    kind: Kind,
    b: &mut Matrix<T, D, K, impl StorageMut<T, D, K>>,
) {
    let n = t.nrows();
    let mut x = [T::zero(); SMALL];
    for c in 0..b.ncols() {
        (0..n).for_each(|i| x[i] = b[(i, c)]);
        for j in kind.order(n) {
            let known = kind.before(j, n);
            let rest = known.fold(x[j], |rest, i| rest - kind.entry(t, j, i) * x[i]);
            x[j] = if kind.unit {
                rest
            } else {
                rest / kind.entry(t, j, j)
            };
        }
        (0..n).for_each(|i| b[(i, c)] = x[i]);
    }
}

fn halve<T: ComplexField + Copy>(t: View<'_, T>, kind: Kind, mut b: ViewMut<'_, T>) {
    let n = t.nrows();
    match b.ncols() {
        _ if n > SMALL => {}
        MANY.. => return solve_copied(&t, kind, &mut b),
        _ => return substitute(&t, kind, &mut b),
    }
    let h = n / 2;
    let (first, last) = (t.view((0, 0), (h, h)), t.view((h, h), (n - h, n - h)));
    let coupling = match kind.triangle {
        Triangle::Lower => t.view((h, 0), (n - h, h)),
        Triangle::Upper => t.view((0, h), (h, n - h)),
    };
    // nalgebra multiplies with a transposed matrix entry by entry.
    let adjoint = (kind.side == Side::Adjoint).then(|| coupling.adjoint());
    let coupling = adjoint.as_ref().map_or(coupling, DMatrix::as_view);
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

/// Substitution, some columns together: the compiler makes vector instructions of it, and keeps an unknown in registers until it is found.
fn solve_copied<T: ComplexField + Copy>(t: &View<'_, T>, kind: Kind, b: &mut ViewMut<'_, T>) {
    let n = t.nrows();
    let mut factors = [[T::zero(); SMALL]; SMALL];
    for (j, row) in factors[..n].iter_mut().enumerate() {
        for i in kind.before(j, n) {
            row[i] = kind.entry(t, j, i);
        }
        row[j] = kind.entry(t, j, j);
    }
    let mut x = [[T::zero(); WIDTH]; SMALL];
    for start in (0..b.ncols()).step_by(WIDTH) {
        let width = WIDTH.min(b.ncols() - start);
        for k in 0..width {
            let rows = x[..n].iter_mut().enumerate();
            rows.for_each(|(i, row)| row[k] = b[(i, start + k)]);
        }
        for j in kind.order(n) {
            let known = kind.before(j, n);
            let mut rest = less_products(x[j], &factors[j][known.clone()], &x[known]);
            if !kind.unit {
                rest.iter_mut().for_each(|x| *x /= factors[j][j]);
            }
            x[j] = rest;
        }
        for k in 0..width {
            let rows = x[..n].iter().enumerate();
            rows.for_each(|(i, row)| b[(i, start + k)] = row[k]);
        }
    }
}

/// `x := L^-H U^-H x` of the factors of a matrix, column by column, `L` with ones on its diagonal.
#[inline]
pub fn substitute_adjoint<T: ComplexField + Copy>(lu: &[T], x: &mut [T]) {
    let n = x.len();
    for j in 0..n {
        let column = &lu[j * n..(j + 1) * n];
        let (known, rest) = x.split_at_mut(j);
        let found = less_product(rest[0], &column[..j], known);
        rest[0] = found / column[j].conjugate();
    }
    for j in (0..n).rev() {
        let column = &lu[j * n..(j + 1) * n];
        let (first, known) = x.split_at_mut(j + 1);
        first[j] = less_product(first[j], &column[j + 1..], known);
    }
}

/// `rest - f^H x`
#[inline(always)]
fn less_product<T: ComplexField + Copy>(rest: T, factors: &[T], x: &[T]) -> T {
    let products = factors.iter().zip(x).map(|(f, x)| f.conjugate() * *x);
    products.fold(rest, |rest, product| rest - product)
}

/// `seed L^-H U^-H` of the factors of a small matrix of `n` rows, column by column: some columns together, both systems at once.
pub fn small_adjoint_inverse<T: ComplexField + Copy>(
    n: usize,
    lu: &[T],
    seed: T,
    inverse: &mut [T],
) {
    let mut factors = [[T::zero(); SMALL]; SMALL];
    for (row, column) in factors.iter_mut().zip(lu.chunks_exact(n.max(1))) {
        let entries = row.iter_mut().zip(column);
        entries.for_each(|(factor, entry)| *factor = entry.conjugate());
    }
    let blocks = inverse.chunks_mut(n.max(1) * WIDTH).enumerate();
    for (start, block) in blocks.map(|(k, block)| (k * WIDTH, block)) {
        let mut x = [[T::zero(); WIDTH]; SMALL];
        (start..n.min(start + WIDTH)).for_each(|i| x[i][i - start] = seed);
        for j in start..n {
            let mut rest = less_products(x[j], &factors[j][start..j], &x[start..j]);
            rest.iter_mut().for_each(|x| *x /= factors[j][j]);
            x[j] = rest;
        }
        for j in (0..n).rev() {
            x[j] = less_products(x[j], &factors[j][j + 1..n], &x[j + 1..n]);
        }
        for (k, column) in block.chunks_exact_mut(n.max(1)).enumerate() {
            let entries = column.iter_mut().zip(&x);
            entries.for_each(|(entry, row)| *entry = row[k]);
        }
    }
}

/// `rest - sum_i f_i x_i`
#[inline(always)]
fn less_products<T: ComplexField + Copy>(
    mut rest: [T; WIDTH],
    factors: &[T],
    x: &[[T; WIDTH]],
) -> [T; WIDTH] {
    for (factor, x) in factors.iter().zip(x) {
        (0..WIDTH).for_each(|k| rest[k] -= *factor * x[k]);
    }
    rest
}
