//! Products, norms and what else needs no factorisation.

use crate::check::{DOUBLE, SINGLE, complex, matrix};
use crate::check_rule;
use autodiff_runtime::linalg::{dot, kron, matmul, norm, outer, trace, transpose};
use nalgebra::{DVector, Matrix2x3, Matrix3, Vector3};

/// Rows of the left, columns of the left, columns of the right.
const SHAPES: [(usize, usize, usize); 6] = [
    (1, 1, 1),
    (1, 4, 1),
    (4, 1, 3),
    (2, 3, 4),
    (5, 2, 2),
    (7, 7, 7),
];

#[test]
fn matrix_products() {
    for (n, m, k) in SHAPES {
        let (a, b) = (matrix(n, m, 1), matrix(m, k, 2));
        check_rule!(matmul(a da, b db), DOUBLE);
        let (a, b) = (complex(n, m, 1), complex(m, k, 2));
        check_rule!(matmul(a da, b db), DOUBLE);
        let (a, b) = (matrix(n, m, 1).cast::<f32>(), matrix(m, k, 2).cast::<f32>());
        check_rule!(matmul(a da, b db), SINGLE);
    }
    let (a, b) = (
        Matrix2x3::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
        Vector3::new(1.0, -1.0, 0.5),
    );
    check_rule!(matmul(a da, b db), DOUBLE);
}

#[test]
fn views_are_matrices() {
    let (a, b) = (matrix(6, 6, 1), matrix(6, 6, 2));
    let (part, other) = (
        a.view((1, 2), (3, 4)),
        b.view_with_steps((0, 1), (4, 2), (0, 1)),
    );
    let (value, pullback) = matmul::vjp(&part, &other);
    assert_eq!(value, part * other);
    let (a_bar, _) = pullback(value.clone());
    assert_eq!(a_bar, &value * other.transpose());
}

#[test]
fn sums_of_products() {
    for (n, m, _) in SHAPES {
        let (a, b) = (matrix(n, m, 3), matrix(n, m, 4));
        check_rule!(dot(a da, b db), DOUBLE);
        let (a, b) = (complex(n, m, 3), complex(n, m, 4));
        check_rule!(dot(a da, b db), DOUBLE);
        let a = matrix(n, n, 5);
        check_rule!(trace(a da), DOUBLE);
        let a = complex(n, n, 5);
        check_rule!(trace(a da), DOUBLE);
        let a = complex(n, m, 5);
        check_rule!(transpose(a da), DOUBLE);
    }
}

#[test]
fn products_of_all_with_all() {
    for (n, m, k) in SHAPES {
        let (u, v) = (
            DVector::from(matrix(n, 1, 6).column(0)),
            DVector::from(matrix(m, 1, 7).column(0)),
        );
        check_rule!(outer(u du, v dv), DOUBLE);
        let (u, v) = (
            u.map(|x| nalgebra::Complex::new(x, 1.0)),
            v.map(|x| nalgebra::Complex::new(2.0, x)),
        );
        check_rule!(outer(u du, v dv), DOUBLE);
        let (a, b) = (matrix(n, m, 8), matrix(k, n, 9));
        check_rule!(kron(a da, b db), DOUBLE);
        let (a, b) = (complex(n, m, 8), complex(k, 2, 9));
        check_rule!(kron(a da, b db), DOUBLE);
    }
    let (a, b) = (
        Matrix2x3::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
        Vector3::new(1.0, -1.0, 0.5),
    );
    check_rule!(kron(a da, b db), DOUBLE);
}

#[test]
fn norms() {
    for (n, m, _) in SHAPES {
        let a = matrix(n, m, 10);
        check_rule!(norm(a da), DOUBLE);
        let a = complex(n, m, 10);
        check_rule!(norm(a da), DOUBLE);
    }
    let a = Matrix3::<f64>::identity() * 1e-170;
    assert!((norm(&a) / 3f64.sqrt() - 1e-170).abs() < 1e-185);
    let gradient = norm::grad(&a);
    assert!((gradient - Matrix3::identity() / 3f64.sqrt()).amax() < 1e-15);
    assert_eq!(norm::jvp(&(a * 0.0), &a), (0.0, 0.0));
}

#[test]
#[should_panic(expected = "`dot` needs matrices of the same dimensions, but these are 2x2 and 2x3")]
fn shapes_are_named() {
    dot(&matrix(2, 2, 1), &matrix(2, 3, 1));
}
