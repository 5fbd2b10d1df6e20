//! Factorisations that hold where nalgebra's may not.

pub mod jacobi;
pub mod svd;
