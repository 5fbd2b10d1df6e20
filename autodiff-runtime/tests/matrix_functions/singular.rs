//! Functions of singular values: `polar_right`, `polar_left`, `low_rank`, `soft_threshold`, `singular_function`.

use crate::reference::Matrix;
use crate::subject::*;
use autodiff_runtime::linalg;
use nalgebra::{Complex, DMatrix, DVector, dmatrix, dvector};

/// `A^T A`
fn gram(a: &Matrix) -> Matrix {
    &a.transpose() * a
}

/// `A P` with the projector on what belongs to singular values above `bound`.
fn kept(a: &Matrix, bound: f64) -> Matrix {
    let one = Matrix::identity(gram(a).order());
    let sign = (&gram(a) - &one.scale(bound * bound)).sign();
    a * &(&sign + &one).scale(0.5)
}

/// With one more singular value, far from the others, where those are zero: `(A^T A + c Q)^(-1/2)`, Q the projector on the rest.
fn isometry(a: &Matrix, bound: f64) -> Matrix {
    let one = Matrix::identity(gram(a).order());
    let sign = (&gram(a) - &one.scale(bound * bound)).sign();
    let rest = (&one - &sign).scale(0.5);
    let others = (&one + &sign).scale(0.5);
    let positive = &(&(&others * &gram(a)) * &others) + &rest;
    &(a * &others) * &positive.sqrt().inverse()
}

const LOW_RANK: Subject = subject!(low_rank(a da; 2) => kept(a, 1.0));
const SOFT: Subject = subject!(soft_threshold(a da, t dt) => {
    &kept(a, f64::from(t.at(0, 0).value)) - &isometry(a, f64::from(t.at(0, 0).value)).times(t.at(0, 0))
});
const CUBE: Subject = subject!(singular_function(a da; |s| s * s * s, |s| s * s * 3.0, |s| s * 6.0) => &(a * &a.transpose()) * a);
const TIGHT: Tolerance = Tolerance {
    value: 1e-13,
    derivative: 1e-12,
};

fn with_singular_values(rows: usize, columns: usize, s: DVector<f64>, seed: u64) -> DMatrix<f64> {
    let (u, v) = (
        random(rows, s.len(), seed).qr().q(),
        random(columns, s.len(), seed + 1).qr().q(),
    );
    u * DMatrix::from_diagonal(&s) * v.transpose()
}

/// Two singular values above one, equal ones among them, the others below, zeros among them; tall, wide and square.
fn matrices() -> Vec<DMatrix<f64>> {
    vec![
        with_singular_values(2, 2, dvector![3.0, 2.0], 1),
        with_singular_values(3, 3, dvector![3.0, 2.0, 0.5], 2),
        with_singular_values(6, 3, dvector![3.0, 2.0, 0.5], 3),
        with_singular_values(3, 5, dvector![3.0, 2.0, 0.5], 4),
        with_singular_values(5, 4, dvector![2.0, 2.0, 0.3, 0.3], 5),
        with_singular_values(4, 5, dvector![2.0, 2.0, 0.0, 0.0], 6),
        with_singular_values(5, 4, dvector![2.0, 2.0 + 1e-9, 0.3, 0.0], 7),
        with_singular_values(5, 3, dvector![2.0, 1.5, 0.0], 8),
        dmatrix![1.5, 0.0; 0.0, 1.5],
        dmatrix![0.0, -2.0; 2.0, 0.0],
    ]
}

fn each(subject: &Subject, more: &[DMatrix<f64>]) {
    for a in matrices() {
        let mut x = vec![a];
        x.extend_from_slice(more);
        subject.check(&x, TIGHT);
        subject.check_differences(&x, 1e-4, 1e-6);
        subject.check_narrow(&x, 1e-4);
    }
}

#[test]
fn low_rank() {
    each(&LOW_RANK, &[]);
}

#[test]
fn soft_threshold() {
    each(&SOFT, &[dmatrix![1.0]]);
}

#[test]
fn cube_of_singular_values() {
    each(&CUBE, &[]);
}

#[test]
fn the_whole_matrix() {
    for a in matrices() {
        let (value, tangent) = linalg::low_rank::jvp(&a, 9, &a);
        assert_eq!(value, a);
        assert!((tangent - &a).norm() < 1e-14 * a.norm());
        let (value, tangent) = linalg::soft_threshold::jvp(&a, &dmatrix![0.0], &a, &dmatrix![0.0]);
        assert!((value - &a).norm() + (tangent - &a).norm() < 1e-13 * a.norm());
    }
    assert_eq!(
        linalg::low_rank(&DMatrix::<f64>::zeros(2, 3), 0),
        DMatrix::zeros(2, 3)
    );
}

#[test]
#[should_panic(expected = "`low_rank` has no derivative here")]
fn equal_at_the_cut() {
    let _ = linalg::low_rank::jvp(
        &DMatrix::<f64>::identity(2, 2),
        1,
        &dmatrix![1.0, 2.0; 3.0, 4.0],
    );
}

#[test]
#[should_panic(expected = "`low_rank` has no derivative here")]
fn rank_below_the_cut() {
    let a = dmatrix![1.0, 0.0, 0.0; 0.0, 0.0, 0.0; 0.0, 0.0, 0.0; 0.0, 0.0, 0.0];
    let _ = linalg::low_rank::jvp(&a, 2, &random(4, 3, 1));
}

/// `A = W H`: both factors and their tangents by extended precision, for full rank.
#[test]
fn polar() {
    for (m, n) in [(1, 1), (2, 2), (3, 3), (5, 2), (6, 4), (2, 5), (3, 4)] {
        let k = m.min(n);
        let equal = with_singular_values(
            m,
            n,
            DVector::from_fn(k, |i, _| if i < 2 { 2.0 } else { 0.5 }),
            3,
        );
        for a in [random(m, n, 4), equal] {
            let da = random(m, n, 5);
            check_polar(&a, &da);
        }
    }
}

fn check_polar(a: &DMatrix<f64>, da: &DMatrix<f64>) {
    let near = |x: &DMatrix<f64>, y: &DMatrix<f64>| {
        assert!((x - y).norm() < 1e-12 * (1.0 + y.norm()), "{a}{x}{y}")
    };
    let ((w, h), (dw, dh)) = linalg::polar_right::jvp(a, da);
    let dual = Matrix::dual(a, da);
    let (reference, factor) = if a.nrows() < a.ncols() {
        let left = gram(&dual.transpose()).sqrt();
        let w = &left.inverse() * &dual;
        (w.clone(), &w.transpose() * &dual)
    } else {
        let right = gram(&dual).sqrt();
        (&dual * &right.inverse(), right)
    };
    near(&w, &reference.value());
    near(&dw, &reference.slope());
    near(&h, &factor.value());
    near(&dh, &factor.slope());
    let ((p, q), (dp, dq)) = linalg::polar_left::jvp(&a.transpose(), &da.transpose());
    near(&p, &h);
    near(&q, &w.transpose());
    near(&dp, &dh);
    near(&dq, &dw.transpose());
    let (w_bar, h_bar) = (
        random(w.nrows(), w.ncols(), 6),
        random(h.nrows(), h.nrows(), 7),
    );
    let slope = w_bar.dot(&dw) + h_bar.dot(&dh);
    let a_bar = linalg::polar_right::vjp(a).1((w_bar.clone(), h_bar.clone()));
    assert!((a_bar.dot(da) - slope).abs() < 1e-12 * (1.0 + a_bar.norm() * da.norm()));
    let transposed = linalg::polar_left::vjp(&a.transpose()).1((h_bar, w_bar.transpose()));
    near(&transposed, &a_bar.transpose());
}

/// H has a derivative where one singular value is zero, W has none.
#[test]
fn polar_of_a_singular_matrix() {
    let a = with_singular_values(3, 3, dvector![2.0, 1.0, 0.0], 9);
    let h_bar = random(3, 3, 10);
    let ((_, h), pullback) = linalg::polar_right::vjp(&a);
    assert!((&h * &h - a.transpose() * &a).norm() < 1e-14);
    let a_bar = pullback((DMatrix::zeros(3, 3), h_bar.clone()));
    // H dH + dH H = dA^T A + A^T dA, in a direction that leaves the zero as it is.
    let da = &a * random(3, 3, 11);
    let along = |t: f64| linalg::polar_right(&(&a + &da * t)).1;
    let slope = (along(1e-5) - along(-1e-5)) / 2e-5;
    assert!((a_bar.dot(&da) - h_bar.dot(&slope)).abs() < 1e-8);
}

#[test]
#[should_panic(expected = "`polar_right` has no derivative here")]
fn isometry_of_a_singular_matrix() {
    let a = with_singular_values(3, 3, dvector![2.0, 0.0, 0.0], 9);
    let _ = linalg::polar_right::vjp(&a).1((random(3, 3, 1), DMatrix::zeros(3, 3)));
}

fn complex(rows: usize, columns: usize, seed: u64) -> DMatrix<Complex<f64>> {
    random(rows, columns, seed).zip_map(&random(rows, columns, seed + 1), Complex::new)
}

/// Complex matrices as real ones of twice the order, and reverse against forward.
#[test]
fn of_complex_matrices() {
    let real_form = |m: &DMatrix<Complex<f64>>| {
        let (rows, columns) = m.shape();
        DMatrix::from_fn(2 * rows, 2 * columns, |i, j| {
            let x = m[(i % rows, j % columns)];
            match (i < rows, j < columns) {
                (true, true) | (false, false) => x.re,
                (false, true) => x.im,
                (true, false) => -x.im,
            }
        })
    };
    for (m, n) in [(1, 1), (3, 3), (4, 2), (2, 4)] {
        let (a, e, w) = (complex(m, n, 1), complex(m, n, 3), complex(m, n, 5));
        let near = |x: &DMatrix<Complex<f64>>, y: &DMatrix<f64>| {
            assert!((real_form(x) - y).norm() < 1e-12 * (1.0 + y.norm()))
        };
        let (value, tangent) = linalg::low_rank::jvp(&a, 1, &e);
        let (expected, slope) = linalg::low_rank::jvp(&real_form(&a), 2, &real_form(&e));
        near(&value, &expected);
        near(&tangent, &slope);
        let adjoint = linalg::low_rank::vjp(&a, 1).1(w.clone());
        assert!((adjoint.dotc(&e).re - w.dotc(&tangent).re).abs() < 1e-12 * (1.0 + adjoint.norm()));
        let (value, tangent) = linalg::polar_right::jvp(&a, &e);
        let (expected, slope) = linalg::polar_right::jvp(&real_form(&a), &real_form(&e));
        near(&value.0, &expected.0);
        near(&value.1, &expected.1);
        near(&tangent.0, &slope.0);
        near(&tangent.1, &slope.1);
        let h_bar = complex(n, n, 9);
        let adjoint = linalg::polar_right::vjp(&a).1((w.clone(), h_bar.clone()));
        let slope = w.dotc(&tangent.0).re + h_bar.dotc(&tangent.1).re;
        assert!((adjoint.dotc(&e).re - slope).abs() < 1e-12 * (1.0 + adjoint.norm()));
    }
}
