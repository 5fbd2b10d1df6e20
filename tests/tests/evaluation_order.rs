//! Operands and arguments are evaluated from left to right, also where one of them changes what another reads.
#![allow(clippy::all)]

use autodiff_runtime::differentiate;
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
