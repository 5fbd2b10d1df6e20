//! Functions of a matrix, linear matrix equations, eigenvalues without symmetry; see also `tests/matrix_functions`.

use crate::check::{DOUBLE, SINGLE, complex, matrix, positive, regular, with_singular_values};
use crate::check_rule;
use autodiff_runtime::linalg::{
    eig, eigenvalues, expm, logm, low_rank, lyapunov, polar_left, polar_right, pow,
    singular_function,
};
use autodiff_runtime::linalg::{
    soft_threshold, sqrtm, sylvester, symmetric_exp, symmetric_function, symmetric_ln,
    symmetric_powf, symmetric_sqrt,
};
use nalgebra::{DMatrix, Matrix2, Matrix3};

#[test]
fn functions() {
    for n in [1, 2, 3, 6] {
        let a = regular(n, 1);
        check_rule!(expm(a da), DOUBLE);
        check_rule!(pow(a da; 5), DOUBLE);
        check_rule!(logm(a da), DOUBLE);
        check_rule!(sqrtm(a da), DOUBLE);
        let a = a.cast::<f32>();
        check_rule!(expm(a da), SINGLE);
        check_rule!(logm(a da), SINGLE);
        check_rule!(sqrtm(a da), SINGLE);
        let a = complex(n, n, 2);
        check_rule!(expm(a da), DOUBLE);
        check_rule!(pow(a da; 4), DOUBLE);
    }
    let a = Matrix3::new(4.0, 1.0, 0.5, 1.0, 3.0, -1.0, 0.5, -1.0, 5.0);
    check_rule!(expm(a da), DOUBLE);
    check_rule!(logm(a da), DOUBLE);
}

#[test]
fn equations() {
    for (n, m) in [(1, 1), (2, 3), (5, 4)] {
        let (a, b, c) = (regular(n, 1), regular(m, 2), matrix(n, m, 3));
        check_rule!(sylvester(a da, b db, c dc), DOUBLE);
        let c = matrix(n, n, 4);
        check_rule!(lyapunov(a da, c dc), DOUBLE);
    }
    let (a, c) = (Matrix2::new(1.0f32, 2.0, -2.0, 1.0), Matrix2::identity());
    check_rule!(lyapunov(a da, c dc), SINGLE);
}

#[test]
fn without_symmetry() {
    for n in [1, 2, 3, 5] {
        let a = matrix(n, n, 5)
            + DMatrix::from_fn(n, n, |i, j| if i == j { 3.0 * i as f64 } else { 0.0 });
        check_rule!(eigenvalues(a da), DOUBLE);
        check_rule!(eig(a da), DOUBLE);
    }
    let a = Matrix2::new(0.0f64, 1.0, -4.0, -0.4);
    check_rule!(eig(a da), DOUBLE);
}

#[test]
fn of_symmetric_matrices() {
    for n in [1, 2, 3, 6] {
        let (a, p) = (positive(n, 1) / n as f64, DMatrix::from_element(1, 1, -0.7));
        check_rule!(symmetric_exp(a da), DOUBLE);
        check_rule!(symmetric_ln(a da), DOUBLE);
        check_rule!(symmetric_sqrt(a da), DOUBLE);
        check_rule!(symmetric_powf(a da, p dp), DOUBLE);
        check_rule!(symmetric_function(a da; f64::atan, |x: f64| 1.0 / (1.0 + x * x), |x: f64| -2.0 * x / (1.0 + x * x).powi(2)), DOUBLE);
        let a = a.cast::<f32>();
        check_rule!(symmetric_exp(a da), SINGLE);
        let a = complex(n, n, 3);
        let a = &a * a.adjoint() + DMatrix::identity(n, n);
        check_rule!(symmetric_exp(a da), DOUBLE);
        check_rule!(symmetric_ln(a da), DOUBLE);
        check_rule!(symmetric_sqrt(a da), DOUBLE);
    }
    let a = Matrix3::new(4.0, 1.0, 0.5, 1.0, 3.0, -1.0, 0.5, -1.0, 5.0);
    check_rule!(symmetric_ln(a da), DOUBLE);
}

#[test]
fn of_singular_values() {
    for (m, n) in [(3, 3), (5, 3), (3, 6)] {
        let (a, t) = (
            with_singular_values(m, n, &[3.0, 1.7, 0.4], 1),
            DMatrix::from_element(1, 1, 1.0),
        );
        check_rule!(low_rank(a da; 2), DOUBLE);
        check_rule!(soft_threshold(a da, t dt), DOUBLE);
        check_rule!(singular_function(a da; f64::sin, f64::cos, |s: f64| -s.sin()), DOUBLE);
        check_rule!(polar_right(a da), DOUBLE);
        check_rule!(polar_left(a da), DOUBLE);
        let a = a.cast::<f32>();
        check_rule!(low_rank(a da; 1), SINGLE);
        check_rule!(polar_right(a da), SINGLE);
        let a = complex(m, n, 3);
        check_rule!(polar_right(a da), DOUBLE);
        check_rule!(polar_left(a da), DOUBLE);
    }
    let a = Matrix2::new(1.0, 2.0, 3.0, -4.0);
    check_rule!(polar_left(a da), DOUBLE);
}
