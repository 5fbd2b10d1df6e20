//! Factorisations and transformations of nalgebra that have no derivative, and what is used in their place.

use autodiff_runtime::differentiate;
use nalgebra::{Matrix3, Point3, Schur, Similarity3, Vector3};

#[differentiate]
fn schur(a: &Matrix3<f64>) -> f64 {
    let (_, t) = a.clone().schur().unpack();
    t[(0, 1)]
}

#[differentiate]
fn by_type(a: &Matrix3<f64>) -> f64 {
    Schur::new(*a).complex_eigenvalues()[0].re
}

#[differentiate]
fn udu(a: Matrix3<f64>) -> f64 {
    a.udu().unwrap().d[0]
}

#[differentiate]
fn hessenberg(a: Matrix3<f64>) -> f64 {
    let form = a.hessenberg();
    form.h()[(0, 1)]
}

#[differentiate]
fn unordered(a: Matrix3<f64>) -> f64 {
    a.singular_values_unordered()[0]
}

#[differentiate]
fn similarity(shift: &Vector3<f64>, turn: &Vector3<f64>, scale: f64, p: &Point3<f64>) -> f64 {
    let s = Similarity3::new(*shift, *turn, scale);
    (s * p).x
}

#[differentiate]
fn orthonormal(a: Vector3<f64>, b: Vector3<f64>) -> f64 {
    let mut both = [a, b];
    let rank = Vector3::orthonormalize(&mut both);
    both[1].x * rank as f64
}

fn main() {}
