//! What is only a way to change or to read a matrix is no value.

use autodiff_runtime::differentiate;
use nalgebra::{DMatrix, DVector};

#[differentiate]
fn part(x: &[f64]) -> f64 {
    let mut m = DMatrix::from_row_slice(2, 2, x);
    let row = m.view_mut((0, 0), (1, 2));
    doubled(row)
}

fn doubled(row: nalgebra::DMatrixViewMut<f64>) -> f64 {
    row.sum() * 2.0
}

#[differentiate]
fn factors(a: DMatrix<f64>, b: DVector<f64>) -> f64 {
    let qr = a.qr();
    let x = solution(&qr, &b);
    x.norm()
}

fn main() {}

fn solution(qr: &nalgebra::QR<f64, nalgebra::Dyn, nalgebra::Dyn>, b: &DVector<f64>) -> DVector<f64> {
    qr.solve(b).unwrap()
}
