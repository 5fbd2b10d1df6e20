//! Parts by ranges, other shapes, convolutions. In both orders.

use autodiff_runtime::differentiate;
use nalgebra::*;
use tests::modes::POINTS;

#[differentiate(order = 2)]
fn rows_range(x: &[f64]) -> f64 {
    let d = DMatrix::from_row_slice(3, 4, x);
    d.rows_range(1..3).norm() + d.columns_range(..2).sum()
}

#[differentiate(order = 2)]
fn view_range(x: &[f64]) -> f64 {
    let d = DMatrix::from_row_slice(3, 4, x);
    d.view_range(0..2, 1..3).norm()
}

#[differentiate(order = 2)]
fn ranges_mut(x: &[f64]) -> f64 {
    let d = DMatrix::from_row_slice(3, 4, x);
    let mut a = d.clone();
    a.rows_range_mut(1..).scale_mut(2.0);
    a.columns_range_mut(..2).fill(x[0]);
    a.view_range_mut(0..=1, 2..).neg_mut();
    a.norm()
}

#[differentiate(order = 2)]
fn ranges_single(x: &[f64]) -> f64 {
    let d = DMatrix::from_row_slice(3, 4, x);
    d.view_range(1.., 0).norm()
        + d.view_range(2, ..3).sum()
        + d.rows_range(1).norm()
        + d.columns_range(2..=3).sum()
}

#[differentiate(order = 2)]
fn range_static(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    m.rows_range(0..2).norm() + v.rows_range(1..).dot(&w.rows_range(..2))
}

#[differentiate(order = 2)]
fn fixed_resize(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    m.fixed_resize::<2, 2>(0.0).norm()
}

#[differentiate(order = 2)]
fn fixed_rows_ins(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let a = m.insert_fixed_rows::<2>(1, x[0]);
    a.norm()
}

#[differentiate(order = 2)]
fn fixed_cols_ins(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let a = m.insert_fixed_columns::<2>(1, x[0]);
    a.norm()
}

#[differentiate(order = 2)]
fn remove_fixed(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    m.remove_fixed_rows::<1>(1).norm() + m.remove_fixed_columns::<1>(0).sum()
}

#[differentiate(order = 2)]
fn remove_at(x: &[f64]) -> f64 {
    let d = DMatrix::from_row_slice(3, 4, x);
    d.clone().remove_columns_at(&[0, 2]).norm() + d.clone().remove_rows_at(&[1]).sum()
}

#[differentiate(order = 2)]
fn resize_mut(x: &[f64]) -> f64 {
    let d = DMatrix::from_row_slice(3, 4, x);
    let mut a = d.clone();
    a.resize_mut(2, 2, x[0]);
    a.norm()
}

#[differentiate(order = 2)]
fn resize_v_mut(x: &[f64]) -> f64 {
    let u = DVector::from_column_slice(&x[3..6]);
    let mut a = u.clone();
    a.resize_vertically_mut(5, x[0]);
    a.norm()
}

#[differentiate(order = 2)]
fn resize_h_mut(x: &[f64]) -> f64 {
    let d = DMatrix::from_row_slice(3, 4, x);
    let mut a = d.clone();
    a.resize_horizontally_mut(6, x[0]);
    a.norm()
}

#[differentiate(order = 2)]
fn resize_in_loop(x: &[f64]) -> f64 {
    let u = DVector::from_column_slice(&x[3..6]);
    let mut a = u.clone();
    for k in 0..3 {
        let n = a.len();
        a.resize_vertically_mut(n + 1, x[k]);
        a = a.map(|t| t * 1.1);
    }
    a.norm_squared()
}

#[differentiate(order = 2)]
fn convolve(x: &[f64]) -> f64 {
    let u = DVector::from_column_slice(&x[3..6]);
    u.convolve_full(DVector::from_column_slice(&x[0..2])).norm()
}

#[differentiate(order = 2)]
fn convolve_valid(x: &[f64]) -> f64 {
    let u = DVector::from_column_slice(&x[3..6]);
    u.convolve_valid(DVector::from_column_slice(&x[0..2]))
        .norm()
        + u.convolve_same(DVector::from_column_slice(&x[0..2])).sum()
}

both_orders! {
    rows_range
    view_range
    ranges_mut
    ranges_single
    range_static
    fixed_resize
    fixed_rows_ins
    fixed_cols_ins
    remove_fixed
    remove_at
    resize_mut
    resize_v_mut
    resize_h_mut
    resize_in_loop
    convolve
    convolve_valid
}
