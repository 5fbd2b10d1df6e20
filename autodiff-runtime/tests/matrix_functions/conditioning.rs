//! Systems and factorisations over shapes and conditions: values and both modes against extended precision, in both float types.
//!
//! The arguments have singular values that fall geometrically from 1 to the reciprocal of the condition, and seeded random vectors. A result may
//! be off by rounding times the condition.

use crate::reference::Matrix;
use crate::subject::*;
use autodiff_runtime::linalg;
use nalgebra::{DMatrix, Dyn, OMatrix, Scalar};

/// Conditions for double precision.
const CONDITIONS: [f64; 4] = [1.0, 1e2, 1e5, 1e10];
/// A condition for single precision.
const NARROW: f64 = 10.0;
/// Units of rounding, times the condition, that a result may be off by.
const UNITS: f64 = 1e3;

/// Orthonormal columns.
fn orthonormal(rows: usize, columns: usize, seed: u64) -> DMatrix<f64> {
    random(rows, columns, seed).qr().q()
}

/// A matrix of this condition.
fn conditioned(rows: usize, columns: usize, condition: f64, seed: u64) -> DMatrix<f64> {
    let k = rows.min(columns);
    let fall = |i: usize| condition.powf(-(i as f64) / (k.max(2) - 1) as f64);
    let s = DMatrix::from_fn(k, k, |i, j| if i == j { fall(i) } else { 0.0 });
    orthonormal(rows, k, seed) * s * orthonormal(columns, k, seed + 1).transpose()
}

/// A symmetric positive definite one.
fn definite(n: usize, condition: f64, seed: u64) -> DMatrix<f64> {
    let half = conditioned(n, n, condition.sqrt(), seed);
    let product = &half * half.transpose();
    (&product + product.transpose()) * 0.5
}

/// At every size and condition, in both precisions. `power` of the condition is what errors grow with.
#[track_caller]
fn check_all(subject: &Subject, power: i32, arguments: impl Fn(usize, f64) -> Option<Matrices>) {
    for n in 1..=8 {
        let conditions = CONDITIONS.iter().filter(|c| c.powi(power) <= 1e10);
        for condition in conditions {
            if let Some(x) = arguments(n, *condition) {
                let tolerance = UNITS * f64::EPSILON * condition.powi(power);
                let (value, derivative) = (tolerance, tolerance);
                subject.check(&x, Tolerance { value, derivative });
            }
        }
        if let Some(x) = arguments(n, NARROW) {
            subject.check_narrow(&x, UNITS * f64::from(f32::EPSILON) * NARROW.powi(power));
        }
    }
}

/// A number as a matrix.
fn number<T: Scalar>(x: T) -> OMatrix<T, Dyn, Dyn> {
    DMatrix::from_element(1, 1, x)
}

/// Two matrices as one, the first above the second.
fn stacked<T: Scalar + Copy>((upper, lower): (DMatrix<T>, DMatrix<T>)) -> DMatrix<T> {
    let n = upper.nrows();
    DMatrix::from_fn(n + lower.nrows(), upper.ncols(), |i, j| {
        if i < n {
            upper[(i, j)]
        } else {
            lower[(i - n, j)]
        }
    })
}

/// The parts of a stack, the lower one square.
fn unstacked<T: Scalar>(stack: DMatrix<T>) -> (DMatrix<T>, DMatrix<T>) {
    let n = stack.nrows() - stack.ncols();
    (
        stack.rows(0, n).into_owned(),
        stack.rows(n, stack.ncols()).into_owned(),
    )
}

#[test]
fn systems() {
    let solve = subject!(solve(a da, b db) -> Option => a.solve(b));
    check_all(&solve, 1, |n, condition| {
        Some(vec![
            conditioned(n, n, condition, 1),
            random(n, 1 + n / 2, 3),
        ])
    });
    let definite_solve = subject!(cholesky_solve(a da, b db) -> Option => {
        (a + &a.transpose()).scale(0.5).solve(b)
    });
    check_all(&definite_solve, 1, |n, condition| {
        Some(vec![definite(n, condition, 1), random(n, 1 + n / 2, 3)])
    });
    let inverse = subject!(inverse(a da) -> Option => a.inverse());
    check_all(&inverse, 1, |n, condition| {
        Some(vec![conditioned(n, n, condition, 5)])
    });
}

#[test]
fn determinants() {
    let det = subject!(@emit det [a da] [] [number] [(|y: DMatrix<_>| y[(0, 0)])] {
        Matrix::identity(1).times(a.det())
    });
    check_all(&det, 1, |n, condition| {
        Some(vec![conditioned(n, n, condition, 7)])
    });
}

#[test]
fn triangular_factors() {
    let cholesky = subject!(cholesky(a da) -> Option => a.cholesky());
    check_all(&cholesky, 1, |n, condition| {
        Some(vec![definite(n, condition, 9)])
    });
    let orthogonal = subject!(@emit qr [a da] [] [stacked] [unstacked] {
        let r = (&a.transpose() * a).cholesky().transpose();
        let q = r.transpose().solve(&a.transpose()).transpose();
        q.above(&r)
    });
    for extra in [0, 1, 4] {
        check_all(&orthogonal, 1, |n, condition| {
            Some(vec![conditioned(n + extra, n, condition, 11)])
        });
    }
}

#[test]
fn least_squares() {
    let lstsq = subject!(lstsq(a da, b db) -> Option => &a.pinv() * b);
    let pinv = subject!(pinv(a da; 1e-6) => a.pinv());
    for (tall, wide) in [(0, 0), (3, 0), (0, 3)] {
        check_all(&lstsq, 2, |n, condition| {
            let a = conditioned(n + tall, n + wide, condition, 13);
            let b = random(n + tall, 2, 15);
            Some(vec![a, b])
        });
        check_all(&pinv, 2, |n, condition| {
            Some(vec![conditioned(n + tall, n + wide, condition, 17)])
        });
    }
}
