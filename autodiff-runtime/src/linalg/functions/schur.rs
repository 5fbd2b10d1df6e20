//! The real Schur form `A = Q T Q^T`: Q orthogonal, T block upper triangular with blocks of order one and two on its diagonal.
//!
//! *In*: a square matrix. *Out*: Q and T, whose product has been compared with A, or `None` where A has an entry that is not finite.
//! nalgebra's iteration has no exceptional shifts and does not end for a permutation matrix, so its steps are limited; where it
//! fails, the form of a reflected matrix `H A H` is taken, on which it does not stall. Nor does it end where eigenvalues are so close that what
//! it waits for is less than the rounding of a step, as near a multiple of the identity: then that of `A - m I` is taken, or a little more is left out.

use nalgebra::{DMatrix, DVector, RealField, convert, linalg::Schur};
use std::ops::Range;

/// The factors of `A = Q T Q^T`.
#[derive(Clone, Debug)]
pub struct SchurForm<T: RealField> {
    pub q: DMatrix<T>,
    pub t: DMatrix<T>,
}

/// How many forms are tried.
const ATTEMPTS: usize = 16;
/// What is near a multiple of the identity: no eigenvalue is so small beside it that it loses digits.
const NEAR: f64 = 0.1;

impl<T: RealField + Copy> SchurForm<T> {
    /// The Schur form of a square matrix, `None` if an entry is not finite.
    pub fn new(a: &DMatrix<T>) -> Option<Self> {
        if a.iter().any(|x| !x.is_finite()) {
            return None;
        }
        let scale = power_of_two(a.amax());
        let scaled = a / scale;
        let tolerance = T::default_epsilon() * convert(50.0 * a.nrows() as f64) * scaled.norm();
        let mut form = (0..ATTEMPTS)
            .filter_map(|k| Self::attempted(&scaled, k))
            .find(|form| form.residual(&scaled) <= tolerance)?;
        form.t *= scale;
        Some(form)
    }

    /// At the first attempt the Schur form as it comes, then those of `H A H`, turned back. Near a multiple `m I` of the identity those of `A - m I`.
    fn attempted(a: &DMatrix<T>, attempt: usize) -> Option<Self> {
        let n = a.nrows();
        let mean = a.trace() / convert(n.max(1) as f64);
        let rest = a - DMatrix::from_diagonal_element(n, n, mean);
        if rest.norm() < mean.abs() * convert(NEAR) {
            let mut form = Self::turned(&rest, attempt)?;
            (0..n).for_each(|i| form.t[(i, i)] += mean);
            return Some(form);
        }
        Self::turned(a, attempt)
    }

    fn turned(a: &DMatrix<T>, attempt: usize) -> Option<Self> {
        if attempt == 0 {
            return Self::iterated(a.clone(), T::one());
        }
        let h = reflector(a.nrows(), attempt / 2 + 1);
        let loose = convert([1.0, 8.0][attempt % 2]);
        let mut form = Self::iterated(&h * a * &h, loose)?;
        form.q = h * form.q;
        Some(form)
    }

    /// By so many steps at most; entries below the diagonal of a multiple of the rounding count as zero.
    fn iterated(a: DMatrix<T>, loose: T) -> Option<Self> {
        let steps = 40 * a.nrows() + 40;
        let (q, t) = Schur::try_new(a, loose * T::default_epsilon(), steps)?.unpack();
        Some(SchurForm { q, t })
    }

    fn residual(&self, a: &DMatrix<T>) -> T {
        (self.in_standard_basis(&self.t) - a).norm()
    }

    /// The Schur form of `A^T`: the rows of `T^T` and the columns of Q in reverse order.
    pub fn transposed(&self) -> Self {
        let n = self.t.nrows();
        SchurForm {
            q: DMatrix::from_fn(n, n, |i, j| self.q[(i, n - 1 - j)]),
            t: DMatrix::from_fn(n, n, |i, j| self.t[(n - 1 - j, n - 1 - i)]),
        }
    }

    /// `Q^T X Q`
    pub fn in_schur_basis(&self, x: &DMatrix<T>) -> DMatrix<T> {
        self.q.tr_mul(x) * &self.q
    }

    /// `Q X Q^T`
    pub fn in_standard_basis(&self, x: &DMatrix<T>) -> DMatrix<T> {
        &self.q * x * self.q.transpose()
    }
}

/// The rows that the diagonal blocks of a block triangular matrix occupy.
pub fn diagonal_blocks<T: RealField>(t: &DMatrix<T>) -> Vec<Range<usize>> {
    let n = t.nrows();
    let mut blocks = Vec::with_capacity(n);
    let mut start = 0;
    while start < n {
        let double = start + 1 < n && !t[(start + 1, start)].is_zero();
        let end = start + 1 + usize::from(double);
        blocks.push(start..end);
        start = end;
    }
    blocks
}

/// The real part and the non-negative imaginary part of the eigenvalues of a block of order two, `None` if they are real.
pub fn complex_pair<T: RealField + Copy>(t: &DMatrix<T>, start: usize) -> (T, T) {
    let half: T = convert(0.5);
    let (a, d) = (t[(start, start)], t[(start + 1, start + 1)]);
    let difference = (a - d) * half;
    let square = -(t[(start, start + 1)] * t[(start + 1, start)]) - difference * difference;
    (half * (a + d), square.max(T::zero()).sqrt())
}

/// `I - 2 v v^T / v^T v` with one of a family of vectors.
fn reflector<T: RealField + Copy>(n: usize, k: usize) -> DMatrix<T> {
    let v = DVector::from_fn(n, |i, _| {
        convert::<f64, T>(1.0 / (i as f64 + 0.7 * k as f64))
    });
    let factor = convert::<f64, T>(2.0) / v.norm_squared();
    DMatrix::identity(n, n) - &v * v.transpose() * factor
}

/// A power of two near `x`, so that a division by it is exact; one for zero.
fn power_of_two<T: RealField + Copy>(x: T) -> T {
    if x.is_zero() {
        return T::one();
    }
    convert::<f64, T>(2.0).powf(x.log2().floor())
}
