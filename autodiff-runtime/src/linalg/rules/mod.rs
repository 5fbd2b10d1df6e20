//! One primitive a file.

pub mod eig;
pub mod eigenvalues;
pub mod expm;
pub mod logm;
pub mod lyapunov;
pub mod matmul;
pub mod pow;
pub mod solve;
pub mod sqrtm;
pub mod sylvester;
pub mod trace;
