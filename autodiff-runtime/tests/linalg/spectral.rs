//! Eigenvalues and singular values, at ties and at zero too.

use crate::check::complex;
use crate::check::{SINGLE, Tolerance, matrix, orthonormal, slope, symmetrize};
use crate::check_rule;
use autodiff_runtime::linalg::{symmetric_eigen, symmetric_eigenvalues};
use nalgebra::{DMatrix, DVector, Matrix2, Matrix3};

const CURVED: Tolerance = Tolerance {
    differences: 1e-7,
    transpose: 1e-11,
};

/// Symmetric, with these eigenvalues.
fn with_eigenvalues(l: &[f64], seed: u64) -> DMatrix<f64> {
    let v = orthonormal(l.len(), l.len(), seed);
    let mut a = &v * DMatrix::from_diagonal(&DVector::from_row_slice(l)) * v.transpose();
    symmetrize(&mut a);
    a
}

#[test]
fn eigenvalues_and_eigenvectors() {
    for n in [1, 2, 3, 6] {
        let l: Vec<f64> = (0..n).map(|i| 1.5 * i as f64 - 2.0).collect();
        let a = with_eigenvalues(&l, 1);
        check_rule!(symmetric_eigenvalues(a da), CURVED);
        check_eigenvectors(&a);
        let a = with_eigenvalues(&l, 2).cast::<f32>();
        check_rule!(symmetric_eigenvalues(a da), SINGLE);
        let mut a = complex(n, n, 3);
        symmetrize(&mut a);
        check_rule!(symmetric_eigenvalues(a da), CURVED);
    }
    let a = Matrix3::new(4.0, 1.0, 0.5, 1.0, 3.0, -1.0, 0.5, -1.0, 5.0);
    check_rule!(symmetric_eigenvalues(a da), CURVED);
    check_rule!(symmetric_eigen(a da), CURVED);
}

/// `dV` by the projectors on single eigenvectors (their sign is arbitrary) along `A + t dA`, each identified by its overlap: on the
/// other side of a tie the order is the opposite.
fn check_eigenvectors(a: &DMatrix<f64>) {
    let n = a.nrows();
    let mut da = matrix(n, n, 9);
    symmetrize(&mut da);
    let ((l, v), (dl, dv)) = symmetric_eigen::jvp(a, &da);
    let recomposed = &v * DMatrix::from_diagonal(&l) * v.transpose();
    assert!((recomposed - a).norm() < 1e-13 * (1.0 + a.norm()));
    for i in 0..n {
        let (v, dv) = (v.column(i), dv.column(i));
        let along = |t: f64| {
            let (l, w) = symmetric_eigen(&(a + &da * t));
            let overlap = |j: &usize| w.column(*j).dot(&v).abs();
            let j = (0..n).max_by(|j, k| overlap(j).total_cmp(&overlap(k)));
            let (l, w) = (l[j.unwrap()], w.column(j.unwrap()));
            // The eigenvalue in a row of its own.
            (w * w.transpose()).insert_row(n, l)
        };
        let numeric = slope(along);
        let exact = (dv * v.transpose() + v * dv.transpose()).insert_row(n, dl[i]);
        let error = (&numeric - &exact).norm();
        assert!(
            error < 1e-8 * (1.0 + exact.norm()),
            "{error:e} {numeric} {exact}"
        );
    }
}

#[test]
fn eigenvectors_in_reverse() {
    let a = with_eigenvalues(&[-2.0, 0.5, 1.0, 4.0], 4);
    let ((_, v), pullback) = symmetric_eigen::vjp(&a);
    let (l_bar, v_bar) = (DVector::from(matrix(4, 1, 5).column(0)), matrix(4, 4, 6));
    let a_bar = pullback((l_bar.clone(), v_bar.clone()));
    let da = matrix(4, 4, 7);
    let ((_, same), (dl, dv)) = symmetric_eigen::jvp(&a, &da);
    assert_eq!(v, same);
    assert!((a_bar.dot(&da) - l_bar.dot(&dl) - v_bar.dot(&dv)).abs() < 1e-13);
}

/// In a direction that splits an eigenspace, its eigenvectors have derivatives: of first order outwards, of second within.
#[test]
fn eigenvectors_at_ties() {
    check_eigenvectors(&with_eigenvalues(&[1.0, 1.0, 2.0], 4));
    check_eigenvectors(&with_eigenvalues(&[1.0, 1.0, 1.0, -3.0, 5.0, 5.0], 5));
    check_eigenvectors(&DMatrix::from_diagonal(&DVector::from_vec(vec![
        2.0, 2.0, 2.0, 7.0,
    ])));
}

/// The projector on an eigenspace does not depend on its basis.
#[test]
fn projectors_on_an_eigenspace() {
    let a = with_eigenvalues(&[0.5, 0.5, 0.5, 1.0, 2.0], 6);
    let ((_, v), pullback) = symmetric_eigen::vjp(&a);
    let mut y_bar = matrix(5, 5, 7);
    symmetrize(&mut y_bar);
    let mut v_bar = DMatrix::zeros(5, 5);
    v_bar
        .columns_mut(0, 3)
        .copy_from(&(&y_bar * v.columns(0, 3) * 2.0));
    let a_bar = pullback((DVector::zeros(5), v_bar));
    let mut da = matrix(5, 5, 8);
    symmetrize(&mut da);
    let projector = |t: f64| {
        let (_, v) = symmetric_eigen(&(&a + &da * t));
        v.columns(0, 3) * v.columns(0, 3).transpose()
    };
    let error = (a_bar.dot(&da) - y_bar.dot(&slope(projector))).abs();
    assert!(error < 1e-9, "{error:e}");
}

/// An entry of `exp(A)` cannot be told from one of a function that is constant where the eigenvalues are equal.
#[test]
#[should_panic(
    expected = "`symmetric_eigen` has no derivative here: the cotangent depends on the choice"
)]
fn functions_of_an_eigenspace() {
    let ((l, v), pullback) = symmetric_eigen::vjp(&Matrix2::<f64>::identity());
    let y_bar = Matrix2::new(0.0, 1.0, 1.0, 0.0);
    let e = l.map(f64::exp);
    let l_bar = (v.transpose() * y_bar * v).diagonal().component_mul(&e);
    pullback((l_bar, y_bar * v * Matrix2::from_diagonal(&e) * 2.0));
}

#[test]
#[should_panic(
    expected = "`symmetric_eigen` has no derivative here: the cotangent depends on the choice"
)]
fn an_arbitrary_eigenvector() {
    let (_, pullback) = symmetric_eigen::vjp(&Matrix2::<f64>::identity());
    pullback((nalgebra::zero(), Matrix2::new(0.0, 1.0, 0.0, 0.0)));
}

#[test]
fn eigenvalues_that_split() {
    let a = with_eigenvalues(&[1.0, 1.0, 3.0], 8);
    let mut da = matrix(3, 3, 9);
    symmetrize(&mut da);
    let (_, dl) = symmetric_eigenvalues::jvp(&a, &da);
    let h = 1e-7;
    let numeric = (symmetric_eigenvalues(&(&a + &da * h)) - symmetric_eigenvalues(&a)) / h;
    assert!((dl - numeric).norm() < 1e-5);
}
