//! A library that does without the standard library itself: generated code must not name it.
#![no_std]
#![deny(warnings, missing_docs, rust_2018_idioms, unreachable_pub)]
#![forbid(unsafe_code)]

extern crate alloc;

use alloc::vec;
use alloc::vec::Vec;
use autodiff_runtime::{differentiate, Differentiable};
use num_traits::Float;

/// A filter of first order.
#[derive(Clone, Debug, Differentiable)]
pub struct Filter<T> {
    /// What is kept of the state.
    pub pole: T,
    /// The states so far.
    pub states: Vec<T>,
}

#[differentiate(self)]
impl<T: Float> Filter<T> {
    /// The next state.
    pub fn step(&mut self, input: T) -> T {
        let last = self.states[self.states.len() - 1];
        let next = self.pole * last + (T::one() - self.pole) * input;
        self.states.push(next);
        next
    }
}

/// The mean square of what the filter lets through.
#[differentiate(order = 2)]
pub fn power(samples: &[f64], pole: f64) -> f64 {
    let mut state = 0.0;
    let mut passed = vec![0.0; samples.len()];
    for (out, sample) in passed.iter_mut().zip(samples) {
        state = pole * state + (1.0 - pole) * sample;
        *out = state;
    }
    passed.iter().map(|p| p.powi(2)).sum::<f64>() / samples.len() as f64
}

/// The largest of squashed values, and all of them in order.
#[differentiate]
pub fn squashed(x: Vec<f64>, steps: usize) -> Option<(f64, Vec<f64>)> {
    let mut values: Vec<f64> = x.iter().map(|x| x.tanh()).collect();
    for k in 0..steps {
        if k % 2 == 0 {
            values = values.iter().map(|v| Float::sin(*v)).collect();
        }
    }
    values.sort_by(|a, b| a.total_cmp(b));
    let largest = *values.last()?;
    Some((largest, values))
}

/// Newton's method for a function that is handed on.
#[differentiate]
pub fn integral<F: Fn(f64) -> f64>(f: F, a: f64, b: f64) -> f64 {
    let n = 8;
    let h = (b - a) / n as f64;
    (0..n).map(|k| f(a + (k as f64 + 0.5) * h) * h).sum()
}

/// The area below a wave.
#[differentiate]
pub fn area(frequency: f64) -> f64 {
    integral(|t| (frequency * t).sin(), 0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filtered() {
        let (value, (samples, pole)) = power::value_and_grad(&[1.0, 2.0], 0.5);
        assert_eq!(value, power(&[1.0, 2.0], 0.5));
        assert_eq!(samples, [0.25 + 0.3125, 0.625]);
        assert_eq!(pole, -0.5 - 2.0 * 1.25);
        assert_eq!(power::hessian(&[1.0, 2.0], 0.5).shape(), (3, 3));
    }

    #[test]
    fn members() {
        let filter = Filter {
            pole: 0.5,
            states: vec![1.0],
        };
        let mut state = filter.clone();
        let mut tangent = filter.zero_tangent();
        let (value, slope) = state.step_jvp(3.0, &mut tangent, 1.0);
        assert_eq!((value, slope), (2.0, 0.5));
    }

    #[test]
    fn options_and_functions() {
        assert!(squashed::vjp(Vec::new(), 1).is_none());
        let ((largest, _), slope) = squashed::jvp(vec![0.0], 1, vec![1.0])
            .map(|(v, d)| (v, d.0))
            .unwrap();
        assert_eq!((largest, slope), (0.0, 1.0));
        let (_, slope) = area::jvp(0.0, 1.0);
        assert_eq!(slope, 0.5);
    }
}
