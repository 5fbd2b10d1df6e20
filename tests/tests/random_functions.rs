//! A few hundred random functions, compiled through the attribute: reverse against forward against dual numbers, the primal bit-equal.
#![allow(clippy::all, unused, unused_parens, unused_mut)]

use num_traits::Float;
use std::iter::Sum;
use std::ops::{AddAssign, DivAssign, MulAssign, SubAssign};
use tests::dual::{Dual, c};

const X: [f64; 4] = [0.3, -0.7, 1.1, 0.45];
const A: f64 = 0.62;

fn close(what: &str, a: f64, b: f64) {
    let error = (a - b).abs() / a.abs().max(b.abs()).max(1.0);
    assert!(error <= 1e-10, "{what}: {a} and {b}");
}

fn seeded(k: usize) -> (Vec<Dual>, Dual) {
    let mut x: Vec<Dual> = X.iter().map(|v| c(*v)).collect();
    let mut a = c(A);
    if k < X.len() {
        x[k].d = 1.0
    } else {
        a.d = 1.0
    }
    (x, a)
}

macro_rules! function {
    ($failed:ident $check:ident $f:ident) => {
        match std::panic::catch_unwind(|| $check!($f)) {
            Ok(checked) => $failed.skipped += usize::from(!checked),
            Err(_) => $failed.names.push(stringify!($f)),
        }
        $failed.all += 1;
    };
}

macro_rules! once {
    ($f:ident) => {{
        let name = stringify!($f);
        let value = real::$f(&X, A);
        if !value.is_finite() {
            return false;
        }
        let (v, (gx, ga)) = real::$f::value_and_grad(&X, A);
        assert_eq!(
            v.to_bits(),
            value.to_bits(),
            "{name}: value in reverse mode"
        );
        for k in 0..=X.len() {
            let reverse = if k < X.len() { gx[k] } else { ga };
            let (mut dx, mut da) = ([0.0; 4], 0.0);
            if k < X.len() {
                dx[k] = 1.0
            } else {
                da = 1.0
            }
            let (v, forward) = real::$f::jvp(&X, A, &dx, da);
            assert_eq!(
                v.to_bits(),
                value.to_bits(),
                "{name}: value in forward mode"
            );
            let (x, a) = seeded(k);
            let dual = dual::$f(&x, a);
            assert_eq!(
                dual.v.to_bits(),
                value.to_bits(),
                "{name}: the generator's two versions differ"
            );
            close(
                &format!("{name}: forward against dual, input {k}"),
                forward,
                dual.d,
            );
            close(
                &format!("{name}: reverse against dual, input {k}"),
                reverse,
                dual.d,
            );
        }
        true
    }};
}

/// The second derivatives along two directions and their sum are those of duals: all of the Hessian that a product of them can see.
macro_rules! twice {
    ($f:ident) => {{
        let finite = once!($f);
        if finite {
            let name = stringify!($f);
            let along = |v: &[f64; 5]| {
                let dual = |x: f64, d: f64| Dual { d, ..c(x) };
                let x: Vec<Dual> = X.iter().zip(v).map(|(x, d)| dual(*x, *d)).collect();
                dual::$f(&x, dual(A, v[4])).dd
            };
            let times = |v: &[f64; 5], u: &[f64; 5]| {
                let (x, a) = real::$f::hvp(&X, A, &v[..4], v[4]);
                x.iter().chain([&a]).zip(u).map(|(h, u)| h * u).sum::<f64>()
            };
            let (u, v) = ([0.8, -0.3, 0.5, 0.9, -0.6], [-0.2, 0.7, 0.4, -0.9, 0.5]);
            let sum: [f64; 5] = std::array::from_fn(|k| u[k] + v[k]);
            let scale = along(&u).abs() + along(&v).abs() + along(&sum).abs();
            if scale.is_finite() && scale < 1e6 {
                close(&format!("{name}: u H u"), times(&u, &u), along(&u));
                close(&format!("{name}: v H v"), times(&v, &v), along(&v));
                let mixed = (along(&sum) - along(&u) - along(&v)) / 2.0;
                close(&format!("{name}: u H v"), times(&v, &u), mixed);
                close(&format!("{name}: v H u"), times(&u, &v), mixed);
            }
        }
        finite
    }};
}

/// What the generic functions ask of their floats.
pub trait Real: Float + Sum + AddAssign + SubAssign + MulAssign + DivAssign {}

impl<T: Float + Sum + AddAssign + SubAssign + MulAssign + DivAssign> Real for T {}

/// In single precision: reverse against forward, the primal bit-equal.
macro_rules! single {
    ($f:ident) => {{
        let (name, x, a) = (stringify!($f), X.map(|x| x as f32), A as f32);
        let value: f32 = real::$f(&x, a);
        if !value.is_finite() {
            return false;
        }
        let (v, (gx, ga)) = real::$f::value_and_grad(&x, a);
        assert_eq!(v.to_bits(), value.to_bits(), "{name}: value in f32");
        let scale = gx.iter().chain([&ga]).fold(1.0, |s: f32, g| s.max(g.abs()));
        for k in 0..=x.len() {
            let along = |j: usize| if j == k { 1.0 } else { 0.0 };
            let (_, forward) = real::$f::jvp(&x, a, &[0, 1, 2, 3].map(along), along(x.len()));
            let reverse = if k < x.len() { gx[k] } else { ga };
            let error = (forward - reverse).abs() / scale;
            assert!(
                error < 1e-4,
                "{name}: {forward} and {reverse} in f32, input {k}"
            );
        }
        true
    }};
}

#[derive(Default)]
struct Outcome {
    all: usize,
    /// Those whose value is not finite: there is nothing to compare.
    skipped: usize,
    names: Vec<&'static str>,
}

include!(concat!(env!("OUT_DIR"), "/functions.rs"));

#[test]
fn random_functions() {
    let Outcome {
        all,
        skipped,
        names,
    } = all();
    let failed = names.len();
    assert!(
        names.is_empty(),
        "{failed} of {all} functions failed: {names:?}"
    );
    assert!(
        20 * skipped <= all,
        "{skipped} of {all} functions have no finite value"
    );
}
