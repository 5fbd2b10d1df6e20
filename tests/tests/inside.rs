//! Functions inside a function, and functions that call themselves and are handed functions.

use autodiff_runtime::differentiate;
use tests::checks;

/// The functions inside call each other.
#[differentiate]
fn adaptive(f: &dyn Fn(f64) -> f64, a: f64, b: f64, tolerance: f64) -> f64 {
    fn refined(f: &dyn Fn(f64) -> f64, a: f64, b: f64, eps: f64, whole: f64, depth: u32) -> f64 {
        let m = (a + b) / 2.0;
        let (left, right) = (simpson(f, a, m), simpson(f, m, b));
        let delta = left + right - whole;
        if depth == 0 || delta.abs() <= 15.0 * eps {
            left + right + delta / 15.0
        } else {
            refined(f, a, m, eps / 2.0, left, depth - 1)
                + refined(f, m, b, eps / 2.0, right, depth - 1)
        }
    }
    fn simpson(f: &dyn Fn(f64) -> f64, a: f64, b: f64) -> f64 {
        (b - a) / 6.0 * (f(a) + 4.0 * f((a + b) / 2.0) + f(b))
    }
    refined(f, a, b, tolerance, simpson(f, a, b), 8)
}

#[differentiate]
fn halves<F: Fn(f64) -> f64>(f: &F, a: f64, b: f64, depth: usize) -> f64 {
    let m = 0.5 * (a + b);
    match depth {
        0 => (b - a) * f(m),
        _ => halves(f, a, m, depth - 1) + halves(f, m, b, depth - 1),
    }
}

/// Hands on what it was handed.
#[differentiate]
fn scaled_halves(f: impl Fn(f64) -> f64, a: f64, b: f64) -> f64 {
    2.0 * halves(&f, a, b, 3)
}

/// The closures borrow what they use.
#[differentiate]
fn of_lists(x: &[f64], rates: Vec<f64>) -> f64 {
    let f = |t: f64| rates.iter().map(|r| (r * t).sin()).sum::<f64>() + x[1] * t;
    scaled_halves(f, x[0], x[1]) + halves(&|t| t * rates[0] + x[0], 0.0, x[1], 2)
}

checks! {
    adaptive_integral: |x| {
        let rate = x[2];
        adaptive(&|t| (rate * t).sin().exp(), x[0], x[1], 1e-6)
    }, [0.4, 1.7, 2.0], [0.1, 0.9, -1.0];
    borrowed: |x| of_lists(x, x[1..].to_vec()), [0.4, 1.7, 2.0], [0.1, 0.9, -1.0];
}

/// What is borrowed aside, and functions.
#[differentiate(wrt = (x, f))]
fn weighted<'a>(weights: &'a [f64], x: &'a [f64], f: impl Fn(f64) -> f64) -> f64 {
    weights
        .iter()
        .zip(x)
        .map(|(w, x)| w * halves(&f, 0.0, *x, 1))
        .sum()
}

#[test]
fn pullbacks_that_borrow() {
    let weights = vec![0.5, 2.0];
    let (value, pullback) = weighted::vjp(&weights, &[0.3, 0.7], square::vjp);
    let gradient = pullback(1.0);
    assert!(value > 0.0 && gradient.len() == 2);
}

#[differentiate]
fn square(x: f64) -> f64 {
    x * x
}
