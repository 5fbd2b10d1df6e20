//! Operands and arguments are evaluated from left to right, also where one of them changes what another reads; a `move` closure has what was there
//! when it was made.
#![allow(clippy::all)]

use autodiff_runtime::{Differentiable, differentiate};
use nalgebra::{DMatrix, Matrix2, Vector2};
use tests::{agree, curvature};

/// The last element, or the one before it where it is missing: both are taken.
#[differentiate(order = 2)]
fn popped_for_want(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let a = v.pop().unwrap_or(v.pop().unwrap_or(2.0));
    a * v.pop().unwrap_or(0.0) + v.len() as f64 * x[0] * x[0]
}

/// What is read after the element is gone.
#[differentiate(order = 2)]
fn read_after_pop(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let a = v.pop().unwrap_or(v[v.len() - 1]);
    let b = v.pop().map(|b| b * b).unwrap_or(v[0]);
    let c = v.pop().map_or(v.pop().unwrap(), |c| c * x[1]);
    a * b * c + v[v.len() - 1]
}

#[differentiate(order = 2)]
fn one_or_the_other(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let a = v.pop().or(v.pop());
    let b = v.pop().ok_or(v.pop().unwrap());
    a.unwrap_or(0.0) * b.unwrap_or(1.0) * v[v.len() - 1] * x[0]
}

#[differentiate(order = 2)]
fn both(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    match v.pop().zip(v.pop()) {
        Some((a, b)) => a * a * b + v.pop().and(v.pop()).unwrap_or(0.0) * x[1],
        None => 0.0,
    }
}

/// The receiver is read, then the argument changes it.
#[differentiate(order = 2)]
fn overwritten_by_the_default(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let last = v.last().copied().unwrap_or({
        v[4] = x[0] * 2.0;
        1.0
    });
    let mut scale = x[0];
    let scaled = x.first().map(|a| a * scale).unwrap_or({
        scale = 2.0 * x[1];
        scale
    });
    last * v[4] + scaled * scale
}

/// What a `Result` holds, with an argument that changes a factor.
#[differentiate(order = 2)]
fn failed_or_scaled(x: &[f64]) -> f64 {
    let mut k = 2.0;
    let r: Result<f64, f64> = if x[0] > 1.0 { Ok(x[0]) } else { Err(x[1]) };
    let value = r.map(|v| v * k).unwrap_or({
        k *= x[2];
        k
    });
    value * k
}

#[differentiate(order = 2)]
fn stack_machine(x: &[f64]) -> f64 {
    let mut stack = Vec::new();
    for (i, &a) in x.iter().enumerate() {
        stack.push(a);
        if i % 2 == 1 {
            let top = stack.pop().unwrap() - 0.5 * stack.pop().unwrap();
            stack.push(top * top);
        }
    }
    let t = (stack.pop(), stack.pop());
    t.0.unwrap() * t.1.unwrap().sin() + stack.pop().unwrap_or(1.0)
}

/// An index that its own block moves on, and a factor that its neighbour changes.
#[differentiate(order = 2)]
fn moving_operands(x: &[f64]) -> f64 {
    let mut i = 0;
    let mut a = x[0];
    let s = a + {
        a *= x[1];
        a
    } * a;
    let mut bump = || {
        i += 1;
        i
    };
    let t = x[bump()] * x[bump()] - x[bump()] / x[bump()];
    s * t
        + a.max({
            a = x[2];
            a * 0.5
        }) * a
}

/// An array that a closure took along is changed, and its own copy by the closure.
#[differentiate(order = 2)]
fn arrays_taken_along(x: &[f64]) -> f64 {
    let mut a = [x[0], x[1]];
    let fixed = move |k: f64| k * a[0] + a[1];
    let mut growing = move |k: f64| {
        a[0] += k;
        a[0] * a[1]
    };
    a[0] = fixed(x[2]);
    let s = growing(a[0]) + growing(x[3]);
    a[1] = fixed(a[0]);
    s * a[0] + growing(a[1])
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Line {
    slope: f64,
    start: f64,
}

#[differentiate(order = 2)]
fn records_taken_along(x: &[f64]) -> f64 {
    let mut line = Line {
        slope: x[0],
        start: x[1],
    };
    let mut pair = (x[2], x[3]);
    let at = move |t: f64| line.slope * t * pair.0 + line.start;
    line.slope = at(x[2]);
    pair.0 = at(line.slope);
    line.start = at(pair.0);
    line.slope * line.start + at(pair.1)
}

#[differentiate(order = 2)]
fn lists_and_options_taken_along(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let product = move |k: usize| v[k] * v[0];
    v = vec![x[3], x[4]];
    let mut rate = Some(x[0]);
    let scaled = move |k: f64| rate.map_or(k, |r| r * k);
    rate = if x[1] > 1.0 { None } else { Some(x[1] * x[2]) };
    product(1) * v[0] + product(2) * v[1] + scaled(x[2]) * rate.unwrap_or(1.5)
}

#[differentiate(order = 2)]
fn matrices_taken_along(x: &[f64]) -> f64 {
    let mut m = Matrix2::new(x[0], x[1], x[2], x[3]);
    let area = move |k: f64| (m * k).determinant();
    m[(0, 0)] = x[4];
    area(2.0) * m.trace() + area(x[4])
}

/// Made anew in each iteration.
#[differentiate(order = 2)]
fn closures_of_a_loop(x: &[f64]) -> f64 {
    let mut w = [1.0; 3];
    let mut sum = 0.0;
    for i in 0..3 {
        w[i] = x[i] * x[i];
        let weighted = move |t: f64| t * w[i] + w[0];
        w[0] += x[3];
        sum += weighted(x[4]) * w[0];
    }
    sum
}

/// What is walked over by value is what was there before, whatever becomes of the variable.
#[differentiate(order = 2)]
fn walked_by_value(x: &[f64]) -> f64 {
    let mut a = [x[0], x[1], x[2]];
    for v in a {
        a[1] += v * a[0];
    }
    for (i, v) in a.into_iter().enumerate() {
        a[(i + 1) % 3] *= v;
    }
    let mut next = [1usize, 3, 4];
    let mut sum = 0.0;
    for i in next {
        next[2] = 0;
        next[1] += i;
        sum += x[i] * next[1] as f64;
    }
    sum * x[next[2]] * a[1] + a[2]
}

#[differentiate(order = 2)]
fn walked_in_other_ways(x: &[f64]) -> f64 {
    let mut a = [x[0], x[1], x[2]];
    let pairs = x.iter().zip(a);
    a[0] = 7.0 * x[3];
    let mut items = a.into_iter();
    a[1] = x[4];
    let first = items.next().unwrap() * items.next().unwrap();
    let mut rows = [[x[0], x[1]], [x[2], x[3]]];
    for row in rows {
        rows[1][0] += row[0] * row[1];
    }
    let mut list = x.to_vec();
    for v in list {
        list = vec![v * 2.0; 2];
        a[2] += list[0] * v;
    }
    a[0] * a[2] * first + pairs.map(|(p, q)| p * q).sum::<f64>() * rows[1][0]
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Taps {
    weights: [f64; 3],
    gain: f64,
}

#[differentiate(order = 2)]
impl Taps {
    fn mixed(&mut self, t: f64) -> f64 {
        let mut sum = 0.0;
        for w in self.weights {
            self.weights[1] += w * t;
            sum += w * w;
        }
        sum
    }

    fn total(self, k: f64) -> f64 {
        self.weights.iter().sum::<f64>() * self.gain * k
    }
}

/// Receivers and operands that are copied before an argument changes them.
#[differentiate(order = 2)]
fn copied_receivers(x: &[f64]) -> f64 {
    let mut taps = Taps {
        weights: [x[0], x[1], x[2]],
        gain: x[3],
    };
    let mixed = taps.mixed(x[4]);
    let total = taps.total({
        taps.gain *= x[0];
        taps.gain
    });
    let mut q = Vector2::new(x[0], x[1]);
    let r = q * {
        q[1] = x[3] * x[2];
        q[1]
    };
    mixed * total + r[1] * q[1]
}

/// What an element holds is of other shapes in turn.
#[differentiate(order = 2)]
fn elements_of_other_shapes(x: &[f64]) -> f64 {
    let mut slots: [Option<f64>; 3] = [None; 3];
    let mut sum = 0.0;
    for i in 0..6 {
        let k = i % 3;
        match slots[k] {
            Some(v) => {
                sum += v * v;
                slots[k] = None;
            }
            None => slots[k] = Some(x[i % 5] * sum + x[0]),
        }
    }
    slots = [slots[1], None, slots[0]];
    let mut parts = vec![
        DMatrix::from_row_slice(1, 2, &x[..2]),
        DMatrix::from_row_slice(2, 2, &x[1..]),
    ];
    sum += parts[0].sum() * parts[1].trace();
    parts[0] = &parts[0] * &parts[1];
    parts[1] = parts[0].transpose();
    sum * parts[1].norm_squared() + slots.iter().flatten().sum::<f64>()
}

/// A part of a list of pairs changes in the text before the first pair is there.
#[differentiate(order = 2)]
fn runs(x: &[f64]) -> f64 {
    let mut runs: Vec<(i32, f64)> = Vec::new();
    for a in x {
        let k = a.floor() as i32;
        match runs.last_mut() {
            Some((q, v)) if *q == k => *v += a * a,
            _ => runs.push((k, *a)),
        }
    }
    runs.iter().map(|(k, v)| v * v * f64::from(k + 2)).sum()
}

const POINTS: &[&[f64]] = &[
    &[0.7, 1.3, 2.1, 0.4, 1.9],
    &[1.4, 0.6, 0.9, 2.2, 0.3],
    &[2.3, -0.7, 0.2, -1.6, 0.5],
];

#[test]
fn from_left_to_right() {
    agree!(popped_for_want at POINTS);
    agree!(read_after_pop at POINTS);
    agree!(one_or_the_other at POINTS);
    agree!(both at POINTS);
    agree!(overwritten_by_the_default at POINTS);
    agree!(failed_or_scaled at POINTS);
    agree!(stack_machine at POINTS);
    agree!(moving_operands at POINTS);
}

#[test]
fn from_left_to_right_twice() {
    curvature!(popped_for_want at POINTS);
    curvature!(read_after_pop at POINTS);
    curvature!(one_or_the_other at POINTS);
    curvature!(both at POINTS);
    curvature!(overwritten_by_the_default at POINTS);
    curvature!(failed_or_scaled at POINTS);
    curvature!(stack_machine at POINTS);
    curvature!(moving_operands at POINTS);
}

#[test]
fn taken_along_by_closures() {
    agree!(arrays_taken_along at POINTS);
    curvature!(arrays_taken_along at POINTS);
    agree!(records_taken_along at POINTS);
    curvature!(records_taken_along at POINTS);
    agree!(lists_and_options_taken_along at POINTS);
    curvature!(lists_and_options_taken_along at POINTS);
    agree!(matrices_taken_along at POINTS);
    curvature!(matrices_taken_along at POINTS);
    agree!(closures_of_a_loop at POINTS);
    curvature!(closures_of_a_loop at POINTS);
}

#[test]
fn taken_by_value() {
    agree!(runs at POINTS);
    curvature!(runs at POINTS);
    agree!(copied_receivers at POINTS);
    curvature!(copied_receivers at POINTS);
    agree!(elements_of_other_shapes at POINTS);
    curvature!(elements_of_other_shapes at POINTS);
    agree!(walked_by_value at POINTS);
    curvature!(walked_by_value at POINTS);
    agree!(walked_in_other_ways at POINTS);
    curvature!(walked_in_other_ways at POINTS);
}
