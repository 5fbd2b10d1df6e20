//! The scalar rules: values from the standard library, and partials from a textbook.
//!
//! [`partial`] has all arguments and uses the formulas one would look up; [`from_reads`] has only what `rules.rs` says that the reverse
//! part reads. The two are written apart, so that each test of a program compares them.

use super::number::{Dual, Number};
use crate::rules::Rule;
use std::f64::consts::{LN_2, LN_10, PI};

/// The value of a rule.
pub fn value(name: &str, x: &[f64]) -> Option<f64> {
    Some(match (name, x) {
        ("powi", [x, n]) => x.powi(*n as i32),
        (_, [x]) => unary(name, *x)?,
        (_, [a, b]) => binary(name, *a, *b)?,
        ("mul_add", [x, a, b]) => x.mul_add(*a, *b),
        ("clamp", [x, lo, hi]) if lo <= hi => x.clamp(*lo, *hi),
        _ => return None,
    })
}

fn unary(name: &str, x: f64) -> Option<f64> {
    Some(match name {
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "asin" => x.asin(),
        "acos" => x.acos(),
        "atan" => x.atan(),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "asinh" => x.asinh(),
        "acosh" => x.acosh(),
        "atanh" => x.atanh(),
        "exp" => x.exp(),
        "exp2" => x.exp2(),
        "exp_m1" => x.exp_m1(),
        "ln" => x.ln(),
        "ln_1p" => x.ln_1p(),
        "log2" => x.log2(),
        "log10" => x.log10(),
        "sqrt" => x.sqrt(),
        "cbrt" => x.cbrt(),
        "recip" => x.recip(),
        "abs" => x.abs(),
        "fract" => x.fract(),
        "to_radians" => x.to_radians(),
        "to_degrees" => x.to_degrees(),
        "floor" => x.floor(),
        "ceil" => x.ceil(),
        "round" => x.round(),
        "round_ties_even" => x.round_ties_even(),
        "trunc" => x.trunc(),
        "signum" => x.signum(),
        "stop_gradient" => x,
        _ => return None,
    })
}

fn binary(name: &str, a: f64, b: f64) -> Option<f64> {
    Some(match name {
        "log" => a.log(b),
        "powf" => a.powf(b),
        "hypot" => a.hypot(b),
        "atan2" => a.atan2(b),
        "copysign" => a.copysign(b),
        "max" => a.max(b),
        "min" => a.min(b),
        "rem" => a % b,
        "rem_euclid" => a.rem_euclid(b),
        "midpoint" => a.midpoint(b),
        "div_euclid" => a.div_euclid(b),
        _ => return None,
    })
}

fn choose<N: Number>(condition: bool, k: usize) -> N {
    indicator(condition == (k == 0))
}

fn indicator<N: Number>(condition: bool) -> N {
    N::lift(f64::from(u8::from(condition)))
}

/// The partial of a rule with respect to argument `k`, from all arguments.
pub fn partial(rule: &Rule, k: usize, x: &[f64]) -> f64 {
    if rule.partials.get(k).copied().flatten().is_none() {
        return 0.0;
    }
    match x {
        [x] => unary_partial(rule.name, *x),
        [a, b] => binary_partial(rule.name, k, *a, *b),
        [x, a, _] if rule.name == "mul_add" => [*a, *x, 1.0][k],
        [x, lo, hi] => {
            let taken = if x < lo {
                1
            } else if x > hi {
                2
            } else {
                0
            };
            indicator(taken == k)
        }
        _ => f64::NAN,
    }
}

fn unary_partial<N: Number>(name: &str, x: N) -> N {
    let (one, two) = (N::lift(1.0), N::lift(2.0));
    match name {
        "sin" => x.cos(),
        "cos" => -x.sin(),
        "tan" => x.cos().power(-2.0),
        "asin" => one / (one - x * x).sqrt(),
        "acos" => -one / (one - x * x).sqrt(),
        "atan" => one / (one + x * x),
        "sinh" => (x.exp() + (-x).exp()) / two,
        "cosh" => (x.exp() - (-x).exp()) / two,
        "tanh" => ((x.exp() + (-x).exp()) / two).power(-2.0),
        "asinh" => one / (x * x + one).sqrt(),
        "acosh" => one / (x * x - one).sqrt(),
        "atanh" => one / (one - x * x),
        "exp" | "exp_m1" => x.exp(),
        "exp2" => (x * N::lift(LN_2)).exp() * N::lift(LN_2),
        "ln" => one / x,
        "ln_1p" => one / (one + x),
        "log2" => one / (x * N::lift(LN_2)),
        "log10" => one / (x * N::lift(LN_10)),
        "sqrt" => x.power(-0.5) / two,
        "cbrt" => x.abs().power(-2.0 / 3.0) / N::lift(3.0),
        "recip" => -x.power(-2.0),
        "abs" if x.value() == 0.0 => N::lift(0.0),
        "abs" => x / x.abs(),
        "fract" => one,
        "to_radians" => N::lift(PI / 180.0),
        "to_degrees" => N::lift(180.0 / PI),
        _ => N::lift(f64::NAN),
    }
}

fn binary_partial<N: Number>(name: &str, k: usize, a: N, b: N) -> N {
    let (one, zero) = (N::lift(1.0), N::lift(0.0));
    let (x, y) = (a.value(), b.value());
    match (name, k) {
        ("log", 0) => one / (a * b.ln()),
        ("log", _) => -a.ln() / (b * b.ln() * b.ln()),
        ("powi" | "powf", 0) if y == 0.0 => zero,
        ("powi", 0) => b * a.power(y - 1.0),
        ("powf", 0) if x > 0.0 => b * a.powf(b - one),
        ("powf", 0) => b * a.power(y - 1.0),
        ("powf", _) if x == 0.0 => zero,
        ("powf", _) => a.powf(b) * a.ln(),
        ("hypot" | "atan2", _) if x == 0.0 && y == 0.0 => zero,
        ("hypot", 0) => a / (a * a + b * b).sqrt(),
        ("hypot", _) => b / (a * a + b * b).sqrt(),
        ("atan2", 0) => b / (a * a + b * b),
        ("atan2", _) => -a / (a * a + b * b),
        ("copysign", _) => N::lift(x.signum() * y.signum()),
        ("max", _) => choose(x >= y || y.is_nan(), k),
        ("min", _) => choose(x <= y || y.is_nan(), k),
        ("rem" | "rem_euclid", 0) => one,
        ("rem", _) => N::lift(((x % y - x) / y).round()),
        ("rem_euclid", _) => N::lift(((x.rem_euclid(y) - x) / y).round()),
        ("midpoint", _) => N::lift(0.5),
        _ => N::lift(f64::NAN),
    }
}

/// The partial of a rule with respect to argument `k`, from exactly what the table says that it reads.
pub fn from_reads<N: Number>(name: &str, k: usize, reads: &[N]) -> Option<N> {
    let (one, two) = (N::lift(1.0), N::lift(2.0));
    let is_zero = |x: &N| x.value() == 0.0;
    Some(match (name, k, reads) {
        ("tan", 0, [y]) => one + *y * *y,
        ("tanh", 0, [y]) => one - *y * *y,
        ("exp", 0, [y]) => *y,
        ("exp2", 0, [y]) => *y * N::lift(LN_2),
        ("exp_m1", 0, [y]) => *y + one,
        ("sqrt", 0, [y]) => one / (two * *y),
        ("cbrt", 0, [y]) => one / (N::lift(3.0) * *y * *y),
        ("recip", 0, [y]) => -*y * *y,
        ("powf", 1, [x, y]) if is_zero(x) || is_zero(y) => N::lift(0.0),
        ("powf", 1, [x, y]) => *y * x.ln(),
        ("hypot", _, [_, y]) if is_zero(y) => N::lift(0.0),
        ("hypot", _, [x, y]) => *x / *y,
        ("mul_add", 0 | 1, [factor]) => *factor,
        ("mul_add", 2, []) => one,
        ("clamp", 0, [x, lo, hi]) => indicator(lo.value() <= x.value() && x.value() <= hi.value()),
        ("clamp", 1, [x, lo]) => indicator(x.value() < lo.value()),
        ("clamp", 2, [x, hi]) => indicator(x.value() > hi.value()),
        ("fract", 0, []) => one,
        ("rem" | "rem_euclid", 0, []) => one,
        ("midpoint", _, []) => N::lift(0.5),
        ("to_radians" | "to_degrees", 0, []) => unary_partial(name, N::lift(0.0)),
        (_, 0, [x]) => unary_partial(name, *x),
        (_, _, [a, b]) => binary_partial(name, k, *a, *b),
        _ => return None,
    })
}

/// The partial of that partial with respect to the value `read`.
pub fn second_partial(name: &str, k: usize, read: usize, reads: &[f64]) -> Option<f64> {
    let dual = |(j, value): (usize, &f64)| Dual {
        value: *value,
        slope: f64::from(u8::from(j == read)),
        scale: 0.0,
    };
    let reads: Vec<Dual> = reads.iter().enumerate().map(dual).collect();
    from_reads(name, k, &reads).map(|partial| partial.slope)
}

#[test]
fn partials_are_slopes() {
    use crate::rules::{RULES, Reads};
    for rule in RULES {
        let x: &[f64] = match (rule.name, rule.partials.len()) {
            ("acosh", _) => &[1.75],
            ("log", _) => &[1.25, 2.5],
            ("clamp", _) => &[0.375, -0.75, 0.875],
            ("powi", _) => &[0.75, 3.0],
            (_, 1) => &[0.375],
            (_, 2) => &[1.625, 0.75],
            _ => &[0.375, -1.25, 0.5],
        };
        let at = |k: usize, step: f64| {
            let mut moved = x.to_vec();
            moved[k] += step;
            value(rule.name, &moved).unwrap_or(f64::NAN)
        };
        for (k, reads) in rule.partials.iter().enumerate() {
            let slope = partial(rule, k, x);
            let Some(reads) = reads else {
                assert_eq!(slope, 0.0, "{} {k}", rule.name);
                continue;
            };
            let difference = (at(k, 1e-5) - at(k, -1e-5)) / 2e-5;
            let close = |a: f64, b: f64| (a - b).abs() < 1e-7 * (1.0 + b.abs());
            assert!(
                close(slope, difference),
                "{} {k}: {slope} {difference}",
                rule.name
            );
            let read = |r: &Reads| match r {
                Reads::Arg(k) => x[*k],
                Reads::Result => at(0, 0.0),
            };
            let values: Vec<f64> = reads.iter().map(read).collect();
            let again = from_reads(rule.name, k, &values).unwrap_or(f64::NAN);
            assert!(close(again, slope), "{} {k}: {again} {slope}", rule.name);
        }
    }
}
