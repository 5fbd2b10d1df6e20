//! How the adjoints of eigenvalues and eigenvectors change with the matrix.
//!
//! *In*: a direction E and the adjoints of values and vectors, which are constant. *Out*: the derivative of the adjoint of A along E. With
//! `dV = V K` and `d V^-1 = -K V^-1`, `A_bar = Re V^-H M_bar V^H` changes by `Re V^-H (M_bar K^H - K^H M_bar + dM_bar) V^H`. All eigenvalues have to be apart:
//! otherwise `dV` depends on the choice of vectors.

use super::complex_schur::real;
use super::eigen::Eigen;
use crate::linalg::rule::undefined;
use nalgebra::{Complex, DMatrix, DVector, RealField};

impl<T: RealField + Copy> Eigen<T> {
    /// Of that from the values alone.
    ///
    /// # Panics
    ///
    /// If two eigenvalues coincide.
    #[track_caller]
    pub fn values_adjoint_tangent(
        &self,
        direction: &DMatrix<T>,
        values_bar: &DVector<Complex<T>>,
    ) -> DMatrix<T> {
        self.refuse_ties("eigenvalues");
        let mut k = self.core(direction);
        k.iter_mut().enumerate().for_each(|(at, x)| {
            let (i, j) = (at % self.values.len(), at / self.values.len());
            *x = self.over_gap(i, j, *x);
        });
        let (k, m_bar) = (k.adjoint(), DMatrix::from_diagonal(values_bar));
        self.of_core_adjoint(&(&m_bar * &k - &k * &m_bar))
    }

    /// Of that from the values and the vectors.
    ///
    /// # Panics
    ///
    /// If two eigenvalues coincide.
    #[track_caller]
    pub fn adjoint_tangent(
        &self,
        direction: &DMatrix<T>,
        values_bar: &DVector<Complex<T>>,
        vectors_bar: &DMatrix<Complex<T>>,
    ) -> DMatrix<T> {
        self.refuse_ties("eig");
        let (values_dot, vectors_dot) = self.tangent(direction);
        let k = (&self.left * &vectors_dot).adjoint();
        let (u_bar, u_bar_dot) = self.projected(vectors_bar, &vectors_dot);
        let coupling = u_bar.ad_mul(&self.vectors).transpose();
        let change = (u_bar_dot.ad_mul(&self.vectors) + u_bar.ad_mul(&vectors_dot)).transpose();
        let n = self.values.len();
        let quotients = DMatrix::from_fn(n, n, |i, j| self.over_gap(i, j, coupling[(i, j)]));
        let changes = DMatrix::from_fn(n, n, |i, j| {
            let gap_dot = values_dot[j] - values_dot[i];
            self.over_gap(i, j, change[(i, j)] - quotients[(i, j)] * gap_dot)
        });
        let mut m_bar = quotients.conjugate();
        m_bar.set_diagonal(values_bar);
        self.of_core_adjoint(&(&m_bar * &k - &k * &m_bar + changes.conjugate()))
    }

    /// The adjoints of the vectors without what the normalisation takes out of them, and their change as the vectors move.
    fn projected(
        &self,
        vectors_bar: &DMatrix<Complex<T>>,
        vectors_dot: &DMatrix<Complex<T>>,
    ) -> (DMatrix<Complex<T>>, DMatrix<Complex<T>>) {
        let (mut u_bar, mut u_bar_dot) = (vectors_bar.clone(), vectors_bar * real(T::zero()));
        for j in 0..self.values.len() {
            let (v, v_dot) = (self.vectors.column(j), vectors_dot.column(j));
            let (bar, pivot) = (vectors_bar.column(j), self.pivots[j]);
            let (c, c_dot) = (v.dotc(&bar), v_dot.dotc(&bar));
            let (size, size_dot) = (v[pivot].re, v_dot[pivot].re);
            let mut u = u_bar.column_mut(j);
            u.axpy(real(-c.re), &v, real(T::one()));
            u[pivot] -= Complex::new(T::zero(), c.im / size);
            let mut du = u_bar_dot.column_mut(j);
            du.axpy(real(-c_dot.re), &v, real(T::one()));
            du.axpy(real(-c.re), &v_dot, real(T::one()));
            let turn = (c_dot.im - c.im * size_dot / size) / size;
            du[pivot] -= Complex::new(T::zero(), turn);
        }
        (u_bar, u_bar_dot)
    }

    /// `x / (lambda_j - lambda_i)`, zero on the diagonal.
    fn over_gap(&self, i: usize, j: usize, x: Complex<T>) -> Complex<T> {
        if i == j {
            return real(T::zero());
        }
        x / (self.values[j] - self.values[i])
    }

    #[track_caller]
    fn refuse_ties(&self, function: &str) {
        if self.ties().next().is_some() {
            undefined(
                function,
                "a second derivative where eigenvalues coincide depends on the choice of vectors; use a function of the matrix itself",
            );
        }
    }
}
