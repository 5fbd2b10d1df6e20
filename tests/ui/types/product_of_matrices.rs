//! The product rule of scalars is wrong for matrices: no gradient rather than a wrong one.

use autodiff_runtime::differentiate;
use nalgebra::Matrix2;

#[differentiate]
fn product(a: Matrix2<f64>, b: Matrix2<f64>) -> Matrix2<f64> {
    let c = a * b;
    c
}

fn main() {}
