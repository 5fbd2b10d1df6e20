//! Functions in the idioms of published crates and papers, by theme: each is accepted as it is written there and differentiated right.
//!
//! A driver that is annotated too calls the function with numbers from a slice, so that every signature is tested through the call
//! protocol: the primal bit-equal in both modes, reverse against forward mode, and both against differences.
#![allow(
    clippy::all,
    clippy::pedantic,
    confusable_idents,
    mixed_script_confusables
)]

/// `name: |x| expression at [[..], [..]];` becomes a test of the expression at the points.
macro_rules! checks {
    ($($name:ident: |$x:ident| $body:expr, $([$($at:expr),* $(,)?]),+;)+) => {
        mod checks {
            #![allow(unused_imports)]
            use super::*;
            $(
                #[test]
                fn $name() {
                    #[autodiff_runtime::differentiate]
                    fn driver($x: &[f64]) -> f64 {
                        $body
                    }
                    $(crate::check(&[$($at as f64),*], driver, |x| driver::value_and_grad(x), |x, d| driver::jvp(x, d));)+
                }
            )+
        }
    };
}

mod conditional;
mod densities;
mod finance;
mod generics;
mod items;
mod iterators;
mod learning;
mod notation;
mod physics;
mod signals;

fn check(
    x: &[f64],
    f: impl Fn(&[f64]) -> f64,
    reverse: impl Fn(&[f64]) -> (f64, Vec<f64>),
    forward: impl Fn(&[f64], &[f64]) -> (f64, f64),
) {
    let value = f(x);
    assert!(value.is_finite(), "the value at {x:?} is {value}");
    let (again, gradient) = reverse(x);
    assert_eq!(again.to_bits(), value.to_bits(), "primal in reverse mode");
    assert!(
        gradient.iter().any(|g| *g != 0.0),
        "nothing depends on {x:?}"
    );
    for (k, g) in gradient.iter().enumerate() {
        let mut direction = vec![0.0; x.len()];
        direction[k] = 1.0;
        let (again, slope) = forward(x, &direction);
        assert_eq!(again.to_bits(), value.to_bits(), "primal in forward mode");
        let near = (slope - g).abs() <= 1e-10 * slope.abs().max(1.0);
        assert!(near, "at {k} of {x:?}: forward {slope}, reverse {g}");
    }
    let report = autodiff_runtime::check::gradient(|x: &Vec<f64>| f(x), &x.to_vec(), &gradient);
    assert!(report.error < 1e-6, "at {x:?}: {report}");
}
