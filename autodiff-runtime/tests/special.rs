//! Special functions: values against tables, derivatives against differences, both modes.
#![cfg(feature = "special")]

use approx::assert_relative_eq;
use autodiff_runtime::check;
use autodiff_runtime::special::*;

/// The slope by differences that are extrapolated to step zero.
fn agrees(
    f: fn(f64) -> f64,
    grad: fn(f64) -> (f64, f64),
    jvp: fn(f64, f64) -> (f64, f64),
    at: &[f64],
) {
    for &x in at {
        let (value, slope) = grad(x);
        assert_eq!(value, f(x));
        assert_eq!(jvp(x, 2.0), (value, 2.0 * slope));
        let report = check::gradient(|x: &f64| f(*x), &x, &slope);
        assert!(report.error < 1e-7, "at {x}: {report:?}");
    }
}

macro_rules! agrees {
    ($f:ident at $($x:expr),*) => {
        agrees($f, $f::value_and_grad, $f::jvp, &[$($x),*])
    };
}

#[test]
fn slopes_agree_with_differences() {
    agrees!(erf at -2.1, -0.3, 0.0, 0.4, 1.7);
    agrees!(erfc at -1.2, 0.0, 0.9, 2.5);
    agrees!(erf_inv at -0.9, -0.2, 0.0, 0.5, 0.97);
    agrees!(normal_cdf at -3.0, -0.4, 0.0, 1.1);
    agrees!(gamma at 0.3, 1.0, 2.5, 6.2);
    agrees!(ln_gamma at 0.1, 1.0, 2.0, 7.3, 140.0);
    agrees!(digamma at 0.2, 1.0, 3.4, 25.0);
    agrees!(trigamma at 0.2, 1.0, 3.4, 12.0, 25.0);
    agrees!(bessel_j0 at -4.0, 0.0, 0.7, 9.3);
    agrees!(bessel_j1 at -4.0, 0.0, 0.7, 9.3);
    agrees!(bessel_y0 at 0.3, 0.7, 9.3);
    agrees!(bessel_y1 at 0.3, 0.7, 9.3);
}

#[test]
fn bessel_functions_of_every_order() {
    for n in [-3, -1, 0, 1, 2, 5] {
        for x in [0.4, 1.9, 12.5] {
            let (value, slope) = bessel_jn::value_and_grad(n, x);
            assert_eq!(value, bessel_jn(n, x));
            assert!(check::gradient(|x: &f64| bessel_jn(n, *x), &x, &slope).error < 1e-7);
            let bend = bessel_jn::hvp(n, x, 1.0);
            assert!(check::gradient(|x: &f64| bessel_jn::grad(n, *x), &x, &bend).error < 1e-7);
            let slope = bessel_yn::grad(n, x);
            assert!(check::gradient(|x: &f64| bessel_yn(n, *x), &x, &slope).error < 1e-7);
            let bend = bessel_yn::hvp(n, x, 1.0);
            assert!(check::gradient(|x: &f64| bessel_yn::grad(n, *x), &x, &bend).error < 1e-7);
        }
        let slope = bessel_jn::grad(n, -0.7);
        assert!(check::gradient(|x: &f64| bessel_jn(n, *x), &-0.7, &slope).error < 1e-7);
    }
}

#[test]
fn slopes_of_two_arguments_agree_with_differences() {
    for (a, b) in [(0.4, 0.7), (2.0, 3.5), (11.0, 0.3)] {
        let (ga, gb) = ln_beta::grad(a, b);
        assert!(check::gradient(|a: &f64| ln_beta(*a, b), &a, &ga).error < 1e-8);
        assert!(check::gradient(|b: &f64| ln_beta(a, *b), &b, &gb).error < 1e-8);
        let slope = inc_gamma::grad(a, b);
        assert!(check::gradient(|x: &f64| inc_gamma(a, *x), &b, &slope).error < 1e-7);
    }
}

#[test]
fn values_of_tables() {
    // Abramowitz and Stegun: tables 7.1, 26.1, 6.1, 6.3, 9.1.
    assert_relative_eq!(erf(0.5), 0.520_499_877_813_046_5, max_relative = 1e-15);
    assert_relative_eq!(erfc(3.0), 2.209_049_699_858_544e-5, max_relative = 1e-14);
    assert_relative_eq!(
        normal_cdf(1.0),
        0.841_344_746_068_542_9,
        max_relative = 1e-15
    );
    assert_relative_eq!(gamma(1.5), 0.886_226_925_452_758, max_relative = 1e-14);
    assert_relative_eq!(digamma(2.0), 0.422_784_335_098_467_1, max_relative = 1e-13);
    assert_relative_eq!(
        digamma::grad(1.0),
        std::f64::consts::PI.powi(2) / 6.0,
        max_relative = 1e-13
    );
    // DLMF 5.15.2 and 5.15.3: -2 zeta(3), -14 zeta(3); and by 5.15.6 a difference of 4 pi^3.
    let zeta = 1.202_056_903_159_594_2;
    assert_relative_eq!(trigamma::grad(1.0), -2.0 * zeta, max_relative = 1e-14);
    assert_relative_eq!(trigamma::grad(0.5), -14.0 * zeta, max_relative = 1e-14);
    let difference = trigamma::grad(0.75) - trigamma::grad(0.25);
    let expected = 4.0 * std::f64::consts::PI.powi(3);
    assert_relative_eq!(difference, expected, max_relative = 1e-13);
    assert_relative_eq!(
        bessel_j0(1.0),
        0.765_197_686_557_966_6,
        max_relative = 1e-14
    );
    // DLMF 10.5.2: the Wronskian.
    let wronskian = bessel_jn(3, 2.0) * bessel_yn(2, 2.0) - bessel_jn(2, 2.0) * bessel_yn(3, 2.0);
    assert_relative_eq!(wronskian, std::f64::consts::FRAC_1_PI, max_relative = 1e-13);
    assert_relative_eq!(erf(erf_inv(0.3)), 0.3, max_relative = 1e-14);
}

macro_rules! bends {
    ($f:ident at $($x:expr),*) => {
        for x in [$($x),*] {
            let report = check::gradient(|x: &f64| $f::grad(*x), &x, &$f::hvp(x, 1.0));
            assert!(report.error < 1e-7, "{} at {x}: {report:?}", stringify!($f));
        }
    };
}

#[test]
fn second_derivatives_agree_with_differences_of_slopes() {
    bends!(erf at -2.1, -0.3, 0.0, 0.4, 1.7);
    bends!(erfc at -1.2, 0.0, 0.9, 2.5);
    bends!(erf_inv at -0.9, -0.2, 0.0, 0.5);
    bends!(normal_cdf at -3.0, -0.4, 0.0, 1.1);
    bends!(gamma at 0.3, 1.0, 2.5, 6.2);
    bends!(ln_gamma at 0.1, 1.0, 2.0, 7.3, 140.0);
    bends!(digamma at 0.2, 1.0, 3.4, 12.0, 25.0);
    bends!(bessel_j0 at -4.0, 0.0, 0.7, 9.3);
    bends!(bessel_j1 at -4.0, 0.7, 9.3);
    assert_eq!(bessel_j1::hvp(0.0, 1.0), 0.0);
    let (a, b) = (2.0, 3.5);
    let grad = |x: &[f64; 2]| ln_beta::grad(x[0], x[1]);
    check::check_hessian(grad, &ln_beta::hessian(a, b), &[a, b]).assert_below(1e-7);
    let slope = |x: &f64| inc_gamma::grad(a, *x);
    assert!(check::gradient(slope, &b, &inc_gamma::hvp(a, b, 1.0)).error < 1e-7);
}

/// The fourth derivative of `ln gamma`, DLMF 5.15: at 1 it is `pi^4 / 15`, at 1/2 `pi^4`, and one step on `6 / x^4` less.
#[test]
fn second_derivatives_of_trigamma() {
    let fourth = std::f64::consts::PI.powi(4);
    let curvature = |x: f64| trigamma::hvp(x, 1.0);
    assert_relative_eq!(curvature(1.0), fourth / 15.0, max_relative = 1e-14);
    assert_relative_eq!(curvature(0.5), fourth, max_relative = 1e-14);
    assert_relative_eq!(curvature(-0.5), fourth + 96.0, max_relative = 1e-13);
    for x in [0.3, 2.7, 11.5, 12.5] {
        let step = curvature(x) - curvature(x + 1.0);
        assert_relative_eq!(step, 6.0 / x.powi(4), max_relative = 1e-9);
        let slope = check::derivative(trigamma::grad, x);
        assert_relative_eq!(curvature(x), slope.value, max_relative = 1e-8);
    }
}

/// Reference values left of zero.
#[test]
fn negative_arguments() {
    assert_relative_eq!(
        ln_gamma::grad(-0.5),
        0.036_489_973_978_576_52,
        max_relative = 1e-12
    );
    assert_relative_eq!(
        digamma::grad(-0.5),
        8.934_802_200_544_68,
        max_relative = 1e-12
    );
}
