//! Functions `V f(L) V^H` of a symmetric (Hermitian) matrix, by the eigenvalues.
//!
//! The derivative in the direction E is `V (f[l_i, l_j] o V^H E V) V^H` with the divided differences of f (Daleckii and Krein 1965): it
//! needs nothing of the eigenvectors but that they diagonalise A, so that equal eigenvalues are no exception. It is its own adjoint.

use super::frechet::Frechet;
use crate::linalg::decomposition::gauge::rounding;
use crate::linalg::decomposition::svd::scaled_columns;
use crate::linalg::decomposition::symmetric::{decomposed, largest};
use crate::linalg::factor::hermitian_part;
use crate::linalg::rule::undefined;
use crate::linalg::shape::View;
use crate::linalg::{Field, RealNumber};
use nalgebra::{DMatrix, DVector};

/// The eigenvalues and eigenvectors of the symmetric part of A.
pub struct Spectrum<T: Field> {
    pub values: DVector<T::RealField>,
    pub vectors: DMatrix<T>,
}

impl<T: Field> Spectrum<T> {
    pub fn new(a: &View<'_, T>) -> Self {
        let (values, vectors) = decomposed(hermitian_part(a));
        Spectrum { values, vectors }
    }

    /// The size of an eigenvalue that is rounding.
    pub fn rounding(&self) -> T::RealField {
        rounding::<T>(self.values.len()) * largest(self.values.as_slice())
    }

    /// Are all eigenvalues finite and above `bound`?
    pub fn is_above(&self, bound: T::RealField) -> bool {
        self.values.iter().all(|l| *l > bound)
    }

    /// The function f of A, given its values and its divided differences at the eigenvalues.
    pub fn function(
        self,
        name: &'static str,
        f: impl Fn(T::RealField) -> T::RealField,
        difference: impl Fn(T::RealField, T::RealField) -> T::RealField,
    ) -> SymmetricFunction<T> {
        let l = &self.values;
        let differences = DMatrix::from_fn(l.len(), l.len(), |i, j| difference(l[i], l[j]));
        let value =
            hermitian_part(&(scaled_columns(&self.vectors, &l.map(f)) * self.vectors.adjoint()));
        SymmetricFunction {
            name,
            vectors: self.vectors,
            differences,
            value,
        }
    }
}

/// `V f(L) V^H` with what its derivative needs.
pub struct SymmetricFunction<T: Field> {
    name: &'static str,
    vectors: DMatrix<T>,
    /// `f[l_i, l_j]`; infinite where there is no derivative.
    differences: DMatrix<T::RealField>,
    value: DMatrix<T>,
}

impl<T: Field> SymmetricFunction<T> {
    pub fn vectors(&self) -> &DMatrix<T> {
        &self.vectors
    }

    pub fn value(&self) -> &DMatrix<T> {
        &self.value
    }
}

impl<T: Field> Frechet<T> for SymmetricFunction<T> {
    /// # Panics
    ///
    /// If the direction has a part in which the slope of f is infinite.
    #[track_caller]
    fn frechet(&self, direction: &DMatrix<T>) -> DMatrix<T> {
        let v = &self.vectors;
        let core = v.adjoint() * hermitian_part(direction) * v;
        let noise = rounding::<T>(core.nrows()) * core.norm();
        let scaled = core.zip_map(&self.differences, |x, difference| {
            scaled(self.name, x, difference, noise)
        });
        hermitian_part(&(v * scaled * v.adjoint()))
    }
}

/// How the derivative of `V f(L) V^T` in the direction W, which is the adjoint for the cotangent W, changes along E: in the basis of the eigenvectors the sum of
/// `f[l_i, l_k, l_j] (E_ik W_kj + W_ik E_kj)`. `second` gives these differences at three eigenvalues; infinite where there is none.
#[track_caller]
pub fn second_by_spectrum<T: RealNumber>(
    name: &str,
    (values, vectors): (&DVector<T>, &DMatrix<T>),
    [e, w]: [&DMatrix<T>; 2],
    second: impl Fn([T; 3]) -> T,
) -> DMatrix<T> {
    let [e, w] = [e, w].map(|m| vectors.tr_mul(m) * vectors);
    let n = values.len();
    let noise = rounding::<T>(n) * e.norm() * w.norm();
    let core = DMatrix::from_fn(n, n, |i, j| {
        let term = |k: usize| {
            let both = e[(i, k)] * w[(k, j)] + w[(i, k)] * e[(k, j)];
            scaled(name, both, second([values[i], values[k], values[j]]), noise)
        };
        (0..n).fold(T::zero(), |sum, k| sum + term(k))
    });
    vectors * core * vectors.transpose()
}

/// `x * factor`, where nothing but rounding times infinity is zero.
#[track_caller]
pub fn scaled<T: Field>(function: &str, x: T, factor: T::RealField, noise: T::RealField) -> T {
    if nalgebra::ComplexField::is_finite(&factor) {
        x.scale(factor)
    } else if x.modulus() <= noise {
        T::zero()
    } else {
        undefined(
            function,
            "its slope is infinite or depends on an arbitrary choice in this direction",
        )
    }
}
