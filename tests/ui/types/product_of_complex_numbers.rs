//! The product rule of one type is wrong for another: no gradient rather than a wrong one.

use autodiff_runtime::differentiate;
use nalgebra::Complex;

#[differentiate]
fn product(a: Complex<f64>, b: Complex<f64>) -> Complex<f64> {
    let c = a * b;
    c
}

fn main() {}
