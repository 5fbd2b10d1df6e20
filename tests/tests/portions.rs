//! Lists of which each iteration of a loop has a portion of its own, and lists that look like it: what is overwritten is put back where another
//! iteration needs it, and only there.
#![allow(clippy::needless_range_loop)]

use autodiff_runtime::differentiate;
use tests::{agree, curvature};

fn point(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.4 + (i as f64 * 1.3).sin()).collect()
}

/// One element, upwards and downwards.
#[differentiate(order = 2)]
fn elements(x: &[f64]) -> f64 {
    let n = x.len();
    let mut h = vec![0.0; n];
    let mut back = vec![0.0; n];
    let mut sum = 0.0;
    for i in 0..n {
        h[i] = (x[i] * 0.7).tanh();
        sum += h[i] * h[i];
        back[n - 1 - i] = h[i] * x[i];
        sum += back[n - 1 - i].sin();
    }
    for i in (1..n).rev() {
        h[i] = h[i] * h[i] + x[i];
        sum += h[i].exp() * back[i];
    }
    sum + h.iter().zip(&back).map(|(a, b)| a * b * b).sum::<f64>()
}

/// Several writes and reads of one element in an iteration.
#[differentiate(order = 2)]
fn rewritten(x: &[f64]) -> f64 {
    let mut h = x.to_vec();
    let mut sum = 0.0;
    for i in 0..h.len() {
        let old = h[i] * h[i];
        h[i] = old.sin();
        sum += h[i] * old;
        if h[i] > 0.3 {
            h[i] *= x[0];
        }
        sum += h[i].exp();
    }
    sum
}

#[differentiate(order = 2)]
fn squash(x: &[f64], h: &mut [f64]) {
    for (a, b) in h.iter_mut().zip(x) {
        *a = (*a + b * b).sin() * b;
    }
}

/// Parts that are lent to a function, by ranges of several forms.
#[differentiate(order = 2)]
fn parts(x: &[f64], n: usize) -> f64 {
    let k = x.len() / n;
    let mut h = vec![0.5; n * k];
    for i in 0..n {
        squash(&x[i * k..(i + 1) * k], &mut h[i * k..(i + 1) * k]);
    }
    for i in 0..n {
        let first = i * k;
        squash(x, &mut h[first..first + k]);
    }
    for (own, part) in x.chunks_exact(k).zip(h.chunks_exact_mut(k)) {
        squash(own, part);
        part[0] *= part[0];
    }
    h.iter().map(|v| v * v * v).sum()
}

#[differentiate(order = 2)]
fn scale(x: &[f64], by: f64, h: &mut [f64]) {
    for (a, b) in h.iter_mut().zip(x) {
        *a = b.sin() * by;
    }
}

#[differentiate(order = 2)]
fn squares(x: &[f64]) -> f64 {
    x.iter().map(|v| v * v).sum()
}

/// Each part but the last one reaches into the next one.
#[differentiate(order = 2)]
fn reaching(x: &[f64], n: usize) -> f64 {
    let k = x.len() / n;
    let mut h = vec![0.5; n * k + 1];
    let mut sum = 0.0;
    for i in 0..n {
        scale(x, x[i], &mut h[i * k..(i + 1) * k + 1]);
        sum += squares(&h[i * k..(i + 1) * k + 1]) * x[0];
    }
    sum + h.iter().map(|v| v * v * v).sum::<f64>()
}

/// Rows of a matrix, by one index and by two, the whole row and a part of it.
#[differentiate(order = 2)]
fn rows(x: &[f64], n: usize) -> f64 {
    let m = x.len() / n;
    let mut a = vec![0.0; n * m];
    let mut b = vec![vec![0.0; m]; n];
    let mut sum = 0.0;
    for i in 0..n {
        for j in 0..m {
            a[i * m + j] = (x[i * m + j] * x[j]).sin();
            sum += a[i * m + j] * a[i * m];
        }
        for j in 1..m {
            b[i][j] = b[i][j - 1] * a[i * m + j] + a[m * i + j - 1];
            sum += b[i][j].cos();
        }
        for j in (0..m).rev() {
            a[i * m + m - 1 - j] *= b[i][j];
        }
    }
    sum + a.iter().sum::<f64>()
}

/// Rows of which the last entry is the first one of the next row.
#[differentiate(order = 2)]
fn shared_ends(x: &[f64], n: usize) -> f64 {
    let m = x.len() / n;
    let mut a = vec![0.3; n * m + 1];
    let mut sum = 0.0;
    for i in 0..n {
        for j in 0..=m {
            a[i * m + j] = (x[j % m] + x[i]).sin();
            sum += a[i * m + j] * a[i * m + j];
        }
    }
    sum
}

/// A neighbour's element, an element of all, and one that is chosen at run time.
#[differentiate(order = 2)]
fn others(x: &[f64], order: &[usize]) -> f64 {
    let n = x.len();
    let (mut h, mut g, mut f) = (vec![0.1; n + 1], vec![0.2; n], vec![0.3; n]);
    let mut sum = 0.0;
    for i in 0..n {
        h[i] = x[i] * x[i];
        h[i + 1] = x[i].sin();
        sum += h[i + 1] * h[i];
        g[0] = x[i].exp();
        sum += g[0] * g[0];
        f[order[i]] = x[i].cos();
        sum += f[order[i]] * f[order[i]];
    }
    sum + h[0] * g[0] * f[0]
}

/// A stride, and a stride that may be zero: all iterations share one element then.
#[differentiate(order = 2)]
fn strides(x: &[f64], stride: usize) -> f64 {
    let n = x.len();
    let mut h = vec![0.4; 3 * n];
    let mut g = vec![0.6; stride * n + 1];
    let mut sum = 0.0;
    for i in 0..n {
        h[3 * i] = x[i].sin() * h[3 * i + 2];
        h[3 * i + 1] = h[3 * i] * h[3 * i];
        sum += h[3 * i + 1].exp();
        g[stride * i] = x[i].cos();
        sum += g[stride * i] * g[stride * i];
    }
    for i in (0..n).step_by(2) {
        h[i] = h[i] * h[i];
        sum += h[i] * x[i];
    }
    sum
}

/// The same portion in every pass of an outer loop.
#[differentiate(order = 2)]
fn passes(x: &[f64], times: usize) -> f64 {
    let mut h = x.to_vec();
    let mut sum = 0.0;
    for t in 0..times {
        for i in 0..h.len() {
            h[i] = (h[i] * x[t]).sin();
            sum += h[i] * h[i];
        }
    }
    sum
}

/// What comes before the loop needs what the loop overwrites.
#[differentiate(order = 2)]
fn needed_before(x: &[f64]) -> f64 {
    let mut h: Vec<f64> = x.iter().map(|v| v.sin()).collect();
    let mut sum: f64 = h.iter().map(|v| v * v).sum();
    for i in 0..h.len() {
        h[i] = h[i].exp();
        sum += h[i] * h[i];
    }
    sum
}

/// The whole list inside the loop, and lists that change their length.
#[differentiate(order = 2)]
fn whole(x: &[f64]) -> f64 {
    let mut h = x.to_vec();
    let mut grown = vec![Vec::new(); x.len()];
    let mut sum = 0.0;
    for i in 0..x.len() {
        h[i] = h[i].sin();
        sum += h.iter().map(|v| v * v).sum::<f64>();
        grown[i].push(x[i] * x[i]);
        grown[i].push(h[i]);
        sum += grown[i][0] * grown[i][1];
    }
    sum + grown.concat().iter().map(|v| v.exp()).sum::<f64>()
}

/// Ends early, leaves some out.
#[differentiate(order = 2)]
fn left_out(x: &[f64]) -> f64 {
    let mut h = vec![0.5; x.len()];
    let mut sum = 0.0;
    for i in 0..x.len() {
        if x[i] < -0.4 {
            continue;
        }
        h[i] = (x[i] + h[i]).exp();
        sum += h[i] * h[i];
        if sum > 30.0 {
            break;
        }
        h[i] = h[i].sqrt();
    }
    sum + h.iter().map(|v| v * v).sum::<f64>()
}

#[test]
fn portions_of_their_own() {
    for n in [1, 2, 7] {
        agree!(elements, point(n));
        agree!(rewritten, point(n));
        agree!(left_out, point(n));
        agree!(whole, point(n));
        agree!(needed_before, point(n));
    }
    for n in [1, 2, 3] {
        agree!(parts, point(6), n);
        agree!(rows, point(6), n);
    }
}

#[test]
fn portions_that_overlap() {
    for n in [1, 2, 3] {
        agree!(reaching, point(6), n);
        agree!(shared_ends, point(6), n);
        agree!(passes, point(4), n);
        agree!(strides, point(4), n - 1);
    }
    agree!(others, point(4), &[2, 0, 2, 2]);
}

#[test]
fn second_derivatives() {
    curvature!(elements at &[&point(5)]);
    curvature!(rewritten at &[&point(5)]);
    curvature!(left_out at &[&point(5)]);
    curvature!(parts at &[&point(6)], 2);
    curvature!(rows at &[&point(6)], 2);
    curvature!(reaching at &[&point(6)], 2);
    curvature!(shared_ends at &[&point(6)], 2);
    curvature!(others at &[&point(4)], &[2, 0, 2, 2]);
    curvature!(strides at &[&point(4)], 0);
    curvature!(passes at &[&point(4)], 3);
}
