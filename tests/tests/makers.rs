//! Functions of the file that give functions or iterators, which are written where they are called; arrays of a length that is told elsewhere.

use autodiff_runtime::differentiate;
use tests::{agree, checks};

fn gaussian(sigma: f64) -> impl Fn(f64) -> f64 {
    let scale = -0.5 / (sigma * sigma);
    move |r| (scale * r * r).exp()
}

fn kernel(linear: bool, rate: f64) -> Box<dyn Fn(f64, f64) -> f64> {
    let twice = 2.0 * rate;
    if linear {
        Box::new(move |a, b| a * b * rate)
    } else {
        Box::new(move |a, b| (-(a - b).powi(2) * twice).exp())
    }
}

fn schedule(kind: &str, rate: f64) -> Box<dyn Fn(f64) -> f64> {
    match kind {
        "exp" => Box::new(move |t| rate * (-t).exp()),
        "cos" => Box::new(move |t| 0.5 * rate * (1.0 + t.cos())),
        _ => Box::new(move |_| rate),
    }
}

fn compose<A, B, C>(f: impl Fn(A) -> B, g: impl Fn(B) -> C) -> impl Fn(A) -> C {
    move |x| g(f(x))
}

/// Sums what it has been given.
fn running(start: f64) -> impl FnMut(f64) -> f64 {
    let mut total = start;
    move |v| {
        total += v * v;
        total
    }
}

fn grid(a: f64, b: f64, n: usize) -> impl Iterator<Item = f64> {
    let h = (b - a) / n as f64;
    (0..=n).map(move |i| a + h * i as f64)
}

fn slopes<'a>(x: &'a [f64], y: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    let points = x.windows(2).zip(y.windows(2));
    points.map(|(x, y)| (y[1] - y[0]) / (x[1] - x[0]))
}

#[differentiate]
fn smoothed(x: &[f64], sigma: f64) -> f64 {
    let weight = gaussian(sigma);
    let (sum, total) = x.iter().fold((0.0, 0.0), |(sum, total), v| {
        let w = weight(v - x[0]);
        (sum + w * v, total + w)
    });
    sum / total + gaussian(2.0 * sigma)(x[1])
}

#[differentiate]
fn chosen(x: &[f64], linear: bool) -> f64 {
    let k = kernel(linear, x[2]);
    let both = compose(f64::sin, |v| v * x[0]);
    k(x[0], x[1]) + both(x[1])
}

#[differentiate]
fn scheduled(rate: f64, t: f64, kind: &str) -> f64 {
    let s = schedule(kind, rate);
    s(t) * s(2.0 * t) + x_times(t)
}

/// The name of a maker, but annotated and no maker.
#[differentiate]
fn x_times(x: f64) -> f64 {
    fn gaussian(x: f64) -> f64 {
        x * 3.0
    }
    gaussian(x)
}

/// What the maker was given changes after it was made, and in the loop.
#[differentiate]
fn made_before(x: &[f64]) -> f64 {
    let mut sigma = x[0];
    let early = gaussian(sigma);
    sigma *= 3.0;
    let mut sum = early(x[1]) * sigma;
    for v in x {
        let mut w = *v;
        let late = gaussian(w);
        w = 0.5 * w * w;
        sum += late(x[1]) * w;
    }
    sum + gaussian(sigma)(x[1])
}

/// Two that have a state each.
#[differentiate]
fn stateful(x: &[f64]) -> f64 {
    let (mut a, mut b) = (running(x[0]), running(0.0));
    x.iter().map(|v| a(*v) * b(v.sin())).sum::<f64>() + a(1.0)
}

/// A local of the maker's name goes before it.
#[differentiate]
fn shadowed(x: f64) -> f64 {
    let gaussian = |s: f64| s * x;
    gaussian(x) * 2.0
}

#[differentiate]
fn integral(a: f64, b: f64, k: f64) -> f64 {
    let middle: f64 = grid(a, b, 8).map(|x| (k * x).sin()).sum();
    let squares = grid(a, b, 4)
        .zip(grid(0.0, k, 4))
        .fold(0.0, |s, (x, y)| s + x * y);
    let mut last: f64 = 0.0;
    for x in grid(b, k, 3) {
        last += x * last.cos();
    }
    middle * (b - a) + squares + last
}

#[differentiate]
fn steepest(x: &[f64], y: &[f64]) -> f64 {
    slopes(x, y).fold(f64::MIN, f64::max) + slopes(x, y).map(|s| s * s).sum::<f64>()
}

/// An empty grid, items that are dropped, a maker handed on.
#[differentiate]
fn parts(x: &[f64]) -> f64 {
    let none: f64 = grid(x[0], x[1], 5).skip(6).sum();
    let some: Vec<f64> = grid(x[0], x[1], 5).skip(2).step_by(2).collect();
    let weighted: f64 = x.iter().copied().map(gaussian(x[0])).sum();
    none + some.iter().map(|v| v * v).sum::<f64>() + weighted
}

/// Arrays whose type is told by what they are used for.
#[differentiate]
fn midpoint<const N: usize>(y: [f64; N], rate: f64, steps: usize) -> [f64; N] {
    let slope = |y: &[f64; N]| -> [f64; N] { std::array::from_fn(|i| -rate * y[(i + 1) % N]) };
    (0..steps).fold(y, |y, _| {
        let k = slope(&y);
        let half = std::array::from_fn(|i| y[i] + 0.05 * k[i]);
        let k = slope(&half);
        std::array::from_fn(|i| y[i] + 0.1 * k[i])
    })
}

#[differentiate]
fn norm(v: &[f64; 3]) -> f64 {
    v.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// Of pairs, of arrays, of integers, of none; the closure changes what it captures.
#[differentiate]
fn untold(x: &[f64]) -> f64 {
    let mut total = 1.0;
    let v = std::array::from_fn(|i| {
        total *= x[i] + 1.0;
        total * x[i]
    });
    let pairs: [(f64, usize); 2] = {
        let order = std::array::from_fn(|i| 1 - i);
        let made = std::array::from_fn(|i| (x[order[i]], order[i]));
        let _: &[usize; 2] = &order;
        made
    };
    let turned = std::array::from_fn(|i| [x[i], x[i] * x[0], i as f64]);
    let m: &[[f64; 3]; 2] = &turned;
    let none = std::array::from_fn(|i| x[i]);
    let empty: &[f64; 0] = &none;
    let sum: f64 = m.iter().flatten().sum();
    let [(a, i), (b, j)] = pairs;
    norm(&v) * sum + a * x[i] + b * x[j].sin() + total + empty.iter().sum::<f64>()
}

#[test]
fn arrays_of_untold_length() {
    agree!(untold, [0.4, 0.7, -0.2]);
}

fn sign(x: f64) -> f64 {
    if x < 0.0 {
        -1.0
    } else if x > 0.0 {
        1.0
    } else {
        0.0
    }
}

fn step(x: f64) -> f64 {
    if x < 0.0 {
        return 0.0;
    }
    1.0
}

fn level(kind: usize, x: f64) -> f64 {
    match kind {
        0 if x > 0.0 => std::f64::consts::PI,
        1 => 0.25,
        _ => 2.0,
    }
}

/// Functions that give one of some numbers need no attribute.
#[differentiate(order = 2)]
fn of_levels(x: &[f64]) -> f64 {
    let signs: f64 = x.iter().copied().map(sign).sum();
    let roots: f64 = x.iter().map(|&v| sign(v) * v.abs().sqrt()).sum();
    roots * signs + step(x[0]) * x[1].powi(3) + level(0, x[2]) * level(1, x[0]) * x[2]
}

#[test]
fn one_of_some_numbers() {
    for x in [[0.4, -0.7, 1.2], [-0.4, 0.7, -1.2], [0.4, 0.7, 1.2]] {
        agree!(of_levels, x);
        tests::curvature!(of_levels, x);
    }
}

checks! {
    weights: |x| smoothed(&x[..3], x[3]), [0.4, 0.7, 1.2, 0.8];
    kernels: |x| chosen(x, true) + chosen(x, false).sin(), [0.4, 0.7, 1.2];
    schedules: |x| scheduled(x[0], x[1], "cos") + scheduled(x[0], x[1], "exp") + scheduled(x[0], x[1], ""), [0.5, 1.5];
    before: |x| made_before(x), [0.5, 1.5, -0.7];
    states: |x| stateful(x), [0.5, 1.5, -0.7];
    locals: |x| shadowed(x[0]) , [0.5];
    grids: |x| integral(x[0], x[1], x[2]), [0.5, 1.5, 0.7];
    of_slices: |x| steepest(&x[..3], &x[3..]), [0.1, 0.4, 1.2, 0.7, 0.9, 2.0];
    iterators: |x| parts(x), [0.5, 1.5, -0.7];
    folded: |x| midpoint([x[0], x[1], x[2]], x[3], 4).iter().zip(x).map(|(a, b)| a * b).sum(), [0.4, 0.7, 1.2, 0.8];
}
