//! The thin singular value decomposition, checked.
//!
//! *In*: a matrix. *Out*: factors that recompose it to rounding, singular values in descending order, both bases orthonormal
//! also where singular values are zero. nalgebra's decomposition is taken if it passes the check (for some matrices it is wrong by
//! some per cent: nalgebra issue 1172), else that of one-sided Jacobi rotations.

use super::gauge::{are_distinct, rounding};
use super::jacobi;
use crate::linalg::Field;
use crate::linalg::shape::View;
use nalgebra::allocator::Allocator;
use nalgebra::{ComplexField, DMatrix, DVector, DefaultAllocator, Dim, Dyn};
use nalgebra::{Matrix, OMatrix, OVector, SVD, Storage};
use num_traits::Zero;

/// `A = U diag(s) V^H` with `min(rows, columns)` singular values in descending order.
#[derive(Clone, Debug)]
pub struct Svd<T: Field, N: Dim = Dyn, K: Dim = Dyn, M: Dim = Dyn>
where
    DefaultAllocator: Allocator<N, K> + Allocator<K> + Allocator<K, M>,
{
    /// As many rows as the matrix; orthonormal columns.
    pub u: OMatrix<T, N, K>,
    /// The singular values.
    pub s: OVector<T::RealField, K>,
    /// As many columns as the matrix; orthonormal rows.
    pub v_t: OMatrix<T, K, M>,
}

/// How many times the number of singular values nalgebra may iterate.
const PATIENCE: usize = 100;

impl<T: Field> Svd<T> {
    /// Decomposes a matrix. Where it has entries that are not finite, all factors are NaN.
    pub fn new(a: &View<'_, T>) -> Self {
        let k = a.nrows().min(a.ncols());
        if k == 0 || !a.iter().all(T::is_finite) {
            return Self::nothing(a);
        }
        let epsilon = T::EPSILON * nalgebra::convert(5.0);
        SVD::try_new(a.clone_owned(), true, true, epsilon, PATIENCE * k)
            .and_then(|svd| {
                let (u, s, v_t) = (svd.u?, svd.singular_values, svd.v_t?);
                Some(Self { u, s, v_t })
            })
            .filter(|svd| svd.recomposes(a))
            .unwrap_or_else(|| jacobi::svd(a))
    }

    /// The decomposition of the adjoint.
    pub fn adjoint(&self) -> Self {
        Self {
            u: self.v_t.adjoint(),
            s: self.s.clone(),
            v_t: self.u.adjoint(),
        }
    }

    /// Factors of the right shapes and without meaning.
    fn nothing(a: &View<'_, T>) -> Self {
        let ((m, n), k) = (a.shape(), a.nrows().min(a.ncols()));
        let nan: T::RealField = nalgebra::convert(f64::NAN);
        Self {
            u: DMatrix::from_element(m, k, T::from_real(nan)),
            s: DVector::from_element(k, nan),
            v_t: DMatrix::from_element(k, n, T::from_real(nan)),
        }
    }
}

impl<T: Field, N: Dim, K: Dim, M: Dim> Svd<T, N, K, M>
where
    DefaultAllocator: Allocator<N, K> + Allocator<K> + Allocator<K, M> + Allocator<N, M>,
{
    /// The largest singular value.
    pub fn largest(&self) -> T::RealField {
        self.s.iter().next().copied().unwrap_or_else(Zero::zero)
    }

    /// Is this singular value nothing but rounding?
    pub fn is_zero(&self, i: usize) -> bool {
        let n = self.u.nrows().max(self.v_t.ncols());
        self.s[i] <= rounding::<T>(n) * self.largest()
    }

    /// Are all singular values different from each other and from zero, by more than rounding?
    pub fn is_regular(&self) -> bool {
        are_distinct::<T>(self.s.as_slice(), self.largest())
            && (0..self.s.len()).all(|i| !self.is_zero(i))
    }

    /// Is the product the matrix, and has it its norm?
    pub fn recomposes(&self, a: &Matrix<T, N, M, impl Storage<T, N, M>>) -> bool {
        let (m, n) = a.shape();
        let factor: T::RealField = nalgebra::convert(8.0 * m.max(n) as f64);
        let tolerance = T::EPSILON * factor;
        let scale = a.camax();
        if scale.is_zero() {
            return self.s.iter().all(|s| s.is_zero());
        }
        let mut a = a.unscale(scale);
        let s = self.s.unscale(scale);
        let norm = a.norm();
        a -= scaled_columns(&self.u, &s) * &self.v_t;
        a.norm() <= tolerance * norm && (s.norm() - norm).abs() <= tolerance * norm
    }
}

/// `A diag(s)`
pub fn scaled_columns<T: Field, N: Dim, K: Dim>(
    a: &OMatrix<T, N, K>,
    s: &OVector<T::RealField, K>,
) -> OMatrix<T, N, K>
where
    DefaultAllocator: Allocator<N, K> + Allocator<K>,
{
    let mut product = a.clone();
    for (mut column, s) in product.column_iter_mut().zip(s.iter()) {
        column.scale_mut(*s);
    }
    product
}
