//! Taylor coefficients: what `f::taylor` gives, and what its code calls.
//!
//! With the option `taylor` a function has `f::taylor::<K>(x, v)`: the value and the coefficients of `t`, `t^2`, .., `t^K` of `f(x + t v)`.
//!
//! ```
//! use autodiff_runtime::batch::Lanes;
//! use autodiff_runtime::differentiate;
//!
//! #[differentiate(taylor)]
//! fn growth(x: f64, rate: f64) -> f64 {
//!     (rate * x).exp() / (1.0 - x)
//! }
//!
//! // e^0 / (1 - t)
//! assert_eq!(growth::taylor::<3>(0.0, 0.0, 1.0, 0.0), (1.0, Lanes([1.0, 1.0, 1.0])));
//! ```
//!
//! The program is that of the forward mode. A tangent has the coefficients that follow the value, a [`Lanes`] wherever that of one direction has a
//! scalar; all that is linear is as it is there. Of a product, a quotient and a scalar function of several coefficients the rules are here: a
//! product is a convolution, and `y = f(x)` solves `y' = f'(x) x'`, with the partial of the table evaluated on series.

mod arithmetic;
mod elementary;

pub use crate::batch::{
    linear_push, linear_push_left, linear_push_right, mul_push_left, mul_push_right,
    ratio_push_left,
};
pub use crate::scalar::rules::series::*;
pub use arithmetic::{Series, Value};

use crate::batch::Lanes;
use crate::scalar::Real;
use crate::tangent::Coordinates;

/// A companion with the option `taylor`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no Taylor coefficients, and is called by a function with the option `taylor`",
    label = "Taylor coefficients of this call are needed",
    note = "mark it `#[differentiate(taylor)]`"
)]
#[doc(hidden)]
pub trait InSeries {}

/// Says that a function that is called has Taylor coefficients; else the error that says so.
#[doc(hidden)]
#[inline]
pub fn has_series<F: InSeries>() {}

/// The coefficients of `a * b`, both of which vary.
#[doc(hidden)]
#[inline]
pub fn mul_both<T: Real, const K: usize>(
    da: &Lanes<T, K>,
    a: &T,
    b: &T,
    db: &Lanes<T, K>,
) -> Lanes<T, K> {
    (Series::new(*a, *da) * Series::new(*b, *db)).tail
}

/// The coefficients of `y = a / b`, from those of `a` and `b`.
#[doc(hidden)]
#[inline]
pub fn div_both<T: Real, const K: usize>(
    da: &Lanes<T, K>,
    y: &T,
    b: &T,
    db: &Lanes<T, K>,
) -> Lanes<T, K> {
    Series::new(*b, *db).quotient(*y, *da)
}

/// Makes the direction `v` the first coefficients.
#[doc(hidden)]
#[inline]
pub fn along<S: Real, const K: usize, V, A>(direction: &V, coefficients: &mut A)
where
    V: Coordinates<S> + ?Sized,
    A: Coordinates<Lanes<S, K>>,
{
    let mut given = crate::private::coordinates(direction).into_iter();
    coefficients.visit_coordinates_mut(&mut |x: &mut Lanes<S, K>| {
        if let (Some(first), Some(slope)) = (x.0.first_mut(), given.next()) {
            *first = slope;
        }
    });
}
