//! What companions tell callers: which adjoint slots are used, which `&mut` parameters are left as they were, and which slopes may be infinite.
#![allow(clippy::needless_range_loop)]

use autodiff_runtime::differentiate;

/// Its pullback needs the old values, and so puts them back.
#[differentiate]
fn squash(x: &mut [f64], rate: f64) {
    for v in x.iter_mut() {
        *v = (*v * rate).tanh() * *v;
    }
}

/// Its pullback does not need what it overwrites.
#[differentiate]
fn refill(x: &mut [f64], rate: f64) {
    for (i, v) in x.iter_mut().enumerate() {
        *v = rate * (i as f64 + 1.0);
    }
}

/// Overwrites one half after the other, and puts back but one of them.
#[differentiate]
fn halves(x: &mut [f64], rate: f64) {
    let middle = x.len() / 2;
    for i in 0..middle {
        x[i] = x[i].sin() * x[middle + i];
    }
    for i in middle..x.len() {
        x[i] = rate;
    }
}

/// Reads its list before each call, so that each call's overwriting has to be undone.
#[differentiate]
fn pipeline(start: &[f64], rate: f64) -> f64 {
    let mut x = start.to_vec();
    let mut sum = 0.0;
    for k in 0..3 {
        sum += x.iter().map(|v| v.exp()).sum::<f64>();
        squash(&mut x, rate);
        sum += x[0] * x[1];
        if k == 1 {
            halves(&mut x, rate * 0.5);
        } else {
            refill(&mut x[1..3], rate);
        }
        sum += (x[1] * x[2]).sin() * x[3].cos();
    }
    sum
}

#[test]
fn what_callees_overwrite_is_back() {
    let (x, rate) = ([0.4, -0.3, 0.8, 1.2], 0.7);
    let (value, (by_x, by_rate)) = pipeline::value_and_grad(&x, rate);
    assert_eq!(value.to_bits(), pipeline(&x, rate).to_bits());
    for k in 0..5 {
        let mut direction = [0.0; 5];
        direction[k] = 1.0;
        let (_, slope) = pipeline::jvp(&x, rate, &direction[..4], direction[4]);
        let entry = if k < 4 { by_x[k] } else { by_rate };
        assert!(
            (entry - slope).abs() < 1e-12 * slope.abs().max(1.0),
            "{k}: {entry} {slope}"
        );
    }
}

/// The data have no part in this function's derivative, and one in that of the function below.
#[differentiate]
fn misfit(#[constant] data: &[f64], x: &[f64]) -> f64 {
    data.iter().zip(x).map(|(a, b)| (a - b).powi(2)).sum()
}

#[differentiate]
fn product(data: &[f64], x: &[f64]) -> f64 {
    data.iter().zip(x).map(|(a, b)| a * b).sum()
}

#[differentiate(wrt = x)]
fn both(data: &[f64], x: &[f64]) -> f64 {
    misfit(data, x) + product(data, x)
}

#[test]
fn slots_for_what_has_no_derivative() {
    let (data, x) = ([1.0, 2.0], [0.5, 3.0]);
    assert_eq!(both::grad(&data, &x), [2.0 * -0.5 + 1.0, 2.0 * 1.0 + 2.0]);
}

#[differentiate]
fn root(x: f64, a: f64) -> f64 {
    let y = x.sqrt() * a;
    y * (1.0 + a * y)
}

#[differentiate]
fn through_root(x: f64, a: f64) -> f64 {
    let z = root(x, 2.0 * a) * a;
    z + z * z * a
}

#[differentiate]
fn weighted(x: f64, a: f64) -> f64 {
    a * through_root(x, 1.5) * a
}

#[test]
fn zero_adjoints_win_over_infinite_slopes_of_callees() {
    let (by_x, by_a) = weighted::grad(0.0, 0.0);
    assert_eq!((by_x, by_a), (0.0, 0.0));
    let (by_x, _) = weighted::grad(0.0, 1.0);
    assert_eq!(by_x, f64::INFINITY);
}
