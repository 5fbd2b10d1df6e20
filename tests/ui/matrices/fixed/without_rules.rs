//! Factorisations and transformations of nalgebra that have no derivative, and what is used in their place.

use autodiff_runtime::{differentiate, linalg};
use nalgebra::{Isometry3, Matrix3, Matrix3x2, Point3, Vector3};

#[differentiate]
fn schur(a: &Matrix3<f64>) -> f64 {
    linalg::sqrtm(a).unwrap()[(0, 1)]
}

#[differentiate]
fn by_type(a: &Matrix3<f64>) -> f64 {
    a.complex_eigenvalues()[0].re
}

#[differentiate]
fn udu(a: Matrix3<f64>) -> f64 {
    a.cholesky().unwrap().l()[(0, 0)]
}

#[differentiate]
fn hessenberg(a: Matrix3<f64>) -> f64 {
    a.qr().r()[(0, 1)]
}

#[differentiate]
fn unordered(a: Matrix3<f64>) -> f64 {
    a.singular_values()[0]
}

#[differentiate]
fn similarity(shift: &Vector3<f64>, turn: &Vector3<f64>, scale: f64, p: &Point3<f64>) -> f64 {
    let pose = Isometry3::new(*shift, *turn);
    (pose.translation.vector + pose.rotation * p.coords * scale).x
}

#[differentiate]
fn orthonormal(a: Vector3<f64>, b: Vector3<f64>) -> f64 {
    Matrix3x2::from_columns(&[a, b]).qr().q()[(0, 1)]
}

fn main() {}
