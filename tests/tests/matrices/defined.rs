//! Methods that are functions of other ones. In both orders.

use autodiff_runtime::differentiate;
use nalgebra::*;
use tests::modes::POINTS;

#[differentiate(order = 2)]
fn quadform(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let mut a = m;
    a.quadform(x[0], &m, &(m * 2.0), x[1]);
    a.norm()
}

#[differentiate(order = 2)]
fn quadform_tr(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let mut a = m;
    a.quadform_tr(x[0], &m, &(m * 2.0), x[1]);
    a.norm()
}

#[differentiate(order = 2)]
fn syger(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    let mut a = m * m.transpose();
    a.syger(x[0], &v, &v, x[1]);
    a.lower_triangle().norm()
}

#[differentiate(order = 2)]
fn sygemv(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    let mut y = v;
    y.sygemv(x[0], &m, &w, x[1]);
    y.norm()
}

#[differentiate(order = 2)]
fn hegerc(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    let mut a = m;
    a.hegerc(x[0], &v, &v, x[1]);
    a.lower_triangle().norm()
}

#[differentiate(order = 2)]
fn hegemv_case(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    let mut y = v;
    y.hegemv(x[0], &m, &w, x[1]);
    y.norm()
}

#[differentiate(order = 2)]
fn axcpy(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    let mut y = v;
    y.axcpy(x[0], &w, x[1], x[2]);
    y.norm()
}

#[differentiate(order = 2)]
fn cap_magnitude(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    v.cap_magnitude(0.5).sum()
}

#[differentiate(order = 2)]
fn cap_magnitude2(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    v.cap_magnitude(x[3].abs()).sum()
}

#[differentiate(order = 2)]
fn try_normalize(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    v.try_normalize(1e-9).unwrap().x
}

#[differentiate(order = 2)]
fn try_normalize_mut(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let mut y = v;
    let n = y.try_normalize_mut(1e-9).unwrap();
    y.x * n
}

#[differentiate(order = 2)]
fn set_magnitude(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let mut y = v;
    y.set_magnitude(x[0]);
    y.sum()
}

#[differentiate(order = 2)]
fn try_set_magnitude(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let mut y = v;
    y.try_set_magnitude(x[0], 1e-9);
    y.sum()
}

#[differentiate(order = 2)]
fn slerp(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    v.slerp(&w, x[3]).sum()
}

#[differentiate(order = 2)]
fn lerp(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    v.lerp(&w, x[3]).norm()
}

#[differentiate(order = 2)]
fn apply_into(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    m.apply_into(|t| *t = t.sin()).sum()
}

#[differentiate(order = 2)]
fn row_product(x: &[f64]) -> f64 {
    let d = DMatrix::from_row_slice(3, 4, x);
    d.row_product().sum() + d.column_product().sum()
}

#[differentiate(order = 2)]
fn product(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    m.product()
}

#[differentiate(order = 2)]
fn row_product_tr(x: &[f64]) -> f64 {
    let d = DMatrix::from_row_slice(3, 4, x);
    d.row_product_tr().sum()
}

#[differentiate(order = 2)]
fn one_norm(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    m.one_norm()
}

#[differentiate(order = 2)]
fn apply_norm(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    m.apply_norm(&LpNorm(3)) + v.apply_norm(&EuclideanNorm) + v.apply_norm(&UniformNorm)
}

#[differentiate(order = 2)]
fn apply_norms(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    m.apply_norm(&OneNorm)
        + m.apply_norm(&LpNorm(3))
        + v.apply_metric_distance(&w, &UniformNorm)
        + v.apply_metric_distance(&w, &OneNorm)
}

#[differentiate(order = 2)]
fn apply_metric_distance(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    v.apply_metric_distance(&w, &LpNorm(3)) + v.apply_metric_distance(&w, &EuclideanNorm)
}

#[differentiate(order = 2)]
fn argmax(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let (i, b) = v.argmax();
    b * (i as f64 + 1.0)
}

#[differentiate(order = 2)]
fn argmin(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let (i, b) = v.argmin();
    b * (i as f64 + 1.0)
}

#[differentiate(order = 2)]
fn map_diagonal(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    m.map_diagonal(|t| t.exp()).sum()
}

#[differentiate(order = 2)]
fn zip_fold(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    v.zip_fold(&w, 0.0, |acc, a, b| acc + a * b.sin())
}

#[differentiate(order = 2)]
fn zip_zip_apply(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    let mut y = v;
    y.zip_zip_apply(&w, &w, |a, b, c| *a += b * c);
    y.norm()
}

#[differentiate(order = 2)]
fn cmpy(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    let mut y = v;
    y.cmpy(x[0], &w, &v, x[1]);
    y.norm()
}

#[differentiate(order = 2)]
fn cdpy(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    let mut y = v;
    y.cdpy(x[0], &v, &w, x[1]);
    y.norm()
}

#[differentiate(order = 2)]
fn inf_sup(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    let (a, b) = v.inf_sup(&w);
    a.norm() + b.sum()
}

#[differentiate(order = 2)]
fn to_scalar(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    (v.transpose() * w).to_scalar() + (v.transpose() * m * w).into_scalar()
}

#[differentiate(order = 2)]
fn as_scalar(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    *(v.transpose() * w).as_scalar()
}

#[differentiate(order = 2)]
fn fill_lower(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let mut a = m;
    a.fill_lower_triangle(x[0], 1);
    a.norm()
}

#[differentiate(order = 2)]
fn fill_upper(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let mut a = m;
    a.fill_upper_triangle(x[0], 1);
    a.norm()
}

#[differentiate(order = 2)]
fn fill_lower_with_upper(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let mut a = m;
    a.fill_lower_triangle_with_upper_triangle();
    a.norm()
}

#[differentiate(order = 2)]
fn fill_upper_with_lower(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let mut a = m;
    a.fill_upper_triangle_with_lower_triangle();
    a.norm()
}

#[differentiate(order = 2)]
fn fill_with(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let mut a = m;
    a.fill_with(|| x[0]);
    a.norm()
}

#[differentiate(order = 2)]
fn set_partial(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    let mut a = m;
    a.set_partial_diagonal(v.iter().copied());
    a.norm()
}

#[differentiate(order = 2)]
fn from_partial(x: &[f64]) -> f64 {
    Matrix3::from_partial_diagonal(&[x[0], x[1]]).norm()
}

#[differentiate(order = 2)]
fn ith(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    Vector3::<f64>::ith(1, x[0]).norm() + v.dot(&Vector3::ith_axis(1))
}

#[differentiate(order = 2)]
fn swap(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let mut a = m;
    a.swap((0, 0), (1, 2));
    a.column(0).norm()
}

#[differentiate(order = 2)]
fn vector_swap(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let mut y = v;
    y.swap((0, 0), (2, 0));
    y.x * y.y.sin() + y.z
}

#[differentiate(order = 2)]
fn try_inverse_mut(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let mut a = m;
    if a.try_inverse_mut() { a.norm() } else { 0.0 }
}

#[differentiate(order = 2)]
fn pow(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    m.pow(3).norm()
}

#[differentiate(order = 2)]
fn pow_mut(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let mut a = m;
    a.pow_mut(3);
    a.norm()
}

both_orders! {
    quadform
    quadform_tr
    syger
    sygemv
    hegerc
    hegemv_case
    axcpy
    cap_magnitude
    cap_magnitude2
    try_normalize
    try_normalize_mut
    set_magnitude
    try_set_magnitude
    slerp
    lerp
    apply_into
    row_product
    product
    row_product_tr
    one_norm
    apply_norm
    apply_norms
    apply_metric_distance
    argmax
    argmin
    map_diagonal
    zip_fold
    zip_zip_apply
    cmpy
    cdpy
    inf_sup
    to_scalar
    as_scalar
    fill_lower
    fill_upper
    fill_lower_with_upper
    fill_upper_with_lower
    fill_with
    set_partial
    from_partial
    ith
    swap
    vector_swap
    try_inverse_mut
    pow
    pow_mut
}
