//! The eigenvalue decomposition of a symmetric matrix, sorted.

use crate::linalg::Field;
use nalgebra::{DMatrix, DVector, RealField, SymmetricEigen};

/// Eigenvalues in ascending order, eigenvectors. NaN, if the matrix has entries that are not finite.
pub fn decomposed<T: Field>(a: DMatrix<T>) -> (DVector<T::RealField>, DMatrix<T>) {
    if !a.iter().all(T::is_finite) {
        let nan: T::RealField = nalgebra::convert(f64::NAN);
        return (
            DVector::from_element(a.nrows(), nan),
            a.map(|_| T::from_real(nan)),
        );
    }
    if a.is_empty() {
        return (DVector::zeros(0), a);
    }
    let eigen = SymmetricEigen::new(a);
    let l = eigen.eigenvalues;
    let mut order: Vec<usize> = (0..l.len()).collect();
    order.sort_by(|i, j| {
        l[*i]
            .partial_cmp(&l[*j])
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    (
        l.select_rows(&order),
        eigen.eigenvectors.select_columns(&order),
    )
}

/// The largest modulus.
pub fn largest<R: RealField + Copy>(l: &[R]) -> R {
    l.iter().fold(R::zero(), |largest, l| largest.max(l.abs()))
}
