//! The methods of matrices, vectors and factorisations, each by its name.

use autodiff_runtime::differentiate;
use nalgebra::*;
use std::ops::AddAssign;

#[differentiate]
fn svd_fields(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 3, x);
    let svd = a.clone().svd(true, true);
    let u = svd.u.unwrap();
    let v_t = svd.v_t.unwrap();
    let s = DMatrix::from_diagonal(&svd.singular_values);
    let again = &u * s * &v_t;
    (&u * &v_t).sum() + (again - a).norm_squared() + svd.singular_values[0].ln()
}

#[differentiate]
fn svd_values(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 4, x);
    let s = a.singular_values();
    s.max() / s.min() + s.sum()
}

#[differentiate]
fn svd_struct(x: &[f64]) -> f64 {
    let a = Matrix3::from_row_slice(&x[..9]);
    let svd = SVD::new(a, true, true);
    let r = svd.u.as_ref().unwrap() * svd.v_t.as_ref().unwrap();
    r.trace() + svd.singular_values.norm()
}

#[differentiate]
fn kabsch(x: &[f64]) -> f64 {
    let p = Matrix3::from_row_slice(&x[..9]);
    let q = Matrix3::new(0.3, 1.0, 0.2, -0.5, 0.2, 0.9, 1.1, 0.1, -0.2);
    let h = p * q.transpose();
    let svd = h.svd(true, true);
    let u = svd.u.unwrap();
    let v = svd.v_t.unwrap().transpose();
    let mut d = Matrix3::identity();
    if (v * u.transpose()).determinant() < 0.0 {
        d[(2, 2)] = -1.0;
    }
    let r = v * d * u.transpose();
    (r * p - q).norm_squared()
}

#[differentiate]
fn matrix_exponential(x: &[f64]) -> f64 {
    let a = Matrix3::from_row_slice(&x[..9]) * 0.3;
    let d = DMatrix::from_row_slice(2, 2, &x[8..12]);
    a.exp().trace() + d.exp().norm()
}

#[differentiate]
fn qr_solve(x: &[f64]) -> f64 {
    let a = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let b = Vector3::from_column_slice(&x[9..12]);
    let qr = a.qr();
    let y = qr.solve(&b).unwrap();
    let q = qr.q();
    let r = qr.r();
    y.sum() + (q * r).trace() + qr.try_inverse().unwrap().norm()
}

#[differentiate]
fn qr_lstsq(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 2, &x[..8]);
    let b = DVector::from_column_slice(&x[8..]);
    let qr = a.qr();
    let z = qr.q().transpose() * b;
    let y = qr.r().solve_upper_triangular(&z).unwrap();
    y.norm_squared()
}

#[differentiate]
fn iterators(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(3, 4, x);
    let mut s = 0.0;
    for r in m.row_iter() {
        s += r.norm();
    }
    for (j, c) in m.column_iter().enumerate() {
        s += c.sum() * (j as f64) + c[0];
    }
    s + m.row_iter().map(|r| r.dot(&r)).sum::<f64>()
}

#[differentiate]
fn reductions(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(3, 4, x);
    let rs = m.row_sum();
    let cs = m.column_sum();
    let rm = m.row_mean();
    let cm = m.column_mean();
    let rv = m.row_variance();
    rs.norm() + cs.norm_squared() + rm.dot(&rs) + cm.dot(&cs) + rv.sum() + m.variance()
}

#[differentiate]
fn in_place(x: &[f64]) -> f64 {
    let mut a = Matrix3::from_row_slice(&x[..9]);
    let mut v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[1], x[2], x[3]);
    a.component_mul_assign(&(a * 0.5));
    v.axpy(2.0, &w, 1.0);
    v.gemv(0.5, &a, &w, 1.0);
    a.ger(0.3, &v, &w, 1.0);
    let b = a.transpose();
    a.gemm(1.5, &b, &b, 0.5);
    a.neg_mut();
    (a * v).norm()
}

#[differentiate]
fn in_parts(x: &[f64]) -> f64 {
    let mut a = DMatrix::from_row_slice(3, 3, &x[..9]);
    a.fixed_view_mut::<2, 2>(0, 0)
        .copy_from(&Matrix2::new(x[9], x[10], x[11], 1.0));
    a.rows_mut(1, 2).scale_mut(2.0);
    a.column_mut(0)
        .add_assign(&DVector::from_vec(vec![x[0], x[1], x[2]]));
    a.row_mut(0).iter_mut().for_each(|v| *v *= x[3]);
    a.set_column(2, &DVector::from_vec(vec![x[4], x[5], x[6]]));
    a.apply(|v| *v = v.sin());
    a.swap_rows(0, 2);
    a.transpose_mut();
    a.column_mut(1)
        .axpy(x[7], &DVector::from_vec(vec![x[4], x[5], x[6]]), 1.0);
    a.norm_squared() + a.lp_norm(3) + a.amax()
}

#[differentiate]
fn vector_methods(x: &[f64]) -> f64 {
    let a = Vector3::new(x[0], x[1], x[2]);
    let b = Vector3::new(x[3], x[4], x[5]);
    let c = a.push(x[6]);
    let d = b.to_homogeneous();
    let e = a.lerp(&b, x[7]);
    a.angle(&b)
        + c.dot(&d)
        + e.norm()
        + a.metric_distance(&b)
        + a.cross_matrix().norm_squared()
        + a.xy().norm()
        + b.abs().sum()
        + a.inf(&b).sum()
        + a.sup(&b).norm()
}

#[differentiate]
fn extremes(x: &[f64]) -> f64 {
    let v = DVector::from_column_slice(&x[..6]);
    let m = DMatrix::from_row_slice(3, 2, &x[..6]);
    let (i, j) = (v.imax(), v.iamin());
    let (row, column) = m.iamax_full();
    let part = m.column(1).imin();
    v[i] * v[j] * m[(row, column)] + v[v.imin()].sin() + v[v.iamax()] * v[v.icamax()] * v[part]
}

#[differentiate]
fn structure(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 4, x);
    let b = a.clone().insert_row(1, x[0]);
    let c = a.clone().remove_column(2);
    let d = a.clone().insert_columns(0, 2, 1.5);
    let e = a.select_rows(&[2, 0]);
    let f = a.clone().resize(4, 4, x[1]);
    b.norm()
        + c.norm()
        + d.sum()
        + e.norm_squared()
        + f.trace()
        + a.upper_triangle().sum()
        + a.lower_triangle().norm()
}

#[differentiate]
fn stacks(x: &[f64]) -> f64 {
    let r0 = RowDVector::from_row_slice(&x[..3]);
    let r1 = RowDVector::from_row_slice(&x[3..6]);
    let m = DMatrix::from_rows(&[r0, r1]);
    let n = DMatrix::from_columns(&[
        DVector::from_column_slice(&x[6..9]),
        DVector::from_column_slice(&x[9..12]),
    ]);
    let p = Matrix3::from_columns(&[
        Vector3::new(x[0], x[1], x[2]),
        Vector3::new(x[3], x[4], x[5]),
        Vector3::new(x[6], x[7], x[8]),
    ]);
    (m * n).trace() + p.determinant()
}

#[differentiate]
fn svd_methods(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 2, &x[..8]);
    let b = DVector::from_column_slice(&x[8..]);
    let svd = a.clone().svd(true, true);
    let y = svd.solve(&b, 1e-12).unwrap();
    let r = svd.rank(1e-12);
    let again = svd.recompose().unwrap();
    let p = a
        .clone()
        .svd(true, true)
        .pseudo_inverse(1e-10)
        .expect("both");
    y.norm_squared() + again.sum() * r as f64 + p[(0, 1)]
}

#[differentiate]
fn eigen_methods(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]);
    let a = m + m.transpose() + Matrix3::from_diagonal(&Vector3::new(0.0, 3.0, 7.0));
    let e = SymmetricEigen::new(a);
    let mut v = e.eigenvectors;
    let d = e.eigenvalues.map(|l| (0.2 * l).exp());
    v *= x[9];
    (e.recompose() * Matrix3::from_diagonal(&d)).trace() + v.norm()
}

#[differentiate]
fn solve_in_place(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 3, &x[..9]) + DMatrix::identity(3, 3) * 3.0;
    let mut b = DVector::from_column_slice(&x[9..]);
    let lu = a.clone().lu();
    let ok = lu.solve_mut(&mut b);
    let mut c = &b * 2.0;
    let spd = &a * a.transpose();
    let chol = spd.clone().cholesky().unwrap();
    chol.solve_mut(&mut c);
    let mut d = c.clone();
    chol.l().solve_lower_triangular_mut(&mut d);
    let mut e = DVector::zeros(3);
    a.mul_to(&d, &mut e);
    let mut f = DMatrix::zeros(3, 3);
    a.transpose_to(&mut f);
    let mut g = e.clone();
    f.tr_mul_to(&e, &mut g);
    if ok { g.sum() + e.dot(&c) } else { 0.0 }
}

#[differentiate]
fn line_updates(x: &[f64]) -> f64 {
    let mut m = DMatrix::from_row_slice(3, 4, x);
    let mean = m.row_mean();
    for mut row in m.row_iter_mut() {
        row -= &mean;
    }
    for (j, mut col) in m.column_iter_mut().enumerate() {
        let n = 1.0 + j as f64;
        col /= n;
    }
    for v in m.iter_mut() {
        *v *= 1.5;
    }
    for v in m.column_mut(1).iter_mut() {
        *v = v.sin();
    }
    let s: f64 = m.column(2).iter().map(|v| v * v).sum();
    let mut last = m.row_mut(2);
    last *= 2.0;
    let length = last.norm();
    m.norm_squared() + s * length
}

#[differentiate]
fn less_common(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]);
    let n = DMatrix::from_row_slice(3, 4, x);
    let (p, q) = (Vector2::new(x[9], x[10]), Vector2::new(x[11], x[0]));
    let sums = n.row_sum_tr().dot(&n.row_mean_tr())
        + n.row_variance_tr().norm()
        + n.column_variance().sum();
    m.tr_dot(&m) + p.perp(&q) + m.symmetric_part().norm() + sums
}

#[differentiate]
fn put_in_and_taken_out(x: &[f64]) -> f64 {
    let n = DMatrix::from_row_slice(3, 4, x);
    let a = n.columns(1, 2).norm()
        + n.fixed_rows::<2>(1).norm_squared()
        + n.fixed_columns::<3>(0).norm();
    let b = n.select_columns(&[3, 1]).norm_squared() + n.clone().remove_row(1).norm();
    let c = n.clone().remove_rows(0, 2).norm() + n.clone().remove_columns(1, 2).norm_squared();
    let d = n.clone().insert_rows(1, 2, x[2]).norm() + n.clone().insert_column(4, x[5]).norm();
    let e = n.clone().resize_vertically(2, x[1]).norm()
        + n.clone().resize_horizontally(6, x[7]).norm_squared();
    a * b + c * d + e
}

#[differentiate]
fn letters(x: &[f64]) -> f64 {
    let v = Vector3::new(x[0], x[1], x[2]);
    let w = Vector2::new(x[3], x[4]);
    let pairs = v.xx().dot(&w)
        + v.xz().norm()
        + v.yx().dot(&v.yy())
        + v.yz().norm() * v.zx().x
        + v.zy().dot(&v.zz());
    let three =
        v.xyz().dot(&v.xzy()) + v.yxz().dot(&v.yzx()) * x[5] + v.zxy().cross(&v.zyx()).norm();
    pairs * three + x[6]
}

#[differentiate]
fn less_common_changes(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let mut v = Vector3::new(x[9], x[10], x[11]);
    let w = v * 0.5;
    v.gemv_tr(0.3, &m, &w, x[0]);
    let mut a = m;
    a.gemm_tr(x[1], &m, &m, 0.1);
    a.swap_columns(0, 2);
    let y = m.tr_solve_lower_triangular(&v).unwrap() + m.tr_solve_upper_triangular(&w).unwrap();
    let length = v.normalize_mut();
    let factor = (m * m.transpose()).cholesky().unwrap().unpack();
    length * v.x + a.norm() + y.dot(&(factor * w))
}

checks! {
    less_common_ones: less_common put_in_and_taken_out letters less_common_changes;
    singular_value_decomposition: svd_fields svd_values svd_struct svd_methods kabsch;
    orthogonal_factors: qr_solve qr_lstsq;
    functions: matrix_exponential eigen_methods;
    rows_and_columns: iterators reductions line_updates;
    changes: in_place in_parts solve_in_place;
    elements: vector_methods extremes structure stacks;
}
