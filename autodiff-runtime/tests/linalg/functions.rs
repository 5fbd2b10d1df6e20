//! Functions of a matrix, linear matrix equations, eigenvalues without symmetry; see also `tests/matrix_functions`.

use crate::check::{DOUBLE, SINGLE, complex, matrix, regular};
use crate::check_rule;
use autodiff_runtime::linalg::{eig, eigenvalues, expm, logm, lyapunov, pow, sqrtm, sylvester};
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
