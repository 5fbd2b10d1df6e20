//! Factorisations and what is solved with them.

use crate::check::{
    DOUBLE, SINGLE, Tolerance, complex, matrix, orthonormal, positive, symmetrize,
    with_singular_values,
};
use crate::check_rule;
use autodiff_runtime::linalg::{cholesky, cholesky_solve, lstsq, lu, pinv, qr};
use nalgebra::{Complex, DMatrix, Matrix2, Matrix3, Matrix4x2, Vector4};

const SIZES: [usize; 5] = [1, 2, 3, 6, 40];

/// Rows and columns.
const SHAPES: [(usize, usize); 8] = [
    (1, 1),
    (3, 1),
    (1, 3),
    (2, 2),
    (5, 5),
    (6, 3),
    (3, 7),
    (35, 34),
];

/// A factorisation of a random matrix amplifies errors.
const CURVED: Tolerance = Tolerance {
    differences: 1e-6,
    transpose: 1e-9,
};

/// Positive definite.
fn hermitian(n: usize, seed: u64) -> DMatrix<Complex<f64>> {
    let a = complex(n, n, seed);
    &a * a.adjoint() + DMatrix::identity(n, n) * Complex::new(n as f64, 0.0)
}

#[test]
fn cholesky_factors() {
    for n in SIZES {
        let a = positive(n, 1);
        check_rule!(cholesky(a da), DOUBLE);
        let a = hermitian(n, 2);
        check_rule!(cholesky(a da), DOUBLE);
    }
    let a = positive(4, 3).cast::<f32>();
    check_rule!(cholesky(a da), SINGLE);
    let a = Matrix3::new(4.0, 1.0, 0.5, 1.0, 3.0, -1.0, 0.5, -1.0, 5.0);
    check_rule!(cholesky(a da), DOUBLE);
    assert_eq!(cholesky(&Matrix2::new(1.0, 2.0, 2.0, 1.0)), None);
}

/// Its own symmetric part is what a symmetric matrix is factored as, bit by bit.
#[test]
fn cholesky_is_that_of_nalgebra() {
    let a = positive(12, 4);
    assert_eq!(cholesky(&a), a.cholesky().map(|c| c.l()));
}

#[test]
#[should_panic(
    expected = "`cholesky` has no derivative here: the matrix is singular to working precision (pivot 1)"
)]
fn a_pivot_of_rounding() {
    let a = Matrix2::new(1.0, 1.0, 1.0, 1.0 + f64::EPSILON);
    let (l, pullback) = cholesky::vjp(&a);
    pullback(l);
}

#[test]
fn positive_definite_systems() {
    for (n, k) in SIZES.into_iter().flat_map(|n| [(n, 1), (n, 3)]) {
        let (a, b) = (positive(n, 1), matrix(n, k, 2));
        check_rule!(cholesky_solve(a da, b db), DOUBLE);
        let (a, b) = (hermitian(n, 3), complex(n, k, 4));
        check_rule!(cholesky_solve(a da, b db), DOUBLE);
    }
}

#[test]
fn least_squares() {
    for ((n, m), k) in SHAPES.into_iter().flat_map(|s| [(s, 1), (s, 3)]) {
        let s: Vec<f64> = (0..n.min(m)).map(|i| 1.0 + i as f64 / 4.0).collect();
        let (a, b) = (with_singular_values(n, m, &s, 1), matrix(n, k, 2));
        check_rule!(lstsq(a da, b db), DOUBLE);
        let (a, b) = (a.map(|x| Complex::new(x, 0.1 * x * x)), complex(n, k, 4));
        check_rule!(lstsq(a da, b db), CURVED);
    }
    let a = Matrix4x2::new(1.0, 2.0, 3.0, -1.0, 0.5, 2.0, 0.0, 1.0);
    let b = Vector4::new(1.0, 2.0, 3.0, 4.0);
    check_rule!(lstsq(a da, b db), DOUBLE);
    assert_eq!(
        lstsq(&DMatrix::from_element(3, 2, 1.0), &matrix(3, 1, 1)),
        None
    );
}

#[test]
fn pseudo_inverses_of_full_rank() {
    for (n, m) in SHAPES {
        let s: Vec<f64> = (0..n.min(m)).map(|i| 1.0 + i as f64 / 4.0).collect();
        let a = with_singular_values(n, m, &s, 1);
        check_rule!(pinv(a da; 1e-10), DOUBLE);
        let a = a.map(|x| Complex::new(x, 0.1 * x * x));
        check_rule!(pinv(a da; 1e-10), CURVED);
    }
    let a = Matrix4x2::new(1.0, 2.0, 3.0, -1.0, 0.5, 2.0, 0.0, 1.0);
    check_rule!(pinv(a da; 1e-10), DOUBLE);
}

/// Along `exp(tX) A exp(tY)` the rank stays the same.
#[test]
fn pseudo_inverses_of_low_rank() {
    for (n, m) in [(4, 4), (6, 3), (3, 6)] {
        let a = with_singular_values(n, m, &[2.0, 1.0], 3);
        let (x, y) = (matrix(n, n, 5), matrix(m, m, 6));
        let along = |t: f64| (&x * t).exp() * &a * (&y * t).exp();
        let (value, slope) = pinv::jvp(&a, 1e-10, &(&x * &a + &a * &y));
        let h = 1e-5;
        let numeric = (pinv(&along(h), 1e-10) - pinv(&along(-h), 1e-10)) / (2.0 * h);
        assert!((&slope - numeric).norm() < 1e-8);
        let y_bar = matrix(m, n, 7);
        let (same, pullback) = pinv::vjp(&a, 1e-10);
        assert_eq!(value, same);
        let a_bar = pullback(y_bar.clone());
        let error = a_bar.dot(&(&x * &a + &a * &y)) - y_bar.dot(&slope);
        assert!(error.abs() < 1e-12);
    }
}

#[test]
fn orthogonal_and_triangular() {
    for (n, m) in SHAPES {
        let a = matrix(n, m, 11) + DMatrix::identity(n, m) * 2.0;
        check_rule!(qr(a da), CURVED);
        let a = complex(n, m, 11) + DMatrix::identity(n, m) * Complex::new(2.0, 0.0);
        check_rule!(qr(a da), CURVED);
    }
    let a = matrix(4, 3, 2).cast::<f32>();
    check_rule!(qr(a da), SINGLE);
    let a = Matrix4x2::new(1.0, 2.0, 3.0, -1.0, 0.5, 2.0, 0.0, 1.0);
    check_rule!(qr(a da), DOUBLE);
    let a = a.transpose();
    check_rule!(qr(a da), DOUBLE);
}

#[test]
#[should_panic(expected = "`qr` has no derivative here: the leading columns do not have full rank")]
fn dependent_columns() {
    let a = DMatrix::from_element(3, 3, 1.0);
    qr::jvp(&a, &a);
}

#[test]
fn lower_and_upper() {
    for (n, m) in SHAPES {
        let a = matrix(n, m, 13) + DMatrix::identity(n, m) * (n as f64);
        check_rule!(lu(a da), CURVED);
        let a = complex(n, m, 14) + DMatrix::identity(n, m) * Complex::new(n as f64, 0.0);
        check_rule!(lu(a da), CURVED);
    }
    let a = matrix(4, 3, 2).cast::<f32>() + DMatrix::identity(4, 3) * 3.0;
    check_rule!(lu(a da), SINGLE);
    let a = Matrix3::new(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0);
    check_rule!(lu(a da), DOUBLE);
}

/// The last pivot may be zero.
#[test]
fn lower_and_upper_of_singular_matrices() {
    let a = Matrix3::new(4.0, 2.0, 1.0, 2.0, 5.0, 3.0, 2.0, 1.0, 0.5);
    assert_eq!(lu(&a).2[(2, 2)], 0.0);
    check_rule!(lu(a da), DOUBLE);
}

#[test]
#[should_panic(expected = "`lu` has no derivative here: the pivot 0 is zero")]
fn a_pivot_of_zero() {
    lu::jvp(&Matrix2::new(0.0, 1.0, 0.0, 1.0), &Matrix2::identity());
}

#[test]
fn helpers_make_what_they_say() {
    let q = orthonormal(5, 3, 1);
    assert!((q.transpose() * &q - DMatrix::identity(3, 3)).norm() < 1e-14);
    let mut a = matrix(3, 3, 1);
    symmetrize(&mut a);
    assert_eq!(a, a.transpose());
}
