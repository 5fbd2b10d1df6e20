//! What nalgebra's factorisations lack.

use super::Field;
use nalgebra::{DMatrix, Dyn, LU};

/// `A^-H B` with the factors of `P A = L U`: `A^H = U^H L^H P`. No pivot is zero.
pub fn adjoint_solve<T: Field>(lu: &LU<T, Dyn, Dyn>, mut b: DMatrix<T>) -> DMatrix<T> {
    let mut factors = lu.lu_internal().clone();
    factors.ad_solve_upper_triangular_unchecked_mut(&mut b);
    factors.fill_diagonal(T::one());
    factors.ad_solve_lower_triangular_unchecked_mut(&mut b);
    lu.p().inv_permute_rows(&mut b);
    b
}
