//! Second derivatives of functions of matrices, against differences of the gradient.

use autodiff_runtime::differentiate;
use nalgebra::*;
use tests::modes::POINTS;

/// The Hessian is symmetric, and its columns are differences of the gradient.
pub fn check_hessian(
    name: &str,
    gradient: fn(&[f64]) -> Vec<f64>,
    hessian: fn(&[f64]) -> DMatrix<f64>,
) {
    for x in POINTS {
        let hessian = hessian(x);
        for k in 0..12 {
            let moved = |by: f64| {
                let mut x = x.to_vec();
                x[k] += by;
                DVector::from_vec(gradient(&x))
            };
            let slope = |h: f64| (moved(h) - moved(-h)) / (2.0 * h);
            let column = (slope(5e-4) * 4.0 - slope(1e-3)) / 3.0;
            let error = (hessian.column(k) - &column).amax();
            assert!(
                error < 2e-6 * column.amax().max(1.0),
                "{name}: column {k}: {error}"
            );
        }
        let asymmetry = (&hessian - hessian.transpose()).amax();
        assert!(
            asymmetry < 1e-9 * hessian.amax().max(1.0),
            "{name}: {asymmetry}"
        );
        assert!(hessian.amax() > 0.0, "{name}: all zero");
    }
}

macro_rules! hessians {
    ($($f:ident)+) => {$(
        #[test]
        fn $f() {
            check_hessian(stringify!($f), super::$f::grad, super::$f::hessian);
        }
    )+};
}

#[differentiate(order = 2)]
fn products(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(2, 3, &x[..6]);
    let b = DMatrix::from_row_slice(2, 3, &x[6..]);
    let c = a.tr_mul(&b);
    let d = a.component_mul(&b).component_div(&b.map(|v| 2.0 + v * v));
    (a.dot(&b) * c.trace() + d.sum()) * a.kronecker(&b).mean() + c.transpose().norm_squared()
}

#[differentiate(order = 2)]
fn lengths(x: &[f64]) -> f64 {
    let u = Vector3::new(x[0], x[1], x[2]);
    let v = Vector3::new(x[3], x[4], x[5]);
    let w = Vector3::from_column_slice(&x[6..9]);
    let m = Matrix3::from_row_slice(&x[3..12]);
    u.cross(&v).dot(&w.normalize())
        + (m * u).norm()
        + m.row(1).norm_squared() * v.push(x[9]).norm()
        + m.variance()
}

#[differentiate(order = 2)]
fn parts_and_places(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(3, 4, x);
    let block = m.view((0, 1), (2, 2));
    let s = m.clone().remove_column(1);
    let t = s.upper_triangle() * s.insert_row(1, x[3]).rows(0, 3);
    let v = m.column(2);
    v.dot(&v) * block.norm_squared() + t.trace() + m.fixed_view::<2, 2>(0, 0).diagonal().norm()
}

#[differentiate(order = 2)]
fn systems(x: &[f64]) -> f64 {
    let a = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let b = Vector3::from_column_slice(&x[9..12]);
    let lu = a.lu();
    let y = lu.solve(&b).unwrap();
    let z = a.try_inverse().unwrap();
    y.dot(&b) + (z * z).trace() + lu.determinant() * 0.1 + a.determinant().ln()
}

#[differentiate(order = 2)]
fn definite(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(3, 3, &x[..9]);
    let a = &m * m.transpose() + DMatrix::identity(3, 3);
    let b = DVector::from_column_slice(&x[9..]);
    let factor = a.clone().cholesky().unwrap();
    let y = factor.solve(&b);
    let l = factor.l();
    let z = l.solve_lower_triangular(&b).unwrap();
    y.dot(&b) * 0.5
        + factor.ln_determinant()
        + l[(2, 0)] * l.column(1).sum()
        + factor.inverse().trace()
        + z.sum() * factor.determinant() * 0.1
}

#[differentiate(order = 2)]
fn singular_determinant(x: &[f64]) -> f64 {
    let u = Vector3::new(x[0], x[1], x[2]);
    let v = Vector3::new(x[3], x[4], x[5]);
    let m = u * v.transpose() + v * u.transpose();
    m.determinant() * x[6] + x[7] * x[8] * x[0] + (m * m).trace()
}

/// The log density of a normal distribution.
#[differentiate(order = 2)]
fn normal(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(3, 3, &x[..9]);
    let covariance = &m * m.transpose() + DMatrix::identity(3, 3) * 0.7;
    let d = DVector::from_column_slice(&x[9..]);
    let factor = covariance.cholesky().expect("positive definite");
    -0.5 * (d.dot(&factor.solve(&d)) + factor.ln_determinant())
}

/// The minimum of `<S, X> - ln det X` is at the inverse of `S`; the Hessian is `X^-1 dX X^-1`.
#[differentiate(order = 2)]
fn log_barrier(x: &DMatrix<f64>, #[constant] s: &DMatrix<f64>) -> f64 {
    s.dot(x) - x.determinant().ln()
}

#[test]
fn log_barrier_in_closed_form() {
    let x = DMatrix::from_row_slice(2, 2, &[2.0, 0.5, 0.5, 1.0]);
    let direction = DMatrix::from_row_slice(2, 2, &[0.3, -0.2, 0.7, 0.1]);
    let product = log_barrier::hvp(&x, &DMatrix::identity(2, 2), &direction);
    let inverse = x.try_inverse().unwrap();
    let expected = (&inverse * direction * inverse).transpose();
    assert!((product - &expected).amax() < 1e-14 * expected.amax());
}

/// `ln <x, A x>`
#[differentiate(order = 2)]
fn log_form(x: &Vector3<f64>, #[constant] a: &Matrix3<f64>) -> f64 {
    x.dot(&(a * x)).ln()
}

#[test]
fn log_form_in_closed_form() {
    let m = Matrix3::new(1.0, 0.2, -0.3, 0.0, 2.0, 0.5, 0.7, 0.1, 1.5);
    let (a, x) = (m * m.transpose(), Vector3::new(0.3, -1.1, 0.8));
    let (form, ax) = (x.dot(&(a * x)), a * x);
    let expected = (a * form - ax * ax.transpose() * 2.0) * (2.0 / (form * form));
    let hessian = log_form::hessian(&x, &a);
    let error = DMatrix::from_fn(3, 3, |i, j| hessian[(i, j)] - expected[(i, j)]).amax();
    assert!(error < 1e-14 * expected.amax());
}

mod against_differences {
    use super::check_hessian;
    hessians! { products lengths parts_and_places systems definite singular_determinant normal }
}
