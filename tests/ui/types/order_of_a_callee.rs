//! What is differentiated twice calls what is differentiated twice.

use autodiff_runtime::differentiate;

#[differentiate]
fn energy(x: f64) -> f64 {
    0.5 * x * x
}

#[differentiate(order = 2)]
fn total(x: f64, y: f64) -> f64 {
    energy(x) * y
}

fn main() {}
