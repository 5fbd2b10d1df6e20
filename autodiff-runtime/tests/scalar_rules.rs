//! Every partial of every scalar rule against extrapolated differences of the function itself, in `f64` and `f32`.

use autodiff_runtime::check;
use autodiff_runtime::private::rules;
use std::collections::BTreeSet;

/// A partial on a box of its domain.
struct Case {
    rule: &'static str,
    arg: usize,
    primal: fn(&[f64]) -> f64,
    wide: fn(&[f64]) -> f64,
    narrow: fn(&[f32]) -> f32,
    domain: &'static [(f64, f64)],
}

/// `rule k (args) -> y = primal => partial, in box`: the same text is the case in both float types.
macro_rules! cases {
    ($($rule:ident $k:literal ($($arg:ident),*) -> $y:ident = $primal:expr => $partial:expr, in $domain:expr;)*) => {
        &[$(Case {
            rule: stringify!($rule),
            arg: $k,
            primal: |v| {
                let &[$($arg),*] = v else { unreachable!() };
                $primal
            },
            wide: |v| {
                let &[$($arg),*] = v else { unreachable!() };
                let $y: f64 = $primal;
                let _ = ($y, $($arg),*);
                $partial
            },
            narrow: |v| {
                let &[$($arg),*] = v else { unreachable!() };
                let $y: f32 = $primal;
                let _ = ($y, $($arg),*);
                $partial
            },
            domain: &$domain,
        }),*]
    };
}

/// Functions of one argument.
const UNARY: &[Case] = cases! {
    sin 0 (x) -> y = x.sin() => rules::sin_d0(x), in [(-9.0, 9.0)];
    cos 0 (x) -> y = x.cos() => rules::cos_d0(x), in [(-9.0, 9.0)];
    tan 0 (x) -> y = x.tan() => rules::tan_d0(y), in [(-1.3, 1.3)];
    tan 0 (x) -> y = x.tan() => rules::tan_d0(y), in [(1.9, 4.4)];
    asin 0 (x) -> y = x.asin() => rules::asin_d0(x), in [(-0.99, 0.99)];
    acos 0 (x) -> y = x.acos() => rules::acos_d0(x), in [(-0.99, 0.99)];
    atan 0 (x) -> y = x.atan() => rules::atan_d0(x), in [(-20.0, 20.0)];
    sinh 0 (x) -> y = x.sinh() => rules::sinh_d0(x), in [(-6.0, 6.0)];
    cosh 0 (x) -> y = x.cosh() => rules::cosh_d0(x), in [(-6.0, 6.0)];
    tanh 0 (x) -> y = x.tanh() => rules::tanh_d0(y), in [(-6.0, 6.0)];
    asinh 0 (x) -> y = x.asinh() => rules::asinh_d0(x), in [(-20.0, 20.0)];
    acosh 0 (x) -> y = x.acosh() => rules::acosh_d0(x), in [(1.05, 20.0)];
    atanh 0 (x) -> y = x.atanh() => rules::atanh_d0(x), in [(-0.98, 0.98)];
    exp 0 (x) -> y = x.exp() => rules::exp_d0(y), in [(-9.0, 9.0)];
    exp2 0 (x) -> y = x.exp2() => rules::exp2_d0(y), in [(-9.0, 9.0)];
    exp_m1 0 (x) -> y = x.exp_m1() => rules::exp_m1_d0(y), in [(-9.0, 9.0)];
    ln 0 (x) -> y = x.ln() => rules::ln_d0(x), in [(0.02, 30.0)];
    ln_1p 0 (x) -> y = x.ln_1p() => rules::ln_1p_d0(x), in [(-0.95, 30.0)];
    log2 0 (x) -> y = x.log2() => rules::log2_d0(x), in [(0.02, 30.0)];
    log10 0 (x) -> y = x.log10() => rules::log10_d0(x), in [(0.02, 30.0)];
    sqrt 0 (x) -> y = x.sqrt() => rules::sqrt_d0(y), in [(0.02, 30.0)];
    cbrt 0 (x) -> y = x.cbrt() => rules::cbrt_d0(y), in [(0.02, 30.0)];
    cbrt 0 (x) -> y = x.cbrt() => rules::cbrt_d0(y), in [(-30.0, -0.02)];
    recip 0 (x) -> y = x.recip() => rules::recip_d0(y), in [(0.1, 9.0)];
    recip 0 (x) -> y = x.recip() => rules::recip_d0(y), in [(-9.0, -0.1)];
    abs 0 (x) -> y = x.abs() => rules::abs_d0(x), in [(0.1, 9.0)];
    abs 0 (x) -> y = x.abs() => rules::abs_d0(x), in [(-9.0, -0.1)];
    fract 0 (x) -> y = x.fract() => rules::fract_d0(), in [(3.2, 3.8)];
    fract 0 (x) -> y = x.fract() => rules::fract_d0(), in [(-3.8, -3.2)];
    to_radians 0 (x) -> y = x.to_radians() => rules::to_radians_d0(), in [(-400.0, 400.0)];
    to_degrees 0 (x) -> y = x.to_degrees() => rules::to_degrees_d0(), in [(-9.0, 9.0)];
    floor 0 (x) -> y = x.floor() => 0.0, in [(3.2, 3.8)];
    ceil 0 (x) -> y = x.ceil() => 0.0, in [(3.2, 3.8)];
    round 0 (x) -> y = x.round() => 0.0, in [(2.7, 3.3)];
    round_ties_even 0 (x) -> y = x.round_ties_even() => 0.0, in [(2.7, 3.3)];
    trunc 0 (x) -> y = x.trunc() => 0.0, in [(-3.8, -3.2)];
    signum 0 (x) -> y = x.signum() => 0.0, in [(-3.8, -0.2)];
};

/// Powers.
const POWERS: &[Case] = cases! {
    powi 0 (x) -> y = x.powi(-3) => rules::powi_d0(x, -3), in [(-4.0, -0.3)];
    powi 0 (x) -> y = x.powi(-1) => rules::powi_d0(x, -1), in [(0.3, 4.0)];
    powi 0 (x) -> y = x.powi(0) => rules::powi_d0(x, 0), in [(-4.0, 4.0)];
    powi 0 (x) -> y = x.powi(1) => rules::powi_d0(x, 1), in [(-4.0, 4.0)];
    powi 0 (x) -> y = x.powi(2) => rules::powi_d0(x, 2), in [(-4.0, 4.0)];
    powi 0 (x) -> y = x.powi(7) => rules::powi_d0(x, 7), in [(-4.0, 4.0)];
    powf 0 (x, p) -> y = x.powf(p) => rules::powf_d0(x, p), in [(0.1, 4.0), (-3.0, 3.0)];
    powf 0 (x) -> y = x.powf(3.0) => rules::powf_d0(x, 3.0), in [(-4.0, -0.3)];
    powf 0 (x) -> y = x.powf(2.0) => rules::powf_d0(x, 2.0), in [(-4.0, 4.0)];
    powf 0 (x) -> y = x.powf(1.0) => rules::powf_d0(x, 1.0), in [(-4.0, 4.0)];
    powf 0 (x) -> y = x.powf(-2.0) => rules::powf_d0(x, -2.0), in [(-4.0, -0.3)];
    powf 1 (x, p) -> y = x.powf(p) => rules::powf_d1(x, y), in [(0.1, 4.0), (-3.0, 3.0)];
    log 0 (x, b) -> y = x.log(b) => rules::log_d0(x, b), in [(0.1, 9.0), (1.5, 9.0)];
    log 1 (x, b) -> y = x.log(b) => rules::log_d1(x, b), in [(0.1, 9.0), (1.5, 9.0)];
    log 1 (x, b) -> y = x.log(b) => rules::log_d1(x, b), in [(0.1, 9.0), (0.1, 0.7)];
};

/// Functions of two and three arguments.
const OTHERS: &[Case] = cases! {
    hypot 0 (a, b) -> y = a.hypot(b) => rules::hypot_d0(a, y), in [(-4.0, 4.0), (0.5, 4.0)];
    hypot 1 (a, b) -> y = a.hypot(b) => rules::hypot_d1(b, y), in [(0.5, 4.0), (-4.0, 4.0)];
    atan2 0 (a, b) -> y = a.atan2(b) => rules::atan2_d0(a, b), in [(-4.0, 4.0), (0.5, 4.0)];
    atan2 0 (a, b) -> y = a.atan2(b) => rules::atan2_d0(a, b), in [(0.5, 4.0), (-4.0, 4.0)];
    atan2 1 (a, b) -> y = a.atan2(b) => rules::atan2_d1(a, b), in [(0.5, 4.0), (-4.0, 4.0)];
    atan2 1 (a, b) -> y = a.atan2(b) => rules::atan2_d1(a, b), in [(-4.0, -0.5), (-4.0, 4.0)];
    mul_add 0 (x, a, b) -> y = x.mul_add(a, b) => rules::mul_add_d0(a), in [(-4.0, 4.0), (-4.0, 4.0), (-4.0, 4.0)];
    mul_add 1 (x, a, b) -> y = x.mul_add(a, b) => rules::mul_add_d1(x), in [(-4.0, 4.0), (-4.0, 4.0), (-4.0, 4.0)];
    mul_add 2 (x, a, b) -> y = x.mul_add(a, b) => rules::mul_add_d2(), in [(-4.0, 4.0), (-4.0, 4.0), (-4.0, 4.0)];
    midpoint 0 (a, b) -> y = a.midpoint(b) => rules::midpoint_d0(), in [(-4.0, 4.0), (-4.0, 4.0)];
    midpoint 1 (a, b) -> y = a.midpoint(b) => rules::midpoint_d1(), in [(-4.0, 4.0), (-4.0, 4.0)];
    copysign 0 (a, b) -> y = a.copysign(b) => rules::copysign_d0(a, b), in [(0.2, 4.0), (-4.0, -0.2)];
    copysign 0 (a, b) -> y = a.copysign(b) => rules::copysign_d0(a, b), in [(-4.0, -0.2), (-4.0, -0.2)];
    copysign 1 (a, b) -> y = a.copysign(b) => 0.0, in [(0.2, 4.0), (-4.0, -0.2)];
    max 0 (a, b) -> y = a.max(b) => rules::max_d0(a, b), in [(0.0, 1.0), (1.2, 2.0)];
    max 0 (a, b) -> y = a.max(b) => rules::max_d0(a, b), in [(1.2, 2.0), (0.0, 1.0)];
    max 1 (a, b) -> y = a.max(b) => rules::max_d1(a, b), in [(0.0, 1.0), (1.2, 2.0)];
    max 1 (a, b) -> y = a.max(b) => rules::max_d1(a, b), in [(1.2, 2.0), (0.0, 1.0)];
    min 0 (a, b) -> y = a.min(b) => rules::min_d0(a, b), in [(0.0, 1.0), (1.2, 2.0)];
    min 0 (a, b) -> y = a.min(b) => rules::min_d0(a, b), in [(1.2, 2.0), (0.0, 1.0)];
    min 1 (a, b) -> y = a.min(b) => rules::min_d1(a, b), in [(0.0, 1.0), (1.2, 2.0)];
    min 1 (a, b) -> y = a.min(b) => rules::min_d1(a, b), in [(1.2, 2.0), (0.0, 1.0)];
    clamp 0 (x, lo, hi) -> y = x.clamp(lo, hi) => rules::clamp_d0(x, lo, hi), in [(1.2, 1.8), (0.0, 1.0), (2.0, 3.0)];
    clamp 0 (x, lo, hi) -> y = x.clamp(lo, hi) => rules::clamp_d0(x, lo, hi), in [(3.2, 3.8), (0.0, 1.0), (2.0, 3.0)];
    clamp 1 (x, lo, hi) -> y = x.clamp(lo, hi) => rules::clamp_d1(x, lo), in [(-2.0, -0.2), (0.0, 1.0), (2.0, 3.0)];
    clamp 1 (x, lo, hi) -> y = x.clamp(lo, hi) => rules::clamp_d1(x, lo), in [(1.2, 1.8), (0.0, 1.0), (2.0, 3.0)];
    clamp 2 (x, lo, hi) -> y = x.clamp(lo, hi) => rules::clamp_d2(x, hi), in [(3.2, 3.8), (0.0, 1.0), (2.0, 3.0)];
    clamp 2 (x, lo, hi) -> y = x.clamp(lo, hi) => rules::clamp_d2(x, hi), in [(1.2, 1.8), (0.0, 1.0), (2.0, 3.0)];
    rem 0 (a, b) -> y = a % b => rules::rem_d0(), in [(7.3, 7.5), (1.55, 1.65)];
    rem 1 (a, b) -> y = a % b => rules::rem_d1(a, b), in [(7.3, 7.5), (1.55, 1.65)];
    rem 1 (a, b) -> y = a % b => rules::rem_d1(a, b), in [(-7.5, -7.3), (1.55, 1.65)];
    rem_euclid 0 (a, b) -> y = a.rem_euclid(b) => rules::rem_euclid_d0(), in [(-7.5, -7.3), (1.55, 1.65)];
    rem_euclid 1 (a, b) -> y = a.rem_euclid(b) => rules::rem_euclid_d1(a, b), in [(7.3, 7.5), (1.55, 1.65)];
    rem_euclid 1 (a, b) -> y = a.rem_euclid(b) => rules::rem_euclid_d1(a, b), in [(-7.5, -7.3), (1.55, 1.65)];
    rem_euclid 1 (a, b) -> y = a.rem_euclid(b) => rules::rem_euclid_d1(a, b), in [(-7.5, -7.3), (-1.65, -1.55)];
    div_euclid 0 (a, b) -> y = a.div_euclid(b) => 0.0, in [(7.3, 7.5), (1.55, 1.65)];
    div_euclid 1 (a, b) -> y = a.div_euclid(b) => 0.0, in [(7.3, 7.5), (1.55, 1.65)];
    stop_gradient 0 (a) -> y = a.trunc() => 0.0, in [(7.3, 7.5)];
};

/// Points in a box, each exactly an `f32`: the additive recurrence of the golden ratio and its kin, which spreads evenly.
fn points(domain: &[(f64, f64)]) -> Vec<Vec<f64>> {
    let strides = [0.618_033_988_75, 0.754_877_666_25, 0.569_840_290_998];
    let at = |i: usize| {
        let coordinate = |((lo, hi), stride): (&(f64, f64), f64)| {
            let t = (0.5 + stride * i as f64).fract();
            f64::from((lo + t * (hi - lo)) as f32)
        };
        domain.iter().zip(strides).map(coordinate).collect()
    };
    (0..150).map(at).collect()
}

/// The numeric partial.
fn numeric(case: &Case, point: &[f64]) -> f64 {
    let along = |c: f64| {
        let mut moved = point.to_vec();
        moved[case.arg] = c;
        // A bound that has passed the other one: not in the domain.
        if case.rule == "clamp" && moved[1] > moved[2] {
            return f64::NAN;
        }
        (case.primal)(&moved)
    };
    check::derivative(along, point[case.arg]).value
}

/// Compares both float types with the differences.
fn check_case(case: &Case) {
    for point in points(case.domain) {
        let numeric = numeric(case, &point);
        let wide = (case.wide)(&point);
        let scale = 1.0 + numeric.abs();
        let Case { rule, arg, .. } = case;
        assert!(
            (wide - numeric).abs() <= 2e-8 * scale,
            "{rule}, argument {arg} at {point:?}: {wide}, but differences give {numeric}"
        );
        let short: Vec<f32> = point.iter().map(|&c| c as f32).collect();
        let narrow = f64::from((case.narrow)(&short));
        assert!(
            (narrow - numeric).abs() <= 2e-5 * scale,
            "{rule}, argument {arg} at {point:?} in f32: {narrow}, but differences give {numeric}"
        );
    }
}

#[test]
fn partials_of_functions_of_one_argument() {
    UNARY.iter().for_each(check_case);
}

#[test]
fn partials_of_powers() {
    POWERS.iter().for_each(check_case);
}

#[test]
fn partials_of_functions_of_several_arguments() {
    OTHERS.iter().for_each(check_case);
}

#[test]
fn no_rule_is_without_a_test() {
    let tested: BTreeSet<_> = [UNARY, POWERS, OTHERS]
        .into_iter()
        .flatten()
        .map(|case| (case.rule, case.arg))
        .collect();
    for rule in rules::RULES {
        for arg in 0..rule.args.len() {
            // The exponent of `powi` is an integer.
            let integer = (rule.name, arg) == ("powi", 1);
            assert!(
                integer || tested.contains(&(rule.name, arg)),
                "{}, argument {arg}",
                rule.name
            );
        }
    }
}
