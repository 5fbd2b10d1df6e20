//! Partials that are more than one expression: those with kinks, singular points, or an overflow to go round.
//!
//! The functions are named after the rule; [`rules`](super::rules) says which partial is which.

use super::{Elementary, Real};

/// One where the condition holds, else zero.
#[inline]
pub(super) fn indicator<T: Real>(condition: bool) -> T {
    if condition { T::__ONE } else { T::__ZERO }
}

/// `n x^(n-1)`, and zero for `n = 0` whatever `x` is.
#[inline]
pub(super) fn powi_base<T: Elementary>(x: T, n: i32) -> T {
    match n {
        0 => T::__ZERO,
        // The exponent n - 1 would overflow.
        i32::MIN => T::__from_i32(n) * (x.__powi(n) / x),
        _ => T::__from_i32(n) * x.__powi(n - 1),
    }
}

/// `n (n-1) x^(n-2)`, and zero for `n = 0` and `n = 1` whatever `x` is.
#[inline]
pub(super) fn powi_base_base<T: Real>(x: T, n: i32) -> T {
    match n {
        0 => T::__ZERO,
        // The exponent n - 1 would overflow.
        i32::MIN => powi_base(x, n) * ((T::__from_i32(n) - T::__ONE) / x),
        _ => T::__from_i32(n) * powi_base(x, n - 1),
    }
}

/// `p x^(p-1)`, and zero for `p = 0` whatever `x` is.
#[inline]
pub(super) fn powf_base<T: Elementary>(x: T, p: T) -> T {
    if p == T::__ZERO {
        T::__ZERO
    } else {
        p * x.__powf(p - T::__ONE)
    }
}

/// `y ln x`, and zero where `x = 0`, or where `y = 0` (`x^p` has underflowed, or `x` is infinite). For negative `x` the power is
/// only defined at integer `p`: there is no derivative in `p`, and the result is NaN.
#[inline]
pub(super) fn powf_exponent<T: Elementary>(x: T, y: T) -> T {
    if x == T::__ZERO || y == T::__ZERO {
        T::__ZERO
    } else {
        y * x.__ln()
    }
}

/// `p (p-1) x^(p-2)`, and zero for `p = 0` and `p = 1` whatever `x` is.
#[inline]
pub(super) fn powf_base_base<T: Real>(x: T, p: T) -> T {
    if p == T::__ZERO {
        T::__ZERO
    } else {
        p * powf_base(x, p - T::__ONE)
    }
}

/// `x^(p-1) (1 + p ln x)`, and zero where `x = 0`, as [`powf_exponent_base`] is.
#[inline]
pub(super) fn powf_base_exponent<T: Real>(x: T, p: T) -> T {
    if x == T::__ZERO {
        T::__ZERO
    } else {
        x.__powf(p - T::__ONE) * (T::__ONE + p * x.__ln())
    }
}

/// `y / x`, and zero where `x = 0`.
#[inline]
pub(super) fn powf_exponent_base<T: Real>(x: T, y: T) -> T {
    if x == T::__ZERO { T::__ZERO } else { y / x }
}

/// `ln x`, and zero where [`powf_exponent`] is by convention.
#[inline]
pub(super) fn powf_exponent_power<T: Real>(x: T, y: T) -> T {
    if x == T::__ZERO || y == T::__ZERO {
        T::__ZERO
    } else {
        x.__ln()
    }
}

/// `a / y` with `y = hypot(a, b)`, which cannot overflow; zero at the origin.
#[inline]
pub(super) fn hypot_side<T: Elementary>(a: T, y: T) -> T {
    if y == T::__ZERO { T::__ZERO } else { a / y }
}

/// `1 / y`, zero at the origin.
#[inline]
pub(super) fn hypot_side_self<T: Real>(y: T) -> T {
    if y == T::__ZERO {
        T::__ZERO
    } else {
        T::__ONE / y
    }
}

/// `-a / y^2`, zero at the origin.
#[inline]
pub(super) fn hypot_side_radius<T: Real>(a: T, y: T) -> T {
    if y == T::__ZERO {
        T::__ZERO
    } else {
        -(a / y) / y
    }
}

/// `2 a b / (a^2 + b^2)`, the sine of twice the angle of `(b, a)`; zero at the origin.
#[inline]
pub(super) fn double_angle_sine<T: Real>(a: T, b: T) -> T {
    let r = a.__hypot(b);
    let half = hypot_side(a, r) * hypot_side(b, r);
    half + half
}

/// `(b^2 - a^2) / (a^2 + b^2)`, the cosine of twice the angle of `(b, a)`; zero at the origin.
#[inline]
pub(super) fn double_angle_cosine<T: Real>(a: T, b: T) -> T {
    let r = a.__hypot(b);
    let (sine, cosine) = (hypot_side(a, r), hypot_side(b, r));
    (cosine - sine) * (cosine + sine)
}

/// `s / (a^2 + b^2)` without the squares; zero at the origin and at infinity.
#[inline]
pub(super) fn over_squared_radius<T: Elementary>(s: T, a: T, b: T) -> T {
    let r = a.__hypot(b);
    if r == T::__ZERO || r.__is_infinite() {
        T::__ZERO
    } else {
        s / r / r
    }
}

/// The sign of `x`, and zero at both zeros. Only comparisons with zero, which need no branches.
#[inline]
pub(super) fn abs_slope<T: Real>(x: T) -> T {
    if x > T::__ZERO {
        T::__ONE
    } else if x < T::__ZERO {
        -T::__ONE
    } else {
        x + T::__ZERO
    }
}

/// One where `a.copysign(b)` keeps the sign of `a`, minus one where it flips it.
#[inline]
pub(super) fn copysign_slope<T: Real>(a: T, b: T) -> T {
    if a.__is_sign_negative() == b.__is_sign_negative() {
        T::__ONE
    } else {
        -T::__ONE
    }
}

/// Is the first argument the result of `max`? At a tie it is, and if the second is NaN.
#[inline]
pub(super) fn max_takes_first<T: Real>(a: T, b: T) -> bool {
    a >= b || b.__is_nan()
}

/// Is the first argument the result of `min`? At a tie it is, and if the second is NaN.
#[inline]
pub(super) fn min_takes_first<T: Real>(a: T, b: T) -> bool {
    a <= b || b.__is_nan()
}

/// `trunc(a / b)` with the exact quotient: the rounded one can be the next integer (`1.0 / 0.1` is 10, but `1.0 % 0.1` is what
/// is left after 9), and would belong to the branch next to that of the primal.
#[inline]
pub(super) fn rem_quotient<T: Real>(a: T, b: T) -> T {
    ((a - a % b) / b).__round()
}

/// The exact `div_euclid(a, b)`; see [`rem_quotient`].
#[inline]
pub(super) fn rem_euclid_quotient<T: Real>(a: T, b: T) -> T {
    ((a - a.__rem_euclid(b)) / b).__round()
}
