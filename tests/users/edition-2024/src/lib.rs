//! A library as users write it: edition 2024, calls of annotated functions of another crate, names that are hostile to generated code.
#![deny(warnings, missing_docs, unreachable_pub)]
#![forbid(unsafe_code)]

mod hostile;
pub mod integrator;
mod prelude_free;

pub use hostile::{area, core, sum};

use autodiff_runtime::differentiate;
use user_edition_2021::{loss, polynomial};

/// A polynomial of a sine, from another crate.
#[differentiate]
pub fn warped(c: &[f64], x: f64) -> f64 {
    polynomial(c, x.sin())
}

/// A ridge regression.
#[differentiate(wrt = c)]
pub fn ridge(c: &[f64], weight: f64, #[constant] x: &[f64], #[constant] y: &[f64]) -> f64 {
    let mut penalty = 0.0;
    for a in c {
        penalty += a * a;
    }
    polynomial(c, x[0]) - y[0] + weight * penalty
}

/// The norm of the other crate, by its full path.
#[differentiate]
pub fn scaled_norm(x: &[f64], scale: f64) -> f64 {
    scale * user_edition_2021::polynomial(x, 1.0)
}

/// Not annotated itself.
#[must_use]
pub fn fit(c: &[f64], x: &[f64], y: &[f64]) -> Vec<f64> {
    loss::squares::grad(c, x, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn across_crates() {
        let (value, (c, x)) = warped::value_and_grad(&[1.0, 2.0], 0.5);
        assert_eq!(value, warped(&[1.0, 2.0], 0.5));
        assert_eq!(c, [1.0, 0.5_f64.sin()]);
        assert_eq!(x, 2.0 * 0.5_f64.cos());
        assert_eq!(ridge::grad(&[1.0, 2.0], 0.5, &[3.0], &[1.0]), [2.0, 5.0]);
        assert_eq!(
            scaled_norm::jvp(&[1.0, 2.0], 3.0, &[1.0, 0.0], 1.0),
            (9.0, 6.0)
        );
        assert_eq!(
            fit(&[1.0, 1.0], &[0.0, 1.0, 2.0], &[1.0, 3.0, 5.0]),
            [-6.0, -10.0]
        );
    }

    #[test]
    fn hostile_names() {
        assert_eq!(area::grad(3.0), 6.0);
        assert_eq!(core::norm::grad(&[3.0, 4.0]), [6.0, 8.0]);
        assert_eq!(sum::grad(&[2.0]), [4.0]);
    }

    #[test]
    fn steps_in_place() {
        let mut state = [1.0, 0.0];
        let (_, pullback) = integrator::step::vjp(&mut state, 0.1);
        let (gradient, _) = pullback(vec![1.0, 0.0]);
        assert_eq!(gradient, [1.0, 0.1]);
    }

    #[test]
    fn without_a_prelude() {
        use autodiff_runtime::Differentiable;
        use prelude_free::{Signal, SignalTangent};
        let (values, name) = (&[2.0][..], "samples");
        let tangents = [Signal::Constant(1.0), Signal::Samples { values, name }].zero_tangent();
        assert!(matches!(&tangents[1], SignalTangent::Samples { values, .. } if *values == [0.0]));
        assert_eq!(tangents[0].clone() * 2.0, SignalTangent::Constant(0.0));
        assert_eq!(prelude_free::squares::grad(&[1.0, 2.0]), [2.0, 4.0]);
        let ((value, _), pullback) = prelude_free::trajectory::vjp(vec![0.5, 0.25], 2.0, 4);
        let (x_bar, rate_bar) = pullback((1.0, vec![0.0; 4]));
        let ((again, _), (slope, _)) =
            prelude_free::trajectory::jvp(vec![0.5, 0.25], 2.0, 4, vec![1.0, 2.0], 3.0);
        assert_eq!(value, again);
        let expected = x_bar[0] + 2.0 * x_bar[1] + 3.0 * rate_bar;
        assert!((slope - expected).abs() < 1e-14 * expected.abs());
    }
}
