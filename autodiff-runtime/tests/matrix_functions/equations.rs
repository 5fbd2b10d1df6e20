//! `sylvester` and `lyapunov`.

use crate::reference::Matrix;
use crate::subject::*;
use autodiff_runtime::linalg;
use nalgebra::{DMatrix, dmatrix};

const SYLVESTER: Subject =
    subject!(sylvester(a da, b db, c dc) -> Option => Matrix::sylvester(a, b, c));
const LYAPUNOV: Subject =
    subject!(lyapunov(a da, c dc) -> Option => Matrix::sylvester(a, &a.transpose(), c));
const TIGHT: Tolerance = Tolerance {
    value: 1e-13,
    derivative: 1e-12,
};

/// Eigenvalues in the right half plane, real and complex ones.
fn stable(n: usize, seed: u64) -> DMatrix<f64> {
    random(n, n, seed) + DMatrix::identity(n, n) * (n as f64).sqrt()
}

fn arguments() -> Vec<Matrices> {
    let mut arguments = Vec::new();
    for (n, m) in [(1, 1), (1, 4), (4, 1), (2, 2), (3, 5), (5, 3), (6, 6)] {
        arguments.push(vec![stable(n, 1), stable(m, 2), random(n, m, 3)]);
    }
    let turn = dmatrix![1.0, -2.0; 2.0, 1.0];
    let defective = dmatrix![2.0, 1.0, 0.0; 0.0, 2.0, 1.0; 0.0, 0.0, 2.0];
    arguments.push(vec![turn.clone(), turn.transpose(), random(2, 2, 4)]);
    arguments.push(vec![defective.clone(), turn, random(3, 2, 5)]);
    arguments.push(vec![defective.clone(), defective, random(3, 3, 6)]);
    arguments
}

#[test]
fn sylvester() {
    for x in arguments() {
        SYLVESTER.check(&x, TIGHT);
        SYLVESTER.check_differences(&x, 1e-4, 1e-8);
        SYLVESTER.check_narrow(&x, 1e-4);
    }
}

#[test]
fn lyapunov() {
    for x in arguments() {
        let n = x[0].nrows();
        let x = vec![x[0].clone(), random(n, n, 7)];
        LYAPUNOV.check(&x, TIGHT);
        LYAPUNOV.check_differences(&x, 1e-4, 1e-8);
        LYAPUNOV.check_narrow(&x, 1e-4);
    }
}

#[test]
fn no_unique_solution() {
    let a = dmatrix![1.0, 3.0; 0.0, 2.0];
    let c = random(2, 2, 1);
    assert_eq!(linalg::sylvester(&a, &-a.transpose(), &c), None);
    assert_eq!(linalg::lyapunov(&dmatrix![0.0, 1.0; -1.0, 0.0], &c), None);
    assert_eq!(linalg::lyapunov(&dmatrix![0.0], &dmatrix![0.0]), None);
    assert_eq!(linalg::lyapunov(&dmatrix![f64::NAN], &dmatrix![0.0]), None);
}

#[test]
#[should_panic(expected = "`sylvester` needs a right-hand side of 2x3, but this one is 3x2")]
fn shapes_are_compared() {
    let _ = linalg::sylvester(&stable(2, 1), &stable(3, 1), &random(3, 2, 1));
}

/// The Schur iteration of nalgebra does not end for permutations; the form that is taken instead has an error of some `n epsilon`.
#[test]
fn cyclic_permutations() {
    for n in [4, 6, 8] {
        let a = DMatrix::from_fn(n, n, |i, j| f64::from(u8::from((i + 1) % n == j)));
        let shifted = &a + DMatrix::identity(n, n) * 1.5;
        let loose = Tolerance {
            value: 1e-12,
            ..TIGHT
        };
        SYLVESTER.check(&vec![shifted, a, random(n, n, 1)], loose);
    }
}
