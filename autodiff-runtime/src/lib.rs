//! Automatic differentiation of ordinary Rust functions, at compile time, on stable Rust.
//!
//! The attribute `#[differentiate]` reads the function below it, leaves it exactly as it is, and writes its derivatives beside
//! it: plain Rust code without a tape, which the optimizer sees as if it had been written by hand.
//!
//! ```
//! use autodiff_runtime::differentiate;
//!
//! #[differentiate]
//! fn rosenbrock(x: &[f64]) -> f64 {
//!     x.windows(2).map(|w| 100.0 * (w[1] - w[0].powi(2)).powi(2) + (1.0 - w[0]).powi(2)).sum()
//! }
//!
//! let (value, gradient) = rosenbrock::value_and_grad(&[1.0, 2.0]); // reverse mode
//! assert_eq!((value, gradient), (100.0, vec![-400.0, 200.0]));
//! let (_, slope) = rosenbrock::jvp(&[1.0, 2.0], &[0.0, 1.0]);      // forward mode
//! assert_eq!(slope, 200.0);
//! ```
//!
//! # What is generated
//!
//! The derivatives are associated functions of a type with the name of the function, so that `use m::f` brings both. For
//! `fn f(x: &[f64], a: f64, n: usize) -> f64` these are:
//!
//! | item | arguments | result |
//! |---|---|---|
//! | `f::jvp` | `x, a, n, dx: &[f64], da: f64` | `(f64, f64)`: the value and its derivative in the direction `(dx, da)` |
//! | `f::vjp` | `x, a, n` | the value and the pullback, `impl FnOnce(f64) -> (Vec<f64>, f64)` |
//! | `f::grad` | `x, a, n` | `(Vec<f64>, f64)`: the gradient, one part per differentiable parameter |
//! | `f::value_and_grad` | `x, a, n` | `(f64, (Vec<f64>, f64))` |
//! | `f::value_and_grad_into` | `x, a, n, gx: &mut [f64], ga: &mut f64` | the value; overwrites the buffers and allocates nothing of its own |
//! | `f::jacobian` | `x, a, n` | `DMatrix<f64>`, outputs x inputs |
//!
//! `#[differentiate(order = 2)]` adds second derivatives:
//!
//! | item | arguments | result |
//! |---|---|---|
//! | `f::hvp` | `x, a, n, dx: &[f64], da: f64` | `(Vec<f64>, f64)`: the Hessian times the direction, for the cost of about three gradients |
//! | `f::hessian` | `x, a, n` | `DMatrix<f64>`; for a result that is no scalar a `Vec` of them, one for each output |
//!
//! The gradients exist for functions with a scalar result only. A single differentiable parameter has its gradient bare, several
//! have a tuple. Integers, flags and strings have no derivative, and take no part.
//!
//! # Tangents
//!
//! Directions, gradients and cotangents of a value have its *tangent type*: the value without what has no derivative, and
//! owned. The trait [`Differentiable`] names it; the module [`tangent`] lists it for all types and says how to make one for a
//! type of your own.
//!
//! ```
//! use autodiff_runtime::{Differentiable, Tangent};
//!
//! let weights = (vec![0.5, 1.5], 3usize);
//! let mut gradient = weights.zero_tangent();
//! gradient.accumulate_tangent(&(vec![1.0, 2.0], ()));
//! assert_eq!(gradient, (vec![1.0, 2.0], ()));
//! ```
//!
//! # Where there is no derivative
//!
//! At a kink the slope is that of the branch that Rust takes, or the flat one:
//!
//! | function | slope |
//! |---|---|
//! | `abs` at 0 | 0 |
//! | `max`, `min` at a tie | 1 for the first argument; at a NaN, 1 for the other one |
//! | `clamp` at its bounds | 1 for the value, 0 for the bounds |
//! | `sqrt`, `cbrt` at 0, `asin`, `acos` at the ends | infinite, but times zero it is zero |
//! | `x.powi(0)`, `x.powf(0.0)` | 0 for `x` |
//! | `x.powf(p)` at `x = 0` | 0 for `p`; NaN for `p` where `x` is negative |
//! | `hypot`, `atan2` at the origin | 0 |
//! | `floor`, `ceil`, `round`, `trunc`, `signum`, `div_euclid` | 0 everywhere |
//!
//! # Matrices
//!
//! The module [`linalg`] has the primitives of matrix calculus (systems, determinants, factorisations, eigenvalues, singular values) with
//! their derivatives, for nalgebra's matrices.
//!
//! # Is it right?
//!
//! [`check::check_grad`] compares a gradient with extrapolated differences of the function and names the worst coordinate; there are
//! such checks of [`jvp`](check::check_jvp), [`vjp`](check::check_vjp) and [`hessian`](check::check_hessian).

extern crate self as autodiff_runtime;

pub mod batch;
pub mod check;
#[doc(hidden)]
pub mod checkpoint;
mod closure;
#[doc(hidden)]
mod complex;
mod confirmed;
mod conversion;
mod entries;
pub mod geometry;
pub mod graph;
pub mod implicit;
pub mod linalg;
mod list;
#[doc(hidden)]
pub mod matrix;
pub mod operators;
#[doc(hidden)]
pub mod ops;
#[cfg(feature = "parallel")]
#[doc(hidden)]
pub mod parallel;
#[doc(hidden)]
pub mod private;
#[doc(hidden)]
pub mod scalar;
pub mod series;
#[cfg(feature = "special")]
pub mod special;
pub mod tangent;
mod tuples;
mod watch;
mod wrapper;

pub use autodiff_macros::{Differentiable, differentiate};
pub use conversion::Conversion;
pub use nalgebra;
pub use scalar::Real;
pub use tangent::{Coordinates, Differentiable, OwnedTangent, Tangent};

/// The value itself, with derivative zero: in a differentiated function what comes out is a constant.
///
/// ```
/// use autodiff_runtime::{differentiate, stop_gradient};
///
/// #[differentiate]
/// fn f(x: f64) -> f64 {
///     stop_gradient(x) * x
/// }
/// assert_eq!(f::grad(3.0), 3.0);
/// ```
#[inline]
pub fn stop_gradient<T>(x: T) -> T {
    x
}

/// Beside the function: what generated code asks to be sure that it is this one.
#[doc(hidden)]
pub mod stop_gradient {
    #[allow(missing_docs)]
    pub const CONFIRMED: () = ();
}
