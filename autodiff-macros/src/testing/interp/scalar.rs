//! The scalar rules: values from the standard library, and partials from a textbook.
//!
//! [`partial`] has all arguments and uses the formulas one would look up; [`from_reads`] has only what `rules.rs` says that the reverse
//! part reads. The two are written apart, so that each test of a program compares them.

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

fn choose(condition: bool, k: usize) -> f64 {
    f64::from(u8::from(condition == (k == 0)))
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
            f64::from(u8::from(taken == k))
        }
        _ => f64::NAN,
    }
}

fn unary_partial(name: &str, x: f64) -> f64 {
    match name {
        "sin" => x.cos(),
        "cos" => -x.sin(),
        "tan" => x.cos().powi(-2),
        "asin" => (1.0 - x * x).sqrt().recip(),
        "acos" => -(1.0 - x * x).sqrt().recip(),
        "atan" => (1.0 + x * x).recip(),
        "sinh" => (x.exp() + (-x).exp()) / 2.0,
        "cosh" => (x.exp() - (-x).exp()) / 2.0,
        "tanh" => x.cosh().powi(-2),
        "asinh" => (x * x + 1.0).sqrt().recip(),
        "acosh" => (x * x - 1.0).sqrt().recip(),
        "atanh" => (1.0 - x * x).recip(),
        "exp" | "exp_m1" => x.exp(),
        "exp2" => (x * LN_2).exp() * LN_2,
        "ln" => x.recip(),
        "ln_1p" => (1.0 + x).recip(),
        "log2" => (x * LN_2).recip(),
        "log10" => (x * LN_10).recip(),
        "sqrt" => 0.5 * x.powf(-0.5),
        "cbrt" => (x * x).cbrt().recip() / 3.0,
        "recip" => -x.powi(-2),
        "abs" if x == 0.0 => 0.0,
        "abs" => x / x.abs(),
        "fract" => 1.0,
        "to_radians" => PI / 180.0,
        "to_degrees" => 180.0 / PI,
        _ => f64::NAN,
    }
}

fn binary_partial(name: &str, k: usize, a: f64, b: f64) -> f64 {
    match (name, k) {
        ("log", 0) => (a * b.ln()).recip(),
        ("log", _) => -a.ln() / (b * b.ln().powi(2)),
        ("powi" | "powf", 0) if b == 0.0 => 0.0,
        ("powi", 0) => b * a.powi(b as i32 - 1),
        ("powf", 0) => b * a.powf(b - 1.0),
        ("powf", _) if a == 0.0 => 0.0,
        ("powf", _) => a.powf(b) * a.ln(),
        ("hypot" | "atan2", _) if a == 0.0 && b == 0.0 => 0.0,
        ("hypot", 0) => a / (a * a + b * b).sqrt(),
        ("hypot", _) => b / (a * a + b * b).sqrt(),
        ("atan2", 0) => b / (a * a + b * b),
        ("atan2", _) => -a / (a * a + b * b),
        ("copysign", _) => a.signum() * b.signum(),
        ("max", _) => choose(a >= b || b.is_nan(), k),
        ("min", _) => choose(a <= b || b.is_nan(), k),
        ("rem" | "rem_euclid", 0) => 1.0,
        ("rem", _) => ((a % b - a) / b).round(),
        ("rem_euclid", _) => ((a.rem_euclid(b) - a) / b).round(),
        ("midpoint", _) => 0.5,
        _ => f64::NAN,
    }
}

/// The partial of a rule with respect to argument `k`, from exactly what the table says that it reads.
pub fn from_reads(name: &str, k: usize, reads: &[f64]) -> Option<f64> {
    Some(match (name, k, reads) {
        ("tan", 0, [y]) => 1.0 + y * y,
        ("tanh", 0, [y]) => 1.0 - y * y,
        ("exp", 0, [y]) => *y,
        ("exp2", 0, [y]) => y * LN_2,
        ("exp_m1", 0, [y]) => y + 1.0,
        ("sqrt", 0, [y]) => 0.5 / y,
        ("cbrt", 0, [y]) => 1.0 / (3.0 * y * y),
        ("recip", 0, [y]) => -y * y,
        ("powf", 1, [x, y]) if *x == 0.0 || *y == 0.0 => 0.0,
        ("powf", 1, [x, y]) => y * x.ln(),
        ("hypot", _, [_, y]) if *y == 0.0 => 0.0,
        ("hypot", _, [x, y]) => x / y,
        ("mul_add", 0 | 1, [factor]) => *factor,
        ("mul_add", 2, []) => 1.0,
        ("clamp", 0, [x, lo, hi]) => f64::from(u8::from(lo <= x && x <= hi)),
        ("clamp", 1, [x, lo]) => f64::from(u8::from(x < lo)),
        ("clamp", 2, [x, hi]) => f64::from(u8::from(x > hi)),
        ("fract", 0, []) => 1.0,
        ("rem" | "rem_euclid", 0, []) => 1.0,
        ("midpoint", _, []) => 0.5,
        ("to_radians" | "to_degrees", 0, []) => unary_partial(name, 0.0),
        ("sinh", 0, [x]) => x.cosh(),
        ("cosh", 0, [x]) => x.sinh(),
        (_, 0, [x]) => unary_partial(name, *x),
        (_, _, [a, b]) => binary_partial(name, k, *a, *b),
        _ => return None,
    })
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
