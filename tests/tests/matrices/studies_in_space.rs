//! Cameras, bodies, arms and meshes in the words of crates with nalgebra.
#![allow(non_snake_case)]

use autodiff_runtime::differentiate;
use nalgebra::{
    self as na, DMatrix, DVector, Isometry3, Matrix2, Matrix2x3, Matrix3, Matrix3x4, Matrix4,
    Matrix6, Point2, Point3, Translation3, Unit, UnitQuaternion, Vector2, Vector3, Vector4,
    Vector6, matrix, vector,
};

use super::studies::studies;

studies! {
    rigid_fit essential reprojection principal_angles elastic_energy truss screw_chain
    jacobian_of_arm bundle procrustes minimum_jerk homography_cost bingham inertia_of_parts
    skinning
}

/// Points carried by the rotation that the exponential of a vector gives, compared with where they were seen.
#[differentiate(order = 2)]
fn rigid_fit(x: &[f64]) -> f64 {
    let pose = Isometry3::new(
        Vector3::new(x[0], x[1], x[2]),
        Vector3::new(x[3], x[4], x[5]),
    );
    let source = [
        Point3::new(1.0, 0.2, -0.4),
        Point3::new(-0.3, 1.1, 0.8),
        Point3::new(0.5, -0.9, 1.7),
    ];
    let target = [
        Point3::new(0.8, 0.1, 0.3),
        Point3::new(x[6], 0.9, 0.2),
        Point3::new(0.4, -1.0, 1.5),
    ];
    source
        .iter()
        .zip(target.iter())
        .map(|(s, t)| (pose * s - t).norm_squared())
        .sum::<f64>()
}

/// Sampson's distance to the epipolar line.
#[differentiate(order = 2)]
fn essential(x: &[f64]) -> f64 {
    let R = UnitQuaternion::from_scaled_axis(Vector3::new(x[0], x[1], x[2])).to_rotation_matrix();
    let t = Unit::new_normalize(Vector3::new(x[3], x[4], 1.0));
    let E = t.cross_matrix() * R.matrix();
    let (a, b) = (Vector3::new(0.2, 0.3, 1.0), Vector3::new(x[5], -0.1, 1.0));
    let (ea, etb) = (E * a, E.tr_mul(&b));
    let n = b.dot(&ea);
    n * n / (ea.xy().norm_squared() + etb.xy().norm_squared())
}

#[differentiate(order = 2)]
fn project(camera: &Matrix3x4<f64>, p: &Point3<f64>) -> Point2<f64> {
    let h = camera * p.to_homogeneous();
    Point2::from(h.xy() / h.z)
}

#[differentiate(order = 2)]
fn reprojection(x: &[f64]) -> f64 {
    let k = Matrix3::new(1.2 + x[0] * 0.1, 0.0, 0.5, 0.0, 1.1, 0.4, 0.0, 0.0, 1.0);
    let turn = UnitQuaternion::from_euler_angles(0.1 * x[1], x[2], 0.2);
    let mut rt = Matrix3x4::zeros();
    rt.fixed_view_mut::<3, 3>(0, 0)
        .copy_from(turn.to_rotation_matrix().matrix());
    rt.set_column(3, &Vector3::new(x[3], x[4], 6.0));
    let camera = k * rt;
    let points = [Point3::new(0.3, x[5], 0.9), Point3::new(-0.7, 0.4, 1.2)];
    let seen = [Point2::new(0.6, 0.5), Point2::new(0.4, 0.7)];
    let mut total = 0.0;
    for (p, s) in points.iter().zip(&seen) {
        total += na::distance_squared(&project(&camera, p), s);
    }
    total
}

/// Between the spans of two pairs of columns.
#[differentiate(order = 2)]
fn principal_angles(x: &[f64]) -> f64 {
    let a = DMatrix::from_column_slice(3, 2, &x[..6]);
    let b = DMatrix::from_row_slice(3, 2, &[1.0, 0.2, 0.1, 1.0, 0.3, -0.5]);
    let (qa, qb) = (a.qr().q(), b.qr().q());
    let cosines = (qa.transpose() * qb).singular_values();
    cosines.iter().map(|c| (c * 0.9).acos().powi(2)).sum()
}

/// Of a tetrahedron of Neo-Hookean material.
#[differentiate(order = 2)]
fn elastic_energy(x: &[f64]) -> f64 {
    let (mu, lambda) = (1.3, 0.7);
    let rest = Matrix3::from_columns(&[
        Vector3::x() * 1.1,
        Vector3::y(),
        Vector3::new(0.1, 0.2, 1.0),
    ]);
    let p0 = Vector3::new(x[0], x[1], x[2]) * 0.1;
    let edges = Matrix3::from_columns(&[
        Vector3::new(1.2, 0.1 * x[3], 0.0) - p0,
        Vector3::new(0.1, 1.1, x[4] * 0.2) - p0,
        Vector3::new(0.0, 0.2 * x[5], 1.3) - p0,
    ]);
    let deformation = edges * rest.try_inverse().unwrap();
    let j = deformation.determinant();
    let ic = (deformation.transpose() * deformation).trace();
    let volume = rest.determinant() / 6.0;
    volume * (0.5 * mu * (ic - 3.0) - mu * j.ln() + 0.5 * lambda * j.ln().powi(2))
}

/// Stiffness put together bar by bar, and the energy of a load.
#[differentiate(order = 2)]
fn truss(x: &[f64]) -> f64 {
    let nodes = [
        Point2::new(0.0, 0.0),
        Point2::new(1.0, 0.1 * x[0]),
        Point2::new(0.4, 1.0 + 0.2 * x[1]),
    ];
    let bars = [(0usize, 1usize), (1, 2), (0, 2)];
    let mut stiffness = DMatrix::<f64>::identity(6, 6) * 0.05;
    for (k, &(a, b)) in bars.iter().enumerate() {
        let d = nodes[b] - nodes[a];
        let length = d.norm();
        let u = d / length;
        let block = u * u.transpose() * ((1.0 + x[k + 2] * x[k + 2]) / length);
        for (p, q, sign) in [(a, a, 1.0), (b, b, 1.0), (a, b, -1.0), (b, a, -1.0)] {
            let mut part = stiffness.fixed_view_mut::<2, 2>(2 * p, 2 * q);
            part += block * sign;
        }
    }
    let load = DVector::from_vec(vec![0.0, 0.0, 0.3, -1.0, x[5], 0.0]);
    let u = stiffness.cholesky().unwrap().solve(&load);
    0.5 * load.dot(&u)
}

#[differentiate(order = 2)]
fn adjoint_of(t: &Isometry3<f64>) -> Matrix6<f64> {
    let r = *t.rotation.to_rotation_matrix().matrix();
    let mut ad = Matrix6::zeros();
    ad.fixed_view_mut::<3, 3>(0, 0).copy_from(&r);
    ad.fixed_view_mut::<3, 3>(3, 3).copy_from(&r);
    ad.fixed_view_mut::<3, 3>(3, 0)
        .copy_from(&(t.translation.vector.cross_matrix() * r));
    ad
}

#[differentiate(order = 2)]
fn screw_chain(x: &[f64]) -> f64 {
    let mut t = Isometry3::identity();
    let mut twist = Vector6::zeros();
    for i in 0..3 {
        let axis = if i % 2 == 0 {
            Vector3::z_axis()
        } else {
            Vector3::y_axis()
        };
        let joint = UnitQuaternion::from_axis_angle(&axis, x[i]);
        t *= Translation3::new(0.3, 0.1 * x[i + 3], 0.0) * joint;
        let screw = Vector6::new(axis.x, axis.y, axis.z, 0.0, 0.0, x[i + 6]);
        twist += adjoint_of(&t) * screw * (0.5 + i as f64);
    }
    twist.norm_squared() + t.translation.vector.x
}

/// The geometric Jacobian of a planar arm and its manipulability.
#[differentiate(order = 2)]
fn jacobian_of_arm(x: &[f64]) -> f64 {
    let links = [1.0, 0.7, 0.4];
    let mut jacobian = Matrix2x3::zeros();
    for j in 0..3 {
        for i in j..3 {
            let angle: f64 = x[..=i].iter().sum();
            jacobian[(0, j)] -= links[i] * angle.sin();
            jacobian[(1, j)] += links[i] * angle.cos();
        }
    }
    let m = jacobian * jacobian.transpose();
    let damped = m + Matrix2::identity() * 0.01;
    let step = jacobian.transpose() * damped.try_inverse().unwrap() * Vector2::new(x[3], x[4]);
    m.determinant().sqrt() + step.norm()
}

/// Normal equations put together in blocks and the Schur complement.
#[differentiate(order = 2)]
fn bundle(x: &[f64]) -> f64 {
    let j = DMatrix::from_fn(6, 4, |i, k| {
        (x[(i + k) % 12] * (1.0 + 0.3 * (i * k) as f64)).sin()
    });
    let r = DVector::from_iterator(6, x.iter().take(6).map(|v| v.cos()));
    let h = j.tr_mul(&j) + DMatrix::identity(4, 4);
    let g = j.tr_mul(&r);
    let (a, b) = (h.view((0, 0), (2, 2)), h.view((0, 2), (2, 2)));
    let c = h.view((2, 2), (2, 2)).into_owned();
    let c_inv = c.try_inverse().unwrap();
    let s = a - b * &c_inv * b.transpose();
    let rhs = g.rows(0, 2) - b * &c_inv * g.rows(2, 2);
    let step = s.lu().solve(&rhs).unwrap();
    step.norm_squared()
}

/// Kabsch: the rotation nearest to a correlation.
#[differentiate(order = 2)]
fn procrustes(x: &[f64]) -> f64 {
    let h = Matrix3::from_row_slice(&x[..9]) + Matrix3::from_diagonal(&Vector3::new(1.0, 3.0, 5.0));
    let svd = h.svd(true, true);
    let (u, v_t) = (svd.u.unwrap(), svd.v_t.unwrap());
    let d = (u * v_t).determinant().signum();
    let fix = Matrix3::from_diagonal(&Vector3::new(1.0, 1.0, d));
    let r = u * fix * v_t;
    (r * Vector3::new(x[9], x[10], x[11])).x + r.trace()
}

#[differentiate(order = 2)]
fn minimum_jerk(x: &[f64]) -> f64 {
    let t = 1.0 + x[0] * x[0];
    let powers = |k: i32| t.powi(k);
    let m = matrix![
        powers(3), powers(4), powers(5);
        3.0 * powers(2), 4.0 * powers(3), 5.0 * powers(4);
        6.0 * powers(1), 12.0 * powers(2), 20.0 * powers(3)
    ];
    let b = vector![x[1] - x[2] * t, -x[2], x[3]];
    let c = m.lu().solve(&b).unwrap();
    c.iter()
        .enumerate()
        .map(|(i, c)| c * c * (i + 1) as f64)
        .sum()
}

#[differentiate(order = 2)]
fn homography_cost(x: &[f64]) -> f64 {
    let mut h = Matrix3::from_iterator(x.iter().take(9).map(|v| v * 0.1));
    h.fill_diagonal(1.0);
    h[(2, 1)] = 0.1 * x[9];
    let corners = [
        Point2::new(0.0, 0.0),
        Point2::new(1.0, 0.0),
        Point2::new(1.0, 1.0),
        Point2::new(0.0, 1.0),
    ];
    corners
        .iter()
        .map(|c| {
            let moved = h.transform_point(c);
            (moved - Point2::new(0.5, 0.5)).norm()
        })
        .sum()
}

/// A quadratic form of a quaternion, and the matrix of products from the left.
#[differentiate(order = 2)]
fn bingham(x: &[f64]) -> f64 {
    let q = na::Quaternion::new(x[0], x[1], x[2], x[3]).normalize();
    let [w, i, j, k] = [q.w, q.i, q.j, q.k];
    let left = Matrix4::new(w, -i, -j, -k, i, w, -k, j, j, k, w, -i, k, -j, i, w);
    let z = Matrix4::from_diagonal(&Vector4::new(-3.0, x[4], -0.5, 0.0));
    let c = left * z * left.transpose();
    let v = Vector4::new(x[5], x[6], x[7], 1.0);
    v.dot(&(c * v)).exp()
}

/// Parallel axes: what several bodies have together.
#[differentiate(order = 2)]
fn inertia_of_parts(x: &[f64]) -> f64 {
    let masses = [1.0 + x[0] * x[0], 0.5, 2.0];
    let centres: [Point3<f64>; 3] = [
        Point3::origin(),
        Point3::new(x[1], x[2], 0.3),
        Point3::new(0.1, x[3], x[4]),
    ];
    let total: f64 = masses.iter().sum();
    let com = Point3::from(
        masses
            .iter()
            .zip(&centres)
            .map(|(m, c)| c.coords * *m)
            .sum::<Vector3<f64>>()
            / total,
    );
    let mut inertia = Matrix3::identity() * 0.1;
    for (m, c) in masses.iter().zip(centres.iter()) {
        let r = c - com;
        inertia += (Matrix3::identity() * r.dot(&r) - r * r.transpose()) * *m;
    }
    let omega = Vector3::new(x[5], x[6], x[7]);
    0.5 * omega.dot(&(inertia * omega)) + inertia.symmetric_eigenvalues().max()
}

#[differentiate(order = 2)]
fn skinning(x: &[f64]) -> f64 {
    let bones = [
        Isometry3::rotation(Vector3::new(0.0, x[0], 0.2)).to_homogeneous(),
        Isometry3::translation(x[1], 0.3, x[2]).to_homogeneous(),
    ];
    let raw = [x[3].exp(), x[4].exp()];
    let sum: f64 = raw.iter().sum();
    let blended = bones
        .iter()
        .zip(&raw)
        .fold(Matrix4::zeros(), |m, (b, w)| m + b * (w / sum));
    let v = blended.transform_point(&Point3::new(x[5], 0.4, -0.2));
    let n = blended.transform_vector(&Vector3::new(0.0, x[6], 1.0));
    v.coords.dot(&n)
}
