//! Several parts of one variable lent to one call, one of them to be changed.
#![allow(clippy::useless_vec)]

use autodiff_runtime::{Differentiable, differentiate};
use tests::{agree, curvature};

#[differentiate(order = 2)]
fn axpy(k: f64, a: &[f64], b: &mut [f64]) {
    for i in 0..a.len() {
        b[i] += k * a[i] * a[i];
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Two {
    a: Vec<f64>,
    b: Vec<f64>,
}

/// A call is lent both halves of a list.
#[differentiate(order = 2)]
fn halves(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    {
        let (a, b) = v.split_at_mut(3);
        axpy(2.0, a, b);
    }
    v[4] * v[1] + v[5]
}

/// The halves change roles.
#[differentiate(order = 2)]
fn exchanged_halves(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v[3] = x[0] * x[1];
    {
        let (a, b) = v.split_at_mut(3);
        axpy(x[2], b, a);
        axpy(2.0, a, b);
    }
    v[4] * v[1] + v[5]
}

/// Parts of two fields.
#[differentiate(order = 2)]
fn parts_of_fields(x: &[f64]) -> f64 {
    let mut t = Two {
        a: x.to_vec(),
        b: x[1..].to_vec(),
    };
    axpy(x[0], &t.a[0..2], &mut t.b[2..4]);
    axpy(x[0], &t.b[1..3], &mut t.a[0..2]);
    t.a[0] * t.b[3] + t.a[1]
}

/// Rows, and parts of rows.
#[differentiate(order = 2)]
fn rows_of_halves(x: &[f64]) -> f64 {
    let mut m = vec![x[..3].to_vec(), x[3..].to_vec()];
    {
        let (a, b) = m.split_at_mut(1);
        axpy(x[0], &a[0], &mut b[0]);
        axpy(x[1], &b[0][1..], &mut a[0][..2]);
    }
    m[0][0] * m[1][2] + m[0][1]
}

/// Halves of a row.
#[differentiate(order = 2)]
fn halves_of_a_row(x: &[f64]) -> f64 {
    let mut m = [x[..3].to_vec(), x[3..].to_vec()];
    {
        let (a, b) = m[1].split_at_mut(1);
        axpy(x[0], a, b);
    }
    m[0][0] * m[1][2] + m[0][1]
}

/// The part that is done is read to go on.
#[differentiate(order = 2)]
fn growing(x: &[f64]) -> f64 {
    let mut v = vec![0.0; 6];
    for i in 1..6 {
        v[i] = x[i] * x[i - 1];
        let (a, b) = v.split_at_mut(i);
        axpy(x[0], &a[i - 1..], &mut b[..1]);
    }
    v[4] * v[1] + v[5]
}

/// Parts of the lists of a pair, which would not be apart in one list.
#[differentiate(order = 2)]
fn parts_of_tuples(x: &[f64]) -> f64 {
    let mut t = (x.to_vec(), x[1..].to_vec());
    axpy(x[0], &t.0[1..3], &mut t.1[2..4]);
    t.0[0] * t.1[3] + t.0[1]
}

/// Halves of each portion.
#[differentiate(order = 2)]
fn halves_of_chunks(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    for (i, c) in v.chunks_mut(2).enumerate() {
        let (a, b) = c.split_at_mut(1);
        axpy(x[i], a, b);
    }
    v[1] * v[3] + v[5]
}

/// Parts of parts.
#[differentiate(order = 2)]
fn thirds(x: &[f64]) -> f64 {
    let mut v: [f64; 6] = x.try_into().unwrap();
    {
        let (a, b) = v.split_at_mut(2);
        let (c, d) = b.split_at_mut(2);
        axpy(x[1], a, c);
        axpy(x[2], c, d);
        axpy(x[0], d, a);
    }
    v[0] * v[3] + v[5]
}

const POINTS: &[&[f64]] = &[
    &[0.7, 1.3, -0.4, 2.1, 0.9, -1.6],
    &[-0.2, 0.5, 1.7, 0.3, -0.8, 1.1],
];

#[test]
fn parts_of_one_list_are_apart() {
    agree!(halves at POINTS);
    agree!(exchanged_halves at POINTS);
    agree!(thirds at POINTS);
    agree!(growing at POINTS);
    agree!(halves_of_chunks at POINTS);
}

#[test]
fn parts_of_other_lists_in_one_variable() {
    agree!(parts_of_fields at POINTS);
    agree!(parts_of_tuples at POINTS);
    agree!(rows_of_halves at POINTS);
    agree!(halves_of_a_row at POINTS);
}

#[test]
fn second_derivatives_of_what_is_lent_in_parts() {
    curvature!(exchanged_halves at POINTS);
    curvature!(parts_of_fields at POINTS);
    curvature!(rows_of_halves at POINTS);
    curvature!(thirds at POINTS);
}
