//! Loops of few iterations, whose records are arrays: indices of any type, in any order, inside of other loops.
#![allow(clippy::needless_range_loop)]

use autodiff_runtime::differentiate;
use num_traits::Float;

/// The index is an `i32`, and the first is not zero.
#[differentiate]
fn powers(x: &[f64]) -> f64 {
    let mut state = x[0];
    for k in 1..=3 {
        state = (state * x[1]).sin() + x[2].powi(k);
    }
    state
}

#[differentiate]
fn bytes(x: &[f64]) -> f64 {
    let mut state = x[0];
    for k in 2..6u8 {
        state *= (state + x[k as usize]).cos();
    }
    state
}

/// Backwards, with two numbers an iteration.
#[differentiate]
fn backwards(x: &[f64]) -> f64 {
    let (mut a, mut b) = (x[0], x[1]);
    for i in (0..4).rev() {
        (a, b) = (b * x[i].exp(), a / (1.0 + b * b));
    }
    a * b
}

/// Steps of a motion in three dimensions, as `(position, velocity)`.
#[differentiate]
fn steps(x: &[f64], count: usize) -> f64 {
    let mut position = [x[0], x[1], x[2]];
    let mut velocity = [x[3], x[4], x[5]];
    for _ in 0..count {
        let mut square = 0.0;
        for i in 0..3 {
            square += position[i] * position[i];
        }
        let pull = -1.0 / (1.0 + square * square.sqrt());
        for i in 0..3 {
            velocity[i] += 0.1 * pull * position[i] * velocity[(i + 1) % 3].cos();
            position[i] += 0.1 * velocity[i];
        }
    }
    position[0] * velocity[1] - position[2]
}

#[differentiate]
fn moved(x: &[f64]) -> f64 {
    steps(x, 7)
}

/// Too long for arrays.
#[differentiate]
fn longer(x: &[f64]) -> f64 {
    let mut state = x[0];
    for i in 0..20 {
        state = (state + x[i % 12]).sin() * 1.1;
    }
    state
}

#[differentiate]
fn generic<T: Float>(x: &[T]) -> T {
    let mut state = x[0];
    for i in 0..3 {
        if state > x[i + 1] {
            state = state.sin() * x[i];
        } else {
            state = state * state + x[i];
        }
    }
    state
}

#[differentiate]
fn of_floats(x: &[f64]) -> f64 {
    generic(x)
}

/// The state of three iterations is dear to compute and cheap to keep.
#[differentiate(order = 2)]
fn twice(x: &[f64]) -> f64 {
    let mut state = x[0];
    let mut sum = 0.0;
    for i in 0..3 {
        state = state.exp().ln_1p() * x[i];
        sum += state * state;
    }
    sum
}

#[test]
fn values_and_both_modes() {
    tests::agree!(powers at &tests::modes::POINTS);
    tests::agree!(bytes at &tests::modes::POINTS);
    tests::agree!(backwards at &tests::modes::POINTS);
    tests::agree!(moved at &tests::modes::POINTS);
    tests::agree!(longer at &tests::modes::POINTS);
    tests::agree!(of_floats at &tests::modes::POINTS);
    tests::agree!(twice at &tests::modes::POINTS);
}

#[test]
fn second_derivatives() {
    for x in tests::modes::POINTS {
        let v: Vec<f64> = (0..x.len()).map(|k| (k as f64).cos()).collect();
        let product = twice::hvp(x, &v);
        let step = 1e-5;
        let moved = |t: f64| -> Vec<f64> {
            let x: Vec<f64> = x.iter().zip(&v).map(|(x, v)| x + t * v).collect();
            twice::grad(&x)
        };
        for ((p, a), b) in product.iter().zip(moved(step)).zip(moved(-step)) {
            assert!((p - (a - b) / (2.0 * step)).abs() < 1e-7, "{x:?}");
        }
    }
}
