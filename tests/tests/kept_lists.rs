//! Lists that each iteration of a loop makes, arrays that are read as what they were made of, quotients by one number, and sums of nothing.
#![allow(clippy::needless_range_loop, clippy::useless_vec)]

use autodiff_runtime::differentiate;
use num_traits::Float;
use tests::agree;

/// The list is as long as the iteration says, and is filled before it is full.
#[differentiate]
fn growing(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 1..x.len() {
        let mut terms = vec![0.5; i];
        for j in 0..i {
            terms[j] += x[j] * x[i];
        }
        for j in 1..i {
            total += (terms[j] - terms[j - 1]).sin() * terms[0];
        }
    }
    total
}

/// One in a branch of a loop in a loop, with its type written; another that starts from a value that is active.
#[differentiate]
fn nested(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        for j in 0..3 {
            if x[i] > 0.1 * j as f64 {
                let mut own: Vec<f64> = vec![0.0; j + 1];
                own[j] = x[i] * x[j];
                total += own.iter().map(|a| a * a).sum::<f64>();
            } else {
                let own = vec![x[i]; 2];
                total -= own[0] * own[1] * x[j];
            }
        }
    }
    total
}

/// The lists leave the iterations that make them.
#[differentiate]
fn collected(x: &[f64]) -> f64 {
    let mut rows = Vec::new();
    for i in 0..4 {
        let mut row = vec![0.0; 2];
        row[i % 2] = x[i] * x[0];
        rows.push(row);
    }
    let mut before = vec![1.0; 3];
    for i in 0..4 {
        let mut next = vec![0.0; 3];
        for j in 0..3 {
            next[j] = before[(j + 1) % 3] * x[j].cos() + rows[i][j % 2];
        }
        before = next;
    }
    before[0] * before[1] + before[2]
}

#[differentiate]
fn shift(v: &mut [f64], by: f64) {
    for k in 0..v.len() {
        v[k] = v[k] * by + by;
    }
}

/// The list is lent to a function that changes it.
#[differentiate]
fn lent(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        let mut v = vec![0.25; 3];
        v[1] = x[i];
        shift(&mut v, x[0]);
        shift(&mut v, x[i]);
        total += v[0] * v[1] + v[2].sin();
    }
    total
}

#[differentiate]
fn generic<T: Float>(x: &[T]) -> T {
    let mut total = x[0];
    let mut left = 3;
    while left > 0 {
        let mut v = vec![x[left]; left];
        v[0] = v[0] * x[0];
        total = total + v[0] / (x[left] * x[left] + T::one());
        left -= 1;
    }
    total
}

#[differentiate]
fn of_floats(x: &[f64]) -> f64 {
    generic(x)
}

/// Arrays that are read at fixed places, shadowed, changed, and made of each other.
#[differentiate]
fn arrays(x: &[f64]) -> f64 {
    let p = [x[0] * x[1], x[2].sin(), 2.0];
    let q = [p[1], p[0] * p[2], p[0]];
    let p = [q[0] + p[2], q[1]];
    let mut r = [p[0], q[2]];
    r[0] *= p[1];
    let s = [r[0], p[0]];
    r[0] = 7.0;
    let mut total = r[0] * s[0] + r[1];
    for i in 0..2 {
        total += s[0] * s[1] * p[i] + q[2];
        if total > 1.0 {
            let t = [total, s[1]];
            total = t[0].sin() + t[1] * t[1];
        }
    }
    total
}

/// All quotients by one number, that number a quotient too; by a literal; of a constant.
#[differentiate(order = 2)]
fn quotients(x: &[f64]) -> f64 {
    let length = (x[0] * x[0] + x[1] * x[1] + 1.0).sqrt();
    let (a, b, c) = (x[0] / length, x[1] / length, 1.0 / length);
    let ratio = x[2] / (length / 3.0);
    let mut sum = a * b / ratio.cosh() + c;
    for v in x {
        sum += v / length / (1.0 + v * v);
    }
    sum
}

/// Lists that loops push to, counted from other numbers than zero, to the last one too, and not at all; what is the same in all iterations.
#[differentiate]
fn counted<T: Float>(x: &[T], from: usize, to: usize) -> T {
    let powers: Vec<T> = (1..=to)
        .map(|k| x[0].powi(k as i32) / T::from(to).unwrap())
        .collect();
    let mut products = Vec::new();
    for i in from..to {
        products.push(powers[i] * x[i - from] / T::from(x.len()).unwrap());
    }
    let mut sums = Vec::with_capacity(2);
    for i in from..=to {
        sums.push(x[i - from] * x[0]);
    }
    let last = products
        .iter()
        .chain(&sums)
        .fold(T::zero(), |a, &b| a * x[1] + b.sin());
    last + powers[0]
}

/// A state that is replaced by a longer and then by a shorter one, of any float.
#[differentiate]
fn replaced<T: Float>(x: &[T], steps: usize) -> T {
    let mut state = x.to_vec();
    for k in 0..steps {
        let mut next = vec![x[0]; state.len() + 1 - 2 * (k % 2)];
        for i in 0..next.len().min(state.len()) {
            next[i] = next[i] * state[i].sin() + state[state.len() - 1 - i];
        }
        state = next;
    }
    state.iter().fold(T::zero(), |sum, &v| sum + v * v)
}

#[test]
fn values_and_both_modes() {
    agree!(counted, vec![0.9, 1.2, 0.4], 1, 3);
    agree!(counted, vec![0.9, 1.2, 0.4], 2, 2);
    agree!(counted, vec![0.9, 1.2, 0.4], 4, 3);
    agree!(replaced, vec![0.9, 1.2, 0.4], 4);
    agree!(replaced, vec![0.9], 3);
    tests::agree!(growing at &tests::modes::POINTS);
    tests::agree!(nested at &tests::modes::POINTS);
    tests::agree!(collected at &tests::modes::POINTS);
    tests::agree!(lent at &tests::modes::POINTS);
    tests::agree!(of_floats at &tests::modes::POINTS);
    tests::agree!(arrays at &tests::modes::POINTS);
    tests::agree!(quotients at &tests::modes::POINTS);
}

#[test]
fn second_derivatives_of_quotients() {
    for x in tests::modes::POINTS {
        let v: Vec<f64> = (0..x.len()).map(|k| (k as f64).cos()).collect();
        let product = quotients::hvp(x, &v);
        let step = 1e-5;
        let moved = |t: f64| -> Vec<f64> {
            let x: Vec<f64> = x.iter().zip(&v).map(|(x, v)| x + t * v).collect();
            quotients::grad(&x)
        };
        for ((p, a), b) in product.iter().zip(moved(step)).zip(moved(-step)) {
            assert!((p - (a - b) / (2.0 * step)).abs() < 1e-7, "{x:?}");
        }
    }
}

/// Neither branch uses all of the parameters.
#[differentiate]
fn either(x: f64, y: f64, z: f64) -> f64 {
    let w = y * y;
    if x > 0.0 { x * z } else { w * z }
}

/// What nothing was added to is zero, not minus zero.
#[test]
fn sums_of_nothing_are_zero() {
    let (by_x, by_y, _) = either::grad(1.0, 2.0, 3.0);
    assert_eq!((by_x, by_y.to_bits()), (3.0, 0));
    let (by_x, by_y, _) = either::grad(-1.0, 2.0, 3.0);
    assert_eq!((by_x.to_bits(), by_y), (0, 12.0));
}
