//! One primitive a file.

pub mod det;
pub mod dot;
pub mod inverse;
pub mod kron;
pub mod logdet;
pub mod matmul;
pub mod norm;
pub mod outer;
pub mod slogdet;
pub mod solve;
pub mod solve_triangular;
pub mod trace;
pub mod transpose;
