//! Functions `U f(S) V^H` of a matrix of any shape, by the singular values, for an odd f.
//!
//! *In*: the thin decomposition `A = U S V^H` and, at the singular values, the divided differences `(f_i - f_j) / (s_i - s_j)`, the
//! averages `(f_i + f_j) / (s_i + s_j)`, and the ratios `f_i / s_i`. *Out*: the derivative in the direction E. With `P = U^H E V` it is
//! `U (differences o P_H + averages o P_S) V^H`, P_H the Hermitian and P_S the skew part, and beside the range of U or V the ratios
//! times what E has there. Nothing of this depends on the choice of singular vectors, and it is its own adjoint.

use super::symmetric::scaled;
use crate::linalg::decomposition::gauge::rounding;
use crate::linalg::decomposition::svd::{Svd, scaled_columns};
use crate::linalg::shape::View;
use crate::linalg::{Field, RealNumber};
use nalgebra::{DMatrix, DVector};

/// The derivative of `U f(S) V^H`; an infinite coefficient stands for none.
pub struct SingularFunction<T: Field> {
    pub name: &'static str,
    pub svd: Svd<T>,
    differences: DMatrix<T::RealField>,
    averages: DMatrix<T::RealField>,
    ratios: DVector<T::RealField>,
}

/// The coefficients of a pair of singular values: the divided difference and the average.
pub type Pair<R> = (R, R);

impl<T: Field> SingularFunction<T> {
    /// From the coefficients of each pair of indices and the ratio of each index.
    pub fn new(
        name: &'static str,
        svd: Svd<T>,
        pair: impl Fn(usize, usize) -> Pair<T::RealField>,
        ratio: impl Fn(usize) -> T::RealField,
    ) -> Self {
        let k = svd.s.len();
        SingularFunction {
            name,
            differences: DMatrix::from_fn(k, k, |i, j| pair(i, j).0),
            averages: DMatrix::from_fn(k, k, |i, j| pair(i, j).1),
            ratios: DVector::from_fn(k, |i, _| ratio(i)),
            svd,
        }
    }

    /// The derivative in the direction E, and the adjoint of A for the cotangent E.
    ///
    /// # Panics
    ///
    /// If the direction has a part in which there is none.
    #[track_caller]
    pub fn derivative(&self, e: &DMatrix<T>) -> DMatrix<T> {
        let Svd { u, v_t, .. } = &self.svd;
        let noise = rounding::<T>(e.nrows().max(e.ncols())) * e.norm();
        let (to_left, to_right) = (e * v_t.adjoint(), u.ad_mul(e));
        let p = &to_right * v_t.adjoint();
        let mut derivative = u * self.core(&p, noise) * v_t;
        if e.nrows() > p.nrows() {
            let beside = to_left - u * &p;
            derivative += self.columns_by_ratio(beside, noise) * v_t;
        }
        if e.ncols() > p.ncols() {
            let beside = to_right - &p * v_t;
            derivative += u * self.columns_by_ratio(beside.adjoint(), noise).adjoint();
        }
        derivative
    }

    #[track_caller]
    fn core(&self, p: &DMatrix<T>, noise: T::RealField) -> DMatrix<T> {
        let half: T = nalgebra::convert(0.5);
        DMatrix::from_fn(p.nrows(), p.ncols(), |i, j| {
            let (x, y) = (p[(i, j)], p[(j, i)].conjugate());
            let symmetric = scaled(self.name, (x + y) * half, self.differences[(i, j)], noise);
            symmetric + scaled(self.name, (x - y) * half, self.averages[(i, j)], noise)
        })
    }

    #[track_caller]
    fn columns_by_ratio(&self, mut m: DMatrix<T>, noise: T::RealField) -> DMatrix<T> {
        for (mut column, ratio) in m.column_iter_mut().zip(&self.ratios) {
            column.apply(|x| *x = scaled(self.name, *x, *ratio, noise));
        }
        m
    }
}

/// `U diag(f) V^H`
pub fn recomposed<T: Field>(svd: &Svd<T>, f: &DVector<T::RealField>) -> DMatrix<T> {
    scaled_columns(&svd.u, f) * &svd.v_t
}

/// `[0, A; A^T, 0]`, whose eigenvalues are the singular values, their negatives, and zeros.
pub fn dilation<T: RealNumber>(a: &View<'_, T>) -> DMatrix<T> {
    let (m, n) = a.shape();
    let mut both = DMatrix::zeros(m + n, m + n);
    both.view_mut((0, m), (m, n)).copy_from(a);
    both.view_mut((m, 0), (n, m)).copy_from(&a.transpose());
    both
}
