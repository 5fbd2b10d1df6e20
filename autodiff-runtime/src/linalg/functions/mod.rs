//! The mathematics of functions of a square matrix, of linear matrix equations, and of eigenvalues of matrices that are not symmetric.

pub mod complex_schur;
pub mod divided_difference;
pub mod eigen;
mod eigen_second;
pub mod expm;
pub mod frechet;
pub mod logm;
pub mod norms;
pub mod pade;
pub mod polar;
pub mod power;
pub mod quadrature;
pub mod quasi_triangular;
pub mod schur;
pub mod singular;
pub mod sqrtm;
pub mod sylvester;
pub mod symmetric;
