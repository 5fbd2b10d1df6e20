//! The Taylor coefficients of every scalar rule: what is left of the function on a curve falls as the first power that is cut off.

use autodiff_runtime::batch::Lanes;
use autodiff_runtime::private::{Series, rules, series};
use std::collections::BTreeSet;

/// How many coefficients after the value.
const K: usize = 5;

/// A rule at a point.
struct Case {
    rule: &'static str,
    primal: fn(&[f64]) -> f64,
    series: fn(f64, &[Series<f64, K>]) -> Lanes<f64, K>,
    point: &'static [f64],
}

/// `rule(args) -> y = primal => coefficients, at point`: the arguments are numbers in the primal, and series after it.
macro_rules! cases {
    ($($rule:ident($($arg:ident),*) -> $y:ident = $primal:expr => $series:expr, at $point:expr;)*) => {
        &[$(Case {
            rule: stringify!($rule),
            primal: |v| {
                let &[$($arg),*] = v else { unreachable!() };
                $primal
            },
            series: |$y, v| {
                let &[$($arg),*] = v else { unreachable!() };
                $series
            },
            point: &$point,
        }),*]
    };
}

const CASES: &[Case] = cases! {
    sin(x) -> y = x.sin() => series::sin(y, x), at [0.7];
    cos(x) -> y = x.cos() => series::cos(y, x), at [0.7];
    tan(x) -> y = x.tan() => series::tan(y, x), at [0.4];
    asin(x) -> y = x.asin() => series::asin(y, x), at [0.3];
    acos(x) -> y = x.acos() => series::acos(y, x), at [-0.3];
    atan(x) -> y = x.atan() => series::atan(y, x), at [0.8];
    sinh(x) -> y = x.sinh() => series::sinh(y, x), at [-0.7];
    cosh(x) -> y = x.cosh() => series::cosh(y, x), at [0.7];
    tanh(x) -> y = x.tanh() => series::tanh(y, x), at [0.4];
    asinh(x) -> y = x.asinh() => series::asinh(y, x), at [1.4];
    acosh(x) -> y = x.acosh() => series::acosh(y, x), at [2.4];
    atanh(x) -> y = x.atanh() => series::atanh(y, x), at [0.2];
    exp(x) -> y = x.exp() => series::exp(y, x), at [0.7];
    exp2(x) -> y = x.exp2() => series::exp2(y, x), at [0.7];
    exp_m1(x) -> y = x.exp_m1() => series::exp_m1(y, x), at [0.2];
    ln(x) -> y = x.ln() => series::ln(y, x), at [1.7];
    ln_1p(x) -> y = x.ln_1p() => series::ln_1p(y, x), at [0.7];
    log2(x) -> y = x.log2() => series::log2(y, x), at [1.7];
    log10(x) -> y = x.log10() => series::log10(y, x), at [1.7];
    log(x, b) -> y = x.log(b) => series::log(y, x, b), at [1.7, 2.6];
    sqrt(x) -> y = x.sqrt() => series::sqrt(y, x), at [1.7];
    cbrt(x) -> y = x.cbrt() => series::cbrt(y, x), at [-1.7];
    powi(x) -> y = x.powi(7) => series::powi(y, x, 7), at [-0.7];
    powi(x) -> y = x.powi(-3) => series::powi(y, x, -3), at [1.7];
    powi(x) -> y = x.powi(3) => series::powi(y, x, 3), at [0.0];
    powi(x) -> y = x.powi(0) => series::powi(y, x, 0), at [0.0];
    powf(x) -> y = x.powf(2.5) => series::powf(y, x, Series::constant(2.5)), at [1.7];
    powf(x) -> y = x.powf(2.0) => series::powf(y, x, Series::constant(2.0)), at [0.0];
    powf(p) -> y = 1.7f64.powf(p) => series::powf(y, Series::constant(1.7), p), at [0.6];
    powf(x, p) -> y = x.powf(p) => series::powf(y, x, p), at [1.7, 0.6];
    powf(x, p) -> y = x.powf(p) => series::powf(y, x, p), at [1.7, 0.0];
    powf(x, p) -> y = x.powf(p) => series::powf(y, x, p), at [1.7, 1.0];
    hypot(a, b) -> y = a.hypot(b) => series::hypot(y, a, b), at [1.7, -1.2];
    hypot(a, b) -> y = a.hypot(b) => series::hypot(y, a, b), at [0.0, 1.7];
    atan2(a, b) -> y = a.atan2(b) => series::atan2(y, a, b), at [1.7, -1.2];
    mul_add(x, a, b) -> y = x.mul_add(a, b) => series::mul_add(y, x, a, b), at [0.3, -0.7, 1.1];
    recip(x) -> y = x.recip() => series::recip(y, x), at [1.7];
    abs(x) -> y = x.abs() => series::abs(y, x), at [-1.7];
    copysign(a) -> y = a.copysign(-2.0) => series::copysign(y, a, -2.0), at [1.7];
    max(a, b) -> y = a.max(b) => series::max(y, a, b), at [1.7, 0.2];
    max(a, b) -> y = a.max(b) => series::max(y, a, b), at [0.2, 1.7];
    min(a, b) -> y = a.min(b) => series::min(y, a, b), at [1.7, 0.2];
    clamp(x, lo, hi) -> y = x.clamp(lo, hi) => series::clamp(y, x, lo, hi), at [1.5, 0.5, 2.5];
    clamp(x, lo, hi) -> y = x.clamp(lo, hi) => series::clamp(y, x, lo, hi), at [3.5, 0.5, 2.5];
    clamp(x, lo, hi) -> y = x.clamp(lo, hi) => series::clamp(y, x, lo, hi), at [-0.5, 0.5, 2.5];
    fract(x) -> y = x.fract() => series::fract(y, x), at [3.5];
    rem(a, b) -> y = a % b => series::rem(y, a, b), at [7.4, 1.6];
    rem_euclid(a, b) -> y = a.rem_euclid(b) => series::rem_euclid(y, a, b), at [-7.4, 1.6];
    to_radians(x) -> y = x.to_radians() => series::to_radians(y, x), at [1.7];
    to_degrees(x) -> y = x.to_degrees() => series::to_degrees(y, x), at [1.7];
    midpoint(a, b) -> y = a.midpoint(b) => series::midpoint(y, a, b), at [1.7, -1.2];
};

/// Functions of slope zero, which take no series.
const FLAT: &[&str] = &[
    "floor",
    "ceil",
    "round",
    "round_ties_even",
    "trunc",
    "signum",
    "div_euclid",
    "stop_gradient",
];

/// The curve of the argument with this number: the coefficients of `t`, `t^2`, ..
fn tail(argument: usize) -> Lanes<f64, K> {
    let sign = if argument.is_multiple_of(2) {
        1.0
    } else {
        -1.0
    };
    Lanes([0.6 * sign, -0.3, 0.2 * sign, 0.1, -0.05])
}

fn at(value: f64, tail: Lanes<f64, K>, t: f64) -> f64 {
    value + tail.0.iter().rev().fold(0.0, |sum, c| (sum + c) * t)
}

/// What the series misses of the function at `t`.
fn remainder(case: &Case, t: f64) -> f64 {
    let point = case.point.iter().enumerate();
    let value = (case.primal)(case.point);
    let curves = point.clone().map(|(k, x)| Series::new(*x, tail(k)));
    let series = (case.series)(value, &curves.collect::<Vec<_>>());
    let moved: Vec<f64> = point.map(|(k, x)| at(*x, tail(k), t)).collect();
    let exact = (case.primal)(&moved);
    (exact - at(value, series, t)).abs() / (1.0 + exact.abs())
}

#[test]
fn what_is_left_falls_as_the_first_power_that_is_cut_off() {
    for case in CASES {
        let (coarse, fine) = (remainder(case, 0.0625), remainder(case, 0.03125));
        assert!(coarse < 1e-4, "{} at {:?}: {coarse}", case.rule, case.point);
        // By 64 where nothing is wrong, by 32 or less where a coefficient is.
        assert!(
            fine <= coarse / 45.0 + 2e-15,
            "{} at {:?}: {coarse}, then {fine}",
            case.rule,
            case.point
        );
    }
}

#[test]
fn no_rule_is_without_a_test() {
    let tested = CASES
        .iter()
        .map(|case| case.rule)
        .chain(FLAT.iter().copied());
    let tested: BTreeSet<_> = tested.collect();
    let rules: BTreeSet<_> = rules::RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(tested, rules);
    for rule in rules::RULES.iter().filter(|r| FLAT.contains(&r.name)) {
        assert!(rule.partials.iter().all(Option::is_none), "{}", rule.name);
    }
}

/// A coefficient that is zero wins over an infinite slope, as it does at first order.
#[test]
fn at_singular_points() {
    let still = Series::<f64, 3>::constant(0.0);
    assert_eq!(series::sqrt(0.0, still), Lanes([0.0; 3]));
    let late = Series::new(0.0, Lanes([0.0, 1.0, 0.0]));
    assert_eq!(series::sqrt(0.0, late).0[0], 0.0);
    let moving = Series::new(0.0, Lanes([1.0, 0.0, 0.0]));
    assert_eq!(series::sqrt(0.0, moving).0[0], f64::INFINITY);
    assert_eq!(series::abs(0.0, moving), Lanes([0.0; 3]));
    assert_eq!(series::hypot(0.0, moving, moving), Lanes([0.0; 3]));
}
