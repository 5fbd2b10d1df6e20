//! One primitive a file.

pub mod cholesky;
pub mod cholesky_solve;
pub mod det;
pub mod dot;
pub mod inverse;
pub mod kron;
pub mod logdet;
pub mod lstsq;
pub mod lu;
pub mod matmul;
pub mod norm;
pub mod outer;
pub mod pinv;
pub mod qr;
pub mod slogdet;
pub mod solve;
pub mod solve_triangular;
pub mod symmetric_eigen;
pub mod symmetric_eigenvalues;
pub mod trace;
pub mod transpose;
