use autodiff_runtime::differentiate;
use nalgebra::{DMatrix, DVector};

#[differentiate]
fn part(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(2, 2, x);
    (m.row(0) * 2.0).sum()
}

#[differentiate]
fn factors(a: DMatrix<f64>, b: DVector<f64>) -> f64 {
    let x = a.qr().solve(&b).unwrap();
    x.norm()
}

fn main() {}
