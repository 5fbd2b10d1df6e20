use autodiff_runtime::differentiate;
use nalgebra::{DMatrix, DVector};

#[differentiate]
fn part(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(2, 2, x);
    m.row(0).sum()
}

#[differentiate]
fn factors(a: DMatrix<f64>, b: DVector<f64>) -> f64 {
    let x = a.lu().solve(&b).unwrap();
    x.norm()
}

#[differentiate(order = 2)]
fn twice(a: &DMatrix<f64>) -> f64 {
    let mut sum = 0.0;
    for i in 0..a.nrows() {
        for j in 0..a.ncols() {
            sum += a[(i, j)] * a[(i, j)];
        }
    }
    sum
}

fn main() {}
