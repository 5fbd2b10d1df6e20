//! The table of scalar rules: for each function its partial derivatives, as functions of exactly the values that they read.
//!
//! `sin(x) [sin_d0(x: T) { x.__cos() }]` reads: `sin` has the argument `x`, its partial with respect to argument 0 is the
//! function `sin_d0`, which reads `x`. The name `y` stands for the result. `[none]` is an argument without a derivative.
//!
//! `[sin_d0(x: T) { x.__cos() } sin_d0_d0 { -x.__sin() }]` also states the partial's own partials, of which second derivatives are made:
//! `sin_d0_d0` is that with respect to the first value that `sin_d0` reads, `y` being read as if it were another argument. A partial that
//! states none is flat: constant, or constant in pieces.
//!
//! Series of the values follow from the same partials: see [`series`](crate::series).
//!
//! Slopes at kinks and singular points are conventions; each is named where it is decided and has a test.

use super::formulas::{
    abs_slope, copysign_slope, double_angle_cosine, double_angle_sine, hypot_side,
    hypot_side_radius, hypot_side_self, indicator, max_takes_first, min_takes_first,
    over_squared_radius, powf_base, powf_base_base, powf_base_exponent, powf_exponent,
    powf_exponent_base, powf_exponent_power, powi_base, powi_base_base, rem_euclid_quotient,
    rem_quotient,
};
use super::{Elementary, Real};
use std::f64::consts::{LN_2, LN_10, PI};

/// The signature of a scalar rule, as the macro has to know it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signature {
    /// The name, as a method of `f64`.
    pub name: &'static str,
    /// What the arguments are called in [`Signature::partials`].
    pub args: &'static [&'static str],
    /// For each argument the names of what its partial reads, `y` being the result; `None` where there is no derivative.
    pub partials: &'static [Option<&'static [&'static str]>],
    /// For each argument the names of the partials of its partial.
    pub second: &'static [&'static [&'static str]],
    /// Does it give one of its arguments? Then the others have no part in it, whatever became of them.
    pub chooses: bool,
}

/// The function of one partial and those of its own partials, which read the same values; nothing for `none`.
macro_rules! partial_fn {
    (none) => {};
    ($name:ident $reads:tt $body:block) => {
        read_fn!(Real: $name $reads $body);
    };
    ($name:ident $reads:tt $body:block $($second:ident $slope:block)+) => {
        read_fn!(Elementary: $name $reads $body);
        $(read_fn!(Real: $second $reads $slope);)+
    };
}

/// A function of these values.
macro_rules! read_fn {
    ($bound:ident: $name:ident($($read:ident: $ty:ty),*) $body:block) => {
        #[allow(missing_docs, unused_variables)]
        #[inline]
        pub fn $name<T: $bound>($($read: $ty),*) -> T $body
    };
}

/// What one partial reads.
macro_rules! partial_reads {
    (none) => {
        None
    };
    ($name:ident($($read:ident: $ty:ty),*) $($rest:tt)*) => {
        Some(&[$(stringify!($read)),*])
    };
}

/// What its own partials are called.
macro_rules! second_names {
    (none) => {
        &[]
    };
    ($name:ident $reads:tt $body:block $($second:ident $slope:block)*) => {
        &[$(stringify!($second)),*]
    };
}

/// Does a partial read the result?
macro_rules! reads_result {
    (none) => {
        false
    };
    ($name:ident($($read:ident: $ty:ty),*) $($rest:tt)*) => {
        false $(|| is_result(stringify!($read)))*
    };
}

const fn is_result(read: &str) -> bool {
    matches!(read.as_bytes(), b"y")
}

/// See [`Signature::chooses`].
const fn chooses(rule: &str) -> bool {
    matches!(rule.as_bytes(), b"max" | b"min" | b"clamp")
}

/// An argument of a function of series: a series where it has a derivative.
macro_rules! series_arg {
    ([none]) => { T };
    ([none] $ty:ty) => { $ty };
    ([$($partial:tt)*]) => { Series<T, K> };
}

/// What an argument contributes to the derivative of the result. A partial without partials of its own is constant.
macro_rules! contribution {
    ($rule:ident $arg:ident none) => {
        Series::constant(T::__ZERO)
    };
    ($rule:ident $arg:ident $name:ident($($read:ident: $ty:ty),*) $body:block) => {
        $arg.scaled(super::$name($(Value::at_zero($read)),*), chooses(stringify!($rule)))
    };
    ($rule:ident $arg:ident $name:ident($($read:ident: $ty:ty),*) $body:block $($second:tt)+) => {
        $arg.contribution(|| super::$name($($read),*))
    };
}

/// The function of series of one rule.
macro_rules! series_fn {
    ($y:ident $rule:ident($($arg:ident [$($partial:tt)*] [$($ty:ty)?]),*)) => {
        #[allow(missing_docs, unused_variables)]
        #[inline]
        pub fn $rule<T: Real, const K: usize>(
            value: T,
            $($arg: series_arg!([$($partial)*] $($ty)?)),*
        ) -> Lanes<T, K> {
            const READS_RESULT: bool = false $(|| reads_result!($($partial)*))*;
            let slope = |$y: Series<T, K>| {
                Series::constant(T::__ZERO) $(+ contribution!($rule $arg $($partial)*))*
            };
            Series::solution(value, READS_RESULT, slope).tail
        }
    };
}

/// The functions of all partials and the list of all signatures.
macro_rules! scalar_rules {
    (result $y:ident; $($rule:ident($($arg:ident $(: $ty:ty)?),*) $([$($partial:tt)*])*;)*) => {
        $($(partial_fn!($($partial)*);)*)*

        /// For each rule the Taylor coefficients of its value, from the value and the series of its arguments.
        pub mod series {
            use super::super::Real;
            use super::{chooses, is_result};
            use crate::batch::Lanes;
            use crate::series::{Series, Value};

            $(series_fn!($y $rule($($arg [$($partial)*] [$($ty)?]),*));)*
        }

        /// The signatures of all rules.
        pub const RULES: &[Signature] = &[
            $(Signature {
                name: stringify!($rule),
                args: &[$(stringify!($arg)),*],
                partials: &[$(partial_reads!($($partial)*)),*],
                second: &[$(second_names!($($partial)*)),*],
                chooses: chooses(stringify!($rule)),
            }),*
        ];
    };
}

scalar_rules! {
    result y;
    sin(x) [sin_d0(x: T) { x.__cos() } sin_d0_d0 { -x.__sin() }];
    cos(x) [cos_d0(x: T) { -x.__sin() } cos_d0_d0 { -x.__cos() }];
    tan(x) [tan_d0(y: T) { T::__ONE + y * y } tan_d0_d0 { y + y }];
    // The factors are exact near the ends of the domain, where 1 - x^2 has rounded.
    asin(x)
        [asin_d0(x: T) { T::__ONE / ((T::__ONE - x) * (T::__ONE + x)).__sqrt() }
            asin_d0_d0 { let s = (T::__ONE - x) * (T::__ONE + x); x / (s * s.__sqrt()) }];
    acos(x)
        [acos_d0(x: T) { -T::__ONE / ((T::__ONE - x) * (T::__ONE + x)).__sqrt() }
            acos_d0_d0 { let s = (T::__ONE - x) * (T::__ONE + x); -x / (s * s.__sqrt()) }];
    atan(x)
        [atan_d0(x: T) { T::__ONE / (T::__ONE + x * x) }
            atan_d0_d0 { let s = T::__ONE / (T::__ONE + x * x); -(x * s + x * s) * s }];
    sinh(x) [sinh_d0(x: T) { x.__cosh() } sinh_d0_d0 { x.__sinh() }];
    cosh(x) [cosh_d0(x: T) { x.__sinh() } cosh_d0_d0 { x.__cosh() }];
    tanh(x) [tanh_d0(y: T) { (T::__ONE - y) * (T::__ONE + y) } tanh_d0_d0 { -(y + y) }];
    // x^2 would overflow long before the slope underflows.
    asinh(x)
        [asinh_d0(x: T) { T::__ONE / x.__hypot(T::__ONE) }
            asinh_d0_d0 { let r = x.__hypot(T::__ONE); -(x / r) / r / r }];
    acosh(x)
        [acosh_d0(x: T) { T::__ONE / ((x - T::__ONE).__sqrt() * (x + T::__ONE).__sqrt()) }
            acosh_d0_d0 {
                let s = T::__ONE / ((x - T::__ONE).__sqrt() * (x + T::__ONE).__sqrt());
                -(x * s) * s * s
            }];
    atanh(x)
        [atanh_d0(x: T) { T::__ONE / ((T::__ONE - x) * (T::__ONE + x)) }
            atanh_d0_d0 { let s = T::__ONE / ((T::__ONE - x) * (T::__ONE + x)); (x + x) * s * s }];
    exp(x) [exp_d0(y: T) { y } exp_d0_d0 { T::__ONE }];
    exp2(x) [exp2_d0(y: T) { y * T::__from_f64(LN_2) } exp2_d0_d0 { T::__from_f64(LN_2) }];
    exp_m1(x) [exp_m1_d0(y: T) { y + T::__ONE } exp_m1_d0_d0 { T::__ONE }];
    ln(x) [ln_d0(x: T) { T::__ONE / x } ln_d0_d0 { let r = T::__ONE / x; -r * r }];
    ln_1p(x)
        [ln_1p_d0(x: T) { T::__ONE / (T::__ONE + x) }
            ln_1p_d0_d0 { let s = T::__ONE + x; -T::__ONE / s / s }];
    log2(x)
        [log2_d0(x: T) { T::__ONE / (x * T::__from_f64(LN_2)) }
            log2_d0_d0 { -T::__ONE / (x * T::__from_f64(LN_2)) / x }];
    log10(x)
        [log10_d0(x: T) { T::__ONE / (x * T::__from_f64(LN_10)) }
            log10_d0_d0 { -T::__ONE / (x * T::__from_f64(LN_10)) / x }];
    log(x, b)
        [log_d0(x: T, b: T) { T::__ONE / (x * b.__ln()) }
            log_d0_d0 { -T::__ONE / (x * b.__ln()) / x }
            log_d0_d1 { let l = b.__ln(); -T::__ONE / (x * l) / (b * l) }]
        [log_d1(x: T, b: T) { let l = b.__ln(); -x.__ln() / (b * l * l) }
            log_d1_d0 { let l = b.__ln(); -T::__ONE / (x * l) / (b * l) }
            log_d1_d1 { let l = b.__ln(); x.__ln() * (l + T::__ONE + T::__ONE) / (b * l) / (b * l) / l }];
    // Infinite at 0.
    sqrt(x) [sqrt_d0(y: T) { T::__from_f64(0.5) * (T::__ONE / y) } sqrt_d0_d0 { -T::__from_f64(0.5) / y / y }];
    cbrt(x)
        [cbrt_d0(y: T) { T::__ONE / (T::__from_f64(3.0) * y * y) }
            cbrt_d0_d0 { -T::__from_f64(2.0) / (T::__from_f64(3.0) * y * y) / y }];
    // Zero for n = 0, one for n = 1, also at x = 0.
    powi(x, n: i32) [powi_d0(x: T, n: i32) { powi_base(x, n) } powi_d0_d0 { powi_base_base(x, n) }] [none];
    // Zero in x for p = 0, zero in p at x = 0.
    powf(x, p)
        [powf_d0(x: T, p: T) { powf_base(x, p) }
            powf_d0_d0 { powf_base_base(x, p) }
            powf_d0_d1 { powf_base_exponent(x, p) }]
        [powf_d1(x: T, y: T) { powf_exponent(x, y) }
            powf_d1_d0 { powf_exponent_base(x, y) }
            powf_d1_d1 { powf_exponent_power(x, y) }];
    // Zero at the origin.
    hypot(a, b)
        [hypot_d0(a: T, y: T) { hypot_side(a, y) }
            hypot_d0_d0 { hypot_side_self(y) }
            hypot_d0_d1 { hypot_side_radius(a, y) }]
        [hypot_d1(b: T, y: T) { hypot_side(b, y) }
            hypot_d1_d0 { hypot_side_self(y) }
            hypot_d1_d1 { hypot_side_radius(b, y) }];
    // a is the ordinate. Zero at the origin.
    atan2(a, b)
        [atan2_d0(a: T, b: T) { over_squared_radius(b, a, b) }
            atan2_d0_d0 { over_squared_radius(-double_angle_sine(a, b), a, b) }
            atan2_d0_d1 { over_squared_radius(-double_angle_cosine(a, b), a, b) }]
        [atan2_d1(a: T, b: T) { over_squared_radius(-a, a, b) }
            atan2_d1_d0 { over_squared_radius(-double_angle_cosine(a, b), a, b) }
            atan2_d1_d1 { over_squared_radius(double_angle_sine(a, b), a, b) }];
    mul_add(x, a, b)
        [mul_add_d0(a: T) { a } mul_add_d0_d0 { T::__ONE }]
        [mul_add_d1(x: T) { x } mul_add_d1_d0 { T::__ONE }]
        [mul_add_d2() { T::__ONE }];
    recip(x) [recip_d0(y: T) { -(y * y) } recip_d0_d0 { -(y + y) }];
    // Zero at 0.
    abs(x) [abs_d0(x: T) { abs_slope(x) }];
    copysign(a, b) [copysign_d0(a: T, b: T) { copysign_slope(a, b) }] [none];
    // The first argument at a tie, the other one at a NaN.
    max(a, b)
        [max_d0(a: T, b: T) { indicator(max_takes_first(a, b)) }]
        [max_d1(a: T, b: T) { indicator(!max_takes_first(a, b)) }];
    min(a, b)
        [min_d0(a: T, b: T) { indicator(min_takes_first(a, b)) }]
        [min_d1(a: T, b: T) { indicator(!min_takes_first(a, b)) }];
    // x at the bounds.
    clamp(x, lo, hi)
        [clamp_d0(x: T, lo: T, hi: T) { indicator(!(x < lo || x > hi)) }]
        [clamp_d1(x: T, lo: T) { indicator(x < lo) }]
        [clamp_d2(x: T, hi: T) { indicator(x > hi) }];
    fract(x) [fract_d0() { T::__ONE }];
    rem(a, b) [rem_d0() { T::__ONE }] [rem_d1(a: T, b: T) { -rem_quotient(a, b) }];
    rem_euclid(a, b) [rem_euclid_d0() { T::__ONE }] [rem_euclid_d1(a: T, b: T) { -rem_euclid_quotient(a, b) }];
    to_radians(x) [to_radians_d0() { T::__from_f64(PI / 180.0) }];
    to_degrees(x) [to_degrees_d0() { T::__from_f64(180.0 / PI) }];
    midpoint(a, b) [midpoint_d0() { T::__from_f64(0.5) }] [midpoint_d1() { T::__from_f64(0.5) }];
    floor(x) [none];
    ceil(x) [none];
    round(x) [none];
    round_ties_even(x) [none];
    trunc(x) [none];
    signum(x) [none];
    div_euclid(a, b) [none] [none];
    stop_gradient(x) [none];
}
