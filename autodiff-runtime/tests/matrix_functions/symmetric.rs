//! Functions of symmetric matrices, against the general functions in extended precision at the symmetric part.

use crate::reference::Matrix;
use crate::subject::*;
use autodiff_runtime::linalg;
use nalgebra::{DMatrix, DVector, dmatrix, dvector};

fn symmetric_part(a: &Matrix) -> Matrix {
    (a + &a.transpose()).scale(0.5)
}

const EXP: Subject = subject!(symmetric_exp(a da) => symmetric_part(a).exp());
const LN: Subject = subject!(symmetric_ln(a da) -> Option => symmetric_part(a).ln());
const SQRT: Subject = subject!(symmetric_sqrt(a da) -> Option => symmetric_part(a).sqrt());
const POWF: Subject = subject!(symmetric_powf(a da, p dp) -> Option => {
    let ln = symmetric_part(a).ln();
    ln.times(p.at(0, 0)).exp()
});
const TIGHT: Tolerance = Tolerance {
    value: 1e-13,
    derivative: 1e-13,
};

fn with_eigenvalues(l: DVector<f64>, seed: u64) -> DMatrix<f64> {
    let q = random(l.len(), l.len(), seed).qr().q();
    let a = &q * DMatrix::from_diagonal(&l) * q.transpose();
    (&a + a.transpose()) * 0.5
}

/// Apart, near, equal; and an argument that is not quite symmetric.
fn matrices() -> Vec<DMatrix<f64>> {
    vec![
        dmatrix![0.7],
        with_eigenvalues(dvector![0.5, 2.0], 1),
        with_eigenvalues(dvector![1.0, 1.0 + 1e-9, 1.0 - 3e-6, 2.0], 2),
        with_eigenvalues(dvector![3.0, 3.0, 3.0, 0.2, 0.2], 3),
        with_eigenvalues(dvector![0.1, 0.2, 1.0, 1.4, 9.0, 9.5], 4),
        DMatrix::identity(3, 3) * 2.0,
        with_eigenvalues(dvector![1.0, 2.0, 3.0], 5) + random(3, 3, 6) * 0.1,
    ]
}

#[test]
fn exp_ln_sqrt() {
    for a in matrices() {
        let x = vec![a];
        for subject in [&EXP, &LN, &SQRT] {
            subject.check(&x, TIGHT);
            subject.check_differences(&x, 1e-4, 1e-6);
            subject.check_narrow(&x, 1e-4);
        }
    }
}

#[test]
fn real_powers() {
    for a in matrices() {
        for p in [-1.5, -0.5, 0.0, 1e-3, 0.5, 1.0, 2.7] {
            let x = vec![a.clone(), dmatrix![p]];
            POWF.check(
                &x,
                Tolerance {
                    value: 1e-12,
                    derivative: 1e-12,
                },
            );
            POWF.check_differences(&x, 1e-4, 1e-5);
        }
        POWF.check_narrow(&vec![a, dmatrix![0.5]], 1e-4);
    }
}

/// A function by its values and slopes has the derivatives of the one with a formula of its own.
#[test]
fn by_values_and_slopes() {
    for a in matrices() {
        let e = random(a.nrows(), a.nrows(), 7);
        let (value, slope) = linalg::symmetric_function::jvp(&a, f64::exp, f64::exp, f64::exp, &e);
        let (expected, expected_slope) = linalg::symmetric_exp::jvp(&a, &e);
        assert!((&value - &expected).norm() < 1e-14 * expected.norm());
        let error = (&slope - &expected_slope).norm() / expected_slope.norm();
        assert!(error < 2e-14, "{error:e}");
        let (_, pullback) =
            linalg::symmetric_function::vjp(&a, f64::ln, f64::recip, |x| -x.powi(-2));
        let (_, expected) = linalg::symmetric_ln::vjp(&a);
        let (a_bar, expected) = (pullback(e.clone()), expected(Some(e)));
        assert!((&a_bar - &expected).norm() < 1e-13 * expected.norm());
        assert_eq!(a_bar, a_bar.transpose());
    }
}

/// Neighbouring values at every distance, for a function with a short scale too.
#[test]
fn divided_differences_at_every_distance() {
    for k in 0..60 {
        let h = 2f64.powi(-k);
        let a = DMatrix::from_diagonal(&dvector![0.3, 0.3 + h]);
        let swap = dmatrix![0.0, 1.0; 1.0, 0.0];
        let (_, slope) = linalg::symmetric_function::jvp(
            &a,
            |x| (20.0 * x).sin(),
            |x| 20.0 * (20.0 * x).cos(),
            |x| -400.0 * (20.0 * x).sin(),
            &swap,
        );
        let h = a[(1, 1)] - 0.3;
        let sinc = if h == 0.0 { 10.0 } else { (10.0 * h).sin() / h };
        let expected = 2.0 * (20.0 * 0.3 + 10.0 * h).cos() * sinc;
        assert!(
            (slope[(0, 1)] - expected).abs() < 1e-12 * 20.0,
            "{h:e}: {} {expected}",
            slope[(0, 1)]
        );
    }
}

#[test]
fn where_there_is_no_value() {
    let indefinite = with_eigenvalues(dvector![1.0, -1.0, 2.0], 8);
    assert_eq!(linalg::symmetric_ln(&indefinite), None);
    assert_eq!(linalg::symmetric_sqrt(&indefinite), None);
    assert_eq!(linalg::symmetric_powf(&indefinite, &dmatrix![2.0]), None);
    assert_eq!(linalg::symmetric_ln(&dmatrix![0.0]), None);
    assert_eq!(linalg::symmetric_ln(&dmatrix![f64::NAN]), None);
    assert_eq!(linalg::symmetric_sqrt(&dmatrix![f64::NAN]), None);
}

/// A covariance of lower rank has a root, and a derivative in directions that do not leave it.
#[test]
fn root_of_a_singular_matrix() {
    let b = random(5, 2, 9);
    let a = &b * b.transpose();
    let (root, pullback) = linalg::symmetric_sqrt::vjp(&a);
    let root = root.unwrap();
    assert!((&root * &root - &a).norm() < 1e-14 * a.norm());
    let range = b.clone().qr().q();
    let projector = &range * range.transpose();
    let within = &projector * random(5, 5, 10) * &projector;
    let a_bar = pullback(Some(within.clone()));
    assert!(
        (&root * &a_bar + &a_bar * &root - (&within + within.transpose()) * 0.5).norm() < 1e-12
    );
    assert_eq!(
        linalg::symmetric_sqrt::jvp(&dmatrix![0.0], &dmatrix![0.0]).1,
        Some(dmatrix![0.0])
    );
}

#[test]
#[should_panic(expected = "`symmetric_sqrt` has no derivative here: its slope is infinite")]
fn slope_of_the_root_of_a_singular_matrix() {
    let _ = linalg::symmetric_sqrt::jvp(&dmatrix![1.0, 0.0; 0.0, 0.0], &DMatrix::identity(2, 2));
}
