//! Factorisations: each is a value of its own, whose tangent is that of the matrix that was factored.

pub mod cholesky;
pub mod general;
pub mod lu;
pub mod pivoted;
pub mod polar;
pub mod qr;
pub mod spectral;
pub mod svd;
pub mod triangles;
pub mod triangular;
