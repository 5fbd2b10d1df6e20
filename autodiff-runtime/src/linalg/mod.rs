//! Matrix primitives with derivatives.
//!
//! Each is a function on nalgebra's matrices (static or dynamic dimensions, owned or views) and has its derivatives beside it, as a
//! function under `#[differentiate]` has: `solve(&a, &b)`, `solve::vjp(&a, &b)`, `solve::jvp(&a, &b, &da, &db)`; scalar ones also
//! `trace::grad(&a)` and `trace::value_and_grad(&a)`. An annotated function may call them.

mod decomposition;
mod factor;
mod field;
mod functions;
mod rule;
mod rules;
mod shape;

pub use factor::Triangle;
pub use field::{Field, RealNumber};
pub use rules::cholesky::cholesky;
pub use rules::cholesky_solve::cholesky_solve;
pub use rules::det::det;
pub use rules::dot::dot;
pub use rules::eig::eig;
pub use rules::eigenvalues::eigenvalues;
pub use rules::expm::expm;
pub use rules::inverse::inverse;
pub use rules::kron::kron;
pub use rules::logdet::logdet;
pub use rules::logm::logm;
pub use rules::low_rank::low_rank;
pub use rules::lstsq::lstsq;
pub use rules::lu::lu;
pub use rules::lyapunov::lyapunov;
pub use rules::matmul::matmul;
pub use rules::norm::norm;
pub use rules::outer::outer;
pub use rules::pinv::pinv;
pub use rules::polar_left::polar_left;
pub use rules::polar_right::polar_right;
pub use rules::pow::pow;
pub use rules::qr::qr;
pub use rules::singular_function::singular_function;
pub use rules::slogdet::slogdet;
pub use rules::soft_threshold::soft_threshold;
pub use rules::solve::solve;
pub use rules::solve_triangular::solve_triangular;
pub use rules::sqrtm::sqrtm;
pub use rules::sylvester::sylvester;
pub use rules::symmetric_eigen::symmetric_eigen;
pub use rules::symmetric_eigenvalues::symmetric_eigenvalues;
pub use rules::symmetric_exp::symmetric_exp;
pub use rules::symmetric_function::symmetric_function;
pub use rules::symmetric_ln::symmetric_ln;
pub use rules::symmetric_powf::symmetric_powf;
pub use rules::symmetric_sqrt::symmetric_sqrt;
pub use rules::trace::trace;
pub use rules::transpose::transpose;
