//! Eigenvalues and eigenvectors of a real matrix that need not be symmetric.
//!
//! *In*: A. *Out*: `A V = V diag(lambda)`. With `V^-1` (its rows are the left eigenvectors) and `M = V^-1 dA V` the derivatives are
//! `d lambda_j = M_jj` and `d v_j = u_j + c_j v_j`, where `u_j = sum_i v_i M_ij / (lambda_j - lambda_i)` over `i != j`, and c_j keeps the
//! normalisation: norm one, and the first component whose modulus is at least 0.55 of the largest is real and positive.

use super::complex_schur::{complex_form, real, triangular_vectors};
use super::norms::epsilon;
use super::schur::SchurForm;
use nalgebra::{Complex, ComplexField, DMatrix, DVector, RealField, convert};

/// `A V = V diag(lambda)`
#[derive(Clone, Debug)]
pub struct Eigen<T: RealField> {
    pub values: DVector<Complex<T>>,
    pub vectors: DMatrix<Complex<T>>,
    /// `V^-1`
    pub(super) left: DMatrix<Complex<T>>,
    /// The component of each vector that is real and positive.
    pub(super) pivots: Vec<usize>,
    /// What cannot be told from zero beside the entries of A.
    rounding: T,
}

/// A component of at least this part of the largest fixes the phase of its vector: not one, nor a simple fraction, since components
/// of structured matrices have such ratios and rounding would decide.
const PIVOT: f64 = 0.55;

/// Below this cosine of the angle between its left and its right vector an eigenvalue that returns is held to be defective.
const DEFECTIVE: f64 = 1e-3;

impl<T: RealField + Copy> Eigen<T> {
    /// `None` if an entry of A is not finite.
    pub fn new(a: &DMatrix<T>) -> Option<Self> {
        let (q, t) = complex_form(SchurForm::new(a)?);
        let (n, norm) = (a.nrows(), a.norm());
        let x = triangular_vectors(&t, norm);
        let inverse = x.solve_upper_triangular(&DMatrix::identity(n, n));
        let undefined = || DMatrix::from_element(n, n, real(convert(f64::NAN)));
        let mut eigen = Eigen {
            values: t.diagonal(),
            left: inverse.unwrap_or_else(undefined) * q.adjoint(),
            vectors: q * x,
            pivots: Vec::with_capacity(n),
            rounding: epsilon::<T>() * convert(10.0 * n as f64) * norm,
        };
        (0..n).for_each(|j| eigen.normalise(j));
        Some(eigen)
    }

    fn normalise(&mut self, j: usize) {
        let mut column = self.vectors.column_mut(j);
        let largest = column
            .iter()
            .fold(T::zero(), |most, x| most.max(x.modulus()));
        let enough = largest * convert(PIVOT);
        let pivot = column
            .iter()
            .position(|x| x.modulus() >= enough)
            .unwrap_or(0);
        let phase = column[pivot] / real(column[pivot].modulus());
        let factor = phase.conj() / real(column.norm());
        column *= factor;
        column[pivot].im = T::zero();
        // The vector of a real eigenvalue is real, unless the eigenvalue returns.
        let rounding = epsilon::<T>() * convert(10.0 * column.len() as f64);
        if self.values[j].im.is_zero() && column.iter().all(|x| x.im.abs() <= rounding) {
            column.iter_mut().for_each(|x| x.im = T::zero());
        }
        self.left.row_mut(j).iter_mut().for_each(|x| *x /= factor);
        self.pivots.push(pivot);
    }

    /// The tangents of the values.
    ///
    /// # Panics
    ///
    /// If there are none, since eigenvalues coincide.
    pub fn values_tangent(&self, direction: &DMatrix<T>) -> DVector<Complex<T>> {
        self.values_of_core(&self.core(direction), self.noise_of(direction))
    }

    /// The tangents of the values and the vectors.
    ///
    /// # Panics
    ///
    /// If there are none, since eigenvalues coincide.
    pub fn tangent(&self, direction: &DMatrix<T>) -> (DVector<Complex<T>>, DMatrix<Complex<T>>) {
        let (m, noise) = (self.core(direction), self.noise_of(direction));
        let values = self.values_of_core(&m, noise);
        let mut tangent = &self.vectors * self.over_gaps(&m, noise);
        for (j, mut u) in tangent.column_iter_mut().enumerate() {
            let (v, pivot) = (self.vectors.column(j), self.pivots[j]);
            let c = Complex::new(-v.dotc(&u).re, -u[pivot].im / v[pivot].re);
            u.axpy(c, &v, real(T::one()));
        }
        (values, tangent)
    }

    /// The adjoint of A from that of the values.
    ///
    /// # Panics
    ///
    /// If there is none, since eigenvalues coincide.
    pub fn values_adjoint(&self, values_bar: &DVector<Complex<T>>) -> DMatrix<T> {
        self.check_values_adjoint(values_bar);
        self.of_core_adjoint(&DMatrix::from_diagonal(values_bar))
    }

    /// The adjoint of A from those of the values and the vectors.
    ///
    /// # Panics
    ///
    /// If there is none, since eigenvalues coincide.
    pub fn adjoint(
        &self,
        values_bar: &DVector<Complex<T>>,
        vectors_bar: &DMatrix<Complex<T>>,
    ) -> DMatrix<T> {
        if vectors_bar.iter().all(|x| x.re.is_zero() && x.im.is_zero()) {
            return self.values_adjoint(values_bar);
        }
        self.check_values_adjoint(values_bar);
        let mut u_bar = vectors_bar.clone();
        for (j, mut bar) in u_bar.column_iter_mut().enumerate() {
            let (v, pivot) = (self.vectors.column(j), self.pivots[j]);
            let c_bar = v.dotc(&bar);
            bar.axpy(real(-c_bar.re), &v, real(T::one()));
            bar[pivot] -= Complex::new(T::zero(), c_bar.im / v[pivot].re);
        }
        let coupling = u_bar.ad_mul(&self.vectors).transpose();
        let mut m_bar = self
            .over_gaps(&coupling, vectors_bar.norm() * self.accuracy())
            .conjugate();
        m_bar.set_diagonal(values_bar);
        self.of_core_adjoint(&m_bar)
    }

    /// `M = V^-1 dA V`
    pub(super) fn core(&self, direction: &DMatrix<T>) -> DMatrix<Complex<T>> {
        &self.left * direction.map(real) * &self.vectors
    }

    pub(super) fn of_core_adjoint(&self, m_bar: &DMatrix<Complex<T>>) -> DMatrix<T> {
        (self.left.ad_mul(m_bar) * self.vectors.adjoint()).map(|x| x.re)
    }

    fn values_of_core(&self, m: &DMatrix<Complex<T>>, noise: T) -> DVector<Complex<T>> {
        for (i, j) in self.ties() {
            self.refuse_defective(i, j);
            let differences = [m[(i, j)], m[(j, i)], m[(i, i)] - m[(j, j)]];
            refuse_split(i, j, differences.iter().any(|x| x.modulus() > noise));
        }
        m.diagonal()
    }

    fn check_values_adjoint(&self, values_bar: &DVector<Complex<T>>) {
        let noise = values_bar.norm() * self.accuracy();
        for (i, j) in self.ties() {
            if values_bar[i].modulus().max(values_bar[j].modulus()) > noise {
                self.refuse_defective(i, j);
                refuse_split(i, j, (values_bar[i] - values_bar[j]).modulus() > noise);
            }
        }
    }

    /// `M_ij / (lambda_j - lambda_i)` beside the diagonal; zero over zero is zero.
    fn over_gaps(&self, m: &DMatrix<Complex<T>>, noise: T) -> DMatrix<Complex<T>> {
        let mut quotients = m.map_with_location(|i, j, x| {
            if i == j {
                real(T::zero())
            } else {
                x / (self.values[j] - self.values[i])
            }
        });
        for (i, j) in self.ties() {
            self.refuse_defective(i, j);
            for place in [(i, j), (j, i)] {
                refuse_split(i, j, m[place].modulus() > noise);
                quotients[place] = real(T::zero());
            }
        }
        quotients
    }

    /// The pairs of eigenvalues that cannot be told apart.
    pub(super) fn ties(&self) -> impl Iterator<Item = (usize, usize)> {
        let n = self.values.len();
        (0..n)
            .flat_map(move |j| (0..j).map(move |i| (i, j)))
            .filter(|&(i, j)| {
                let gap = (self.values[i] - self.values[j]).modulus();
                let distance = gap * self.cosine(i).max(self.cosine(j));
                !distance.is_finite() || distance <= self.rounding
            })
    }

    /// Of the angle between the left and the right eigenvector: the reciprocal of the condition number of the eigenvalue.
    fn cosine(&self, j: usize) -> T {
        self.left.row(j).norm().recip()
    }

    fn accuracy(&self) -> T {
        epsilon::<T>() * convert(1000.0 * self.values.len() as f64)
    }

    fn noise_of(&self, direction: &DMatrix<T>) -> T {
        self.left.norm() * direction.norm() * self.accuracy()
    }

    fn refuse_defective(&self, i: usize, j: usize) {
        let cosine = self.cosine(i).min(self.cosine(j));
        assert!(
            cosine > convert(DEFECTIVE),
            "the eigenvalues {i} and {j} coincide up to rounding and have one eigenvector in common, so that they have no derivative; \
             a function of the whole matrix has one: `trace` of `expm`, `logm`, `sqrtm` or `pow`"
        );
    }
}

fn refuse_split(i: usize, j: usize, split: bool) {
    assert!(
        !split,
        "the eigenvalues {i} and {j} coincide up to rounding, so that neither they nor their eigenvectors have a derivative of their own; \
         what is the same function of both has one, such as their sum"
    );
}
