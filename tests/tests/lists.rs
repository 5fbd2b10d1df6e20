//! Lists that loops fill, exchange and add to: what their adjoints are at each point.

#![allow(clippy::needless_range_loop)] // Loops as people write them.

use autodiff_runtime::differentiate;
use tests::modes::POINTS;
use tests::{agree, curvature};

/// The integers of the loop are no indices.
#[differentiate(order = 2)]
pub fn pushed_in_a_loop_over_other_integers(x: &[f64]) -> f64 {
    let mut powers = Vec::new();
    for k in 0..4 {
        powers.push(x[0].powi(k) + x[1]);
    }
    let mut steps = Vec::new();
    for k in 0..3_i32 {
        steps.push(x[2] * f64::from(k));
    }
    powers.iter().zip(&steps).map(|(a, b)| a * b).sum()
}

/// What is pushed is read again later in the loop, or only now and then pushed, or from the other end.
#[differentiate(order = 2)]
pub fn pushed_otherwise(x: &[f64]) -> f64 {
    let n = x.len();
    let mut sums = Vec::new();
    for i in 0..n {
        let last = if i > 0 { sums[i - 1] } else { 0.5 };
        sums.push(last * x[i]);
    }
    let mut some = Vec::new();
    for i in 0..n {
        if i % 2 == 0 {
            some.push(x[i].sin());
        }
    }
    let mut back = Vec::new();
    for i in (0..n).rev() {
        back.push(x[i] * x[0]);
    }
    let mut twice = Vec::with_capacity(2 * n);
    for i in 0..n {
        twice.push(x[i]);
        twice.push(x[i] * x[i]);
    }
    let dot: f64 = back.iter().zip(&twice).map(|(a, b)| a * b).sum();
    dot + sums[n - 1] + some.iter().sum::<f64>()
}

/// A list of known length that grows and shrinks afterwards.
#[differentiate(order = 2)]
pub fn pushed_and_changed(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        let mut row: Vec<f64> = (0..3).map(|k| x[i] * (k + 1) as f64).collect();
        row.push(x[0]);
        row[1] *= x[i];
        row.truncate(3);
        total += row.iter().map(|v| v * v).sum::<f64>() / (1.0 + row[2] * row[2]);
    }
    total
}

/// Three lists in turn, the middle one read nonlinearly.
#[differentiate(order = 2)]
pub fn three_in_turn(x: &[f64]) -> f64 {
    let n = x.len();
    let mut before = x.to_vec();
    let mut now = x.to_vec();
    for _ in 0..4 {
        let mut next = vec![0.0; n];
        for i in 1..n - 1 {
            let bend = now[i - 1] + now[i + 1] - 2.0 * now[i];
            next[i] = 2.0 * now[i] - before[i] + 0.1 * bend * (1.0 + now[i] * now[i]);
        }
        before = now;
        now = next;
    }
    now.iter().zip(&before).map(|(a, b)| a * a + b).sum()
}

/// Lists of other lengths in turn; one of them is only given away.
#[differentiate(order = 2)]
pub fn other_lengths_in_turn(x: &[f64]) -> f64 {
    let mut row = vec![1.0];
    let mut last = vec![];
    for i in 0..x.len() {
        let mut next = vec![x[i]; row.len() + 1];
        for j in 0..row.len() {
            next[j + 1] += row[j] * x[i];
        }
        last = row;
        row = next;
    }
    row.iter().sum::<f64>() * last.iter().product::<f64>()
}

/// Elements that all iterations share, and elements beside them, of one list.
#[differentiate(order = 2)]
pub fn pairs(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        for j in 0..x.len() {
            sum += x[i] * x[j] * x[j] + x[0] * x[j];
        }
    }
    sum
}

/// The same where neighbours flow from one iteration to the next.
#[differentiate(order = 2)]
pub fn neighbours_and_ends(x: &[f64]) -> f64 {
    let n = x.len();
    let mut sum = 0.0;
    for i in 0..n {
        for j in 0..n - 1 {
            sum += (x[j] * x[j + 1] * x[i]).sin() * x[n - 1];
        }
    }
    sum
}

/// Loops in a loop of which one is linear in its sum and the other is not.
#[differentiate(order = 2)]
pub fn loops_in_a_loop(x: &[f64]) -> f64 {
    let mut energy = 0.0;
    for i in 0..x.len() {
        let mut product = 1.0;
        for j in 0..i {
            product *= 1.0 + 0.1 * x[j] * x[i];
        }
        energy += product.ln();
        for j in i + 1..x.len() {
            let r = ((x[i] - x[j]).powi(2) + 0.3).sqrt();
            energy -= 1.0 / r;
        }
    }
    energy / x.len() as f64
}

#[test]
fn lists_that_a_loop_fills() {
    agree!(pushed_in_a_loop_over_other_integers at &POINTS);
    curvature!(pushed_in_a_loop_over_other_integers at &POINTS);
    agree!(pushed_otherwise at &POINTS);
    curvature!(pushed_otherwise at &POINTS);
    agree!(pushed_and_changed at &POINTS);
    curvature!(pushed_and_changed at &POINTS);
}

#[test]
fn lists_that_are_exchanged() {
    agree!(three_in_turn at &POINTS);
    curvature!(three_in_turn at &POINTS);
    agree!(other_lengths_in_turn at &POINTS);
    curvature!(other_lengths_in_turn at &POINTS);
}

#[test]
fn elements_that_are_added_to() {
    agree!(pairs at &POINTS);
    curvature!(pairs at &POINTS);
    agree!(neighbours_and_ends at &POINTS);
    curvature!(neighbours_and_ends at &POINTS);
}

#[test]
fn loops_that_become_one() {
    agree!(loops_in_a_loop at &POINTS);
    curvature!(loops_in_a_loop at &POINTS);
}

/// Lists of references to numbers, in order; the median, ties, an empty one.
#[differentiate]
fn by_reference(x: &[f64]) -> f64 {
    let mut sorted: Vec<&f64> = x.iter().collect();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let half = sorted.len() / 2;
    let median = (*sorted[half] + *sorted[half - 1]) / 2.0;
    let ranked: f64 = sorted.iter().enumerate().map(|(r, v)| *v * r as f64).sum();
    let first = *sorted[0] * **sorted.last().unwrap();
    let none: Vec<&f64> = x.iter().filter(|v| **v > 1e9).collect();
    let none = none.iter().map(|&&v| v).sum::<f64>();
    let small = x.iter().filter(|v| v.abs() < 1.0).collect::<Vec<&f64>>();
    let products = small.iter().fold(1.0, |p, &v| p * (1.0 + v));
    median.sin() + ranked + first + none + products + sorted.into_iter().map(|v| v * v).sum::<f64>()
}

#[test]
fn lists_of_references() {
    agree!(by_reference at &POINTS);
    agree!(by_reference, [0.5, 0.25, -1.5, 3.0]);
}
