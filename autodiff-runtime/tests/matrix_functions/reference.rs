//! Matrix functions in extended precision with their derivative, by series, Newton iterations and elimination: slow, short, and unlike
//! the algorithms under test.

use crate::extended::Dual;
use nalgebra::DMatrix;
use std::ops::{Add, Mul, Sub};

/// A matrix of dual numbers.
#[derive(Clone, Debug)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    entries: Vec<Dual>,
}

impl Matrix {
    pub fn from_fn(rows: usize, columns: usize, f: impl Fn(usize, usize) -> Dual) -> Self {
        let places = (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j)));
        Matrix {
            rows,
            columns,
            entries: places.map(|(i, j)| f(i, j)).collect(),
        }
    }

    /// A matrix and the direction of the derivative.
    pub fn dual(value: &DMatrix<f64>, slope: &DMatrix<f64>) -> Self {
        Self::from_fn(value.nrows(), value.ncols(), |i, j| {
            Dual::new(value[(i, j)], slope[(i, j)])
        })
    }

    pub fn identity(n: usize) -> Self {
        Self::from_fn(n, n, |i, j| f64::from(u8::from(i == j)).into())
    }

    pub fn at(&self, i: usize, j: usize) -> Dual {
        self.entries[i * self.columns + j]
    }

    pub fn value(&self) -> DMatrix<f64> {
        DMatrix::from_fn(self.rows, self.columns, |i, j| self.at(i, j).value.into())
    }

    pub fn slope(&self) -> DMatrix<f64> {
        DMatrix::from_fn(self.rows, self.columns, |i, j| self.at(i, j).slope.into())
    }

    pub fn transpose(&self) -> Self {
        Self::from_fn(self.columns, self.rows, |i, j| self.at(j, i))
    }

    pub fn scale(&self, factor: f64) -> Self {
        Self::from_fn(self.rows, self.columns, |i, j| {
            self.at(i, j) * factor.into()
        })
    }

    pub fn times(&self, factor: Dual) -> Self {
        Self::from_fn(self.rows, self.columns, |i, j| self.at(i, j) * factor)
    }

    /// The number of rows.
    pub fn order(&self) -> usize {
        self.rows
    }

    /// An upper bound of the moduli of values and derivatives.
    pub fn size(&self) -> f64 {
        self.entries.iter().map(|x| x.size()).fold(0.0, f64::max)
    }

    /// `A^-1 B` by Gauss and Jordan with partial pivoting.
    pub fn solve(&self, right: &Self) -> Self {
        let (n, width) = (self.rows, self.columns + right.columns);
        let mut m = Self::from_fn(n, width, |i, j| {
            if j < n {
                self.at(i, j)
            } else {
                right.at(i, j - n)
            }
        });
        for k in 0..n {
            let modulus = |i: &usize| f64::from(m.at(*i, k).value).abs();
            let pivot = (k..n)
                .max_by(|i, j| modulus(i).total_cmp(&modulus(j)))
                .unwrap();
            m = m.with_rows_swapped(k, pivot).with_column_eliminated(k);
        }
        Self::from_fn(n, right.columns, |i, j| m.at(i, n + j))
    }

    /// The product of the pivots of elimination, with the sign of the swaps.
    pub fn det(&self) -> Dual {
        let (n, mut m, mut det) = (self.rows, self.clone(), Dual::from(1.0));
        for k in 0..n {
            let modulus = |i: &usize| f64::from(m.at(*i, k).value).abs();
            let pivot = (k..n)
                .max_by(|i, j| modulus(i).total_cmp(&modulus(j)))
                .unwrap();
            m = m.with_rows_swapped(k, pivot);
            let sign = if pivot == k { 1.0 } else { -1.0 };
            det = det * m.at(k, k) * sign.into();
            m = m.with_column_eliminated(k);
        }
        det
    }

    /// The lower triangular factor of the symmetric part, column by column.
    pub fn cholesky(&self) -> Self {
        let symmetric = (self + &self.transpose()).scale(0.5);
        let mut l = self.scale(0.0);
        for j in 0..self.rows {
            for i in j..self.rows {
                let known = (0..j).map(|k| l.at(i, k) * l.at(j, k));
                let rest = known.fold(symmetric.at(i, j), |rest, x| rest - x);
                let entry = if i == j {
                    rest.sqrt()
                } else {
                    rest / l.at(j, j)
                };
                l.entries[i * self.columns + j] = entry;
            }
        }
        l
    }

    /// `A^+` of a matrix of full rank, by the normal equations: their condition takes half of the digits, which are enough.
    pub fn pinv(&self) -> Self {
        let transpose = self.transpose();
        if self.rows >= self.columns {
            (&transpose * self).solve(&transpose)
        } else {
            self.transpose().pinv().transpose()
        }
    }

    /// The rows of `self` and below them those of `other`.
    pub fn above(&self, other: &Self) -> Self {
        Self::from_fn(self.rows + other.rows, self.columns, |i, j| {
            if i < self.rows {
                self.at(i, j)
            } else {
                other.at(i - self.rows, j)
            }
        })
    }

    fn with_rows_swapped(self, k: usize, l: usize) -> Self {
        Self::from_fn(self.rows, self.columns, |i, j| {
            self.at(
                if i == k {
                    l
                } else if i == l {
                    k
                } else {
                    i
                },
                j,
            )
        })
    }

    fn with_column_eliminated(self, k: usize) -> Self {
        let pivot = self.at(k, k);
        Self::from_fn(self.rows, self.columns, |i, j| {
            let scaled = self.at(k, j) / pivot;
            if i == k {
                scaled
            } else {
                self.at(i, j) - self.at(i, k) * scaled
            }
        })
    }

    pub fn inverse(&self) -> Self {
        self.solve(&Self::identity(self.rows))
    }

    /// The series of the exponential after scaling, and squares.
    pub fn exp(&self) -> Self {
        let squarings = (self.size() * self.rows as f64).max(1.0).log2().ceil() as i32 + 3;
        let scaled = self.scale(2f64.powi(-squarings));
        let mut sum = Self::identity(self.rows);
        for k in (1..=30).rev() {
            sum = &Self::identity(self.rows) + &(&scaled * &sum).over(f64::from(k));
        }
        (0..squarings).fold(sum, |x, _| &x * &x)
    }

    fn over(&self, divisor: f64) -> Self {
        Self::from_fn(self.rows, self.columns, |i, j| {
            self.at(i, j) / divisor.into()
        })
    }

    pub fn pow(&self, n: usize) -> Self {
        (0..n).fold(Self::identity(self.rows), |power, _| &power * self)
    }

    /// The principal root by the coupled Newton iteration of Denman and Beavers.
    pub fn sqrt(&self) -> Self {
        let (mut y, mut z) = (self.clone(), Self::identity(self.rows));
        for _ in 0..200 {
            let next = (&y + &z.inverse()).scale(0.5);
            z = (&z + &y.inverse()).scale(0.5);
            let change = (&next - &y).size();
            y = next;
            if change <= 1e-29 * y.size() {
                break;
            }
        }
        y
    }

    /// The principal logarithm: roots up to near the identity, and the series of `2 artanh`.
    pub fn ln(&self) -> Self {
        let one = Self::identity(self.rows);
        let (mut x, mut factor) = (self.clone(), 2.0);
        while (&x - &one).size() > 0.05 {
            x = x.sqrt();
            factor *= 2.0;
        }
        let w = (&x + &one).solve(&(&x - &one));
        let square = &w * &w;
        let mut sum = Self::identity(self.rows).over(61.0);
        for k in (0..30).rev() {
            sum = &one.over(f64::from(2 * k + 1)) + &(&square * &sum);
        }
        (&w * &sum).scale(factor)
    }

    /// The matrix sign function, which is 1 or -1 for eigenvalues in the right or the left half plane, by Newton's iteration.
    pub fn sign(&self) -> Self {
        (0..100).fold(self.clone(), |x, _| (&x + &x.inverse()).scale(0.5))
    }

    /// The solution of `A X + X B = C` as one system for all entries.
    pub fn sylvester(a: &Self, b: &Self, c: &Self) -> Self {
        let (n, m) = (a.rows, b.rows);
        let system = Self::from_fn(n * m, n * m, |row, column| {
            let ((i, j), (k, l)) = ((row / m, row % m), (column / m, column % m));
            let left = if j == l { a.at(i, k) } else { 0.0.into() };
            let right = if i == k { b.at(l, j) } else { 0.0.into() };
            left + right
        });
        let x = system.solve(&Self::from_fn(n * m, 1, |row, _| c.at(row / m, row % m)));
        Self::from_fn(n, m, |i, j| x.at(i * m + j, 0))
    }
}

impl Add for &Matrix {
    type Output = Matrix;
    fn add(self, other: Self) -> Matrix {
        Matrix::from_fn(self.rows, self.columns, |i, j| {
            self.at(i, j) + other.at(i, j)
        })
    }
}

impl Sub for &Matrix {
    type Output = Matrix;
    fn sub(self, other: Self) -> Matrix {
        Matrix::from_fn(self.rows, self.columns, |i, j| {
            self.at(i, j) - other.at(i, j)
        })
    }
}

impl Mul for &Matrix {
    type Output = Matrix;
    fn mul(self, other: Self) -> Matrix {
        Matrix::from_fn(self.rows, other.columns, |i, j| {
            let terms = (0..self.columns).map(|k| self.at(i, k) * other.at(k, j));
            terms.fold(0.0.into(), |sum, term| sum + term)
        })
    }
}
