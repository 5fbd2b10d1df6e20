//! Determinants, inverses and linear systems.

use crate::check::{DOUBLE, SINGLE, Tolerance, complex, matrix, regular, with_singular_values};
use crate::check_rule;
use autodiff_runtime::linalg::{Triangle, det, inverse, logdet, slogdet, solve, solve_triangular};
use nalgebra::{Complex, DMatrix, Matrix2, Matrix3, Matrix4, Vector4};

const SIZES: [usize; 6] = [1, 2, 3, 4, 6, 40];

/// Near a pole differences lose digits.
const CURVED: Tolerance = Tolerance {
    differences: 1e-6,
    transpose: 1e-11,
};

fn regular_complex(n: usize, seed: u64) -> DMatrix<Complex<f64>> {
    complex(n, n, seed) + DMatrix::identity(n, n) * Complex::new(n as f64, 0.0)
}

#[test]
fn determinants() {
    for n in SIZES {
        let a = matrix(n, n, 1);
        check_rule!(det(a da), CURVED);
        check_rule!(slogdet(a da), CURVED);
        let a = complex(n, n, 2);
        check_rule!(det(a da), CURVED);
        check_rule!(slogdet(a da), CURVED);
        let a = regular(n, 3);
        check_rule!(logdet(a da), DOUBLE);
    }
    let a = regular(5, 3).cast::<f32>();
    check_rule!(slogdet(a da), SINGLE);
    let a = Matrix3::new(1.0, 2.0, 3.0, -1.0, 0.5, 2.0, 0.0, 1.0, -1.0);
    check_rule!(det(a da), DOUBLE);
}

/// At rank n - 1 the adjugate has rank one; below, it is zero.
#[test]
fn determinants_of_singular_matrices() {
    for n in [2, 3, 5, 8] {
        let s: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let a = with_singular_values(n, n, &s, 4);
        check_rule!(det(a da), DOUBLE);
        let s: Vec<f64> = (0..n).map(|i| if i == 0 { 1e-9 } else { 1.0 }).collect();
        let a = with_singular_values(n, n, &s, 5);
        check_rule!(det(a da), DOUBLE);
    }
    let ones = DMatrix::from_element(5, 5, 1.0);
    assert!(det::grad(&ones).amax() < 1e-14);
    let integers = Matrix3::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0);
    let cofactors = Matrix3::new(-3.0, 6.0, -3.0, 6.0, -12.0, 6.0, -3.0, 6.0, -3.0);
    assert!((det::grad(&integers) - cofactors).amax() < 1e-13);
}

#[test]
#[should_panic(expected = "`slogdet` has no derivative here: the matrix is singular")]
fn no_logarithm_of_zero() {
    slogdet::jvp(&Matrix2::new(1.0, 2.0, 2.0, 4.0), &Matrix2::identity());
}

#[test]
fn inverses() {
    for n in SIZES {
        let a = regular(n, 1);
        check_rule!(inverse(a da), DOUBLE);
        let a = regular_complex(n, 2);
        check_rule!(inverse(a da), DOUBLE);
    }
    let a = regular_complex(4, 2).map(|z| Complex::new(z.re as f32, z.im as f32));
    check_rule!(inverse(a da), SINGLE);
    let a = Matrix4::from_fn(|i, j| {
        1.0 / (1.0 + i as f64 + 2.0 * j as f64) + if i == j { 2.0 } else { 0.0 }
    });
    check_rule!(inverse(a da), DOUBLE);
    assert_eq!(
        inverse::jvp(&Matrix2::zeros(), &Matrix2::<f64>::identity()),
        (None, None)
    );
}

#[test]
fn systems() {
    for (n, k) in SIZES.into_iter().flat_map(|n| [(n, 1), (n, 3)]) {
        let (a, b) = (regular(n, 1), matrix(n, k, 2));
        check_rule!(solve(a da, b db), DOUBLE);
        let (a, b) = (regular_complex(n, 3), complex(n, k, 4));
        check_rule!(solve(a da, b db), DOUBLE);
    }
    let (a, b) = (regular(5, 5).cast::<f32>(), matrix(5, 2, 6).cast::<f32>());
    check_rule!(solve(a da, b db), SINGLE);
    let a = Matrix4::from_fn(|i, j| {
        1.0 / (1.0 + i as f64 + 2.0 * j as f64) + if i == j { 2.0 } else { 0.0 }
    });
    let b = Vector4::new(1.0, 2.0, 3.0, 4.0);
    check_rule!(solve(a da, b db), DOUBLE);
}

#[test]
fn systems_with_permuted_rows() {
    let a = DMatrix::from_row_slice(3, 3, &[0.0, 2.0, 1.0, 1.0, 0.0, 0.0, 3.0, 1.0, 0.0]);
    let b = matrix(3, 2, 1);
    check_rule!(solve(a da, b db), DOUBLE);
}

#[test]
fn systems_without_solution() {
    let (a, b) = (matrix(3, 3, 1) * 0.0, matrix(3, 1, 2));
    let (x, pullback) = solve::vjp(&a, &b);
    assert_eq!(x, None);
    assert_eq!(pullback(None), (a, b * 0.0));
}

#[test]
#[should_panic(
    expected = "`solve` needs as many rows on the right as on the left, but these are 3x3 and 2x1"
)]
fn systems_of_other_shapes() {
    solve(&matrix(3, 3, 1), &matrix(2, 1, 1));
}

#[test]
#[should_panic(expected = "the value is `Some`, but its cotangent is `None`")]
fn a_cotangent_is_needed() {
    let (_, pullback) = solve::vjp(&regular(2, 1), &matrix(2, 1, 1));
    pullback(None);
}

#[test]
fn triangular_systems() {
    for (n, k) in SIZES.into_iter().flat_map(|n| [(n, 1), (n, 3)]) {
        for (triangle, transposed) in [
            (Triangle::Lower, false),
            (Triangle::Lower, true),
            (Triangle::Upper, false),
            (Triangle::Upper, true),
        ] {
            let (a, b) = (regular(n, 1), matrix(n, k, 2));
            check_rule!(solve_triangular(a da, b db; triangle, transposed), DOUBLE);
            let (a, b) = (regular_complex(n, 3), complex(n, k, 4));
            check_rule!(solve_triangular(a da, b db; triangle, transposed), DOUBLE);
            let t = match triangle {
                Triangle::Lower => a.lower_triangle(),
                Triangle::Upper => a.upper_triangle(),
            };
            let t = if transposed { t.adjoint() } else { t };
            let x =
                solve_triangular(&a, &b, triangle, transposed).expect("no zero on the diagonal");
            assert!((t * x - b).camax() < 1e-13);
        }
    }
}
