//! Matrices that are large enough for what is done with large ones only: products by blocks, inverses by halves, columns at once.

use autodiff_runtime::differentiate;
use nalgebra::{DMatrix, DVector, Point3, SMatrix};

/// A matrix of any shape that the twelve inputs all have a part in.
#[differentiate]
fn mixed(x: &[f64], rows: usize, columns: usize) -> DMatrix<f64> {
    DMatrix::from_fn(rows, columns, |i, j| {
        (x[(i + 2 * j) % 12] + 0.1 * x[(3 * i + j) % 12] * j as f64).sin()
    })
}

#[differentiate]
fn products(x: &[f64]) -> f64 {
    let (a, b) = (mixed(x, 19, 11), mixed(x, 11, 17));
    let c = &a * &b;
    let d = c.tr_mul(&a);
    let static_one = SMatrix::<f64, 12, 9>::from_fn(|i, j| (x[i] * j as f64).cos());
    (d * &b).sum() * 1e-3 + (static_one.transpose() * static_one).norm()
}

#[differentiate]
fn definite(x: &[f64]) -> f64 {
    let (b, y) = (mixed(x, 37, 21), mixed(x, 37, 6));
    let a = &b * b.transpose() + DMatrix::identity(37, 37);
    let factor = a.cholesky().expect("positive definite");
    let solved = factor.solve(&y);
    factor.ln_determinant() + (factor.inverse() * &b).norm() + solved.norm()
}

#[differentiate]
fn regular(x: &[f64]) -> f64 {
    let a = mixed(x, 21, 21) + DMatrix::identity(21, 21) * 30.0;
    let b = DVector::from_column_slice(&x[..12]).resize(21, 1, 0.5);
    let solved = a.clone().lu().solve(&b).expect("diagonally dominant");
    solved.sum()
        + a.try_inverse()
            .expect("diagonally dominant")
            .map(|v| v.sin())
            .sum()
}

#[differentiate]
fn elements(x: &[f64]) -> f64 {
    let a = DMatrix::from_column_slice(3, 4, x);
    let b = a.zip_map(&a.map(|v| v * v), |v, w| v.cos() * w);
    let moved = Point3::new(x[0], x[1], x[2]).map(|v| v.exp() * x[3]);
    let mut c = DMatrix::from_vec(4, 3, b.iter().map(|v| v + 1.0).collect());
    c[(1, 2)] *= x[5];
    let point = Point3::from_slice(&x[4..7]);
    (b * c).sum() + moved.x * point.z + moved.y - moved.z * point.x
}

checks! {
    large_matrices: products definite regular;
    elements_side_by_side: elements;
}
