//! Rigid motions of nalgebra in annotated functions: isometries, translations, rotations of the plane.
#![allow(clippy::all)]
use autodiff_runtime::{Differentiable, differentiate};
use nalgebra::*;
use tests::agree;

const POINTS: [&[f64]; 2] = [
    &[
        0.31, -0.42, 0.83, 1.21, 0.72, -0.33, 0.55, 0.94, -0.61, 0.27, 1.13, 0.48, -0.25, 0.66,
        0.37,
    ],
    &[
        -0.63, 0.24, 0.41, -0.85, 0.15, 1.02, 0.43, -0.32, 0.74, 1.16, -0.27, 0.68, 0.9, -0.4, 0.23,
    ],
];

#[differentiate]
fn pose_composition(x: &[f64]) -> f64 {
    let a = Isometry3::new(
        Vector3::new(x[0], x[1], x[2]),
        Vector3::new(x[3], x[4], x[5]),
    );
    let b = Isometry3::from_parts(
        Translation3::new(x[6], x[7], x[8]),
        UnitQuaternion::from_euler_angles(x[9], x[10], x[11]),
    );
    let c = a * b;
    let p = c * Point3::new(x[12], x[13], x[14]);
    let q = a.inverse() * p;
    p.x * q.y + q.z
}

/// What joins two poses of a graph of them.
#[differentiate]
fn relative_pose(x: &[f64]) -> f64 {
    let pose = |v: &[f64]| {
        Isometry3::from_parts(
            Translation3::from(Vector3::new(v[0], v[1], v[2])),
            UnitQuaternion::from_scaled_axis(Vector3::new(v[3], v[4], v[5])),
        )
    };
    let (a, b) = (pose(&x[0..6]), pose(&x[6..12]));
    let error = a.inv_mul(&b);
    let again = a.inverse() * b;
    let turned: Vector3<f64> = error.rotation.scaled_axis();
    turned.norm_squared() + 2.0 * error.translation.vector.norm_squared() + again.translation.x
}

#[differentiate(order = 2)]
fn points_and_vectors(x: &[f64]) -> f64 {
    let pose = Isometry3::new(
        Vector3::new(x[0], x[1], x[2]),
        Vector3::new(x[3], x[4], x[5]),
    );
    let point = Point3::new(x[6], x[7], x[8]);
    let vector = Vector3::new(x[9], x[10], x[11]);
    let p = pose.transform_point(&point);
    let v = pose.transform_vector(&vector);
    let q = pose.inverse_transform_point(&point);
    let w = pose.inverse().inverse_transform_vector(&v);
    let m = pose.to_homogeneous() * Vector4::new(x[6], x[7], x[8], 1.0);
    p.coords.dot(&v) + q.x * w.y + m.x * m.z + pose.to_matrix()[(0, 3)]
}

#[differentiate(order = 2)]
fn poses_of_the_plane(x: &[f64]) -> f64 {
    let a = Isometry2::new(Vector2::new(x[0], x[1]), x[2]);
    let b = Isometry2::new(Vector2::new(x[3], x[4]), x[5]);
    let d = a.inv_mul(&b);
    let p = d.transform_point(&Point2::new(x[6], x[7]));
    let q = d
        .inverse()
        .inverse_transform_point(&Point2::new(x[8], x[9]));
    let m = Isometry2::rotation(x[10]).to_homogeneous()
        * Isometry2::translation(x[11], x[0]).to_matrix();
    d.translation.x * p.y + d.rotation.angle().sin() + q.x * q.y + m[(0, 2)] * m[(0, 1)]
}

/// Dead reckoning.
#[differentiate]
fn odometry(x: &[f64]) -> f64 {
    let mut pose = Isometry2::identity();
    for u in x.chunks_exact(3) {
        pose = pose * Isometry2::new(Vector2::new(u[0], u[1]), u[2]);
    }
    pose.translation.vector.norm_squared() + pose.rotation.angle()
}

#[differentiate(order = 2)]
fn unit_complex(x: &[f64]) -> f64 {
    let r = UnitComplex::new(x[0]);
    let s = UnitComplex::from_angle(x[1]);
    let t = UnitComplex::from_cos_sin_unchecked(x[2], x[3]);
    let u = UnitComplex::rotation_between(&Vector2::new(x[4], x[5]), &Vector2::new(x[6], x[7]));
    let v = r.transform_vector(&Vector2::new(x[8], x[9]));
    let w = s.inverse_transform_vector(&t.inverse().transform_vector(&v));
    let p = u.transform_point(&Point2::new(x[10], x[11]));
    let q = u.conjugate().inverse_transform_point(&p);
    let m = r.slerp(&u, x[12]).to_rotation_matrix();
    let back = UnitComplex::from_rotation_matrix(&m).powf(x[13]);
    let angles = r.rotation_to(&u).angle() + s.angle_to(&u) + t.cos_angle() * t.sin_angle();
    w.x * w.y + q.x + p.y + back.re * back.im + angles
}

#[differentiate]
fn products_in_the_plane(x: &[f64]) -> f64 {
    let (r, s) = (UnitComplex::new(x[0]), UnitComplex::new(x[1]));
    let v = (r * s) * Vector2::new(x[2], x[3]);
    let p = r * Point2::new(v.x, x[4]);
    let turned = Isometry2::new(Vector2::new(x[5], x[6]), x[7]) * s;
    let both = r * turned;
    let last = Translation2::new(x[8], x[9]) * s * Translation2::new(x[10], x[11]);
    let q = both * last * p;
    q.x * q.y + (r * s).angle()
}

#[differentiate]
fn products_in_space(x: &[f64]) -> f64 {
    let t = Translation3::new(x[0], x[1], x[2]);
    let q = UnitQuaternion::from_euler_angles(x[3], x[4], x[5]);
    let r = Rotation3::from_euler_angles(x[6], x[7], x[8]);
    let pose = t * q;
    let matrix = t * r;
    let far = q * pose * t * q.inverse();
    let turned = (r * matrix * r) * Translation3::new(x[9], 0.0, x[10]);
    let moved = (t * turned) * Vector3::new(x[9], x[10], x[11]);
    let p = (q * t) * (far * Point3::new(x[11], x[12], x[13]));
    let s = (r * t).inverse() * Point3::new(x[11], x[12], x[13]);
    let both = t * Translation3::from(Vector3::new(x[12], x[13], x[14])) * p;
    p.x * s.y
        + moved.norm()
        + both.z
        + t.inverse().transform_point(&p).x
        + t.inverse_transform_point(&s).y
        + t.to_homogeneous()[(1, 3)]
}

/// Joints of a robot, one after the other.
#[differentiate]
fn joints(x: &[f64]) -> f64 {
    let axes = [Vector3::z_axis(), Vector3::y_axis(), Vector3::x_axis()];
    let mut pose = Isometry3::identity();
    for (i, axis) in axes.iter().enumerate() {
        pose *= Isometry3::from_parts(
            Translation3::new(0.0, 0.0, x[i + 3]),
            UnitQuaternion::from_axis_angle(axis, x[i]),
        );
    }
    let tool = pose * Translation3::new(x[6], 0.0, 0.0);
    tool.translation.vector.norm() + (pose.rotation * Vector3::x()).y
}

#[derive(Clone, Debug, Differentiable)]
struct Camera {
    pose: Isometry3<f64>,
    focal: f64,
    k1: f64,
    k2: f64,
}

#[differentiate(self)]
impl Camera {
    fn project(&self, p: &Point3<f64>) -> Point2<f64> {
        let c = self.pose * p;
        let n = Point2::new(-c.x / c.z, -c.y / c.z);
        let r2 = n.coords.norm_squared();
        n * (self.focal * (1.0 + self.k1 * r2 + self.k2 * r2 * r2))
    }
}

#[differentiate]
fn camera(x: &[f64]) -> f64 {
    let pose = Isometry3::new(
        Vector3::new(x[0], x[1], x[2] - 5.0),
        Vector3::new(x[3], x[4], x[5]),
    );
    let camera = Camera {
        pose,
        focal: x[6],
        k1: x[7],
        k2: x[8],
    };
    let mut cost = 0.0;
    for p in x[9..15].chunks_exact(3) {
        let seen = camera.project(&Point3::new(p[0], p[1], p[2]));
        cost += (seen - Point2::new(0.1, 0.2)).norm_squared();
    }
    cost
}

/// The intrinsics as a matrix.
#[differentiate]
fn reprojection(x: &[f64]) -> f64 {
    let pose = IsometryMatrix3::new(
        Vector3::new(x[0], x[1], 4.0 + x[2]),
        Vector3::new(x[3], x[4], x[5]),
    );
    let k = Matrix3::new(x[6] + 2.0, 0.0, 0.5, 0.0, x[6] + 2.0, 0.4, 0.0, 0.0, 1.0);
    let mut cost = 0.0;
    for p in x[9..15].chunks_exact(3) {
        let seen = pose * Point3::new(p[0], p[1], p[2]);
        let image = k * seen.coords;
        let mut residual = Point2::new(image.x / image.z, image.y / image.z);
        residual.coords -= Vector2::new(0.1, 0.2);
        cost += residual.coords.norm_squared();
    }
    cost
}

#[differentiate]
fn what_is_in_a_unit(x: &[f64]) -> f64 {
    let u = Unit::new_normalize(Vector3::new(x[0], x[1], x[2]));
    let n = UnitVector3::new_normalize(Vector3::new(x[3], x[4], x[5]));
    let (c, d) = (u.dot(&n), u.cross(&n));
    let s = *u * 2.0 + n.into_inner();
    let r = *Rotation2::new(x[6]).matrix();
    c + d.norm() + s.x + r[(0, 1)] * r[(0, 0)]
}

#[test]
fn functions_of_motions() {
    agree!(pose_composition at &POINTS);
    agree!(relative_pose at &POINTS);
    agree!(points_and_vectors at &POINTS);
    agree!(poses_of_the_plane at &POINTS);
    agree!(odometry at &POINTS);
    agree!(unit_complex at &POINTS);
    agree!(products_in_the_plane at &POINTS);
    agree!(products_in_space at &POINTS);
    agree!(joints at &POINTS);
    agree!(camera at &POINTS);
    agree!(reprojection at &POINTS);
    agree!(what_is_in_a_unit at &POINTS);
}

#[test]
fn second_derivatives() {
    for x in POINTS {
        for (f, grad, hessian) in [
            (
                "points_and_vectors",
                points_and_vectors::grad as fn(&[f64]) -> Vec<f64>,
                points_and_vectors::hessian as fn(&[f64]) -> DMatrix<f64>,
            ),
            (
                "poses_of_the_plane",
                poses_of_the_plane::grad,
                poses_of_the_plane::hessian,
            ),
            ("unit_complex", unit_complex::grad, unit_complex::hessian),
        ] {
            let hessian = hessian(x);
            for k in 0..x.len() {
                let h = 1e-6;
                let at = |h: f64| {
                    let mut x = x.to_vec();
                    x[k] += h;
                    grad(&x)
                };
                let (up, down) = (at(h), at(-h));
                for i in 0..x.len() {
                    let slope = (up[i] - down[i]) / (2.0 * h);
                    let error = (hessian[(i, k)] - slope).abs();
                    assert!(
                        error < 1e-7 * (1.0 + slope.abs()),
                        "{f} {i} {k} {} {slope}",
                        hessian[(i, k)]
                    );
                }
            }
        }
    }
}

/// Motions as parameters: the gradient has their fields.
#[differentiate]
fn residual(pose: &Isometry3<f64>, flat: Isometry2<f64>, shift: &Translation3<f64>) -> f64 {
    let p = pose * (shift * Point3::new(0.1, 0.2, 0.3));
    let q = flat * Point2::new(p.x, p.y);
    q.x * q.y + p.z
}

#[test]
fn motions_are_parameters() {
    let pose = Isometry3::new(Vector3::new(0.1, -0.4, 0.9), Vector3::new(0.5, 0.2, -0.3));
    let flat = Isometry2::new(Vector2::new(0.7, 0.3), 0.8);
    let shift = Translation3::new(1.0, -0.5, 0.25);
    let (value, (by_pose, by_flat, by_shift)) = residual::value_and_grad(&pose, flat, &shift);
    assert_eq!(value, residual(&pose, flat, &shift));
    let h = 1e-6;
    let slope = |at: &dyn Fn(f64) -> f64| (at(h) - at(-h)) / (2.0 * h);
    for k in 0..3 {
        let by_translation = slope(&|h| {
            let mut pose = pose;
            pose.translation.vector[k] += h;
            residual(&pose, flat, &shift)
        });
        assert!((by_translation - by_pose.translation.vector[k]).abs() < 1e-8);
        let by_vector = slope(&|h| {
            residual(
                &pose,
                flat,
                &Translation3::from(shift.vector + Vector3::ith(k, h)),
            )
        });
        assert!((by_vector - by_shift.vector[k]).abs() < 1e-8);
    }
    for k in 0..4 {
        let by_number = slope(&|h| {
            let mut pose = pose;
            let coords = pose.rotation.coords + Vector4::ith(k, h);
            pose.rotation = Unit::new_unchecked(Quaternion { coords });
            residual(&pose, flat, &shift)
        });
        assert!((by_number - by_pose.rotation.coords[k]).abs() < 1e-8);
    }
    let by_re = slope(&|h| {
        let mut flat = flat;
        flat.rotation = Unit::new_unchecked(Complex::new(flat.rotation.re + h, flat.rotation.im));
        residual(&pose, flat, &shift)
    });
    assert!((by_re - by_flat.rotation.re).abs() < 1e-8);
    let (_, along) = residual::jvp(&pose, flat, &shift, &by_pose, by_flat, &by_shift);
    let rotation = by_pose.rotation.coords.norm_squared() + by_flat.rotation.norm_sqr();
    let translation = by_pose.translation.vector.norm_squared()
        + by_flat.translation.vector.norm_squared()
        + by_shift.vector.norm_squared();
    assert!((along - rotation - translation).abs() < 1e-12);
}

#[differentiate(order = 2)]
fn part_of_way(x: &[f64]) -> f64 {
    let a = Isometry3::new(Vector3::new(0.0, x[0], 1.0), Vector3::new(x[1], x[2], 0.3));
    let b = Isometry3::new(Vector3::new(x[3], 0.0, 1.0), Vector3::new(0.1, x[4], x[5]));
    let (c, d) = (
        Rotation3::new(a.rotation.scaled_axis()),
        Rotation3::new(b.rotation.scaled_axis()),
    );
    let matrices = IsometryMatrix3::from_parts(a.translation, c)
        .lerp_slerp(&IsometryMatrix3::from_parts(b.translation, d), x[0]);
    let p = Point3::new(0.1, 0.2, 0.3);
    (a.lerp_slerp(&b, 0.3) * p).coords.norm_squared() + (matrices * p).x
}

#[test]
fn interpolated() {
    let points: [&[f64]; 2] = [
        &[0.7, -0.4, 0.9, 1.3, 0.2, -0.8],
        &[0.2, 0.3, 1.1, -0.7, 0.15, 0.5],
    ];
    tests::agree!(part_of_way at &points);
    tests::curvature!(part_of_way at &points);
}
