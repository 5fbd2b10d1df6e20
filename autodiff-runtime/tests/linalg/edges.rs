//! Complex matrices at every condition and without full rank, single precision, clusters of eigenvalues, matrices without rows or columns.

use crate::check::{DOUBLE, complex, matrix, orthonormal, with_singular_values};
use crate::check_rule;
use autodiff_runtime::linalg::{self, det, inverse, qr, slogdet, solve, svd, symmetric_eigen};
use nalgebra::{Complex, DMatrix, DVector};

type Matrix = DMatrix<Complex<f64>>;

const CONDITIONS: [f64; 4] = [1.0, 1e3, 1e6, 1e10];
/// What a result may be off by, in units of rounding, for each unit of the condition.
const UNITS: f64 = 1e3;

fn unitary(n: usize, seed: u64) -> Matrix {
    complex(n, n, seed).qr().q()
}

/// A complex matrix with these singular values.
fn with_values(s: &[f64], seed: u64) -> Matrix {
    let s = DVector::from_row_slice(s).map(Complex::from);
    unitary(s.len(), seed) * DMatrix::from_diagonal(&s) * unitary(s.len(), seed + 1).adjoint()
}

fn conditioned(n: usize, condition: f64, seed: u64) -> Matrix {
    let fall = |i: usize| condition.powf(-(i as f64) / (n.max(2) - 1) as f64);
    with_values(&(0..n).map(fall).collect::<Vec<_>>(), seed)
}

/// `<a, b> = Re tr(a^H b)`
fn dot(a: &Matrix, b: &Matrix) -> f64 {
    a.dotc(b).re
}

#[test]
fn complex_systems_at_every_condition() {
    for n in [1, 2, 3, 4, 7] {
        for condition in CONDITIONS {
            let off = UNITS * f64::EPSILON * condition;
            let (a, b) = (conditioned(n, condition, 1), complex(n, 2, 3));
            let (da, db) = (complex(n, n, 4), complex(n, 2, 5));
            let (x, dx) = solve::jvp(&a, &b, &da, &db);
            let (x, dx) = (x.expect("regular"), dx.expect("regular"));
            let rest = &a * &dx + &da * &x - &db;
            assert!(rest.norm() <= off * (dx.norm() + da.norm() * x.norm()));
            let x_bar = complex(n, 2, 6);
            let (a_bar, b_bar) = solve::vjp(&a, &b).1(Some(x_bar.clone()));
            let (forward, reverse) = (dot(&x_bar, &dx), dot(&a_bar, &da) + dot(&b_bar, &db));
            let size = x_bar.norm() * dx.norm() + a_bar.norm() * da.norm();
            assert!((forward - reverse).abs() <= off * size, "{n} {condition:e}");
        }
    }
}

#[test]
fn complex_inverses_and_determinants_at_every_condition() {
    for n in [1, 2, 3, 4, 7] {
        for condition in CONDITIONS {
            let off = UNITS * f64::EPSILON * condition;
            let (a, da, bar) = (
                conditioned(n, condition, 7),
                complex(n, n, 8),
                complex(n, n, 9),
            );
            let (y, dy) = inverse::jvp(&a, &da);
            let (y, dy) = (y.expect("regular"), dy.expect("regular"));
            assert!((&a * &dy + &da * &y).norm() <= off * da.norm() * y.norm() * condition);
            let a_bar = inverse::vjp(&a).1(Some(bar.clone()));
            let gap = (dot(&bar, &dy) - dot(&a_bar, &da)).abs();
            assert!(
                gap <= off * bar.norm() * dy.norm() * condition,
                "{n} {condition:e}"
            );
            let (d, slope) = det::jvp(&a, &da);
            let expected = d * (&y * &da).trace();
            assert!((slope - expected).norm() <= off * d.norm() * y.norm() * da.norm());
            let a_bar = det::vjp(&a).1(Complex::new(0.3, -0.4));
            let forward = (Complex::new(0.3, 0.4) * slope).re;
            assert!((forward - dot(&a_bar, &da)).abs() <= off * a_bar.norm() * da.norm());
        }
    }
}

/// The adjugate: of rank one at rank n - 1, zero below.
#[test]
fn determinants_of_singular_complex_matrices() {
    for n in [2, 3, 4, 6] {
        let s: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let a = with_values(&s, 11);
        check_rule!(det(a da), DOUBLE);
        let s: Vec<f64> = (0..n).map(|i: usize| i.saturating_sub(1) as f64).collect();
        assert!(det::vjp(&with_values(&s, 13)).1(Complex::from(1.0)).norm() < 1e-12);
    }
    let a = Matrix::zeros(1, 1);
    check_rule!(det(a da), DOUBLE);
}

/// `U V^H` does not notice equal singular values, nor does `U f(S) V^H` where `f` takes equal values to equal ones.
#[test]
fn complex_factors_at_ties() {
    for s in [[2.0, 2.0, 2.0], [2.0, 2.0, 1.0]] {
        let (a, da, y) = (with_values(&s, 15), complex(3, 3, 16), complex(3, 3, 17));
        let ((u, _, v_t), pullback) = svd::vjp(&a);
        let a_bar = pullback((&y * v_t.adjoint(), DVector::zeros(3), u.adjoint() * &y));
        let value = |t: f64| {
            let (u, _, v_t) = svd(&(&a + &da * Complex::from(t)));
            dot(&y, &(u * v_t))
        };
        let h = 1e-4;
        let slope = (8.0 * (value(h) - value(-h)) - value(2.0 * h) + value(-2.0 * h)) / (12.0 * h);
        assert!((dot(&a_bar, &da) - slope).abs() < 1e-9, "{s:?}");
    }
}

/// In single precision the pullbacks are those in double precision, up to its rounding.
#[test]
fn vectors_in_single_precision() {
    let near = |narrow: &DMatrix<f32>, wide: &DMatrix<f64>| {
        let error = (narrow.map(f64::from) - wide).norm();
        assert!(error <= 2e-4 * wide.norm(), "{error:e} of {}", wide.norm());
    };
    for (n, m) in [(3, 3), (5, 3), (2, 4), (1, 1)] {
        let s: Vec<f64> = (0..n.min(m)).map(|k| 3.0 / (1.0 + k as f64)).collect();
        let a = with_singular_values(n, m, &s, 1);
        let (y, a32) = (matrix(n, m, 2), a.map(|x| x as f32));
        let (u, s, v_t) = svd(&a);
        let values = DVector::from_element(s.len(), 0.5);
        // Of `<Y, U V^T> + sum s / 2`, which does not depend on signs.
        let wide = svd::vjp(&a).1((&y * v_t.transpose(), values.clone(), u.transpose() * &y));
        let ((u, _, v_t), pullback) = svd::vjp(&a32);
        let y = y.map(|x| x as f32);
        let bars = (
            &y * v_t.transpose(),
            values.map(|x| x as f32),
            u.transpose() * &y,
        );
        near(&pullback(bars), &wide);
    }
    for n in [1, 2, 4] {
        let l = DVector::from_fn(n, |k, _| k as f64 - 1.3);
        let q = orthonormal(n, n, 3);
        let a = &q * DMatrix::from_diagonal(&l) * q.transpose();
        let a = (&a + a.transpose()) * 0.5;
        // Of `<Y, V diag(cos l) V^T>`.
        let y = matrix(n, n, 4);
        let twice = &y + y.transpose();
        let (l, v) = symmetric_eigen(&a);
        let inner = v.tr_mul(&(&y * &v)).diagonal();
        let bars = (
            -l.map(f64::sin).component_mul(&inner),
            &twice * &v * DMatrix::from_diagonal(&l.map(f64::cos)),
        );
        let wide = symmetric_eigen::vjp(&a).1(bars);
        let ((l, v), pullback) = symmetric_eigen::vjp(&a.map(|x| x as f32));
        let (y, twice) = (y.map(|x| x as f32), twice.map(|x| x as f32));
        let inner = v.tr_mul(&(&y * &v)).diagonal();
        let bars = (
            -l.map(f32::sin).component_mul(&inner),
            &twice * &v * DMatrix::from_diagonal(&l.map(f32::cos)),
        );
        near(&pullback(bars), &wide);
    }
}

/// Eigenvalues close to each other: both modes agree up to rounding over the gap.
#[test]
fn clusters_of_eigenvalues() {
    for gap in [1e-2, 1e-5, 1e-8] {
        let l = DVector::from_row_slice(&[1.0, 1.0 + gap, 3.0, 5.0, 5.0 + gap]);
        let q = orthonormal(5, 5, 5);
        let a = &q * DMatrix::from_diagonal(&l) * q.transpose();
        let (a, da) = ((&a + a.transpose()) * 0.5, matrix(5, 5, 6));
        let da = &da + da.transpose();
        let ((l, v), (dl, dv)) = symmetric_eigen::jvp(&a, &da);
        let off = UNITS * f64::EPSILON / gap;
        let rest = &a * &dv + &da * &v
            - &dv * DMatrix::from_diagonal(&l)
            - &v * DMatrix::from_diagonal(&dl);
        assert!(rest.norm() <= UNITS * f64::EPSILON * dv.norm());
        let (l_bar, v_bar) = (DVector::from_element(5, 0.7), matrix(5, 5, 7));
        let a_bar = symmetric_eigen::vjp(&a).1((l_bar.clone(), v_bar.clone()));
        let (forward, reverse) = (l_bar.dot(&dl) + v_bar.dot(&dv), a_bar.dot(&da));
        assert!(
            (forward - reverse).abs() <= off * (1.0 + dv.norm()),
            "{gap:e}"
        );
    }
}

/// Nothing is lost and nothing panics where there is no row or no column.
#[test]
fn without_rows_or_columns() {
    let none = DMatrix::<f64>::zeros(0, 0);
    assert_eq!(det::value_and_grad(&none), (1.0, none.clone()));
    assert_eq!(slogdet::vjp(&none).1((0.0, 1.0)), none);
    assert_eq!(
        inverse::jvp(&none, &none),
        (Some(none.clone()), Some(none.clone()))
    );
    let right = DMatrix::<f64>::zeros(0, 2);
    let (x, pullback) = solve::vjp(&none, &right);
    assert_eq!(x, Some(right.clone()));
    assert_eq!(pullback(Some(right.clone())), (none.clone(), right.clone()));
    let (a, b) = (DMatrix::<f64>::zeros(2, 0), DMatrix::<f64>::zeros(0, 3));
    let (product, pullback) = linalg::matmul::vjp(&a, &b);
    assert_eq!(product, DMatrix::zeros(2, 3));
    assert_eq!(pullback(DMatrix::from_element(2, 3, 1.0)), (a.clone(), b));
    assert_eq!(linalg::cholesky::vjp(&none).1(Some(none.clone())), none);
    assert_eq!(linalg::trace::grad(&none), none);
    assert_eq!(linalg::norm::value_and_grad(&a), (0.0, a));
}

/// One row and column: `Q = 1` and `R = a`, wherever `a` is.
#[test]
fn one_entry() {
    let a = DMatrix::from_element(1, 1, -2.0);
    check_rule!(qr(a da), DOUBLE);
    check_rule!(slogdet(a da), DOUBLE);
    let ((_, s, _), pullback) = svd::vjp(&a);
    assert_eq!(s[0], 2.0);
    let one = DVector::from_element(1, 1.0);
    let zero = DMatrix::zeros(1, 1);
    assert_eq!(pullback((zero.clone(), one, zero))[0], -1.0);
}
