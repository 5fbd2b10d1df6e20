//! Automatic differentiation of ordinary Rust functions by source transformation.
//!
//! ```
//! use autodiff_runtime::differentiate;
//!
//! #[differentiate]
//! fn rosenbrock(x: &[f64]) -> f64 {
//!     let mut sum = 0.0;
//!     for i in 0..x.len() - 1 {
//!         sum += 100.0 * (x[i + 1] - x[i].powi(2)).powi(2) + (1.0 - x[i]).powi(2);
//!     }
//!     sum
//! }
//!
//! let (value, gradient) = rosenbrock::value_and_grad(&[1.0, 2.0]);
//! assert_eq!(value, 100.0);
//! assert_eq!(gradient, [-400.0, 200.0]);
//!
//! let (_, slope) = rosenbrock::jvp(&[1.0, 2.0], &[0.0, 1.0]);
//! assert_eq!(slope, 200.0);
//! ```
//!
//! The annotated function stays as it is. Beside it the attribute makes a type of the same name with the derivative functions:
//!
//! | item | for `fn f(x: &[f64], a: f64, n: usize) -> f64` |
//! |---|---|
//! | `f::jvp` | `(x, a, n, dx: &[f64], da: f64) -> (f64, f64)`: value and directional derivative |
//! | `f::vjp` | `(x, a, n) -> (f64, impl FnOnce(f64) -> (Vec<f64>, f64))`: value and pullback |
//! | `f::grad`, `f::value_and_grad` | `(x, a, n) -> (Vec<f64>, f64)`, with the value in front; scalar result only |
//! | `f::value_and_grad_into` | `(x, a, n, gx: &mut [f64], ga: &mut f64) -> f64`: into the caller's buffers |
//! | `f::jacobian` | `(x, a, n) -> DMatrix<f64>`: outputs by inputs |
//!
//! Integers, `bool`, strings and parameters marked `#[constant]` are not differentiated; `#[differentiate(wrt = (x))]` names those that
//! are. A `&mut` parameter is an input and an output.

// Generated code names this crate; it is used in this crate's own examples and tests too.
extern crate self as autodiff_runtime;

pub mod check;
#[doc(hidden)]
pub mod private;
mod scalar;
mod tangent;

pub use autodiff_macros::differentiate;
pub use nalgebra;
pub use scalar::Real;
#[doc(hidden)]
pub use scalar::SIGNATURES;
pub use tangent::{Coordinates, Differentiable, Tangent};

/// The identity, through which no derivative flows.
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
