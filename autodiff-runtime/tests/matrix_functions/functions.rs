//! `expm`, `logm`, `sqrtm`, `pow`.

use crate::subject::*;
use autodiff_runtime::linalg;
use nalgebra::{DMatrix, dmatrix};

const EXPM: Subject = subject!(expm(a da) => a.exp());
const LOGM: Subject = subject!(logm(a da) -> Option => a.ln());
const SQRTM: Subject = subject!(sqrtm(a da) -> Option => a.sqrt());

const TIGHT: Tolerance = Tolerance {
    value: 2e-14,
    derivative: 1e-13,
};

/// Matrices at which every function is defined: no eigenvalue on the negative real axis or zero.
fn regular() -> Vec<DMatrix<f64>> {
    let shifted = |n: usize| random(n, n, n as u64) + DMatrix::identity(n, n) * (n as f64).sqrt();
    let mut matrices: Vec<_> = (1..=7).map(shifted).collect();
    matrices.extend([
        dmatrix![0.3],
        dmatrix![0.8, -0.6; 0.6, 0.8],
        // Repeated eigenvalues, with and without all eigenvectors.
        DMatrix::identity(3, 3) * 2.0,
        dmatrix![2.0, 1.0; 0.0, 2.0],
        dmatrix![2.0, 1.0, 0.0; 0.0, 2.0, 1.0; 0.0, 0.0, 2.0],
        dmatrix![2.0, 1.0, 0.0; 0.0, 2.0 + 1e-9, 1.0; 0.0, 0.0, 2.0 - 1e-9],
        // A pair of complex eigenvalues twice, with one eigenvector each.
        dmatrix![1.0, -2.0, 1.0, 0.0; 2.0, 1.0, 0.0, 1.0; 0.0, 0.0, 1.0, -2.0; 0.0, 0.0, 2.0, 1.0],
        dmatrix![4.0, 1.0, 0.5; 1.0, 3.0, -0.2; 0.5, -0.2, 1.0],
        DMatrix::from_diagonal(&nalgebra::dvector![1e-3, 1.0, 9.0]),
    ]);
    matrices
}

fn each(subject: &Subject, tolerance: Tolerance) {
    for a in regular() {
        let x: Matrices = vec![a];
        subject.check(&x, tolerance);
        subject.check_differences(&x, 1e-4, 1e-7);
    }
}

#[test]
fn expm() {
    each(&EXPM, TIGHT);
}

#[test]
fn logm() {
    each(&LOGM, TIGHT);
}

#[test]
fn sqrtm() {
    each(&SQRTM, TIGHT);
}

/// Eigenvalues so close that the iteration for the Schur form does not end by itself: all of them, and a few beside others.
#[test]
fn clusters_of_eigenvalues() {
    for n in 2..=6 {
        for power in 8..=16 {
            let spread = 10f64.powi(-power);
            for others in [0.0, 1.5] {
                let apart = |i: usize| if i > 1 { others * i as f64 } else { 0.0 };
                let value = |i: usize| 2.0 - spread * i as f64 + apart(i);
                let l = DMatrix::from_fn(n, n, |i, j| if i == j { value(i) } else { 0.0 });
                let q = random(n, n, (power + 31 * n as i32) as u64).qr().q();
                let a = &q * &l * q.transpose();
                let x: Matrices = vec![(&a + a.transpose()) * 0.5];
                SQRTM.check(&x, TIGHT);
                LOGM.check(&x, TIGHT);
                let turned = DMatrix::identity(n, n) + random(n, n, n as u64) * 0.2;
                let similar = &turned * l * turned.clone().try_inverse().expect("regular");
                SQRTM.check(&vec![similar.clone()], TIGHT);
                LOGM.check(&vec![similar.clone()], TIGHT);
                assert!(linalg::eigenvalues(&similar).is_some(), "{n} {spread:e}");
                assert!(linalg::lyapunov(&similar, &a).is_some(), "{n} {spread:e}");
            }
        }
    }
}

#[test]
fn single_precision() {
    for a in regular() {
        let x: Matrices = vec![a];
        EXPM.check_narrow(&x, 1e-5);
        LOGM.check_narrow(&x, 1e-5);
        SQRTM.check_narrow(&x, 1e-5);
    }
}

/// Large norms, far from normal, cancelling: what is relative to the norm of the result.
#[test]
fn expm_of_large_norms() {
    let mut matrices: Vec<_> = (2..=8).map(|n| random(n, n, 40 + n as u64)).collect();
    for a in &mut matrices {
        *a *= 21.0 / a.norm();
    }
    matrices.extend([
        random(4, 4, 3) * 40.0 - DMatrix::identity(4, 4) * 30.0,
        // Skew: a rotation by many turns.
        dmatrix![0.0, -21.0, 3.0; 21.0, 0.0, 5.0; -3.0, -5.0, 0.0],
        dmatrix![1.0, 1e6; 0.0, -1.0],
        dmatrix![-1.0, 1e5, 1e9; 0.0, -2.0, 1e5; 0.0, 0.0, -3.0],
        dmatrix![49.0, 24.0; -64.0, -31.0],
        DMatrix::zeros(3, 3),
        dmatrix![0.0, 1e-9; 1e-9, 0.0],
    ]);
    for a in matrices {
        EXPM.check(
            &vec![a],
            Tolerance {
                value: 1e-13,
                derivative: 1e-13,
            },
        );
    }
}

/// Nothing overflows on the way. Rounding the argument alone changes the result by `700 epsilon = 1.6e-13`.
#[test]
fn expm_of_a_wide_spectrum() {
    let a = DMatrix::from_diagonal(&nalgebra::dvector![-700.0, -300.0, 300.0]);
    EXPM.check(
        &vec![a],
        Tolerance {
            value: 5e-13,
            derivative: 5e-13,
        },
    );
}

#[test]
fn pow() {
    let subjects = [
        subject!(pow(a da; 0) => a.pow(0)),
        subject!(pow(a da; 1) => a.pow(1)),
        subject!(pow(a da; 2) => a.pow(2)),
        subject!(pow(a da; 3) => a.pow(3)),
        subject!(pow(a da; 6) => a.pow(6)),
        subject!(pow(a da; 13) => a.pow(13)),
        subject!(pow(a da; 16) => a.pow(16)),
    ];
    for subject in &subjects {
        each(subject, TIGHT);
        subject.check(&vec![DMatrix::zeros(2, 2)], TIGHT);
        subject.check_narrow(&vec![random(3, 3, 9)], 1e-5);
    }
}

/// What the attribute needs where the method `.pow(n)` becomes this rule.
#[test]
fn pow_has_the_bits_of_nalgebra() {
    for n in [0, 1, 2, 3, 4, 7, 11, 24] {
        let a = random(4, 4, 5);
        assert_eq!(linalg::pow(&a, n), a.pow(n));
    }
}

#[test]
fn where_there_is_no_value() {
    let none = [
        dmatrix![-1.0],
        dmatrix![1.0, 5.0; 0.0, -2.0],
        dmatrix![0.0, 1.0; 0.0, 0.0],
        dmatrix![f64::NAN],
        dmatrix![1.0, f64::INFINITY; 0.0, 1.0],
    ];
    for a in none {
        assert_eq!((linalg::logm(&a), linalg::sqrtm(&a)), (None, None), "{a}");
        assert_eq!(linalg::logm::jvp(&a, &a), (None, None));
        assert_eq!(
            linalg::sqrtm::vjp(&a).1(None),
            DMatrix::zeros(a.nrows(), a.ncols())
        );
    }
    assert_eq!(linalg::logm(&dmatrix![0.0]), None);
}

/// A singular matrix has a root if nothing couples what is zero, but no derivative there.
#[test]
fn root_of_a_singular_matrix() {
    let a = DMatrix::from_diagonal(&nalgebra::dvector![0.0, 4.0, 0.0]);
    assert_eq!(linalg::sqrtm(&a), Some(a.map(f64::sqrt)));
    assert_eq!(
        linalg::sqrtm(&dmatrix![0.0, 1.0; 0.0, 4.0]),
        Some(dmatrix![0.0, 0.5; 0.0, 2.0])
    );
}

#[test]
#[should_panic(expected = "the square root of a singular matrix has no derivative")]
fn derivative_of_the_root_of_a_singular_matrix() {
    let _ = linalg::sqrtm::jvp(&dmatrix![0.0, 1.0; 0.0, 4.0], &dmatrix![1.0, 0.0; 0.0, 0.0]);
}

#[test]
fn matrices_without_rows() {
    let empty = DMatrix::<f64>::zeros(0, 0);
    assert_eq!(linalg::expm::jvp(&empty, &empty).1, empty);
    assert_eq!(linalg::pow(&empty, 3), empty);
    assert_eq!(linalg::logm(&empty), Some(empty.clone()));
    assert_eq!(linalg::sqrtm(&empty), Some(empty));
}

#[test]
#[should_panic(expected = "`expm` needs a square matrix, but this one is 2x3")]
fn square_only() {
    let _ = linalg::expm(&random(2, 3, 1));
}
