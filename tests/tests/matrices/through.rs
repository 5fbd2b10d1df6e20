//! A factorisation and the matrix that was factored have one adjoint: where the factors are used many times, in loops and branches, by copies, and where the
//! matrix changes afterwards.

use autodiff_runtime::differentiate;
use nalgebra::*;

const POINT: &[f64] = &[3.0, -1.2, 0.5, 0.7, 2.1, 1.9, -0.4, 0.8, -2.6];
const OTHER: &[f64] = &[-1.5, 0.2, 2.5, 0.3, 2.6, -0.9, 1.4, 0.1, 0.6];

macro_rules! cases {
    ($($name:ident: |$x:ident| $body:expr;)+) => {$(
        #[test]
        fn $name() {
            #[differentiate(order = 2)]
            fn f($x: &[f64]) -> f64 {
                $body
            }
            tests::agree!(f at &[POINT, OTHER]);
            tests::curvature!(f at &[POINT, OTHER]);
        }
    )+};
}

cases! {
    used_in_a_loop: |x| {
        let a = Matrix3::from_row_slice(x);
        let lu = a.lu();
        let mut v = Vector3::new(1.0, x[4], 2.0);
        for _ in 0..3 {
            v = lu.solve(&v).unwrap() + a.column(0);
        }
        v.sum() + lu.determinant()
    };
    made_in_a_loop: |x| {
        let (a, mut v) = (DMatrix::from_row_slice(3, 3, x), DVector::from_element(3, x[1]));
        for k in 0..3 {
            let lu = a.clone().lu();
            v = lu.solve(&v).unwrap() * x[k];
        }
        v.sum()
    };
    of_what_changes_in_a_loop: |x| {
        let mut a = DMatrix::from_row_slice(3, 3, x);
        let mut sum = 0.0;
        for k in 0..3 {
            let lu = a.clone().lu();
            a[(k, k)] *= 1.5 + x[k] * 0.1;
            a[(0, k)] += lu.determinant() * 0.01;
            sum += lu.solve(&DVector::from_element(3, 1.0)).unwrap().sum();
        }
        sum + a.lu().determinant()
    };
    only_in_a_branch: |x| {
        let a = Matrix3::from_row_slice(x);
        let lu = a.full_piv_lu();
        let v = if x[0] > 0.0 { lu.solve(&Vector3::new(x[1], 1.0, x[2])).unwrap() } else { a * Vector3::new(1.0, x[5], x[6]) };
        v.norm_squared() + a[(1, 2)]
    };
    of_itself: |x| {
        let a = Matrix3::from_row_slice(x);
        let lu = a.lu();
        let second = lu.clone();
        (lu.solve(&(a * a)).unwrap() * second.try_inverse().unwrap()).sum() + lu.solve(&a.column(1)).unwrap()[1]
    };
    cholesky_in_a_branch: |x| {
        let b = Matrix3::from_row_slice(x);
        let a = b * b.transpose() + Matrix3::identity();
        let factor = a.cholesky();
        let v = match factor {
            Some(c) if x[0] > 0.0 => c.solve(&b.column(0).into_owned()) * c.ln_determinant(),
            Some(c) => c.l().column(0) * c.determinant(),
            None => a.column(1).into_owned(),
        };
        v.norm_squared() + a[(1, 2)]
    };
    cholesky_in_a_loop: |x| {
        let b = DMatrix::from_row_slice(3, 3, x);
        let mut a = &b * b.transpose();
        let mut sum = 0.0;
        for k in 0..3 {
            a[(k, k)] += 1.0 + x[k] * x[k];
            let factor = a.clone().cholesky().unwrap();
            sum += factor.solve(&b).sum() + (factor.inverse() * &b)[(0, k)] + factor.l()[(2, k)];
        }
        sum
    };
    cholesky_of_five: |x| {
        let b = DMatrix::from_fn(6, 6, |i, j| (x[(i + j) % 9] + i as f64).sin() * x[(i * j) % 9]);
        let a = &b * b.transpose() + DMatrix::identity(6, 6);
        let factor = a.clone().cholesky().unwrap();
        let l = factor.l();
        let mut changed = factor.clone();
        changed.rank_one_update(&b.column(2), x[1] * x[1]);
        (l.component_mul(&b)).sum() + factor.solve(&b).norm_squared() + changed.ln_determinant() + a[(0, 3)]
    };
}

/// Pullbacks that need no copy of what was factored: functions of matrices.
#[differentiate]
fn solved(a: &DMatrix<f64>, b: &DVector<f64>) -> DVector<f64> {
    a.clone().lu().solve(b).unwrap()
}

#[differentiate]
fn handed_on(a: &DMatrix<f64>, b: &DVector<f64>) -> f64 {
    solved(a, b).norm_squared()
}

#[differentiate]
fn read_besides(a: &DMatrix<f64>, b: &DVector<f64>) -> f64 {
    (solved(a, b) + a * b).norm_squared()
}

#[differentiate]
fn definite(a: &DMatrix<f64>, b: &DVector<f64>) -> Option<f64> {
    let factor = a.clone().cholesky()?;
    Some(factor.l().column(0).dot(b) + factor.solve(b).norm_squared())
}

#[test]
fn pullbacks_agree_with_tangents() {
    let noise = DMatrix::from_row_slice(3, 3, POINT);
    let a = &noise * noise.transpose() + DMatrix::identity(3, 3);
    let (b, da) = (
        DVector::from_row_slice(&OTHER[..3]),
        DMatrix::from_row_slice(3, 3, OTHER),
    );
    let da = &da + da.transpose();
    let db = DVector::from_row_slice(&POINT[..3]);
    let close = |x: f64, y: f64| assert!((x - y).abs() <= 1e-12 * y.abs().max(1.0), "{x} and {y}");
    for k in 0..3 {
        let unit = DVector::from_fn(3, |i, _| f64::from(i == k));
        let (_, pullback) = solved::vjp(&a, &b);
        let (a_bar, b_bar) = pullback(unit.clone());
        close(
            a_bar.dot(&da) + b_bar.dot(&db),
            solved::jvp(&a, &b, &da, &db).1.dot(&unit),
        );
    }
    macro_rules! check {
        ($($f:ident |$x:ident| $value:expr;)+) => {$({
            let (a_bar, b_bar) = { let $x = $f::vjp(&a, &b); let (_, pullback) = $value; pullback(1.0) };
            let $x = $f::jvp(&a, &b, &da, &db);
            close(a_bar.dot(&da) + b_bar.dot(&db), $value.1);
        })+};
    }
    check! {
        handed_on |x| x;
        read_besides |x| x;
    }
    let (_, pullback) = definite::vjp(&a, &b).unwrap();
    let (a_bar, b_bar) = pullback(1.0);
    close(
        a_bar.dot(&da) + b_bar.dot(&db),
        definite::jvp(&a, &b, &da, &db).unwrap().1,
    );
}
