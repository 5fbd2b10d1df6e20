//! A function that works in place.

use autodiff_runtime::differentiate;

/// A step of the harmonic oscillator by Euler's method.
#[differentiate]
pub fn step(state: &mut [f64], dt: f64) {
    let (x, v) = (state[0], state[1]);
    state[0] = x + dt * v;
    state[1] = v - dt * x;
}
