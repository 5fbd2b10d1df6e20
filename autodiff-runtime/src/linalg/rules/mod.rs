//! One primitive a file.

pub mod matmul;
pub mod solve;
pub mod trace;
