//! Matrix primitives with derivatives.
//!
//! Each is a function on nalgebra's matrices (static or dynamic dimensions, owned or views) and has its derivatives beside it, as a
//! function under `#[differentiate]` has: `solve(&a, &b)`, `solve::vjp(&a, &b)`, `solve::jvp(&a, &b, &da, &db)`; scalar ones also
//! `trace::grad(&a)` and `trace::value_and_grad(&a)`. An annotated function may call them.

mod decomposition;
mod factor;
mod field;
pub(crate) mod rule;
mod rules;
pub(crate) mod shape;

pub use factor::Triangle;
pub use field::Field;
pub use rules::cholesky::cholesky;
pub use rules::cholesky_solve::cholesky_solve;
pub use rules::det::det;
pub use rules::dot::dot;
pub use rules::inverse::inverse;
pub use rules::kron::kron;
pub use rules::logdet::logdet;
pub use rules::lstsq::lstsq;
pub use rules::lu::lu;
pub use rules::matmul::matmul;
pub use rules::norm::norm;
pub use rules::outer::outer;
pub use rules::pinv::pinv;
pub use rules::qr::qr;
pub use rules::slogdet::slogdet;
pub use rules::solve::solve;
pub use rules::solve_triangular::solve_triangular;
pub use rules::symmetric_eigen::symmetric_eigen;
pub use rules::symmetric_eigenvalues::symmetric_eigenvalues;
pub use rules::trace::trace;
pub use rules::transpose::transpose;
