//! Exclusive references that a branch or a search chooses, into variables and lists, and lists of them.
#![allow(clippy::needless_range_loop, clippy::useless_vec)]

use autodiff_runtime::differentiate;
use tests::{agree, curvature};

/// One of two variables, changed more than once.
#[differentiate(order = 2)]
fn one_of_two(x: &[f64]) -> f64 {
    let (mut a, mut b) = (x[0], x[1]);
    {
        let r = if x[2] > 0.0 { &mut a } else { &mut b };
        *r *= x[3];
        *r += 1.0;
    }
    a * b
}

/// By a `match`, in a loop that is left and continued, with a value in the end.
#[differentiate(order = 2)]
fn one_of_three(x: &[f64]) -> f64 {
    let (mut a, mut b, mut c) = (1.0, 2.0, x[0]);
    for (i, &v) in x.iter().enumerate() {
        let r = match i % 4 {
            0 => &mut a,
            1 => &mut b,
            2 => continue,
            _ if v > 1.8 => break,
            _ => &mut c,
        };
        *r += v * v;
        if v < 0.0 {
            continue;
        }
        *r *= 0.5;
    }
    a * b + c
}

/// Both, in one order or the other, as buffers that change places.
#[differentiate(order = 2)]
fn two_buffers(x: &[f64]) -> f64 {
    let mut a = vec![x[0]; 3];
    let mut b = vec![x[1]; 3];
    for step in 0..4 {
        let (from, to) = if step % 2 == 0 {
            (&a, &mut b)
        } else {
            (&b, &mut a)
        };
        for i in 0..3 {
            to[i] = from[(i + 1) % 3] * x[i + 2] + 1.0;
        }
    }
    a[0] * b[1] + a[2]
}

/// A part of a list, and one of two lists that becomes longer.
#[differentiate(order = 2)]
fn parts_and_lists(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut w = vec![1.0; 6];
    let part: &mut [f64] = if x[0] > 0.5 { &mut v[..3] } else { &mut v[3..] };
    part[0] *= x[1];
    let longer = if x[2] > 0.0 { &mut v } else { &mut w };
    longer[1] *= x[1];
    longer.push(3.0);
    v.iter().product::<f64>() * w.iter().sum::<f64>()
}

/// An element by its index, without a name.
#[differentiate(order = 2)]
fn without_name(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let k = usize::from(x[1] > 0.0);
    *(if x[0] > 0.5 { &mut v[k] } else { &mut v[5 - k] }) *= x[3];
    v[0] * v[1] + v[4] * v[5]
}

/// What a search finds is changed where it is.
#[differentiate(order = 2)]
fn searched(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut w = v.clone();
    if let Some(r) = v.iter_mut().find(|a| **a < 0.0) {
        *r = *r * *r;
    }
    let largest = w.iter_mut().max_by(|a, b| a.total_cmp(b)).unwrap();
    *largest *= x[2];
    if let Some(r) = w.iter_mut().skip(1).find(|a| **a > 100.0) {
        *r = 0.0;
    }
    v.iter().sum::<f64>() * w.iter().map(|a| a * a).sum::<f64>()
}

/// Elements of one list change places through references to them.
#[differentiate(order = 2)]
fn exchanged(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let [a, b, ..] = &mut v[..] else { return 0.0 };
    std::mem::swap(a, b);
    *a *= 3.0;
    let mut rows = vec![vec![x[2], 1.0], vec![x[3]]];
    let (first, others) = rows.split_at_mut(1);
    std::mem::swap(&mut first[0], &mut others[0]);
    rows[1][0] *= 2.0;
    v[0] - v[1] * rows[0][0] + rows[1][0] * rows[1][1]
}

/// The arm leaves the function.
#[differentiate(order = 2)]
fn leaves(x: &[f64]) -> f64 {
    let (mut a, mut b) = (x[0], x[1]);
    let r = if x[2] > 1.0 {
        return a * a;
    } else if x[3] > 0.0 {
        &mut a
    } else {
        &mut b
    };
    *r = r.exp() * x[4];
    a * b
}

/// Lists of references are their items one after the other.
#[differentiate(order = 2)]
fn in_lists(x: &[f64]) -> f64 {
    let (mut a, mut b, mut c) = (x[0], x[1], x[2]);
    for r in [&mut a, &mut b] {
        *r *= x[3];
        if *r > 0.0 {
            continue;
        }
        *r += 1.0;
    }
    for (r, k) in [(&mut a, 2.0), (&mut c, 3.0), (&mut b, 4.0)] {
        if *r > 1.5 {
            break;
        }
        *r *= k * x[4];
    }
    for (r, v) in vec![&mut b, &mut c].into_iter().zip(&x[4..]) {
        *r += v * v;
    }
    let (mut v, mut w) = (vec![a, b], vec![c; 3]);
    for list in [&mut v, &mut w] {
        list.push(x[5]);
        list[0] *= list[1];
    }
    v[0] * w[0] + v.iter().chain(&w).sum::<f64>()
}

/// Searches among items that are not counted, or that others make.
#[differentiate(order = 2)]
fn searched_uncounted(x: &[f64]) -> f64 {
    let mut total = 1.0;
    for kind in 0..7 {
        let mut v = x.to_vec();
        let found = match kind {
            0 => v.iter_mut().filter(|a| **a > 0.0).last(),
            1 => v.iter_mut().filter(|a| **a > 0.0).nth(1),
            2 => v
                .iter_mut()
                .filter(|a| **a > 0.0)
                .max_by(|a, b| a.total_cmp(b)),
            3 => v.iter_mut().skip_while(|a| **a > 0.0).last(),
            4 => v.iter_mut().take_while(|a| **a > -0.3).last(),
            5 => v.iter_mut().reduce(|a, b| if *a > *b { a } else { b }),
            _ => {
                let scaled = v.iter_mut().map(|a| {
                    *a *= x[1];
                    a
                });
                scaled.last()
            }
        };
        if let Some(r) = found {
            *r *= x[2] + 0.5;
        }
        total += v.iter().zip(x).map(|(a, b)| a * b).sum::<f64>() * kind as f64;
    }
    total
}

/// Of pairs.
#[differentiate]
fn searched_pairs(x: &[f64]) -> f64 {
    let (mut v, mut w) = (x.to_vec(), x.to_vec());
    let even = v
        .iter_mut()
        .enumerate()
        .filter(|(i, a)| **a > 0.0 && i % 2 == 0);
    if let Some((i, r)) = even.max_by(|a, b| a.1.total_cmp(b.1)) {
        *r *= x[1] * i as f64;
    }
    let positive = w.iter_mut().zip(x).filter(|(a, _)| **a > 0.0);
    if let Some((r, y)) = positive.min_by(|a, b| a.1.total_cmp(b.1)) {
        *r *= x[1] * y;
    }
    v.iter().zip(&w).map(|(a, b)| a * b).sum()
}

const POINTS: &[&[f64]] = &[
    &[0.7, 1.3, -0.4, 2.1, 0.9, -1.6],
    &[-0.2, 0.5, 1.7, 0.3, -0.8, 1.1],
    &[1.9, -0.6, 0.25, -1.2, 0.45, 0.65],
];

#[test]
fn a_reference_that_is_chosen_changes_what_it_refers_to() {
    agree!(one_of_two at POINTS);
    agree!(one_of_three at POINTS);
    agree!(two_buffers at POINTS);
    agree!(parts_and_lists at POINTS);
    agree!(without_name at POINTS);
    agree!(leaves at POINTS);
}

#[test]
fn what_a_search_finds_is_changed_where_it_is() {
    agree!(searched at POINTS);
    agree!(exchanged at POINTS);
    agree!(searched_uncounted at POINTS);
    curvature!(searched_uncounted at POINTS);
    agree!(searched_pairs at POINTS);
}

#[test]
fn references_in_lists_change_what_they_refer_to() {
    agree!(in_lists at POINTS);
    curvature!(in_lists at POINTS);
}

#[test]
fn second_derivatives_through_chosen_references() {
    curvature!(one_of_two at POINTS);
    curvature!(two_buffers at POINTS);
    curvature!(searched at POINTS);
}
