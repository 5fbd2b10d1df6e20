//! A few hundred random functions, compiled through the attribute: reverse against forward against dual numbers, the primal bit-equal.
#![allow(clippy::all, unused, unused_parens, unused_mut)]

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
    ($failed:ident $f:ident) => {
        match std::panic::catch_unwind(|| check!($f)) {
            Ok(checked) => $failed.skipped += usize::from(!checked),
            Err(_) => $failed.names.push(stringify!($f)),
        }
        $failed.all += 1;
    };
}

macro_rules! check {
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
