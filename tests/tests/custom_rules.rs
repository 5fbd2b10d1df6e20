//! Derivatives that the user states: by partials and by functions, alone and called from other functions.

use approx::assert_relative_eq;
use autodiff_runtime::check::check_hessian;
use autodiff_runtime::differentiate;
use num_traits::Float;
use std::f64::consts::FRAC_2_SQRT_PI;

/// A function that the compiler could not look into: the error function by its series (Abramowitz and Stegun 7.1.6).
fn erf_by_series(x: f64) -> f64 {
    let mut term = x;
    let mut terms = vec![term];
    for n in 1..60 {
        term *= 2.0 * x * x / (2 * n + 1) as f64;
        terms.push(term);
    }
    FRAC_2_SQRT_PI * (-x * x).exp() * terms.iter().rev().sum::<f64>()
}

#[differentiate(partials(x = FRAC_2_SQRT_PI * (-x * x).exp()))]
fn erf(x: f64) -> f64 {
    erf_by_series(x)
}

#[differentiate]
fn normal_mass(a: f64, b: f64, sigma: f64) -> f64 {
    0.5 * (erf(b / sigma) - erf(a / sigma))
}

#[test]
fn a_partial_is_used_by_both_modes() {
    let slope = FRAC_2_SQRT_PI * (-0.49f64).exp();
    assert_eq!(erf::jvp(0.7, 2.0), (erf(0.7), 2.0 * slope));
    assert_eq!(erf::value_and_grad(0.7), (erf(0.7), slope));
    let h = 1e-5;
    assert_relative_eq!(
        (erf(0.7 + h) - erf(0.7 - h)) / (2.0 * h),
        slope,
        max_relative = 1e-9
    );
}

#[test]
fn callers_use_it() {
    let (value, (a, b, sigma)) = normal_mass::value_and_grad(-0.3, 1.2, 0.8);
    assert_eq!(value, normal_mass(-0.3, 1.2, 0.8));
    let density = |x: f64| FRAC_2_SQRT_PI * (-(x / 0.8).powi(2)).exp() / 2.0;
    assert_relative_eq!(a, -density(-0.3) / 0.8, max_relative = 1e-14);
    assert_relative_eq!(b, density(1.2) / 0.8, max_relative = 1e-14);
    let by_sigma = (-density(1.2) * 1.2 + density(-0.3) * -0.3) / 0.64;
    assert_relative_eq!(sigma, by_sigma, max_relative = 1e-14);
    let (_, slope) = normal_mass::jvp(-0.3, 1.2, 0.8, 0.5, -0.2, 0.1);
    assert_relative_eq!(slope, 0.5 * a - 0.2 * b + 0.1 * sigma, max_relative = 1e-13);
}

/// `result` is the value; an integer has no partial.
#[differentiate(partials(x = n as f64 * result / x, scale = result / scale))]
fn scaled_power(x: f64, n: u32, scale: f64) -> f64 {
    let mut product = scale;
    for _ in 0..n {
        product *= x;
    }
    product
}

#[test]
fn partials_may_use_the_value() {
    let (value, (x, scale)) = scaled_power::value_and_grad(1.5, 4, 0.5);
    assert_eq!(value, 0.5 * 1.5f64.powi(4));
    assert_relative_eq!(x, 2.0 * 1.5f64.powi(3), max_relative = 1e-15);
    assert_relative_eq!(scale, 1.5f64.powi(4), max_relative = 1e-15);
}

#[differentiate(partials(x = result * (T::one() - result)))]
fn logistic<T: Float>(x: T) -> T {
    let e = (-x.abs()).exp();
    if x < T::zero() {
        e / (T::one() + e)
    } else {
        (T::one() + e).recip()
    }
}

#[differentiate]
fn layer<T: Float>(w: &[T], x: &[T]) -> T {
    w.iter()
        .zip(x)
        .fold(T::zero(), |sum, (w, x)| sum + logistic(*w * *x))
}

#[test]
fn generic_functions_have_rules() {
    let (value, (w, _)) = layer::value_and_grad(&[0.5f32, -2.0], &[1.0, 3.0]);
    assert_eq!(value, layer(&[0.5f32, -2.0], &[1.0, 3.0]));
    let slope = |z: f32| logistic(z) * (1.0 - logistic(z));
    assert_relative_eq!(w[0], slope(0.5), max_relative = 1e-6);
    assert_relative_eq!(w[1], 3.0 * slope(-6.0), max_relative = 1e-6);
    assert_eq!(logistic::grad(-800.0), 0.0);
}

/// A zero seed is worth more than an infinite partial.
#[differentiate(partials(x = 0.5 / result))]
fn root(x: f64) -> f64 {
    x.sqrt()
}

#[differentiate]
fn unused_root(x: f64, y: f64) -> f64 {
    y + 0.0 * root(x)
}

#[test]
fn an_unused_infinite_slope_is_none() {
    assert_eq!(unused_root::grad(0.0, 1.0), (0.0, 1.0));
}

/// The norm, scaled so that nothing overflows, with a slope of zero at the origin.
#[differentiate(jvp = norm_jvp, vjp = norm_vjp)]
fn norm(x: &[f64], scale: f64) -> f64 {
    let largest = x.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let sum: f64 = x.iter().map(|v| (v / largest).powi(2)).sum();
    scale * largest * sum.sqrt()
}

fn norm_jvp(x: &[f64], scale: f64, dx: &[f64], dscale: f64) -> (f64, f64) {
    let value = norm(x, scale);
    if value == 0.0 {
        return (0.0, 0.0);
    }
    let inner: f64 = x.iter().zip(dx).map(|(x, d)| x / value * d).sum();
    (value, scale * scale * inner + value / scale * dscale)
}

fn norm_vjp(x: &[f64], scale: f64) -> (f64, impl FnOnce(f64) -> (Vec<f64>, f64) + use<>) {
    let value = norm(x, scale);
    let unit: Vec<f64> = if value == 0.0 {
        vec![0.0; x.len()]
    } else {
        x.iter().map(|x| scale * scale * x / value).collect()
    };
    (value, move |seed| {
        (
            unit.iter().map(|u| seed * u).collect(),
            seed * value / scale,
        )
    })
}

#[differentiate]
fn distance(p: &[f64], q: &[f64]) -> f64 {
    let d: Vec<f64> = p.iter().zip(q).map(|(p, q)| p - q).collect();
    norm(&d, 2.0) * norm(&d[..2], p[0])
}

#[test]
fn functions_state_derivatives_of_slices() {
    let x = [3e200, 4e200];
    let (value, (gradient, scale)) = norm::value_and_grad(&x, 1.0);
    assert_relative_eq!(value, 5e200, max_relative = 1e-15);
    assert_relative_eq!(gradient[..], [0.6, 0.8][..], max_relative = 1e-15);
    assert_eq!(scale, value);
    assert_eq!(norm::grad(&[0.0, 0.0], 1.0), (vec![0.0, 0.0], 0.0));
    assert_eq!(norm::jvp(&x, 1.0, &[1.0, 0.0], 0.0), (value, gradient[0]));
}

#[test]
fn callers_of_stated_functions_agree_in_both_modes() {
    let (p, q) = ([0.3, -0.7, 1.1], [0.2, 0.5, -0.4]);
    let (value, (gp, gq)) = distance::value_and_grad(&p, &q);
    assert_eq!(value, distance(&p, &q));
    for k in 0..3 {
        let mut e = [0.0; 3];
        e[k] = 1.0;
        let (_, slope) = distance::jvp(&p, &q, &e, &[0.0; 3]);
        assert_relative_eq!(slope, gp[k], max_relative = 1e-13);
        let at = |h: f64| {
            let mut p = p;
            p[k] += h;
            distance(&p, &q)
        };
        let difference = (at(1e-5) - at(-1e-5)) / 2e-5;
        assert_relative_eq!(difference, gp[k], max_relative = 1e-8);
        let (_, slope) = distance::jvp(&p, &q, &[0.0; 3], &e);
        assert_relative_eq!(slope, gq[k], max_relative = 1e-13);
    }
}

/// One function gives one mode.
#[differentiate(vjp = first_vjp)]
fn first(x: &[f64]) -> f64 {
    x[0]
}

fn first_vjp(x: &[f64]) -> (f64, impl FnOnce(f64) -> Vec<f64> + use<>) {
    let n = x.len();
    (x[0], move |seed| {
        let mut gradient = vec![0.0; n];
        gradient[0] = seed;
        gradient
    })
}

#[test]
fn one_function_is_enough_for_one_mode() {
    assert_eq!(first::grad(&[2.0, 3.0]), vec![1.0, 0.0]);
}

/// `sum of weight ln(1 + e^x)` without overflow.
#[differentiate(order = 2, jvp = softplus_jvp, vjp = softplus_vjp)]
fn softplus(x: &[f64], n: usize, #[constant] weights: &[f64], shift: f64) -> f64 {
    let term = |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p();
    let terms = x.iter().zip(weights).map(|(x, w)| w * term(x - shift));
    terms.sum::<f64>() * n as f64
}

/// The weights are no parameters that it is differentiated with respect to; here they are not even marked.
#[differentiate]
fn softplus_jvp(
    x: &[f64],
    n: usize,
    weights: &[f64],
    shift: f64,
    dx: &[f64],
    dshift: f64,
) -> (f64, f64) {
    let mut slope = 0.0;
    for i in 0..x.len() {
        slope += weights[i] * (dx[i] - dshift) / (1.0 + (shift - x[i]).exp());
    }
    (softplus(x, n, weights, shift), slope * n as f64)
}

fn softplus_vjp(
    x: &[f64],
    n: usize,
    weights: &[f64],
    shift: f64,
) -> (f64, impl FnOnce(f64) -> (Vec<f64>, f64) + use<>) {
    let slope = |(x, w): (&f64, &f64)| n as f64 * w / (1.0 + (shift - x).exp());
    let slopes: Vec<f64> = x.iter().zip(weights).map(slope).collect();
    let pullback = move |seed: f64| {
        let total: f64 = slopes.iter().sum();
        (slopes.iter().map(|s| seed * s).collect(), -seed * total)
    };
    (softplus(x, n, weights, shift), pullback)
}

#[differentiate(order = 2)]
fn of_softplus(x: &[f64]) -> f64 {
    let inner = softplus(x, 2, &[0.5, 1.5, -1.0], x[0] * x[1]);
    inner * softplus(&[inner * x[2], x[1]], 1, &[1.0, 2.0], 0.25)
}

#[test]
fn the_stated_jvp_is_differentiated_once_more() {
    let (x, weights, shift) = ([0.3, -0.7, 1.1], [0.5, 1.5, -1.0], 0.4);
    let hessian = softplus::hessian(&x, 2, &weights, shift);
    let grad = |x: &[f64; 4]| {
        let (by_x, by_shift) = softplus::grad(&x[..3], 2, &weights, x[3]);
        [by_x[0], by_x[1], by_x[2], by_shift]
    };
    check_hessian(grad, &hessian, &[x[0], x[1], x[2], shift]).assert_below(1e-9);
    assert!((&hessian - hessian.transpose()).amax() < 1e-15);
    let (by_x, by_shift) = softplus::hvp(&x, 2, &weights, shift, &[0.0; 3], 1.0);
    let column: Vec<f64> = by_x.into_iter().chain([by_shift]).collect();
    assert_eq!(column, hessian.column(3).as_slice());
    let hessian = of_softplus::hessian(&x);
    check_hessian(|x: &[f64; 3]| of_softplus::grad(x), &hessian, &x).assert_below(1e-8);
}
