//! Ranges that are parameters, counts in fields that become floats, and two `Option`s of which one is made.

use autodiff_runtime::{Differentiable, differentiate};
use num_traits::Float;
use std::ops::Range;
use tests::agree;

#[differentiate]
fn part(x: &[f64], rows: Range<usize>) -> f64 {
    let part = &x[rows.clone()];
    let mean = part.iter().sum::<f64>() / part.len() as f64;
    mean * x[rows.start] + x[rows.len()]
}

#[differentiate]
fn part_by_reference<T: Float>(x: &[T], rows: &Range<usize>, scratch: &mut [T]) -> T {
    let part = &x[rows.clone()];
    let copy = &mut scratch[..part.len()];
    copy.copy_from_slice(part);
    copy[0] = copy[0] * copy[1];
    for i in rows.clone() {
        copy[0] = copy[0] + x[i] * x[i];
    }
    copy.iter().fold(T::zero(), |sum, v| sum + v.abs())
        / T::from(rows.end - rows.start).unwrap_or(T::one())
}

#[differentiate]
fn part_of_part(x: &[f64], scratch: &mut [f64], rows: Range<usize>) -> f64 {
    part_by_reference(x, &rows, scratch)
}

#[differentiate]
fn parts(x: &[f64]) -> f64 {
    let mut scratch = vec![0.0; 6];
    part(x, 1..4) * part(x, 0..2)
        + part_of_part(x, &mut scratch, 2..5) * scratch[1]
        + part_by_reference(x, &(1..3), &mut scratch)
}

/// Sums of which the mean is taken: how many there are is a field.
#[derive(Clone, Debug, Differentiable)]
struct Sums<T> {
    sum: T,
    count: usize,
    list: Vec<T>,
    counts: [usize; 2],
}

#[differentiate(self)]
impl<T: Float> Sums<T> {
    fn new() -> Self {
        Self {
            sum: T::zero(),
            count: 0,
            list: Vec::new(),
            counts: [1, 2],
        }
    }

    fn push(&mut self, x: T) {
        self.count += 1;
        let count = T::from(self.count).unwrap_or(T::one());
        self.sum = self.sum + (x * x - self.sum) / count;
        self.list.push(x);
    }

    fn mean(&self) -> Option<T> {
        let count = T::from(self.count)?;
        let listed = T::from(self.list.len()).unwrap();
        Some(self.sum / count / listed * T::from(self.counts[1]).unwrap())
    }
}

#[differentiate]
fn mean_of_sums(x: &[f64]) -> f64 {
    let mut sums = Sums::new();
    for v in x {
        sums.push(*v);
    }
    sums.mean().unwrap_or(0.0) * sums.sum
}

#[differentiate]
fn root(x: f64) -> Option<f64> {
    if x > 0.0 { Some(x.sqrt()) } else { None }
}

#[differentiate]
fn zipped(x: &[f64]) -> f64 {
    let both = root(x[0]).zip(root(x[1]));
    let first = both.map(|(a, b)| a * b).unwrap_or(x[2]);
    match root(x[2]).zip(Some(x[3])) {
        Some((a, b)) => first * a * b,
        None => first * x[3],
    }
}

#[differentiate]
fn one_or_the_other(x: &[f64]) -> f64 {
    let one = root(x[0]).xor(root(x[2])).unwrap_or(x[1] * x[1]);
    let last = root(x[2]).and(root(x[3])).unwrap_or(x[4]);
    one * last + root(x[2]).and(Some(x[0])).map_or(x[1], |v| v * v)
}

#[differentiate]
fn given(x: &[f64]) -> f64 {
    let (a, b) = (Some(x[0]), if x[2] > 0.0 { Some(x[1]) } else { None });
    a.zip(b).map_or(x[3], |(a, b)| a * b.sin()) + a.xor(b).unwrap_or(x[4] * x[5])
}

const POINTS: &[&[f64]] = &[
    &[0.4, 1.3, -0.6, 0.9, 1.7, 0.8],
    &[1.1, 0.2, 2.3, 1.4, 0.3, 1.9],
    &[-1.1, 0.2, 2.3, 1.4, 0.3, 1.9],
    &[-1.1, -0.2, -2.3, -1.4, 0.3, 1.9],
];

#[test]
fn derivatives_agree() {
    agree!(parts at POINTS);
    agree!(mean_of_sums at POINTS);
    agree!(zipped at POINTS);
    agree!(one_or_the_other at POINTS);
    agree!(given at POINTS);
}
