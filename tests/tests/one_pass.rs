//! `value_and_grad` of losses over data runs each iteration forward and at once backward: the same adjoints as `vjp`, which does not, as
//! forward mode and as differences. Some losses look as if they could and cannot.
#![allow(clippy::needless_range_loop)]

use autodiff_runtime::differentiate;
use tests::agree;

/// Where the functions are compared.
fn point(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.3 + (i as f64 * 1.7).sin()).collect()
}

const DATA: &[f64] = &[0.5, -1.5, 2.0, 0.25, 1.0, -0.75];

/// The seed is the mean's scale; the ridge adds to the same gradient afterwards.
#[differentiate]
fn mean_and_ridge(w: &[f64], #[constant] data: &[f64]) -> f64 {
    let mut loss = 0.0;
    for row in data.chunks_exact(w.len()) {
        let mut z = 0.0;
        for j in 0..w.len() {
            z += row[j] * w[j];
        }
        loss += (-z).exp().ln_1p();
    }
    let n = data.len() as f64;
    let ridge: f64 = w.iter().map(|a| a * a).sum();
    loss / n + 0.5 * ridge
}

/// Two sums with different seeds, one of them over parameters that the other changes nothing of.
#[differentiate]
fn two_sums(w: &[f64], #[constant] data: &[f64]) -> f64 {
    let mut a = 0.0;
    for d in data {
        a += (d * w[0]).sin() * w[1];
    }
    let mut b = 1.0;
    for i in 0..w.len() {
        b += w[i].exp() * w[(i + 1) % w.len()];
    }
    3.0 * a - b / 7.0
}

/// The seed is the value of the loop itself.
#[differentiate]
fn squared_sum(w: &[f64], #[constant] data: &[f64]) -> f64 {
    let mut sum = 0.0;
    for d in data {
        sum += (d * w[0]).exp() * w[1];
    }
    sum * sum
}

/// The seed of the first loop comes out of the second.
#[differentiate]
fn chained(w: &[f64], #[constant] data: &[f64]) -> f64 {
    let mut a = 0.0;
    for d in data {
        a += d * w[0].sin();
    }
    let mut b = 0.0;
    for d in data {
        b += (d * a).cos() * w[1];
    }
    b
}

/// An element that is written twice has the adjoint of the last.
#[differentiate]
fn overwritten(w: &[f64], #[constant] data: &[f64]) -> f64 {
    let mut out = [0.0; 2];
    for (i, d) in data.iter().enumerate() {
        out[i % 2] = (d * w[0]).exp() * w[1];
    }
    out[0] + 2.0 * out[1]
}

/// The state is carried from one iteration to the next.
#[differentiate]
fn carried(w: &[f64], #[constant] data: &[f64]) -> f64 {
    let mut y = w[0];
    let mut sum = 0.0;
    for d in data {
        y = (y * w[1] + d).sin();
        sum += y;
    }
    sum
}

/// What an iteration reads is changed after the loop.
#[differentiate]
fn changed_afterwards(w: &[f64], #[constant] data: &[f64]) -> f64 {
    let mut v = w.to_vec();
    let mut sum = 0.0;
    for d in data {
        sum += (d * v[0]).exp() * v[1];
    }
    v[0] = v[1] * v[1];
    sum + v[0] * v[1]
}

/// What an iteration reads is changed by the loop.
#[differentiate]
fn changed_inside(w: &[f64], #[constant] data: &[f64]) -> f64 {
    let mut v = w.to_vec();
    let mut sum = 0.0;
    for d in data {
        sum += (d * v[0]).exp() * v[1];
        v[1] *= 0.5;
    }
    sum
}

/// The scale is read after the loop and is a parameter itself; the sum starts with one.
#[differentiate]
fn scaled(w: &[f64], #[constant] data: &[f64]) -> f64 {
    let mut sum = w[2];
    for d in data {
        if *d > 0.0 {
            sum += (d * w[0]).tanh();
        } else {
            sum -= w[1] * d;
        }
    }
    sum * w[2].exp()
}

/// Local buffers, inner loops with records, a call.
#[differentiate]
fn mixture(w: &[f64], #[constant] data: &[f64]) -> f64 {
    let k = w.len();
    let mut total = 0.0;
    for &d in data {
        let mut terms = vec![0.0; k];
        for c in 0..k {
            terms[c] = -(d - w[c]).powi(2);
        }
        total += log_sum_exp(&terms);
    }
    total
}

#[differentiate]
fn log_sum_exp(v: &[f64]) -> f64 {
    let mut sum = 0.0;
    for a in v {
        sum += a.exp();
    }
    sum.ln()
}

#[test]
fn losses_over_data() {
    agree!(mean_and_ridge, point(3), DATA);
    agree!(two_sums, point(3), DATA);
    agree!(scaled, point(3), DATA);
    agree!(mixture, point(4), DATA);
    agree!(two_sums, point(3), &[]);
}

#[test]
fn losses_that_need_two_passes() {
    agree!(squared_sum, point(2), DATA);
    agree!(chained, point(2), DATA);
    agree!(overwritten, point(2), DATA);
    agree!(carried, point(2), DATA);
    agree!(changed_afterwards, point(2), DATA);
    agree!(changed_inside, point(2), DATA);
}

/// The result of a generic function, with an early sum over nothing.
#[differentiate]
fn generic<T: num_traits::Float>(x: &[T], a: T) -> T {
    let mut sum = T::zero();
    for v in x {
        sum = sum + (*v * a).exp();
    }
    sum / T::from(4.0).unwrap()
}

#[test]
fn generics() {
    let (value, (gx, ga)) = generic::value_and_grad(&[0.5_f32, -1.0], 2.0);
    assert_eq!(value, generic(&[0.5_f32, -1.0], 2.0));
    assert!((gx[0] - 0.5 * 1.0_f32.exp()).abs() < 1e-6);
    assert!((ga - 0.25 * (0.5 * 1.0_f32.exp() - (-2.0_f32).exp())).abs() < 1e-6);
}
