//! Second derivatives of methods, against differences of the gradient.

use super::second_order::check_hessian;
use autodiff_runtime::differentiate;
use nalgebra::*;

#[differentiate(order = 2)]
fn between_vectors(x: &[f64]) -> f64 {
    let u = Vector3::new(x[0], x[1], x[2]);
    let v = Vector3::new(x[3], x[4], x[5]);
    let p = Vector2::new(x[6], x[7]);
    let q = Vector2::new(x[8], x[9]);
    let w = u.lerp(&v, x[10]);
    u.angle(&v) * w.norm_squared() + p.perp(&q).powi(2) * u.metric_distance(&v) * (x[11] + 2.0)
}

#[differentiate(order = 2)]
fn other_norms(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 4, x);
    let b = Matrix3::from_row_slice(&x[2..11]);
    a.lp_norm(3) * b.lp_norm(2) + a.lp_norm(4) + a.tr_dot(&a.transpose()) + b.tr_dot(&(b * b))
}

#[differentiate(order = 2)]
fn sums_of_rows_and_columns(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 4, x);
    let rows = a.row_sum().norm_squared() + a.row_mean_tr().norm() * a.row_variance().sum();
    let more = a.row_sum_tr().dot(&a.row_variance_tr()) + a.row_mean().norm_squared();
    rows + more * a.column_sum().norm() + a.column_mean().dot(&a.column_variance())
}

#[differentiate(order = 2)]
fn products_in_place(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(2, 3, &x[..6]);
    let b = DMatrix::from_row_slice(3, 2, &x[6..]);
    let u = DVector::from_row_slice(&x[1..3]);
    let v = DVector::from_row_slice(&x[4..7]);
    let mut y = DVector::from_row_slice(&x[8..10]);
    y.gemv(x[3], &a, &v, x[5]);
    let mut z = DVector::from_row_slice(&x[7..10]);
    z.gemv_tr(x[0], &a, &u, x[11]);
    z.axpy(x[2], &v, x[4]);
    let mut m = DMatrix::from_row_slice(2, 2, &x[5..9]);
    m.gemm(x[1], &a, &b, x[9]);
    m.ger(x[10], &u, &y, x[6]);
    let mut n = DMatrix::from_row_slice(3, 3, &x[2..11]);
    n.gemm_tr(x[8], &a, &a, x[0]);
    n.swap_rows(0, 2);
    n.swap_columns(1, 2);
    m.dot(&m.transpose()) + y.norm_squared() + z.dot(&(n * &z)).sin()
}

#[differentiate(order = 2)]
fn least_squares(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 2, &x[..8]) + DMatrix::identity(4, 2) * 2.0;
    let b = DVector::from_row_slice(&x[8..]);
    let y = a.svd(true, true).solve(&b, 1e-12).unwrap();
    y[0].sin() + y.norm_squared()
}

#[differentiate(order = 2)]
fn transposed_triangles(x: &[f64]) -> f64 {
    let a = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let b = Vector3::from_column_slice(&x[9..]);
    let y = a.tr_solve_lower_triangular(&b).unwrap();
    let z = a.tr_solve_upper_triangular(&y).unwrap();
    z.norm_squared() + y[1].sin()
}

macro_rules! hessians {
    ($($f:ident)+) => {
        mod against_differences {
            use super::*;
            $(
                #[test]
                fn $f() {
                    check_hessian(stringify!($f), super::$f::grad, super::$f::hessian);
                }
            )+
        }
    };
}

hessians! {
    between_vectors other_norms sums_of_rows_and_columns products_in_place least_squares transposed_triangles
}
