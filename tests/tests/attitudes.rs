//! Powers of rotations, what is between two, what leads from one direction to another; quaternions as numbers.
#![allow(clippy::all)]
use autodiff_runtime::differentiate;
use nalgebra::*;
use tests::agree;

const POINTS: [&[f64]; 2] = [
    &[0.31, -0.42, 0.83, 1.21, 0.72, -0.33, 0.55, 0.94, -0.61],
    &[-0.63, 0.24, 0.41, -0.85, 0.15, 1.02, 0.43, -0.32, 0.74],
];

#[differentiate(order = 2)]
fn powers(x: &[f64]) -> f64 {
    let q = UnitQuaternion::from_euler_angles(x[0], x[1], x[2]);
    let r = Rotation3::from_euler_angles(x[3], x[4], x[5]);
    let v = Vector3::new(x[6], x[7], x[8]);
    let a = q.powf(x[3]).transform_vector(&v);
    let b = r.powf(x[0]).transform_vector(&v);
    let back: Vector3<f64> = r.scaled_axis();
    a.x * b.y + a.z * back.x + back.z.sin()
}

#[differentiate(order = 2)]
fn interpolated(x: &[f64]) -> f64 {
    let a = UnitQuaternion::from_euler_angles(x[0], x[1], x[2]);
    let b = UnitQuaternion::from_euler_angles(x[3], x[4], x[5]);
    let c = Rotation3::from_euler_angles(x[1], x[5], x[2]);
    let d = Rotation3::from_euler_angles(x[2], x[3], x[0]);
    let v = Vector3::new(x[7], 1.0, x[8]);
    let p = a.slerp(&b, x[6]).transform_vector(&v);
    let q = c.slerp(&d, x[6]).transform_vector(&v);
    let r = a.nlerp(&b, x[6]).transform_vector(&v);
    p.x * q.y + r.z * p.z + r.x
}

#[differentiate(order = 2)]
fn differences(x: &[f64]) -> f64 {
    let a = UnitQuaternion::from_euler_angles(x[0], x[1], x[2]);
    let b = UnitQuaternion::from_euler_angles(x[3], x[4], x[5]);
    let (c, d) = (a.to_rotation_matrix(), b.to_rotation_matrix());
    let step: Vector3<f64> = a.rotation_to(&b).scaled_axis();
    let turned = c
        .rotation_to(&d)
        .transform_vector(&Vector3::new(x[6], x[7], x[8]));
    step.x * a.angle_to(&b) + c.angle_to(&d) * turned.y
}

#[differentiate]
fn axes(x: &[f64]) -> f64 {
    let q = UnitQuaternion::from_scaled_axis(Vector3::new(x[0], x[1], x[2]));
    let r = Rotation3::from_euler_angles(x[3], x[4], x[5]);
    let axis = q.axis().unwrap();
    let other = r.axis().expect("a rotation");
    let mut sum = axis.x * other.y + (*axis).dot(&other);
    if let Some((axis, angle)) = q.axis_angle() {
        sum += axis.z * angle;
    }
    if let Some((axis, angle)) = r.axis_angle() {
        sum += axis.x * angle;
    }
    sum
}

#[differentiate(order = 2)]
fn euler_angles(x: &[f64]) -> f64 {
    let q = UnitQuaternion::from_scaled_axis(Vector3::new(x[0], x[1], x[2]));
    let r = Rotation3::new(Vector3::new(x[3], x[4], x[5]) * 0.5);
    let (roll, pitch, yaw) = q.euler_angles();
    let (a, b, c) = r.euler_angles();
    roll * pitch + yaw * a + b * c
}

#[differentiate]
fn from_one_to_another(x: &[f64]) -> f64 {
    let (a, b) = (
        Vector3::new(x[0], x[1], x[2]),
        Vector3::new(x[3], x[4], x[5]),
    );
    let v = Vector3::new(x[6], x[7], x[8]);
    let q = UnitQuaternion::rotation_between(&a, &b).unwrap();
    let p = UnitQuaternion::scaled_rotation_between(&a, &b, x[6]).unwrap();
    let r = Rotation3::rotation_between(&a, &b).unwrap();
    let s = Rotation3::scaled_rotation_between(&a, &b, x[7]).unwrap();
    let (q, r) = (q * v, r * v);
    q.x * r.y + (p * v).z * (s * v).x
}

#[differentiate(order = 2)]
fn views(x: &[f64]) -> f64 {
    let (eye, target) = (Point3::new(x[0], x[1], x[2]), Point3::new(x[3], x[4], x[5]));
    let point = Point3::new(x[6], x[7], x[8]);
    let up = Vector3::new(0.1, 1.0, 0.2);
    let a = Isometry3::look_at_rh(&eye, &target, &up).transform_point(&point);
    let b = Isometry3::look_at_lh(&eye, &target, &up).transform_point(&point);
    let c = IsometryMatrix3::look_at_rh(&eye, &target, &up).transform_point(&point);
    let d = Isometry3::face_towards(&eye, &target, &up).transform_point(&point);
    let dir = target - eye;
    let e = Rotation3::look_at_rh(&dir, &up).transform_point(&point);
    let f = Rotation3::face_towards(&dir, &up).inverse_transform_point(&point);
    let g = UnitQuaternion::look_at_lh(&dir, &up).transform_point(&point);
    let h = UnitQuaternion::face_towards(&dir, &up).transform_point(&point);
    let i = Rotation3::look_at_lh(&dir, &up).transform_point(&point);
    let j = UnitQuaternion::look_at_rh(&dir, &up).transform_point(&point);
    a.x * b.y + c.z * d.x + e.y * f.z + g.x * h.y + i.z * j.x
}

/// In each of the four branches of the conversion.
#[differentiate(order = 2)]
fn by_a_matrix(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for k in 0..4 {
        let far = if k == 0 { 0.0 } else { 3.0 };
        let axis = Vector3::new(
            if k == 1 { far } else { x[0] * 0.2 },
            if k == 2 { far } else { x[1] * 0.2 },
            if k == 3 { far } else { x[2] * 0.2 },
        );
        let r = Rotation3::new(axis);
        let q = UnitQuaternion::from_rotation_matrix(&r);
        let v = q.transform_vector(&Vector3::new(x[3], x[4], x[5]));
        sum += v.x * v.y + q.w * q.i + q.j * q.k;
    }
    sum
}

#[differentiate]
fn numbers(x: &[f64]) -> f64 {
    let q = Quaternion::new(x[0], x[1], x[2], x[3]);
    let p = Quaternion::from_parts(x[4], Vector3::new(x[5], x[6], x[7]));
    let u = Quaternion::from_imag(Vector3::new(x[1], x[8], x[3])) + Quaternion::from_real(x[2]);
    let r = q * p + q.conjugate() * 2.0 - 0.5 * (-u) / x[8];
    let mixed = q.lerp(&p, x[3]).normalize();
    let parts = r.imag().x * r.scalar() + u.vector().y + r.as_vector().norm();
    r.norm()
        + r.w * r.i
        + r.norm_squared() * mixed.j
        + q.dot(&p)
        + parts
        + r.magnitude()
        + u.magnitude_squared()
}

/// One step after the other, as a filter of attitudes makes them.
#[differentiate]
fn attitude(x: &[f64]) -> f64 {
    let mut q = UnitQuaternion::<f64>::identity();
    for u in x.chunks_exact(3) {
        let rate = Quaternion::from_parts(0.0, Vector3::new(u[0], u[1], u[2]));
        let slope = *q * rate * 0.5;
        q = Unit::new_normalize(q.into_inner() + slope * 0.1);
    }
    let down = q.inverse_transform_vector(&Vector3::new(0.0, 0.0, 9.81));
    down.x + down.y * q.quaternion().w + q[0]
}

#[differentiate]
fn directions(x: &[f64]) -> f64 {
    let n = Unit::new_normalize(Vector3::new(x[0], x[1], x[2]));
    let d = Vector3::new(x[3], x[4], x[5]);
    let q = UnitQuaternion::from_euler_angles(x[6], x[7], x[8]);
    let mirrored = d - n.scale(2.0 * n.dot(&d));
    let along = d - 2.0 * n.dot(&d) * n.as_ref() + n.cross_matrix() * d;
    let turned = q * n;
    let moved = Isometry3::from_parts(Translation3::new(x[3], x[4], x[5]), q) * (-turned);
    mirrored.x * along.y + turned.z * moved.x + (*moved).norm_squared() * n.y
}

#[test]
fn functions_of_attitudes() {
    agree!(powers at &POINTS);
    agree!(interpolated at &POINTS);
    agree!(differences at &POINTS);
    agree!(axes at &POINTS);
    agree!(euler_angles at &POINTS);
    agree!(from_one_to_another at &POINTS);
    agree!(views at &POINTS);
    agree!(by_a_matrix at &POINTS);
    agree!(numbers at &POINTS);
    agree!(attitude at &POINTS);
    agree!(directions at &POINTS);
}

type Gradient = fn(&[f64]) -> Vec<f64>;
type Hessian = fn(&[f64]) -> DMatrix<f64>;

#[test]
fn second_derivatives() {
    let functions: [(&str, Gradient, Hessian); 6] = [
        ("powers", powers::grad, powers::hessian),
        ("interpolated", interpolated::grad, interpolated::hessian),
        ("differences", differences::grad, differences::hessian),
        ("euler_angles", euler_angles::grad, euler_angles::hessian),
        ("views", views::grad, views::hessian),
        ("by_a_matrix", by_a_matrix::grad, by_a_matrix::hessian),
    ];
    for (x, (name, grad, hessian)) in POINTS.into_iter().flat_map(|x| functions.map(|f| (x, f))) {
        let hessian = hessian(x);
        for k in 0..x.len() {
            let at = |h: f64| {
                let mut x = x.to_vec();
                x[k] += h;
                grad(&x)
            };
            let (up, down) = (at(1e-6), at(-1e-6));
            for i in 0..x.len() {
                let (slope, found) = ((up[i] - down[i]) / 2e-6, hessian[(i, k)]);
                let error = (found - slope).abs();
                assert!(
                    error < 1e-6 * (1.0 + slope.abs()),
                    "{name} {i} {k} {found} {slope}"
                );
            }
        }
    }
}

/// `exp(u)^n` and what is between `exp(u)` and `exp(v)`, where these are small.
#[differentiate(order = 2)]
fn small(x: &[f64]) -> f64 {
    let (u, v) = (
        Vector3::new(x[0], x[1], x[2]),
        Vector3::new(x[3], x[4], x[5]),
    );
    let (a, b) = (UnitQuaternion::new(u), UnitQuaternion::new(v));
    let (c, d) = (Rotation3::new(u), Rotation3::new(v));
    let power: Vector3<f64> = a.powf(3.0).scaled_axis();
    let turned: Vector3<f64> = c.powf(3.0).scaled_axis();
    let between: Vector3<f64> = a.slerp(&b, 0.25).scaled_axis();
    let turning: Vector3<f64> = c.slerp(&d, 0.25).scaled_axis();
    let w = Vector3::new(5.0, 7.0, -3.0);
    power.dot(&w) + 10.0 * turned.dot(&w) + 100.0 * between.dot(&w) + 1000.0 * turning.dot(&w)
}

/// The logarithm is that of a sum there: all slopes are known.
#[test]
fn small_angles_have_the_slopes_of_their_neighbours() {
    let w = [5.0, 7.0, -3.0];
    for scale in [0.0, 1e-300, 1e-160, 1e-17, 1e-9] {
        let x = [0.3, -0.8, 0.5, 0.3, -0.8, 0.5].map(|v| v * scale);
        let gradient = small::grad(&x);
        for k in 0..3 {
            let by_u = w[k] * (3.0 + 30.0 + 75.0 + 750.0);
            let by_v = w[k] * (25.0 + 250.0);
            assert!(
                (gradient[k] - by_u).abs() < 1e-5,
                "{scale} {k} {} {by_u}",
                gradient[k]
            );
            assert!(
                (gradient[k + 3] - by_v).abs() < 1e-5,
                "{scale} {k} {} {by_v}",
                gradient[k + 3]
            );
        }
        let (value, slope) = small::jvp(&x, &[1.0; 6]);
        assert_eq!(value, small(&x));
        assert!((slope - gradient.iter().sum::<f64>()).abs() < 1e-9 * slope.abs());
        assert!(small::hessian(&x).iter().all(|h| h.is_finite()));
    }
}

/// `b` turns from `a` by `a x b`, where both are nearly the same.
#[differentiate]
fn nearly_parallel(x: &[f64]) -> f64 {
    let (a, b) = (Vector3::new(0.0, 0.0, 2.0), Vector3::new(x[0], x[1], x[2]));
    let q = UnitQuaternion::rotation_between(&a, &b).unwrap();
    let r = Rotation3::rotation_between(&a, &b).unwrap();
    (q * Vector3::new(3.0, 5.0, 7.0)).z + 10.0 * (r * Vector3::new(3.0, 5.0, 7.0)).x
}

#[test]
fn parallel_vectors_have_slopes() {
    for height in [1.0, 4.0] {
        let gradient = nearly_parallel::grad(&[0.0, 0.0, height]);
        let expected = [(-3.0 + 70.0) / height, -5.0 / height, 0.0];
        for (found, expected) in gradient.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }
}

/// There is no rotation from a vector to its opposite, and none at all where nothing turns.
#[differentiate]
fn perhaps(x: &[f64]) -> Option<f64> {
    let q = UnitQuaternion::rotation_between(&Vector3::x(), &Vector3::new(x[0], x[1], x[2]))?;
    let (axis, angle) = q.axis_angle()?;
    Some(axis.z * angle)
}

#[test]
fn what_there_is_not_is_none() {
    assert_eq!(perhaps::grad(&[-2.0, 0.0, 0.0]), None);
    assert_eq!(perhaps::grad(&[2.0, 0.0, 0.0]), None);
    let gradient = perhaps::grad(&[0.0, 2.0, 0.0]).expect("a quarter turn");
    assert!((gradient[0] + 0.5).abs() < 1e-15 && gradient[1].abs() < 1e-15);
}
