//! The scalar types, and the table of the derivatives of scalar functions.
//!
//! Each rule of [`rules`] states a function and its partial derivative with respect to each argument, once; forward mode, reverse
//! mode and anything built on them follow from it. A partial takes exactly the values that it reads: arguments, or the result `y` where the
//! derivative is cheaper in terms of it.
//!
//! At kinks and at the edge of a domain:
//!
//! | function | convention |
//! |---|---|
//! | `abs` | slope 0 at 0 |
//! | `max`, `min` | at a tie the first argument; where one is NaN the other |
//! | `clamp` | slope 1 in `x` at the bounds |
//! | `sqrt`, `cbrt` | infinite slope at 0; a zero seed stays zero |
//! | `powi`, `powf` | slope 0 in the base for exponent 0; `powf` has slope 0 in the exponent for base 0 |
//! | `hypot`, `atan2` | slope 0 at the origin |
//! | `floor`, `ceil`, `round`, `trunc`, `signum`, `div_euclid` | slope 0 everywhere |
//! | `%`, `rem_euclid` | slope 1 in the dividend, `-trunc(a / b)` and `-floor`-like in the divisor |

use crate::{Coordinates, Differentiable, Tangent};
use std::fmt::{Debug, Display};
use std::iter::{Product, Sum};
use std::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

/// `f32` or `f64`: the scalars that derivatives are taken of. Generated code adds this bound to the float-like type parameters of a function.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a scalar that can be differentiated",
    label = "expected `f32` or `f64`",
    note = "a value of unknown type in differentiated arithmetic is taken for a scalar; matrices and other types need their own rules"
)]
pub trait Real:
    Copy
    + PartialEq
    + PartialOrd
    + Debug
    + Display
    + Default
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + RemAssign
    + Sum
    + Product
    + Differentiable<Tangent = Self>
    + Tangent
    + Coordinates<Self>
    + Send
    + Sync
    + 'static
{
    #[doc(hidden)]
    const ONE: Self;
    #[doc(hidden)]
    const LN_2: Self;
    #[doc(hidden)]
    const LN_10: Self;
    #[doc(hidden)]
    fn from_wide(x: f64) -> Self;
    #[doc(hidden)]
    fn to_wide(self) -> f64;
    #[doc(hidden)]
    fn __sin(self) -> Self;
    #[doc(hidden)]
    fn __cos(self) -> Self;
    #[doc(hidden)]
    fn __sinh(self) -> Self;
    #[doc(hidden)]
    fn __cosh(self) -> Self;
    #[doc(hidden)]
    fn __sqrt(self) -> Self;
    #[doc(hidden)]
    fn __hypot(self, other: Self) -> Self;
    #[doc(hidden)]
    fn __ln(self) -> Self;
    #[doc(hidden)]
    fn __powi(self, n: i32) -> Self;
    #[doc(hidden)]
    fn __powf(self, p: Self) -> Self;
    #[doc(hidden)]
    fn __abs(self) -> Self;
    #[doc(hidden)]
    fn __trunc(self) -> Self;
    #[doc(hidden)]
    fn __div_euclid(self, other: Self) -> Self;
    #[doc(hidden)]
    fn __is_sign_negative(self) -> bool;
    #[doc(hidden)]
    fn __is_nan(self) -> bool;
}

macro_rules! real {
    ($t:ident) => {
        impl Real for $t {
            const ONE: Self = 1.0;
            const LN_2: Self = std::$t::consts::LN_2;
            const LN_10: Self = std::$t::consts::LN_10;
            #[inline]
            #[allow(clippy::cast_possible_truncation)]
            fn from_wide(x: f64) -> Self {
                x as Self
            }
            #[inline]
            fn to_wide(self) -> f64 {
                f64::from(self)
            }
            #[inline]
            fn __sin(self) -> Self {
                self.sin()
            }
            #[inline]
            fn __cos(self) -> Self {
                self.cos()
            }
            #[inline]
            fn __sinh(self) -> Self {
                self.sinh()
            }
            #[inline]
            fn __cosh(self) -> Self {
                self.cosh()
            }
            #[inline]
            fn __sqrt(self) -> Self {
                self.sqrt()
            }
            #[inline]
            fn __hypot(self, other: Self) -> Self {
                self.hypot(other)
            }
            #[inline]
            fn __ln(self) -> Self {
                self.ln()
            }
            #[inline]
            fn __powi(self, n: i32) -> Self {
                self.powi(n)
            }
            #[inline]
            fn __powf(self, p: Self) -> Self {
                self.powf(p)
            }
            #[inline]
            fn __abs(self) -> Self {
                self.abs()
            }
            #[inline]
            fn __trunc(self) -> Self {
                self.trunc()
            }
            #[inline]
            fn __div_euclid(self, other: Self) -> Self {
                self.div_euclid(other)
            }
            #[inline]
            fn __is_sign_negative(self) -> bool {
                self.is_sign_negative()
            }
            #[inline]
            fn __is_nan(self) -> bool {
                self.is_nan()
            }
        }
    };
}
real!(f32);
real!(f64);

/// `name(args) { partial(reads) = expression; .. }`: a function `<name>_d<k>` for the partial with respect to the k-th argument.
macro_rules! table {
    ($( $name:ident [$($partial:ident ($($read:ident $(: $ty:ty)?),*) = $slope:expr;)*] )*) => {
        /// The partial derivatives, as functions `<rule>_d<argument>` of the values that they read.
        pub mod rules {
            use super::Real;
            $($(
                #[doc = concat!("`", stringify!($partial), "` of [`", stringify!($name), "`]: `", stringify!($slope), "`.")]
                #[inline]
                #[must_use]
                #[allow(unused_variables)]
                pub fn $partial<T: Real>($($read: table!(@ty T $($ty)?)),*) -> T {
                    $slope
                }
            )*)*
        }

        /// Each partial: the rule, the function, and what it reads.
        #[doc(hidden)]
        pub const SIGNATURES: &[(&str, &str, &[&str])] = &[
            $($((stringify!($name), stringify!($partial), &[$(stringify!($read)),*]),)*)*
        ];
    };
    (@ty $t:ident) => { $t };
    (@ty $t:ident $ty:ty) => { $ty };
}

table! {
    sin [sin_d0(a) = a.__cos();]
    cos [cos_d0(a) = -a.__sin();]
    tan [tan_d0(y) = T::ONE + y * y;]
    asin [asin_d0(a) = T::ONE / ((T::ONE - a) * (T::ONE + a)).__sqrt();]
    acos [acos_d0(a) = -T::ONE / ((T::ONE - a) * (T::ONE + a)).__sqrt();]
    atan [atan_d0(a) = super::square_ratio(a);]
    sinh [sinh_d0(a) = a.__cosh();]
    cosh [cosh_d0(a) = a.__sinh();]
    tanh [tanh_d0(y) = (T::ONE - y) * (T::ONE + y);]
    asinh [asinh_d0(a) = T::ONE / a.__hypot(T::ONE);]
    acosh [acosh_d0(a) = T::ONE / ((a - T::ONE).__sqrt() * (a + T::ONE).__sqrt());]
    atanh [atanh_d0(a) = T::ONE / ((T::ONE - a) * (T::ONE + a));]
    exp [exp_d0(y) = y;]
    exp2 [exp2_d0(y) = y * T::LN_2;]
    exp_m1 [exp_m1_d0(y) = y + T::ONE;]
    ln [ln_d0(a) = T::ONE / a;]
    ln_1p [ln_1p_d0(a) = T::ONE / (T::ONE + a);]
    log2 [log2_d0(a) = T::ONE / (a * T::LN_2);]
    log10 [log10_d0(a) = T::ONE / (a * T::LN_10);]
    log [
        log_d0(a, b) = T::ONE / (a * b.__ln());
        log_d1(a, b) = -a.__ln() / (b * b.__ln() * b.__ln());
    ]
    sqrt [sqrt_d0(y) = T::ONE / (y + y);]
    cbrt [cbrt_d0(y) = T::ONE / ((T::ONE + T::ONE + T::ONE) * y * y);]
    powi [powi_d0(a, b: i32) = super::powi_slope(a, b);]
    powf [
        powf_d0(a, b) = if b == T::default() { T::default() } else { b * a.__powf(b - T::ONE) };
        powf_d1(a, y) = if a == T::default() { T::default() } else { y * a.__ln() };
    ]
    hypot [
        hypot_d0(a, y) = if y == T::default() { y } else { a / y };
        hypot_d1(b, y) = if y == T::default() { y } else { b / y };
    ]
    atan2 [
        atan2_d0(a, b) = super::atan2_slope(b, a);
        atan2_d1(a, b) = -super::atan2_slope(a, b);
    ]
    mul_add [
        mul_add_d0(b) = b;
        mul_add_d1(a) = a;
        mul_add_d2() = T::ONE;
    ]
    recip [recip_d0(y) = -y * y;]
    abs [abs_d0(a) = super::sign(a);]
    copysign [
        copysign_d0(a, b) = if a == T::default() {
            T::default()
        } else if a.__is_sign_negative() == b.__is_sign_negative() {
            T::ONE
        } else {
            -T::ONE
        };
    ]
    max [
        max_d0(a, b) = super::chosen(a >= b || b.__is_nan());
        max_d1(a, b) = super::chosen(!(a >= b || b.__is_nan()));
    ]
    min [
        min_d0(a, b) = super::chosen(a <= b || b.__is_nan());
        min_d1(a, b) = super::chosen(!(a <= b || b.__is_nan()));
    ]
    clamp [
        clamp_d0(a, b, c) = super::chosen(!(a < b || a > c));
        clamp_d1(a, b) = super::chosen(a < b);
        clamp_d2(a, c) = super::chosen(a > c);
    ]
    fract [fract_d0() = T::ONE;]
    rem [
        rem_d0() = T::ONE;
        rem_d1(a, b) = -(a / b).__trunc();
    ]
    rem_euclid [
        rem_euclid_d0() = T::ONE;
        rem_euclid_d1(a, b) = -a.__div_euclid(b);
    ]
    to_radians [to_radians_d0() = T::from_wide(std::f64::consts::PI / 180.0);]
    to_degrees [to_degrees_d0() = T::from_wide(180.0 / std::f64::consts::PI);]
    midpoint [
        midpoint_d0() = T::from_wide(0.5);
        midpoint_d1() = T::from_wide(0.5);
    ]
}

#[inline]
fn chosen<T: Real>(here: bool) -> T {
    if here { T::ONE } else { T::default() }
}

#[inline]
fn sign<T: Real>(a: T) -> T {
    if a > T::default() {
        T::ONE
    } else if a < T::default() {
        -T::ONE
    } else {
        a * T::default()
    }
}

/// `1 / (1 + a^2)` without overflow.
#[inline]
fn square_ratio<T: Real>(a: T) -> T {
    if a.__abs() > T::ONE {
        let r = T::ONE / a;
        r * (r / (T::ONE + r * r))
    } else {
        T::ONE / (T::ONE + a * a)
    }
}

/// `n x^(n - 1)`
#[inline]
fn powi_slope<T: Real>(x: T, n: i32) -> T {
    match n {
        0 => T::default(),
        i32::MIN => T::from_wide(f64::from(n)) * x.__powi(n) / x,
        _ => T::from_wide(f64::from(n)) * x.__powi(n - 1),
    }
}

/// `p / (p^2 + q^2)` without overflow; 0 at the origin.
#[inline]
fn atan2_slope<T: Real>(p: T, q: T) -> T {
    let r = p.__hypot(q);
    if r == T::default() { r } else { p / r / r }
}
