//! Matrices that calls give: nothing but the definition of what is called says that they are.

use autodiff_runtime::{differentiate, linalg};
use nalgebra::*;

const POINTS: &[&[f64]] = &[
    &[3.0, -1.2, 0.5, 0.7, 2.1, 1.9, -0.4, 0.8, -2.6],
    &[-1.5, 0.2, 2.5, 0.3, 2.6, -0.9, 1.4, 0.1, 0.6],
];

#[differentiate(order = 2)]
fn residual(x: &Vector3<f64>, k: f64) -> Vector3<f64> {
    Vector3::new(x[0] * k - 1.0, x[1].sin(), x[2] * x[0])
}

#[differentiate(order = 2)]
fn halves(x: &DVector<f64>) -> (DVector<f64>, DMatrix<f64>) {
    (x * 0.5, x * x.transpose())
}

/// A matrix of any numbers.
#[differentiate(order = 2)]
fn skew<T: RealField + Copy>(w: &Vector3<T>) -> Matrix3<T> {
    Matrix3::new(
        T::zero(),
        -w.z,
        w.y,
        w.z,
        T::zero(),
        -w.x,
        -w.y,
        w.x,
        T::zero(),
    )
}

/// Has the sum of its numbers.
struct Total(f64);

impl Total {
    #[differentiate(order = 2)]
    fn sum(&self, by: f64) -> f64 {
        self.0 * by
    }
}

#[differentiate(order = 2)]
fn of_functions(x: &[f64]) -> f64 {
    let v = Vector3::from_column_slice(&x[..3]);
    let r = residual(&v, x[3]);
    let mut sum = r.iter().map(|r| r * r).sum::<f64>() + r.sum() + r.row(1)[0];
    for r in residual(&r, x[4]).iter() {
        sum += r.cos();
    }
    sum + residual(&v, 2.0).map(|r| r.powi(3)).max() * Total(2.0).sum(x[0])
}

#[differentiate(order = 2)]
fn of_tuples(x: &[f64]) -> f64 {
    let (half, square) = halves(&DVector::from_column_slice(x));
    half.map(|v| v.sin()).sum() + square.column(0).sum() + square.diagonal().mean()
}

#[differentiate(order = 2)]
fn of_generic_functions(x: &[f64]) -> f64 {
    let k = skew(&Vector3::from_column_slice(&x[..3]));
    let part = k.fixed_view::<2, 2>(0, 1).into_owned();
    k.column(1).map(|v| v * v).sum() + part.determinant() + k.row(0).iter().sum::<f64>()
}

#[differentiate(order = 2)]
fn of_linalg(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 3, x);
    let (l, v) = linalg::symmetric_eigen(&a);
    let s = linalg::singular_values(&a);
    let (u, _, w) = linalg::svd(&a);
    let (q, r) = linalg::qr(&a);
    l.map(|l| l.sin()).sum()
        + v.column(0).map(|v| v * v * v * v).sum()
        + s.rows(0, 2).sum()
        + s.iter().map(|s| s * s).sum::<f64>()
        + (u.column(0) * w.row(0)).sum()
        + q.row(1).sum() * r.diagonal().sum()
        + linalg::expm(&(&a * 0.2)).diagonal().sum()
        + linalg::matmul(&a, &a).column_sum()[1]
}

#[differentiate(order = 2)]
fn parts_of_views(x: &[f64]) -> f64 {
    #[differentiate(order = 2)]
    fn last(a: &Matrix3<f64>) -> Vector2<f64> {
        (a.row(2) / a[(2, 2)]).transpose().fixed_rows::<2>(0).into()
    }
    last(&Matrix3::from_row_slice(x)).norm_squared()
}

both_orders! { of_functions of_tuples of_generic_functions of_linalg parts_of_views }
