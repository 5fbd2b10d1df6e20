//! What people compute with matrices: likelihoods, filters, alignments, fits.

use autodiff_runtime::differentiate;
use nalgebra::{
    self as na, DMatrix, DVector, Matrix2, Matrix3, Matrix4, Point3, Rotation3, SMatrix, SVector,
    Vector2, Vector3, Vector4,
};
use tests::agree;

#[differentiate]
fn gaussian_process(x: &[f64]) -> f64 {
    let n = 4;
    let (ls, sf, sn) = (x[0].exp(), x[1].exp(), 0.1 + x[2] * x[2]);
    let t = DVector::from_fn(n, |i, _| i as f64 * 0.3);
    let y = t.map(|v| v.sin());
    let k = DMatrix::from_fn(n, n, |i, j| {
        let d = (t[i] - t[j]) / ls;
        sf * sf * (-0.5 * d * d).exp() + if i == j { sn * sn } else { 0.0 }
    });
    let chol = k.cholesky().expect("positive definite");
    let alpha = chol.solve(&y);
    let logdet = 2.0 * chol.l().diagonal().iter().map(|v| v.ln()).sum::<f64>();
    -0.5 * y.dot(&alpha) - 0.5 * logdet - 0.5 * n as f64 * (2.0 * std::f64::consts::PI).ln()
}

#[differentiate]
fn kalman(x: &[f64]) -> f64 {
    let dt: f64 = 0.1;
    let f = Matrix2::new(1.0, dt, 0.0, 1.0);
    let h = Vector2::new(1.0, 0.0).transpose();
    let q = Matrix2::new(dt.powi(3) / 3.0, dt.powi(2) / 2.0, dt.powi(2) / 2.0, dt) * x[0].exp();
    let r = x[1].exp();
    let mut s = Vector2::new(x[2], x[3]);
    let mut p = Matrix2::identity();
    let mut ll = 0.0;
    for z in [0.1, 0.3, 0.2, 0.6] {
        s = f * s;
        p = f * p * f.transpose() + q;
        let y = z - (h * s)[0];
        let sv = (h * p * h.transpose())[(0, 0)] + r;
        let k = p * h.transpose() / sv;
        s += k * y;
        p = (Matrix2::identity() - k * h) * p;
        ll -= 0.5 * (sv.ln() + y * y / sv);
    }
    ll + p.trace()
}

#[differentiate]
fn procrustes(x: &[f64]) -> f64 {
    let a = [
        Vector3::new(1.0, 0.2, 0.0),
        Vector3::new(0.0, 1.0, 0.5),
        Vector3::new(-0.3, 0.1, 1.0),
        Vector3::new(0.5, 0.5, 0.5),
    ];
    let rot = Rotation3::from_euler_angles(x[0], x[1], x[2]);
    let b: Vec<Vector3<f64>> = a
        .iter()
        .enumerate()
        .map(|(i, p)| rot * p + Vector3::new(x[3], x[4], x[5]) * (i as f64 * 0.1))
        .collect();
    let ca = a.iter().sum::<Vector3<f64>>() / 4.0;
    let cb = b.iter().sum::<Vector3<f64>>() / 4.0;
    let mut h = Matrix3::zeros();
    for (p, q) in a.iter().zip(&b) {
        h += (p - ca) * (q - cb).transpose();
    }
    let svd = h.svd(true, true);
    let (u, vt) = (svd.u.unwrap(), svd.v_t.unwrap());
    let mut d = Matrix3::identity();
    if (vt.transpose() * u.transpose()).determinant() < 0.0 {
        d[(2, 2)] = -1.0;
    }
    let r = vt.transpose() * d * u.transpose();
    a.iter()
        .zip(&b)
        .map(|(p, q)| (r * (p - ca) - (q - cb)).norm_squared())
        .sum::<f64>()
        + r.trace()
}

#[differentiate]
fn regulator(x: &[f64]) -> f64 {
    let a = Matrix2::new(1.0, 0.1, -0.1 * x[0], 1.0 - 0.05 * x[1]);
    let b = Vector2::new(0.0, 0.1);
    let q = Matrix2::from_diagonal(&Vector2::new(x[2].exp(), 1.0));
    let r = 0.5 + x[3] * x[3];
    let mut p = q;
    for _ in 0..30 {
        let bp = b.transpose() * p;
        let s = (bp * b)[0] + r;
        let k = bp * a / s;
        p = q + a.transpose() * p * a - a.transpose() * p * b * k;
    }
    p.trace()
}

#[differentiate]
fn levenberg_marquardt(x: &[f64]) -> f64 {
    let data = [(0.0, 1.0), (1.0, 0.6), (2.0, 0.4), (3.0, 0.2)];
    let mut p = DVector::from_vec(vec![1.0 + 0.1 * x[0], 0.5 + 0.1 * x[1]]);
    for _ in 0..3 {
        let mut j = DMatrix::zeros(4, 2);
        let mut r = DVector::zeros(4);
        for (i, (t, y)) in data.iter().enumerate() {
            let e = (-p[1] * t).exp();
            r[i] = y - p[0] * e;
            j[(i, 0)] = -e;
            j[(i, 1)] = p[0] * t * e;
        }
        let jtj = j.tr_mul(&j) + DMatrix::identity(2, 2) * (0.01 + x[2] * x[2]);
        let g = j.tr_mul(&r);
        if let Some(d) = jtj.lu().solve(&g) {
            p -= d;
        } else {
            break;
        }
    }
    p.norm() + p[0] * p[1]
}

#[differentiate]
fn principal_components(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(3, 2, x);
    let mean = m.row_mean();
    let mut c = m.clone();
    for mut r in c.row_iter_mut() {
        r -= &mean;
    }
    let cov = c.transpose() * &c / 2.0;
    let e = cov.symmetric_eigen();
    let k = e.eigenvalues.imax();
    let pc = e.eigenvectors.column(k);
    let proj = &c * pc;
    proj.norm_squared() + e.eigenvalues[1 - k]
}

type State = SVector<f64, 4>;
type Cov = SMatrix<f64, 4, 4>;
#[differentiate]
fn extended_kalman(x: &[f64]) -> f64 {
    let mut s: State = Vector4::new(x[0], x[1], x[2], x[3]);
    let mut p: Cov = Matrix4::identity() * 0.5;
    let f = |s: &State| -> State {
        let (th, v) = (s[2], s[3]);
        Vector4::new(
            s[0] + 0.1 * v * th.cos(),
            s[1] + 0.1 * v * th.sin(),
            th + 0.02,
            v,
        )
    };
    for z in [Vector2::new(0.5, 0.2), Vector2::new(0.7, 0.1)] {
        let (th, v) = (s[2], s[3]);
        let mut jac = Cov::identity();
        jac[(0, 2)] = -0.1 * v * th.sin();
        jac[(0, 3)] = 0.1 * th.cos();
        jac[(1, 2)] = 0.1 * v * th.cos();
        jac[(1, 3)] = 0.1 * th.sin();
        s = f(&s);
        p = jac * p * jac.transpose() + Cov::identity() * 0.01;
        let h = SMatrix::<f64, 2, 4>::new(1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        let y = z - h * s;
        let sm = h * p * h.transpose() + Matrix2::identity() * 0.1;
        let k = p * h.transpose() * sm.try_inverse().unwrap();
        s += k * y;
        p = (Cov::identity() - k * h) * p;
    }
    s.norm() + p.trace()
}

#[differentiate]
fn distances(x: &[f64]) -> f64 {
    let p = Point3::new(x[0], x[1], x[2]);
    let q = Point3::from_slice(&x[3..6]);
    let r = Point3::from(Vector3::new(x[0], 1.0, x[4]));
    nalgebra::distance(&p, &q) * na::distance_squared(&q, &r)
}

#[test]
fn estimates() {
    let points: [&[f64]; 3] = [
        &[0.7, -0.4, 0.9, 1.3, 0.2, -0.8],
        &[-0.3, 0.1, -0.4, 0.3, 0.6, 1.1],
        &[0.2, 0.3, 1.1, -0.7, 0.15, 0.5],
    ];
    agree!(gaussian_process at &points);
    agree!(kalman at &points);
    agree!(procrustes at &points);
    agree!(regulator at &points);
    agree!(levenberg_marquardt at &points);
    agree!(principal_components at &points);
    agree!(extended_kalman at &points);
    agree!(distances at &points);
}
