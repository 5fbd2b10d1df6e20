//! Matrix primitives called by annotated functions.

use autodiff_runtime::linalg::{matmul, trace};
use autodiff_runtime::{check, differentiate, linalg};
use nalgebra::{DMatrix, Matrix3};

/// The trace of `A A^-1 ..`: products and traces by reference, results handed on.
#[differentiate]
fn trace_of_cube(a: &DMatrix<f64>) -> f64 {
    let square = matmul(a, a);
    let cube = linalg::matmul(&square, a);
    linalg::trace(&cube)
}

#[differentiate]
fn trace_of_product(a: &Matrix3<f64>, b: &Matrix3<f64>, c: f64) -> f64 {
    let product = matmul(a, b);
    c * trace(&product)
}

#[test]
fn through_products() {
    let a = DMatrix::from_fn(3, 3, |i, j| ((2 * i + 3 * j) as f64).sin());
    let (value, gradient) = trace_of_cube::value_and_grad(&a);
    assert_eq!(value, (&a * &a * &a).trace());
    let expected = 3.0 * (&a * &a).transpose();
    assert!((&gradient - expected).amax() < 1e-14);
    check::gradient(trace_of_cube, &a, &gradient).assert_below(1e-9);
    let da = DMatrix::from_fn(3, 3, |i, j| ((i + 5 * j) as f64).cos());
    let (_, slope) = trace_of_cube::jvp(&a, &da);
    assert!((slope - gradient.dot(&da)).abs() < 1e-13);
}

#[test]
fn through_static_matrices() {
    let a = Matrix3::from_fn(|i, j| ((2 * i + 3 * j) as f64).sin());
    let b = Matrix3::from_fn(|i, j| ((i + 4 * j) as f64).cos());
    let (a_bar, b_bar, c_bar) = trace_of_product::grad(&a, &b, 2.0);
    assert_eq!((a_bar, b_bar), (2.0 * b.transpose(), 2.0 * a.transpose()));
    assert_eq!(c_bar, (a * b).trace());
}
