//! One primitive a file.

pub mod det;
pub mod dot;
pub mod eig;
pub mod eigenvalues;
pub mod expm;
pub mod inverse;
pub mod kron;
pub mod logdet;
pub mod logm;
pub mod lyapunov;
pub mod matmul;
pub mod norm;
pub mod outer;
pub mod pow;
pub mod slogdet;
pub mod solve;
pub mod solve_triangular;
pub mod sqrtm;
pub mod sylvester;
pub mod trace;
pub mod transpose;
