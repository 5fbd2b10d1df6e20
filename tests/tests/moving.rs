//! Shared references in variables that are made to point elsewhere: slices that are walked along, rows, the largest so far.
#![allow(
    clippy::needless_late_init,
    clippy::redundant_slicing,
    clippy::useless_vec
)]

use autodiff_runtime::differentiate;
use tests::{agree, curvature};

const POINTS: &[&[f64]] = &[
    &[0.5, 1.2, -0.7, 2.1, 0.9, -1.3, 1.7],
    &[1.5, -0.4, 0.8, 0.3, -2.2, 1.1, 0.6],
];

/// By ranges, until one is left.
#[differentiate(order = 2)]
fn by_ranges(x: &[f64]) -> f64 {
    let mut rest = x;
    let mut sum = 0.0;
    while rest.len() > 1 {
        sum += rest[0] * rest[1] * rest.len() as f64;
        rest = &rest[1..];
    }
    sum + rest[0].sin()
}

/// A parameter that is walked along from both ends.
#[differentiate(order = 2)]
fn parameter(mut x: &[f64]) -> f64 {
    let mut product = 1.0;
    while let [first, inner @ .., last] = x {
        product *= first * last + 0.5;
        x = inner;
    }
    product + x.iter().map(|v| v * v * v).sum::<f64>()
}

/// Pairs by a pattern; what is left over is used after the loop.
#[differentiate(order = 2)]
fn pairs(x: &[f64]) -> f64 {
    let mut rest = &x[..];
    let mut sum = 0.0;
    while let [a, b, tail @ ..] = rest {
        sum += a * b.exp();
        rest = tail;
    }
    if let [odd] = rest { sum * odd } else { sum }
}

/// Heads, with an end in the middle.
#[differentiate(order = 2)]
fn heads(x: &[f64]) -> f64 {
    let mut rest: &[f64] = x;
    let mut value = 1.0;
    while let Some((head, tail)) = rest.split_first() {
        value = value * head + tail.iter().sum::<f64>();
        if *head < -1.0 {
            break;
        }
        rest = tail;
    }
    value * rest.len() as f64
}

/// What was there before the step, what another variable has of it, an end that comes nearer.
#[differentiate(order = 2)]
fn aliases(x: &[f64]) -> f64 {
    let mut rest = &x[1..];
    let mut other = rest;
    let mut sum = 0.0;
    for _ in 0..3 {
        let before = rest;
        rest = &rest[1..];
        other = &other[..other.len() - 1];
        sum += before[0] * rest[0] * other[other.len() - 1];
    }
    rest = other;
    sum + rest[0] * other[1]
}

/// A closure with `move` has the reference as it was.
#[differentiate(order = 2)]
fn captured(x: &[f64]) -> f64 {
    let mut rest = x;
    let mut best = &x[0];
    let at = move |k: usize| rest[k] * *best;
    let scaled = x.iter().map(move |v| v * rest[0]);
    rest = &rest[2..];
    best = &x[3];
    at(0) + at(1) * rest[0] + best * scaled.sum::<f64>()
}

/// The largest so far, by references; of a list and of other values.
#[differentiate(order = 2)]
fn largest(x: &[f64]) -> f64 {
    let product = x[0] * x[1];
    let mut largest = &x[0];
    for v in x {
        if v > largest {
            largest = v;
        }
    }
    let before = *largest;
    if product > -0.5 {
        largest = &product;
    }
    before * largest * largest
}

/// A row, in a list of lists and in an array, that is changed for another.
#[differentiate(order = 2)]
fn rows(x: &[f64]) -> f64 {
    let m = vec![vec![x[0], x[1]], vec![x[2], x[3] * x[0]], vec![x[4], x[5]]];
    let a = [[x[1], x[2]], [x[3], x[4]]];
    let (mut row, mut of_array) = (&m[0], &a[1]);
    let mut sum = 0.0;
    for (k, next) in m.iter().enumerate() {
        sum += row[0] * next[1] * of_array[k % 2];
        if next[0] > row[0] {
            row = &m[k];
        }
        of_array = &a[k % 2];
    }
    sum + row[1] * of_array[0]
}

/// A walk in a walk, in a closure, with a continuation.
#[differentiate(order = 2)]
fn nested(x: &[f64]) -> f64 {
    let total = |list: &[f64]| {
        let mut list = list;
        let mut sum = 0.0;
        while let [a, rest @ ..] = list {
            list = rest;
            if *a < 0.0 {
                continue;
            }
            sum += a * a;
        }
        sum
    };
    let mut rest = x;
    let mut value = 0.0;
    while !rest.is_empty() {
        let (part, others) = rest.split_at(rest.len().min(3));
        value += total(part) * part[0];
        rest = others;
    }
    value
}

/// Empty lists, and a part of the list that ends before the list does.
#[differentiate(order = 2)]
fn part(x: &[f64]) -> f64 {
    let mut rest = &x[2..5];
    let mut none = &x[3..3];
    let mut value = x[0];
    while let Some(last) = rest.last() {
        value = value * last + none.len() as f64;
        rest = &rest[..rest.len() - 1];
        none = rest;
    }
    value
}

/// A reference that is given in both arms.
#[differentiate(order = 2)]
fn deferred(x: &[f64]) -> f64 {
    let a = x[0] * x[1];
    let r;
    if x[4] > 0.0 {
        r = &a;
    } else {
        r = &x[5];
    }
    r * r * x[2]
}

/// Each arm moves it, or leaves.
#[differentiate(order = 2)]
fn by_arms(x: &[f64]) -> f64 {
    let mut rest = x;
    let mut sum = 1.0;
    loop {
        rest = match rest {
            [] => break,
            [a, b, tail @ ..] if a > b => {
                sum += a * b * sum;
                tail
            }
            [a, tail @ ..] => {
                sum += a.sin();
                tail
            }
        };
    }
    let mut half = x;
    while half.len() > 1 {
        let (left, right) = half.split_at(half.len() / 2);
        sum += left[0] * right[0];
        half = if left[0] > right[0] { left } else { right };
    }
    sum * half[0]
}

/// The row before, of all but the first.
#[differentiate(order = 2)]
fn rows_after_the_first(x: &[f64]) -> f64 {
    let m = [[x[0], x[1]], [x[2], x[3]], [x[1], x[3]]];
    let mut previous = &m[0];
    let mut sum = 0.5;
    for row in &m[1..] {
        sum += previous[0] * row[1] * sum + previous[1];
        previous = row;
    }
    for row in m[1..].iter().rev() {
        sum += previous[0] * row[0];
        previous = row;
    }
    sum
}

#[test]
fn slices_are_walked_along() {
    agree!(by_ranges at POINTS);
    agree!(parameter at POINTS);
    agree!(pairs at POINTS);
    agree!(heads at POINTS);
    agree!(nested at POINTS);
    agree!(part at POINTS);
    agree!(by_arms at POINTS);
}

#[test]
fn a_reference_is_what_it_was_when_it_was_taken() {
    agree!(aliases at POINTS);
    agree!(captured at POINTS);
}

#[test]
fn references_to_numbers_and_rows_change() {
    agree!(largest at POINTS);
    agree!(rows at POINTS);
    agree!(rows_after_the_first at POINTS);
    agree!(deferred at POINTS);
}

#[test]
fn second_derivatives_along_slices() {
    curvature!(by_ranges at POINTS);
    curvature!(parameter at POINTS);
    curvature!(pairs at POINTS);
    curvature!(heads at POINTS);
    curvature!(captured at POINTS);
    curvature!(rows at POINTS);
    curvature!(by_arms at POINTS);
    curvature!(rows_after_the_first at POINTS);
}

/// A range that goes beyond what is left, though not beyond the list: as the function itself.
#[differentiate]
fn beyond(x: &[f64]) -> f64 {
    let mut rest = &x[..2];
    rest = &rest[..3];
    rest[0]
}

#[test]
#[should_panic(expected = "range end index 3 out of range for slice of length 2")]
fn what_is_beyond_the_rest_is_not_read() {
    let _ = beyond::jvp(POINTS[0], POINTS[0]);
}
