//! The partials of every partial of the table against extrapolated differences of that partial, in `f64` and `f32`.

use autodiff_runtime::check;
use autodiff_runtime::private::rules;
use std::collections::BTreeSet;

/// A partial and its own partial with respect to one of the values that it reads, on a box of its domain.
struct Case {
    name: &'static str,
    read: usize,
    partial: fn(&[f64]) -> f64,
    wide: fn(&[f64]) -> f64,
    narrow: fn(&[f32]) -> f32,
    domain: &'static [(f64, f64)],
}

/// `second k (reads) = partial => its partial, in box`
macro_rules! cases {
    ($($name:ident $k:literal ($($read:ident),*) = $partial:expr => $second:expr, in $domain:expr;)*) => {
        &[$(Case {
            name: stringify!($name),
            read: $k,
            partial: |v| {
                let &[$($read),*] = v else { unreachable!() };
                $partial
            },
            wide: |v| {
                let &[$($read),*] = v else { unreachable!() };
                $second
            },
            narrow: |v| {
                let &[$($read),*] = v else { unreachable!() };
                $second
            },
            domain: &$domain,
        }),*]
    };
}

/// Functions of one argument; what reads the result has a box of results.
const UNARY: &[Case] = cases! {
    sin_d0_d0 0 (x) = rules::sin_d0(x) => rules::sin_d0_d0(x), in [(-9.0, 9.0)];
    cos_d0_d0 0 (x) = rules::cos_d0(x) => rules::cos_d0_d0(x), in [(-9.0, 9.0)];
    tan_d0_d0 0 (y) = rules::tan_d0(y) => rules::tan_d0_d0(y), in [(-9.0, 9.0)];
    asin_d0_d0 0 (x) = rules::asin_d0(x) => rules::asin_d0_d0(x), in [(-0.9, 0.9)];
    acos_d0_d0 0 (x) = rules::acos_d0(x) => rules::acos_d0_d0(x), in [(-0.9, 0.9)];
    atan_d0_d0 0 (x) = rules::atan_d0(x) => rules::atan_d0_d0(x), in [(-20.0, 20.0)];
    sinh_d0_d0 0 (x) = rules::sinh_d0(x) => rules::sinh_d0_d0(x), in [(-6.0, 6.0)];
    cosh_d0_d0 0 (x) = rules::cosh_d0(x) => rules::cosh_d0_d0(x), in [(-6.0, 6.0)];
    tanh_d0_d0 0 (y) = rules::tanh_d0(y) => rules::tanh_d0_d0(y), in [(-0.99, 0.99)];
    asinh_d0_d0 0 (x) = rules::asinh_d0(x) => rules::asinh_d0_d0(x), in [(-20.0, 20.0)];
    acosh_d0_d0 0 (x) = rules::acosh_d0(x) => rules::acosh_d0_d0(x), in [(1.2, 20.0)];
    atanh_d0_d0 0 (x) = rules::atanh_d0(x) => rules::atanh_d0_d0(x), in [(-0.9, 0.9)];
    exp_d0_d0 0 (y) = rules::exp_d0(y) => rules::exp_d0_d0(y), in [(0.1, 99.0)];
    exp2_d0_d0 0 (y) = rules::exp2_d0(y) => rules::exp2_d0_d0(y), in [(0.1, 99.0)];
    exp_m1_d0_d0 0 (y) = rules::exp_m1_d0(y) => rules::exp_m1_d0_d0(y), in [(-0.9, 99.0)];
    ln_d0_d0 0 (x) = rules::ln_d0(x) => rules::ln_d0_d0(x), in [(0.1, 30.0)];
    ln_1p_d0_d0 0 (x) = rules::ln_1p_d0(x) => rules::ln_1p_d0_d0(x), in [(-0.9, 30.0)];
    log2_d0_d0 0 (x) = rules::log2_d0(x) => rules::log2_d0_d0(x), in [(0.1, 30.0)];
    log10_d0_d0 0 (x) = rules::log10_d0(x) => rules::log10_d0_d0(x), in [(0.1, 30.0)];
    sqrt_d0_d0 0 (y) = rules::sqrt_d0(y) => rules::sqrt_d0_d0(y), in [(0.1, 9.0)];
    cbrt_d0_d0 0 (y) = rules::cbrt_d0(y) => rules::cbrt_d0_d0(y), in [(0.2, 9.0)];
    cbrt_d0_d0 0 (y) = rules::cbrt_d0(y) => rules::cbrt_d0_d0(y), in [(-9.0, -0.2)];
    recip_d0_d0 0 (y) = rules::recip_d0(y) => rules::recip_d0_d0(y), in [(-9.0, 9.0)];
};

/// Functions of several arguments.
const OTHERS: &[Case] = cases! {
    powi_d0_d0 0 (x) = rules::powi_d0(x, -3) => rules::powi_d0_d0(x, -3), in [(-4.0, -0.5)];
    powi_d0_d0 0 (x) = rules::powi_d0(x, -1) => rules::powi_d0_d0(x, -1), in [(0.5, 4.0)];
    powi_d0_d0 0 (x) = rules::powi_d0(x, 0) => rules::powi_d0_d0(x, 0), in [(-4.0, 4.0)];
    powi_d0_d0 0 (x) = rules::powi_d0(x, 1) => rules::powi_d0_d0(x, 1), in [(-4.0, 4.0)];
    powi_d0_d0 0 (x) = rules::powi_d0(x, 2) => rules::powi_d0_d0(x, 2), in [(-4.0, 4.0)];
    powi_d0_d0 0 (x) = rules::powi_d0(x, 7) => rules::powi_d0_d0(x, 7), in [(-3.0, 3.0)];
    powf_d0_d0 0 (x, p) = rules::powf_d0(x, p) => rules::powf_d0_d0(x, p), in [(0.3, 4.0), (-3.0, 3.0)];
    powf_d0_d0 0 (x) = rules::powf_d0(x, 1.0) => rules::powf_d0_d0(x, 1.0), in [(-4.0, 4.0)];
    powf_d0_d0 0 (x) = rules::powf_d0(x, 3.0) => rules::powf_d0_d0(x, 3.0), in [(-4.0, 4.0)];
    powf_d0_d1 1 (x, p) = rules::powf_d0(x, p) => rules::powf_d0_d1(x, p), in [(0.3, 4.0), (-3.0, 3.0)];
    powf_d1_d0 0 (x, y) = rules::powf_d1(x, y) => rules::powf_d1_d0(x, y), in [(0.3, 4.0), (0.1, 9.0)];
    powf_d1_d1 1 (x, y) = rules::powf_d1(x, y) => rules::powf_d1_d1(x, y), in [(0.3, 4.0), (0.1, 9.0)];
    log_d0_d0 0 (x, b) = rules::log_d0(x, b) => rules::log_d0_d0(x, b), in [(0.2, 9.0), (1.5, 9.0)];
    log_d0_d1 1 (x, b) = rules::log_d0(x, b) => rules::log_d0_d1(x, b), in [(0.2, 9.0), (1.5, 9.0)];
    log_d1_d0 0 (x, b) = rules::log_d1(x, b) => rules::log_d1_d0(x, b), in [(0.2, 9.0), (1.5, 9.0)];
    log_d1_d1 1 (x, b) = rules::log_d1(x, b) => rules::log_d1_d1(x, b), in [(0.2, 9.0), (1.5, 9.0)];
    log_d1_d1 1 (x, b) = rules::log_d1(x, b) => rules::log_d1_d1(x, b), in [(0.2, 9.0), (0.2, 0.6)];
    hypot_d0_d0 0 (a, y) = rules::hypot_d0(a, y) => rules::hypot_d0_d0(a, y), in [(-4.0, 4.0), (0.5, 4.0)];
    hypot_d0_d1 1 (a, y) = rules::hypot_d0(a, y) => rules::hypot_d0_d1(a, y), in [(-4.0, 4.0), (0.5, 4.0)];
    hypot_d1_d0 0 (b, y) = rules::hypot_d1(b, y) => rules::hypot_d1_d0(b, y), in [(-4.0, 4.0), (0.5, 4.0)];
    hypot_d1_d1 1 (b, y) = rules::hypot_d1(b, y) => rules::hypot_d1_d1(b, y), in [(-4.0, 4.0), (0.5, 4.0)];
    atan2_d0_d0 0 (a, b) = rules::atan2_d0(a, b) => rules::atan2_d0_d0(a, b), in [(-4.0, 4.0), (0.7, 4.0)];
    atan2_d0_d1 1 (a, b) = rules::atan2_d0(a, b) => rules::atan2_d0_d1(a, b), in [(0.7, 4.0), (-4.0, 4.0)];
    atan2_d1_d0 0 (a, b) = rules::atan2_d1(a, b) => rules::atan2_d1_d0(a, b), in [(-4.0, 4.0), (-4.0, -0.7)];
    atan2_d1_d1 1 (a, b) = rules::atan2_d1(a, b) => rules::atan2_d1_d1(a, b), in [(-4.0, -0.7), (-4.0, 4.0)];
    mul_add_d0_d0 0 (a) = rules::mul_add_d0(a) => rules::mul_add_d0_d0(a), in [(-4.0, 4.0)];
    mul_add_d1_d0 0 (x) = rules::mul_add_d1(x) => rules::mul_add_d1_d0(x), in [(-4.0, 4.0)];
};

/// Points in a box, each exactly an `f32`.
fn points(domain: &[(f64, f64)]) -> Vec<Vec<f64>> {
    let strides = [0.618_033_988_75, 0.754_877_666_25];
    let at = |i: usize| {
        let coordinate = |((lo, hi), stride): (&(f64, f64), f64)| {
            let t = (0.5 + stride * i as f64).fract();
            f64::from((lo + t * (hi - lo)) as f32)
        };
        domain.iter().zip(strides).map(coordinate).collect()
    };
    (0..150).map(at).collect()
}

fn check_case(case: &Case) {
    let Case { name, read, .. } = case;
    for point in points(case.domain) {
        let along = |c: f64| {
            let mut moved = point.clone();
            moved[*read] = c;
            (case.partial)(&moved)
        };
        let numeric = check::derivative(along, point[*read]).value;
        let wide = (case.wide)(&point);
        let scale = 1.0 + numeric.abs();
        assert!(
            (wide - numeric).abs() <= 2e-8 * scale,
            "{name} at {point:?}: {wide}, but differences give {numeric}"
        );
        let short: Vec<f32> = point.iter().map(|&c| c as f32).collect();
        let narrow = f64::from((case.narrow)(&short));
        assert!(
            (narrow - numeric).abs() <= 5e-5 * scale,
            "{name} at {point:?} in f32: {narrow}, but differences give {numeric}"
        );
    }
}

#[test]
fn partials_of_partials() {
    UNARY.iter().chain(OTHERS).for_each(check_case);
}

#[test]
fn none_is_without_a_test() {
    let cases = UNARY.iter().chain(OTHERS);
    let tested: BTreeSet<_> = cases.map(|c| (c.name, c.read)).collect();
    for rule in rules::RULES {
        for names in rule.second {
            for (read, name) in names.iter().enumerate() {
                assert!(tested.contains(&(name, read)), "{name}");
            }
        }
    }
}

/// The result is an argument of a partial like any other: along it and along the arguments the second derivative is that of the function.
#[test]
fn second_derivatives_are_symmetric() {
    for point in points(&[(0.3, 4.0), (0.4, 3.0)]) {
        let &[x, p] = &point[..] else { unreachable!() };
        let y = x.powf(p);
        let mixed = rules::powf_d1_d0(x, y) + rules::powf_d1_d1(x, y) * rules::powf_d0(x, p);
        assert!((mixed - rules::powf_d0_d1(x, p)).abs() <= 1e-12 * (1.0 + mixed.abs()));
        assert_eq!(rules::atan2_d0_d1(x, p), rules::atan2_d1_d0(x, p));
        assert_eq!(rules::log_d0_d1(x, p), rules::log_d1_d0(x, p));
        let r = x.hypot(p);
        let first = rules::hypot_d0_d1(x, r) * rules::hypot_d1(p, r);
        let second = rules::hypot_d1_d1(p, r) * rules::hypot_d0(x, r);
        assert!((first - second).abs() <= 1e-14);
    }
}

#[test]
fn second_slopes_at_singular_points() {
    assert_eq!(rules::powi_d0_d0(0.0, 2), 2.0);
    assert_eq!(rules::powi_d0_d0(0.0, 1), 0.0);
    assert_eq!(rules::powi_d0_d0(0.0, 0), 0.0);
    assert!(rules::powi_d0_d0(1.0f64, i32::MIN) > 4.6e18);
    assert_eq!(rules::powf_d0_d0(0.0, 2.0), 2.0);
    assert_eq!(rules::powf_d0_d0(0.0, 1.0), 0.0);
    assert_eq!(rules::powf_d0_d0(0.0, 0.0), 0.0);
    assert_eq!(rules::powf_d0_d1(0.0, 1.5), 0.0);
    assert_eq!(rules::powf_d1_d0(0.0, 0.0), 0.0);
    assert_eq!(rules::powf_d1_d1(0.0, 0.0), 0.0);
    assert_eq!(rules::hypot_d0_d0(0.0, 0.0), 0.0);
    assert_eq!(rules::hypot_d1_d1(0.0, 0.0), 0.0);
    assert_eq!(rules::atan2_d0_d0(0.0, 0.0), 0.0);
    assert_eq!(rules::atan2_d1_d0(0.0, 0.0), 0.0);
    assert_eq!(rules::sqrt_d0_d0(0.0f64), f64::NEG_INFINITY);
}
