//! `value_and_grad_into` allocates nothing that the function itself does not, and a gradient over data needs no memory for the data.
#![allow(clippy::needless_range_loop)]

use allocation_counter::{AllocationInfo, measure};
use autodiff_runtime::differentiate;
use nalgebra::{DMatrix, DVector};
use std::hint::black_box;

#[differentiate]
fn rosenbrock(x: &[f64]) -> f64 {
    x.windows(2)
        .map(|w| 100.0 * (w[1] - w[0].powi(2)).powi(2) + (1.0 - w[0]).powi(2))
        .sum()
}

#[differentiate]
fn logistic(w: &[f64], #[constant] rows: &[f64], #[constant] labels: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (row, &label) in rows.chunks_exact(w.len()).zip(labels) {
        let mut z = 0.0;
        for (a, b) in row.iter().zip(w) {
            z += a * b;
        }
        loss += z.max(0.0) - z * label + (-z.abs()).exp().ln_1p();
    }
    loss / labels.len() as f64
}

#[differentiate]
fn distance(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..a.len() {
        sum += (a[i] - b[i]).powi(2);
    }
    sum.sqrt()
}

#[differentiate]
fn polygon(x: &[f64], #[constant] corners: &[[f64; 2]]) -> f64 {
    let mut total = 0.0;
    for corner in corners {
        total += distance(x, corner) * if corner[0] > 0.5 { 2.0 } else { 0.5 };
    }
    total
}

#[differentiate]
fn straight(x: &[f64], a: f64) -> f64 {
    let y = x[0] * a.exp();
    if y > 1.0 { y.ln() * x[1] } else { y * y }
}

#[differentiate]
fn fixed(x: &[f64; 4]) -> f64 {
    let mut y = [0.0; 4];
    for i in 0..4 {
        y[i] = x[i].sin() * x[(i + 1) % 4];
    }
    y[0] * y[1] + y[2] * y[3]
}

/// A state of three numbers that few iterations change.
#[differentiate]
fn relaxed(x: &[f64; 3]) -> f64 {
    let mut y = *x;
    for i in 0..6 {
        y[i % 3] = (y[i % 3] * y[(i + 1) % 3]).sin();
    }
    y[0] + y[1] * y[2]
}

fn allocations(work: impl FnOnce() -> f64) -> AllocationInfo {
    measure(|| {
        black_box(work());
    })
}

fn data(n: usize) -> Vec<f64> {
    (0..n).map(|i| (i as f64 * 0.7).sin()).collect()
}

#[test]
fn gradients_into_buffers_allocate_nothing() {
    let (x, rows, labels) = (data(10), data(1000), vec![1.0; 100]);
    let corners: Vec<[f64; 2]> = data(50).iter().map(|a| [*a, 1.0 - a]).collect();
    let mut g = vec![0.0; 10];
    let counts = [
        allocations(|| rosenbrock::value_and_grad_into(&x, &mut g)),
        allocations(|| logistic::value_and_grad_into(&x, &rows, &labels, &mut g)),
        allocations(|| polygon::value_and_grad_into(&x[..2], &corners, &mut g[..2])),
        allocations(|| straight::value_and_grad_into(&x[..2], 2.0, &mut g[..2], &mut 0.0)),
        allocations(|| fixed::value_and_grad_into(&[1.0, 2.0, 3.0, 4.0], &mut [0.0; 4])),
        allocations(|| relaxed::value_and_grad_into(&[1.0, 2.0, 3.0], &mut [0.0; 3])),
    ];
    for (k, count) in counts.iter().enumerate() {
        assert_eq!(count.count_total, 0, "function {k}: {count:?}");
    }
}

#[test]
fn pullbacks_over_data_keep_a_few_numbers_a_datum() {
    let x = data(10);
    let peak = |n: usize| {
        let (rows, labels) = (data(10 * n), vec![1.0; n]);
        let count = allocations(|| {
            let (value, pullback) = logistic::vjp(&x, &rows, &labels);
            value + pullback(1.0)[0]
        });
        count.bytes_max
    };
    assert!(peak(1000) - peak(10) <= 4 * 8 * 990);
}

#[test]
fn gradients_over_data_allocate_for_no_data() {
    let (x, mut g) = (data(10), data(10));
    let mut peak = |n: usize| {
        let (rows, labels) = (data(10 * n), vec![1.0; n]);
        allocations(|| logistic::value_and_grad_into(&x, &rows, &labels, &mut g)).bytes_max
    };
    assert_eq!(peak(10), peak(1000));
}

#[differentiate]
fn buffered(w: &[f64], #[constant] data: &[f64]) -> f64 {
    let k = w.len();
    let mut total = 0.0;
    for &d in data {
        let mut terms = vec![0.0; k];
        for c in 0..k {
            terms[c] = (d * w[c]).sin();
        }
        for c in 1..k {
            total += terms[c] * terms[c - 1];
        }
    }
    total
}

#[test]
fn gradients_with_local_buffers_need_no_memory_for_the_data() {
    let w = data(10);
    let mut g = vec![0.0; 10];
    let mut needed = |n: usize| {
        let data = data(n);
        let count = allocations(|| buffered::value_and_grad_into(&w, &data, &mut g));
        (count.bytes_max, count.count_total)
    };
    assert_eq!(needed(10), needed(1000));
}

/// Records two numbers an iteration.
#[differentiate]
fn chain(x: &[f64]) -> f64 {
    let mut y = 1.0;
    for i in 0..x.len() {
        y = (y * x[i]).sin();
    }
    y
}

#[test]
fn short_loops_record_in_place() {
    let x = data(100);
    let mut g = vec![0.0; 100];
    let mut count = |n: usize| {
        let count = allocations(|| chain::value_and_grad_into(&x[..n], &mut g[..n]));
        count.count_total
    };
    assert_eq!([count(0), count(4), count(100)], [0, 0, 1]);
}

#[differentiate]
fn solved(a: &DMatrix<f64>, b: &DVector<f64>) -> DVector<f64> {
    a.clone().lu().solve(b).unwrap()
}

#[differentiate]
fn solved_and_multiplied(a: &DMatrix<f64>, b: &DVector<f64>) -> DVector<f64> {
    a.clone().lu().solve(b).unwrap() + a * b
}

#[test]
fn pullbacks_keep_copies_only_of_what_they_read() {
    let (a, b) = (DMatrix::identity(8, 8), DVector::from_element(8, 1.0));
    let size = 64 * size_of::<f64>() as u64;
    let kept = |count: AllocationInfo| count.bytes_max / size;
    let solve = kept(measure(|| {
        drop(black_box(solved::vjp(&a, &b).1(b.clone())))
    }));
    let more = kept(measure(|| {
        drop(black_box(solved_and_multiplied::vjp(&a, &b).1(b.clone())))
    }));
    // The factors and the gradient.
    assert_eq!(solve, 2);
    assert!(more > 2);
}

/// A state that each step makes anew.
#[differentiate]
fn stepped(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let mut state = x.to_vec();
    for _ in 0..steps {
        let mut next = vec![0.0; n];
        for i in 0..n {
            next[i] = state[i] * (1.0 - 0.1 * state[(i + 1) % n]);
        }
        state = next;
    }
    state.iter().map(|v| v * v).sum()
}

#[test]
fn reverse_sweeps_over_steps_allocate_for_no_step() {
    let (x, mut g) = (data(5), data(5));
    let mut more = |steps: usize| {
        let gradient = allocations(|| stepped::value_and_grad_into(&x, steps, &mut g));
        gradient.count_total - allocations(|| stepped(&x, steps)).count_total
    };
    // What is recorded grows now and then.
    assert!(more(400) <= more(40) + 10);
}
