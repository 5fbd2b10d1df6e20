//! Factorisations that hold where nalgebra's may not, and what is common to the derivatives of spectral ones.

pub mod gauge;
pub mod jacobi;
pub mod rotation;
pub mod svd;
pub mod symmetric;
