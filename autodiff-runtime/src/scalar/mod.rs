//! Scalars: the trait [`Real`] of the two float types, and the table of scalar [`rules`].
//!
//! *In*: the values that a partial derivative reads. *Out*: the partial, in the type that it was given (`f32` stays `f32`).
//! All calculus of scalar functions is here and nowhere else: the macro knows names and arity only.

mod formulas;
pub mod rules;

use crate::tangent::{Coordinates, Differentiable, OwnedTangent};
use std::fmt::{Debug, Display};
use std::iter::{Product, Sum};
use std::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

/// What has a zero.
#[doc(hidden)]
pub trait Zero {
    #[doc(hidden)]
    const __ZERO: Self;
}

/// What partial derivatives are made of: arithmetic and the functions that they call. Floats, and series of these.
#[doc(hidden)]
pub trait Elementary:
    Zero
    + Copy
    + PartialEq
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
{
    #[doc(hidden)]
    const __ONE: Self;
    #[doc(hidden)]
    fn __from_f64(x: f64) -> Self;
    #[doc(hidden)]
    fn __from_i32(n: i32) -> Self;
    #[doc(hidden)]
    fn __powi(self, n: i32) -> Self;
    #[doc(hidden)]
    fn __powf(self, p: Self) -> Self;
    #[doc(hidden)]
    fn __hypot(self, other: Self) -> Self;
    #[doc(hidden)]
    fn __is_infinite(self) -> bool;
    #[doc(hidden)]
    fn __sin(self) -> Self;
    #[doc(hidden)]
    fn __cos(self) -> Self;
    #[doc(hidden)]
    fn __sinh(self) -> Self;
    #[doc(hidden)]
    fn __cosh(self) -> Self;
    #[doc(hidden)]
    fn __ln(self) -> Self;
    #[doc(hidden)]
    fn __sqrt(self) -> Self;
}

/// A number that is its own tangent: what a matrix with derivatives is made of. `f32`, `f64`, and complex numbers of these.
#[doc(hidden)]
pub trait Entry:
    Zero
    + Copy
    + PartialEq
    + Debug
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + AddAssign
    + SubAssign
    + OwnedTangent
    + Differentiable<Tangent = Self, Slot = Self>
{
}

/// A scalar that can be differentiated: `f32` or `f64`.
///
/// Generated code adds the bound `T: Real` to a type parameter `T` that has a float-like bound of its own. A method that two
/// bounds have in common is an error where it is called (E0034), so the trait's own methods begin with `__` and are not for
/// use outside of this crate.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a scalar that can be differentiated",
    label = "this takes part in differentiated arithmetic",
    note = "only `f32` and `f64` are; a function of anything else can be annotated with `#[differentiate]` and called"
)]
pub trait Real:
    Entry
    + Elementary
    + PartialOrd
    + Display
    + Default
    + Send
    + Sync
    + Rem<Output = Self>
    + MulAssign
    + DivAssign
    + RemAssign
    + Sum
    + Product
    + Coordinates<Self>
{
    /// The distance from 1 to the next larger number.
    #[doc(hidden)]
    const __EPSILON: Self;
    #[doc(hidden)]
    fn __to_f64(self) -> f64;
    #[doc(hidden)]
    fn __rem_euclid(self, other: Self) -> Self;
    #[doc(hidden)]
    fn __is_sign_negative(self) -> bool;
    #[doc(hidden)]
    fn __is_nan(self) -> bool;
    #[doc(hidden)]
    fn __signum(self) -> Self;
    #[doc(hidden)]
    fn __round(self) -> Self;
}

/// The methods of one argument, each by the inherent method of the float type.
macro_rules! unary_methods {
    ($float:ident: $($method:ident by $inherent:ident),*) => {$(
        #[inline]
        fn $method(self) -> Self {
            $float::$inherent(self)
        }
    )*};
}

/// Implements [`Real`] by the inherent methods of a float type.
macro_rules! impl_real {
    ($($float:ident),*) => {$(
        impl Zero for $float {
            const __ZERO: Self = 0.0;
        }

        impl Entry for $float {}

        impl Elementary for $float {
            const __ONE: Self = 1.0;
            #[inline]
            fn __from_f64(x: f64) -> Self {
                x as $float
            }
            #[inline]
            fn __from_i32(n: i32) -> Self {
                n as $float
            }
            #[inline]
            fn __powi(self, n: i32) -> Self {
                $float::powi(self, n)
            }
            #[inline]
            fn __powf(self, p: Self) -> Self {
                $float::powf(self, p)
            }
            #[inline]
            fn __hypot(self, other: Self) -> Self {
                $float::hypot(self, other)
            }
            #[inline]
            fn __is_infinite(self) -> bool {
                $float::is_infinite(self)
            }
            unary_methods!(
                $float: __sin by sin, __cos by cos, __sinh by sinh, __cosh by cosh, __ln by ln, __sqrt by sqrt
            );
        }

        impl Real for $float {
            const __EPSILON: Self = $float::EPSILON;
            #[inline]
            fn __to_f64(self) -> f64 {
                f64::from(self)
            }
            #[inline]
            fn __rem_euclid(self, other: Self) -> Self {
                $float::rem_euclid(self, other)
            }
            #[inline]
            fn __is_sign_negative(self) -> bool {
                $float::is_sign_negative(self)
            }
            #[inline]
            fn __is_nan(self) -> bool {
                $float::is_nan(self)
            }
            unary_methods!($float: __signum by signum, __round by round);
        }
    )*};
}

impl_real!(f32, f64);
