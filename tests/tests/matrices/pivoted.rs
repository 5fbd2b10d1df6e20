//! Factorisations with pivots, of updated matrices, and polar ones. In both orders.

use autodiff_runtime::differentiate;
use nalgebra::*;
use tests::modes::POINTS;

#[differentiate(order = 2)]
fn full_piv_lu_solve(x: &[f64]) -> f64 {
    let q = DMatrix::from_row_slice(3, 3, &x[..9]) + DMatrix::identity(3, 3) * 3.0;
    let u = DVector::from_column_slice(&x[3..6]);
    let y = q.clone().full_piv_lu().solve(&u).unwrap();
    y.norm()
}

#[differentiate(order = 2)]
fn full_piv_lu_det(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    m.full_piv_lu().determinant()
}

#[differentiate(order = 2)]
fn full_piv_lu_inv(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    m.full_piv_lu().try_inverse().unwrap().norm()
}

#[differentiate(order = 2)]
fn full_piv_lu_more(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    let f = FullPivLU::new(m);
    f.l().sum() + f.u().norm() + f.solve(&v).unwrap().norm()
}

#[differentiate(order = 2)]
fn lu_parts(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let f = m.lu();
    f.l().sum() + f.u().norm()
}

#[differentiate(order = 2)]
fn lu_factors(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let f = m.lu();
    f.l().norm() * 2.0 + f.u().sum()
}

#[differentiate(order = 2)]
fn lu_dynamic(x: &[f64]) -> f64 {
    let q = DMatrix::from_row_slice(3, 3, &x[..9]) + DMatrix::identity(3, 3) * 3.0;
    let u = DVector::from_column_slice(&x[3..6]);
    let f = q.clone().lu();
    f.l().column(1).sum() + f.u().row(1).norm() + f.solve(&u).unwrap().norm()
}

#[differentiate(order = 2)]
fn col_piv_qr_solve(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    m.col_piv_qr().solve(&v).unwrap().norm()
}

#[differentiate(order = 2)]
fn col_piv_qr_parts(x: &[f64]) -> f64 {
    let d = DMatrix::from_row_slice(3, 4, x);
    let f = d.clone().transpose().col_piv_qr();
    f.q().sum() + f.r().norm()
}

#[differentiate(order = 2)]
fn col_piv_more(x: &[f64]) -> f64 {
    let q = DMatrix::from_row_slice(3, 3, &x[..9]) + DMatrix::identity(3, 3) * 3.0;
    let u = DVector::from_column_slice(&x[3..6]);
    let f = q.clone().col_piv_qr();
    f.try_inverse().unwrap().norm() + f.solve(&u).unwrap().norm() + f.q().column(0).sum()
}

#[differentiate(order = 2)]
fn col_piv_tall(x: &[f64]) -> f64 {
    let d = DMatrix::from_row_slice(3, 4, x);
    let f = d.transpose().col_piv_qr();
    f.q().sum() + f.r().sum()
}

#[differentiate(order = 2)]
fn q_tr_mul(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let mut b = m;
    m.qr().q_tr_mul(&mut b);
    b.sum()
}

#[differentiate(order = 2)]
fn q_tr_mul_col(x: &[f64]) -> f64 {
    let q = DMatrix::from_row_slice(3, 3, &x[..9]) + DMatrix::identity(3, 3) * 3.0;
    let u = DVector::from_column_slice(&x[3..6]);
    let mut b = u.clone();
    q.clone().col_piv_qr().q_tr_mul(&mut b);
    b[0] + b[1] * 2.0
}

#[differentiate(order = 2)]
fn q_tr_mul_dyn(x: &[f64]) -> f64 {
    let q = DMatrix::from_row_slice(3, 3, &x[..9]) + DMatrix::identity(3, 3) * 3.0;
    let u = DVector::from_column_slice(&x[3..6]);
    let mut b = u.clone();
    q.clone().qr().q_tr_mul(&mut b);
    b[0] + b[1] * 2.0
}

#[differentiate(order = 2)]
fn rank_one(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    let mut c = (m * m.transpose()).cholesky().unwrap();
    c.rank_one_update(&v, x[0].abs());
    c.l().sum()
}

#[differentiate(order = 2)]
fn rank_one_more(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    let mut c = (m * m.transpose()).cholesky().unwrap();
    c.rank_one_update(&v, x[0].abs());
    c.solve(&w).norm() + c.determinant() + c.ln_determinant()
}

#[differentiate(order = 2)]
fn rank_one_loop(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let v = Vector3::new(x[9], x[10], x[11]);
    let mut c = (m * m.transpose()).cholesky().unwrap();
    for i in 0..3 {
        c.rank_one_update(&(v * x[i]), 0.5);
    }
    c.l().norm()
}

#[differentiate(order = 2)]
fn polar(x: &[f64]) -> f64 {
    let q = DMatrix::from_row_slice(3, 3, &x[..9]) + DMatrix::identity(3, 3) * 3.0;
    let (r, p) = q.clone().polar();
    r.sum() + p.trace()
}

#[differentiate(order = 2)]
fn polar_wide(x: &[f64]) -> f64 {
    let d = DMatrix::from_row_slice(3, 4, x);
    let (h, r) = d.clone().polar();
    h.sum() + r.sum()
}

#[differentiate(order = 2)]
fn larger(x: &[f64]) -> f64 {
    let a = DMatrix::from_fn(6, 6, |i, j| x[(5 * i + 7 * j) % 12]) + DMatrix::identity(6, 6) * 3.0;
    let b = DVector::from_fn(6, |i, _| x[2 * i]);
    let (lu, qr) = (a.clone().full_piv_lu(), a.clone().col_piv_qr());
    let more = lu.try_inverse().unwrap().norm() + (lu.l() * lu.u()).norm();
    lu.determinant() * 1e-2 + more + qr.solve(&b).unwrap().norm() + a.lu().u().trace()
}

both_orders! {
    larger
    full_piv_lu_solve
    full_piv_lu_det
    full_piv_lu_inv
    full_piv_lu_more
    lu_parts
    lu_factors
    lu_dynamic
    col_piv_qr_solve
    col_piv_qr_parts
    col_piv_more
    col_piv_tall
    q_tr_mul
    q_tr_mul_col
    q_tr_mul_dyn
    rank_one
    rank_one_more
    rank_one_loop
    polar
    polar_wide
}
