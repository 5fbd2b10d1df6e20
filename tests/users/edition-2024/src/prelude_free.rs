//! Without the standard prelude: generated code must not need it.
#![no_implicit_prelude]

use ::autodiff_runtime::differentiate;
use ::std::clone::Clone;
use ::std::iter::Iterator;
use ::std::vec::Vec;

/// The sum of squares.
#[differentiate]
pub(crate) fn squares(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for a in x {
        sum += a * a;
    }
    sum
}

/// Carried state, a call, a branch, a `Vec` that grows: everything that leaves a trace.
#[differentiate]
pub(crate) fn trajectory(x: Vec<f64>, mut rate: f64, steps: usize) -> (f64, Vec<f64>) {
    let mut states = Vec::new();
    let mut state = squares(&x);
    for k in 0..steps {
        if k % 2 == 0 {
            state = (rate * state).sin();
        } else {
            state *= state;
        }
        states.push(state);
        rate *= 0.5;
    }
    let copy = states.clone();
    (states.iter().map(|s| s.exp()).sum(), copy)
}

/// A type with a tangent.
#[cfg(test)]
#[derive(::autodiff_runtime::Differentiable)]
pub(crate) enum Signal<'a, T: Clone> {
    Constant(T),
    Samples {
        values: &'a [T],
        #[constant]
        name: &'a str,
    },
}
