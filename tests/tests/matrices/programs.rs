//! Functions of matrices and vectors as published crates have them.

use autodiff_runtime::differentiate;
use nalgebra::{
    DMatrix, DVector, Matrix2, Matrix3, Matrix4, Point3, SMatrix, Vector2, Vector3, Vector4,
    dvector, matrix, vector,
};

#[differentiate]
fn operators(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(2, 3, &x[..6]);
    let b = DMatrix::from_row_slice(3, 2, &x[6..]);
    let c = &a * &b;
    let d = c * 2.0 - &a * &b / x[0];
    let e = x[1] * &d + d.transpose();
    (-e).sum() + (a * b).trace()
}

#[differentiate]
fn used_twice(x: &[f64]) -> f64 {
    let a = Matrix3::new(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8]);
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = a * v;
    let u = a * w + v;
    u.dot(&w) / u.norm()
}

#[differentiate]
fn updates(x: &[f64]) -> f64 {
    let mut m = Matrix2::new(x[0], x[1], x[2], x[3]);
    let v = Vector2::new(x[4], x[5]);
    m += v * v.transpose();
    m *= x[6];
    m -= Matrix2::identity() * x[7];
    m /= x[8].exp();
    for k in 0..3 {
        m += &m * x[9 + k];
    }
    (m * v).norm_squared()
}

#[differentiate]
fn elements(x: &[f64]) -> f64 {
    let n = 3;
    let mut m = DMatrix::zeros(n, n);
    for i in 0..n {
        for j in 0..n {
            m[(i, j)] = x[i] * x[3 + j] + x[6 + (i + j) % 6].sin();
        }
    }
    let mut v = DVector::zeros(n);
    for i in 0..n {
        v[i] = m[(i, 0)] * m[(0, i)];
    }
    v.dot(&(&m * &v)) + m[4]
}

#[differentiate]
fn coordinates(x: &[f64]) -> f64 {
    let mut p = Vector3::new(x[0], x[1], x[2]);
    let q = Vector4::new(x[3], x[4], x[5], x[6]);
    p.x *= q.w;
    p.y = p.x * q.z + q.y;
    p.z += p.cross(&Vector3::new(x[7], x[8], x[9])).x;
    p.x * p.y * p.z + q.x
}

#[differentiate]
fn maps(x: &[f64]) -> f64 {
    let w = DMatrix::from_row_slice(3, 3, &x[..9]);
    let b = DVector::from_vec(vec![x[9], x[10], x[11]]);
    let h = (&w * &b).map(|z| z.tanh());
    let g = h.zip_map(&b, |p, q| p * q + p.sin());
    let s = w.map(|z| z * z).sum() + g.iter().map(|v| v.cos()).sum::<f64>();
    s * g.add_scalar(x[0]).component_mul(&h).mean()
}

#[differentiate]
fn parts(x: &[f64]) -> f64 {
    let m = DMatrix::from_column_slice(3, 4, x);
    let r = m.row(1);
    let c = m.column(2);
    let block = m.view((0, 1), (2, 2));
    let top = m.rows(0, 2);
    let fixed = m.fixed_view::<2, 3>(1, 0);
    (r * m.transpose()).sum() + c.norm() + block.trace() * top.sum() + fixed.norm_squared()
}

#[differentiate]
fn blocks(x: &[f64]) -> f64 {
    let mut m = DMatrix::<f64>::zeros(3, 4);
    let r = DMatrix::from_row_slice(1, 4, &x[..4]);
    m.set_row(0, &r.row(0));
    m.row_mut(1).copy_from(&(&r * x[4]));
    m.column_mut(2).fill(x[5]);
    m.view_mut((1, 0), (2, 2))
        .copy_from(&DMatrix::from_row_slice(2, 2, &x[6..10]));
    let mut last = m.row_mut(2);
    last *= x[10];
    last[3] = x[11];
    m.norm_squared()
}

#[differentiate]
fn lu_methods(x: &[f64]) -> f64 {
    let a = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    let b = Vector3::from_column_slice(&x[9..12]);
    let lu = a.lu();
    let first = lu.solve(&b).unwrap();
    let second = lu.solve(&(first + b)).expect("regular");
    first.dot(&second) + lu.determinant() * 0.1 + a.determinant().ln()
}

#[differentiate]
fn inverses(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 3, &x[..9]) + DMatrix::identity(3, 3) * 2.5;
    let inverse = a.clone().try_inverse().unwrap();
    let again = match a.clone().try_inverse() {
        Some(inverse) => inverse.norm(),
        None => x[0],
    };
    inverse.component_mul(&a.transpose()).sum() * again
}

#[differentiate]
fn cholesky_methods(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(3, 3, &x[..9]);
    let a = &m * m.transpose() + DMatrix::identity(3, 3);
    let b = DVector::from_column_slice(&x[9..]);
    let Some(cholesky) = a.clone().cholesky() else {
        return 0.0;
    };
    let l = cholesky.l();
    let z = l.solve_lower_triangular(&b).unwrap();
    let y = l.transpose().solve_upper_triangular(&z).unwrap();
    y.dot(&cholesky.solve(&z)) + cholesky.ln_determinant() + l[(2, 0)] * cholesky.inverse().trace()
}

#[differentiate]
fn mahalanobis(x: &[f64]) -> f64 {
    let mean = Vector3::new(0.1, 0.2, 0.3);
    let m = Matrix3::from_column_slice(&x[3..]);
    let covariance = m * m.transpose() + Matrix3::identity();
    let d = Vector3::from_row_slice(&x[..3]) - mean;
    let precision = covariance.try_inverse().expect("positive definite");
    (d.transpose() * precision * d)[(0, 0)].sqrt()
}

/// The log density of a normal distribution, as in statistics crates.
#[differentiate]
fn normal_log_density(x: &DVector<f64>, mean: &DVector<f64>, covariance: &DMatrix<f64>) -> f64 {
    let n = x.len() as f64;
    let factor = covariance.clone().cholesky().expect("positive definite");
    let d = x - mean;
    let z = factor.l().solve_lower_triangular(&d).unwrap();
    let log_det = 2.0 * factor.l().diagonal().map(|v| v.ln()).sum();
    -0.5 * (z.norm_squared() + log_det + n * (2.0 * std::f64::consts::PI).ln())
}

#[differentiate]
fn log_density(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(2, 2, &x[..4]);
    let covariance = &m * m.transpose() + DMatrix::identity(2, 2) * 0.7;
    let at = DVector::from_vec(vec![x[4], x[5]]);
    let mean = DVector::from_vec(vec![x[6], x[7]]);
    normal_log_density(&at, &mean, &covariance)
}

/// Predict and update of a Kalman filter.
#[differentiate]
fn kalman_step(
    x: &Vector2<f64>,
    p: &Matrix2<f64>,
    f: &Matrix2<f64>,
    q: &Matrix2<f64>,
    z: &SMatrix<f64, 1, 1>,
    h: &SMatrix<f64, 1, 2>,
    r: &SMatrix<f64, 1, 1>,
) -> (Vector2<f64>, Matrix2<f64>) {
    let x_pred = f * x;
    let p_pred = f * p * f.transpose() + q;
    let y = z - h * x_pred;
    let s = h * p_pred * h.transpose() + r;
    let k = p_pred * h.transpose() * s.try_inverse().unwrap();
    let x_new = x_pred + k * y;
    let p_new = (Matrix2::identity() - k * h) * p_pred;
    (x_new, p_new)
}

#[differentiate]
fn kalman(x: &[f64]) -> f64 {
    let f = Matrix2::new(1.0, x[0], 0.0, 1.0);
    let q = Matrix2::identity() * (x[1] * x[1]);
    let h = SMatrix::<f64, 1, 2>::new(1.0, x[2]);
    let r = SMatrix::<f64, 1, 1>::new(0.5 + x[3] * x[3]);
    let mut state = Vector2::new(x[4], x[5]);
    let mut p = Matrix2::identity() * 2.0;
    let mut loss = 0.0;
    for k in 0..6 {
        let z = SMatrix::<f64, 1, 1>::new(x[6 + k]);
        let (s, c) = kalman_step(&state, &p, &f, &q, &z, &h, &r);
        state = s;
        p = c;
        loss += state.norm_squared() + p.trace();
    }
    loss
}

/// A layer of a neural network.
#[differentiate]
fn layer(w: &DMatrix<f64>, b: &DVector<f64>, x: &DVector<f64>) -> DVector<f64> {
    (w * x + b).map(|z| if z > 0.0 { z } else { 0.1 * z })
}

#[differentiate]
fn network(x: &[f64]) -> f64 {
    let w = DMatrix::from_row_slice(2, 3, &x[..6]);
    let b = DVector::from_vec(vec![x[6], x[7]]);
    let mut h = DVector::from_vec(vec![x[8], x[9], x[10]]);
    for _ in 0..3 {
        let y = layer(&w, &b, &h);
        h = w.tr_mul(&y) * x[11];
    }
    let target = DVector::from_element(3, 0.3);
    (&h - &target).norm_squared() / 3.0
}

/// A pinhole camera.
#[differentiate]
fn project(
    rotation: &Matrix3<f64>,
    translation: &Vector3<f64>,
    focal: f64,
    point: &Vector3<f64>,
) -> Vector2<f64> {
    let p = rotation * point + translation;
    Vector2::new(focal * p.x / p.z, focal * p.y / p.z)
}

#[differentiate]
fn reprojection(x: &[f64]) -> f64 {
    let axis = Vector3::new(x[0], x[1], x[2]);
    let theta = axis.norm();
    let k = axis / theta;
    let skew = Matrix3::new(0.0, -k.z, k.y, k.z, 0.0, -k.x, -k.y, k.x, 0.0);
    let rotation = Matrix3::identity() + skew * theta.sin() + skew * skew * (1.0 - theta.cos());
    let t = Vector3::new(x[3], x[4], x[5] + 5.0);
    let points = [
        Vector3::new(x[6], x[7], x[8]),
        Vector3::new(x[9], x[10], x[11]),
    ];
    let mut error = 0.0;
    for p in points.iter() {
        let seen = project(&rotation, &t, 1.3, p);
        error += (seen - Vector2::new(0.1, 0.2)).norm_squared();
    }
    error
}

/// Forward kinematics by Denavit and Hartenberg.
#[differentiate]
fn kinematics(x: &[f64]) -> f64 {
    let mut pose = Matrix4::identity();
    for k in 0..4 {
        let (s, c) = x[k].sin_cos();
        let (sa, ca) = x[4 + k].sin_cos();
        let a = x[8 + k];
        let link = Matrix4::new(
            c,
            -s * ca,
            s * sa,
            a * c, //
            s,
            c * ca,
            -c * sa,
            a * s, //
            0.0,
            sa,
            ca,
            0.5, //
            0.0,
            0.0,
            0.0,
            1.0,
        );
        pose = pose * link;
    }
    let tip = pose * Vector4::new(0.0, 0.0, 0.1, 1.0);
    tip.x * tip.y + tip.z * pose[(0, 1)]
}

/// The log marginal likelihood of a Gaussian process.
#[differentiate]
fn gaussian_process(x: &[f64]) -> f64 {
    let n = 4;
    let (scale, noise) = (x[8].exp(), x[9].exp());
    let inputs = &x[..4];
    let y = DVector::from_column_slice(&x[4..8]);
    let k = DMatrix::from_fn(n, n, |i, j| {
        let d = (inputs[i] - inputs[j]) / scale;
        let diagonal = if i == j { noise } else { 0.0 };
        (-0.5 * d * d).exp() + diagonal
    });
    let factor = k.cholesky().unwrap();
    let alpha = factor.solve(&y);
    -0.5 * y.dot(&alpha) - factor.l().diagonal().iter().map(|l| l.ln()).sum::<f64>()
}

#[differentiate]
fn least_squares(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 2, &x[..8]);
    let b = DVector::from_column_slice(&x[8..]);
    let normal = a.tr_mul(&a);
    let beta = normal.lu().solve(&a.tr_mul(&b)).unwrap();
    let residual = &b - &a * &beta;
    residual.norm_squared() + beta.sum()
}

/// Point to point, as in iterative closest point.
#[differentiate]
fn icp_residual(x: &[f64]) -> f64 {
    let (s, c) = x[0].sin_cos();
    let r = Matrix2::new(c, -s, s, c);
    let t = Vector2::new(x[1], x[2]);
    let source = vec![Vector2::new(x[3], x[4]), Vector2::new(x[5], x[6])];
    let target = vec![Vector2::new(x[7], x[8]), Vector2::new(x[9], x[10])];
    source
        .iter()
        .zip(target.iter())
        .map(|(p, q)| (r * p + t - q).norm_squared())
        .sum::<f64>()
        * x[11]
}

#[differentiate]
fn points(x: &[f64]) -> f64 {
    let p = Point3::new(x[0], x[1], x[2]);
    let q = Point3::new(x[3], x[4], x[5]);
    let d = p - q;
    let r = p + d * x[6];
    (r - q).norm() * r.x + d.y
}

#[differentiate]
fn macros(x: &[f64]) -> f64 {
    let v = vector![x[0], x[1], x[2]];
    let m = matrix![x[3], x[4], x[5]; x[6], x[7], x[8]];
    let w = dvector![x[9], x[10]];
    (m * v).dot(&vector![w[0], w[1]])
}

#[differentiate]
fn eigen(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(3, 3, &x[..9]);
    let a = &m + m.transpose() + DMatrix::from_diagonal(&DVector::from_vec(vec![0.0, 3.0, 7.0]));
    let eigen = a.clone().symmetric_eigen();
    let values = eigen.eigenvalues.map(|l| (0.1 * l).exp()).sum();
    let projected = eigen
        .eigenvectors
        .column(0)
        .component_mul(&eigen.eigenvectors.column(0));
    values + projected.dot(&DVector::from_column_slice(&x[9..])) + a.symmetric_eigenvalues().norm()
}

#[differentiate]
fn orthogonal(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 3, x);
    let qr = a.qr();
    let (q, r) = (qr.q(), qr.r());
    q.column(1).sum() * r[(0, 0)] + r.norm_squared() + q[(3, 2)]
}

#[differentiate]
fn pseudo_inverses(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 3, x);
    let y = a.clone().pseudo_inverse(1e-9).unwrap();
    (&y * &a).trace() + y.map(|v| v.sin()).sum()
}

/// What a function without a written type gives is a scalar just as well.
#[differentiate(order = 2)]
fn kernel(d: f64) -> f64 {
    (-0.5 * d * d).exp()
}

#[differentiate(order = 2)]
fn twice(x: &[f64]) -> f64 {
    let (k, l) = (kernel(x[0]), kernel(x[1] + x[2]));
    let a = Matrix2::new(x[3], x[4], x[5], x[6]);
    let v = Vector2::new(x[7], x[8]);
    let mut w = a * v * (k * l) + v / (l + x[9] * x[9]);
    w -= &a * (a * w) * x[10];
    let product = k * l / (kernel(x[11]) * k);
    w.x * w.y + a[(0, 1)] * product
}

#[test]
fn second_order() {
    for x in tests::modes::POINTS {
        let hessian = twice::hessian(x);
        for k in 0..12 {
            let moved = |by: f64| {
                let mut x = x.to_vec();
                x[k] += by;
                DVector::from_vec(twice::grad(&x))
            };
            let slope = |h: f64| (moved(h) - moved(-h)) / (2.0 * h);
            let column = (slope(5e-4) * 4.0 - slope(1e-3)) / 3.0;
            let error = (hessian.column(k) - &column).amax();
            assert!(error < 2e-6 * column.amax().max(1.0), "column {k}: {error}");
        }
        assert!((&hessian - hessian.transpose()).amax() < 1e-10 * hessian.amax());
    }
}

checks! {
    arithmetic: operators used_twice updates;
    access: elements coordinates maps parts blocks points macros;
    factorisations: lu_methods inverses cholesky_methods eigen orthogonal pseudo_inverses;
    statistics: mahalanobis log_density kalman gaussian_process least_squares;
    learning: network;
    again: twice;
    geometry: reprojection kinematics icp_residual;
}

/// The exponential of a twist.
#[differentiate]
fn twisted(twist: &nalgebra::Vector6<f64>) -> Matrix4<f64> {
    let u = twist.fixed_rows::<3>(0).into_owned();
    let w = twist.fixed_rows::<3>(3).into_owned();
    let square = w.norm_squared();
    let angle = square.sqrt();
    let (a, b, c);
    if square < 1e-6 {
        a = 1.0 - square / 6.0;
        b = 0.5 - square / 24.0;
        c = 1.0 / 6.0 - square / 120.0;
    } else {
        a = angle.sin() / angle;
        b = (1.0 - angle.cos()) / square;
        c = (1.0 - a) / square;
    }
    let wx = w.cross_matrix();
    let r = Matrix3::identity() + a * wx + b * (wx * wx);
    let v = Matrix3::identity() + b * wx + c * (wx * wx);
    let mut m = Matrix4::identity();
    m.fixed_view_mut::<3, 3>(0, 0).copy_from(&r);
    m.fixed_view_mut::<3, 1>(0, 3).copy_from(&(v * u));
    m
}

/// A chain of two screws, and the rows of its Jacobian in a matrix of six columns.
#[differentiate]
fn screws(x: &[f64]) -> f64 {
    let axes = [
        nalgebra::Vector6::new(0.1, 0.0, 0.2, 0.0, 0.0, 1.0),
        nalgebra::Vector6::new(0.0, 0.4, 0.0, 0.0, 1.0, 0.0),
    ];
    let mut t = Matrix4::<f64>::identity();
    let mut jacobian = nalgebra::MatrixXx6::<f64>::zeros(2);
    for (i, axis) in axes.iter().enumerate() {
        let column = axis * t[(0, 0)] + axis.component_mul(axis) * t[(0, 3)];
        jacobian.set_row(i, &column.transpose());
        t *= twisted(&(axis * x[i]));
    }
    let m = &jacobian * jacobian.transpose();
    m.determinant().sqrt() + t[(0, 3)] + x[2] * t.column(3).norm()
}

/// The area of a triangle along its normal, where it has one.
#[differentiate(order = 2)]
fn normal(x: &[f64]) -> f64 {
    let (a, b) = (
        Vector3::new(x[0], x[1], x[2]),
        Vector3::new(x[3], x[1], x[2]),
    );
    let across = a.cross(&b);
    match nalgebra::Unit::try_new(across, 1e-6) {
        Some(n) => n.dot(&a.map(|t| t * t)) + across.norm() / 2.0,
        None => a.norm_squared(),
    }
}

#[test]
fn twists_and_normals() {
    tests::agree!(screws, [0.3, -0.5, 0.7]);
    tests::agree!(normal, [0.3, -0.5, 0.7, 0.2]);
    tests::curvature!(normal, [0.3, -0.5, 0.7, 0.2]);
    let parallel = [0.3, -0.5, 0.7, 0.3];
    assert_eq!(normal::grad(&parallel), [0.6, -1.0, 1.4, 0.0]);
    assert_eq!(normal::jvp(&parallel, &[0.0, 0.0, 0.0, 1.0]).1, 0.0);
}

/// A frame that gives its pose and its axes.
#[derive(Clone, autodiff_runtime::Differentiable)]
struct Effector {
    turn: f64,
    shift: Vector3<f64>,
}

#[differentiate]
impl Effector {
    fn pose(&self) -> nalgebra::Isometry3<f64> {
        let turn = nalgebra::UnitQuaternion::from_axis_angle(&Vector3::z_axis(), self.turn);
        nalgebra::Isometry3::from_parts(self.shift.into(), turn)
    }

    fn axes(&self) -> Matrix3<f64> {
        Matrix3::from_diagonal(&(self.shift * self.turn))
    }
}

/// What the methods give is told by their declarations.
#[differentiate]
fn reached(x: &[f64]) -> f64 {
    let e = Effector {
        turn: x[0],
        shift: Vector3::new(x[1], x[2], x[3]),
    };
    let p = nalgebra::Point3::new(x[3], 1.0, x[0]);
    let tip = (e.pose() * p).coords;
    tip.dot(&(e.axes() * tip)) + e.pose().translation.vector.norm()
}

#[test]
fn methods_tell_that_they_give_motions() {
    tests::agree!(reached, [0.3, -0.5, 0.7, 0.2]);
}
