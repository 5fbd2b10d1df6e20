//! Derivatives of what an equation defines: a root, a fixed point, a minimiser.
//!
//! However `x(p)` was found, its derivative follows from the equation at the solution, by the implicit function theorem: no iteration is
//! differentiated, and none is recorded. One linear system with the matrix of the equation's derivatives in `x` remains.
//!
//! | `x` solves | the matrix | tangent `x_dot` | cotangent of the equation |
//! |---|---|---|---|
//! | `r(x, p) = 0` | `J = dr/dx` | `-J^-1 (dr/dp p_dot)`: [`root_tangent`] | `-J^-T x_bar`: [`root_cotangent`] |
//! | `x = g(x, p)` | `J = dg/dx` | `(I - J)^-1 (dg/dp p_dot)`: [`fixed_point_tangent`] | `(I - J)^-T x_bar`: [`fixed_point_cotangent`] |
//! | `f(x, p)` is least | `H = d2f/dx2` | `-H^-1 (d2f/dxdp p_dot)`: [`minimiser_tangent`] | `-H^-1 x_bar`: [`minimiser_cotangent`] |
//!
//! An annotated function finds the solution by any solver, of what is not differentiated, and hands it to [`root`](fn@root),
//! [`fixed_point`](fn@fixed_point) or [`minimiser`](fn@minimiser) with the equation, an annotated function too. Parameters are a slice, an array, a matrix or
//! a struct that derives `Differentiable`:
//!
//! ```
//! use autodiff_runtime::{Differentiable, differentiate, implicit, stop_gradient};
//!
//! #[derive(Clone, Differentiable)]
//! struct Orbit {
//!     eccentricity: f64,
//!     mean: f64,
//! }
//!
//! #[differentiate]
//! fn kepler(x: &[f64], orbit: &Orbit) -> Vec<f64> {
//!     vec![x[0] - orbit.eccentricity * x[0].sin() - orbit.mean]
//! }
//!
//! fn solve(orbit: &Orbit) -> Vec<f64> {
//!     (0..100).fold(vec![orbit.mean], |x, _| vec![x[0] - kepler(&x, orbit)[0]])
//! }
//!
//! #[differentiate]
//! fn anomaly(orbit: &Orbit) -> f64 {
//!     let x = solve(stop_gradient(orbit));
//!     implicit::root(kepler, &x, orbit)[0]
//! }
//!
//! let orbit = Orbit { eccentricity: 0.2, mean: 1.0 };
//! let (e, gradient) = anomaly::value_and_grad(&orbit);
//! assert!((gradient.mean - 1.0 / (1.0 - 0.2 * e.cos())).abs() < 1e-14);
//! ```
//!
//! The functions of the table are what these are made of. The parameters' adjoint is what the pullback of the equation gives for the cotangent; for a
//! minimiser it is the Hessian times that direction.
//!
//! A matrix may have more columns than rows, as `jacobian` gives them: those of `x` come first, and the others are not looked at. The results
//! are `None` where the matrix is singular, and the solution is no differentiable function of the parameters.

mod equations;
mod least;
mod least_twice;
mod twice;

pub use equations::{fixed_point, root};
pub use least::{Objective, minimiser};
pub use least_twice::SmoothObjective;

use crate::scalar::Real;
use nalgebra::{DMatrix, DVector, RealField};

/// `-J^-1 r_dot`, the tangent of a root; `r_dot` is the tangent of the residual along the parameters.
///
/// # Panics
///
/// If the matrix has fewer columns than rows, or another number of rows than `r_dot`.
#[must_use]
#[track_caller]
pub fn root_tangent<S: Real + RealField>(jacobian: &DMatrix<S>, r_dot: &[S]) -> Option<Vec<S>> {
    solve(-of_solution(jacobian), r_dot)
}

/// `-J^-T x_bar`, the cotangent of the residual.
///
/// # Panics
///
/// If the matrix has fewer columns than rows, or another number of rows than `x_bar`.
#[must_use]
#[track_caller]
pub fn root_cotangent<S: Real + RealField>(jacobian: &DMatrix<S>, x_bar: &[S]) -> Option<Vec<S>> {
    solve(-of_solution(jacobian).transpose(), x_bar)
}

/// `(I - J)^-1 g_dot`, the tangent of a fixed point; `g_dot` is the tangent of the map along the parameters.
///
/// # Panics
///
/// If the matrix has fewer columns than rows, or another number of rows than `g_dot`.
#[must_use]
#[track_caller]
pub fn fixed_point_tangent<S: Real + RealField>(
    jacobian: &DMatrix<S>,
    g_dot: &[S],
) -> Option<Vec<S>> {
    solve(from_identity(jacobian), g_dot)
}

/// `(I - J)^-T x_bar`, the cotangent of the map.
///
/// # Panics
///
/// If the matrix has fewer columns than rows, or another number of rows than `x_bar`.
#[must_use]
#[track_caller]
pub fn fixed_point_cotangent<S: Real + RealField>(
    jacobian: &DMatrix<S>,
    x_bar: &[S],
) -> Option<Vec<S>> {
    solve(from_identity(jacobian).transpose(), x_bar)
}

/// `-H^-1 g_dot`, the tangent of a minimiser; `g_dot` is the tangent of the gradient in `x` along the parameters: the part for `x` of the Hessian
/// times the direction `(0, p_dot)`.
///
/// # Panics
///
/// If the matrix has fewer columns than entries of `g_dot`, or fewer rows.
#[must_use]
#[track_caller]
pub fn minimiser_tangent<S: Real + RealField>(hessian: &DMatrix<S>, g_dot: &[S]) -> Option<Vec<S>> {
    let n = g_dot.len();
    solve(-hessian.view((0, 0), (n, n)).into_owned(), g_dot)
}

/// `-H^-1 x_bar`, the cotangent of the gradient in `x`; call it `v`. The parameters' adjoint is the part for them of the Hessian times `(v, 0)`.
///
/// # Panics
///
/// If the matrix has fewer columns than entries of `x_bar`, or fewer rows.
#[must_use]
#[track_caller]
pub fn minimiser_cotangent<S: Real + RealField>(
    hessian: &DMatrix<S>,
    x_bar: &[S],
) -> Option<Vec<S>> {
    minimiser_tangent(hessian, x_bar)
}

/// The columns of the solution.
#[track_caller]
fn of_solution<S: Real + RealField>(jacobian: &DMatrix<S>) -> DMatrix<S> {
    jacobian.columns(0, jacobian.nrows()).into_owned()
}

/// `I - J`
#[track_caller]
fn from_identity<S: Real + RealField>(jacobian: &DMatrix<S>) -> DMatrix<S> {
    let n = jacobian.nrows();
    DMatrix::identity(n, n) - of_solution(jacobian)
}

#[track_caller]
fn solve<S: Real + RealField>(matrix: DMatrix<S>, rhs: &[S]) -> Option<Vec<S>> {
    let (n, m) = (matrix.nrows(), rhs.len());
    assert_eq!(
        n, m,
        "the matrix has {n} rows, but the right-hand side has {m} entries"
    );
    let solution = matrix.lu().solve(&DVector::from_column_slice(rhs))?;
    solution
        .iter()
        .all(|x| x.is_finite())
        .then(|| solution.as_slice().to_vec())
}
