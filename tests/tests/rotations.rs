//! Rotations of nalgebra in annotated functions.
#![allow(clippy::all)]
use autodiff_runtime::differentiate;
use nalgebra::*;
use tests::agree;

/// Axis and angle, a vector to rotate.
pub const POINTS: [&[f64]; 3] = [
    &[0.3, -0.4, 0.8, 1.2, 0.7, -0.3],
    &[-1.3, 0.2, 0.1, -2.5, 0.1, 2.0],
    &[0.01, 2.0, -0.5, 3.3, -1.0, 0.4],
];

#[differentiate(order = 2)]
fn weigh(v: &Vector3<f64>) -> f64 {
    v.x + 2.0 * v.y * v.z - 0.3 * v.z
}

#[differentiate(order = 2)]
fn by_axis_and_angle(x: &[f64]) -> f64 {
    let axis = Unit::new_normalize(Vector3::new(x[0], x[1], x[2]));
    let q = UnitQuaternion::from_axis_angle(&axis, x[3]);
    let r = Rotation3::from_axis_angle(&axis, x[3]);
    let v = Vector3::new(x[4], 1.0, x[5]);
    let (a, b) = (q.transform_vector(&v), r.transform_vector(&v));
    weigh(&a) * (1.0 + weigh(&b))
        + q.inverse_transform_vector(&v).x
        + r.inverse_transform_vector(&v).y
}

#[differentiate(order = 2)]
fn by_scaled_axis(x: &[f64]) -> f64 {
    let q = UnitQuaternion::new(Vector3::new(x[0], x[1], x[2]));
    let r = Rotation3::new(Vector3::new(x[1], x[2], x[3]));
    let s = Rotation3::from_scaled_axis(Vector3::new(x[1], x[2], x[3]));
    let t = UnitQuaternion::from_scaled_axis(Vector3::new(x[4], x[5], x[0]));
    let v = t.inverse().transform_vector(&Vector3::new(x[4], 1.0, x[5]));
    let w = r
        .inverse()
        .transform_vector(&q.conjugate().transform_vector(&v));
    weigh(&w) + s.transpose().transform_vector(&v).x
}

#[differentiate(order = 2)]
fn by_euler_angles(x: &[f64]) -> f64 {
    let q = UnitQuaternion::from_euler_angles(x[0], x[1], x[2]);
    let r = Rotation3::from_euler_angles(x[3], x[4], x[5]);
    let p = q.transform_point(&Point3::new(x[3], x[4], 1.0));
    let p = q.inverse_transform_point(&Point3::new(p.x, p.z, p.y));
    p.x * p.y + r.matrix()[(0, 1)] * r.to_homogeneous()[(2, 0)] + q.to_homogeneous()[(1, 2)]
}

#[differentiate(order = 2)]
fn matrices_of_rotations(x: &[f64]) -> f64 {
    let q = UnitQuaternion::from_euler_angles(x[0], x[1], x[2]);
    let r = q.to_rotation_matrix();
    let m = r.into_inner();
    let s = Rotation3::from_matrix_unchecked(Matrix3::new(
        x[0], x[1], x[2], x[3], x[4], x[5], 1.0, 2.0, x[0],
    ));
    let product = r * s;
    m[(0, 1)] * product.matrix()[(1, 2)] + (r * Vector3::new(x[3], x[4], x[5])).y
}

#[differentiate]
fn operators(x: &[f64]) -> f64 {
    let q = UnitQuaternion::new(Vector3::new(x[0], x[1], x[2]));
    let p = UnitQuaternion::from_euler_angles(x[3], x[4], x[5]);
    let both = q * p;
    let v: Vector3<f64> = both * Vector3::new(x[3], -x[4], 1.0);
    let r = Rotation3::from_euler_angles(x[3], x[1], x[5]);
    let w = r * &v + r.inverse() * (q * p.inverse() * v);
    let point = q * Point3::new(x[0], 0.3, x[1]);
    let other = r * Point3::new(point.y, x[2], point.x);
    let m = Matrix3::from_diagonal(&v) * r;
    let n = r * Matrix3::from_diagonal(&v);
    weigh(&w) + other.x * other.z + m[(0, 1)] * n[(2, 1)]
}

#[differentiate(order = 2)]
fn angles(x: &[f64]) -> f64 {
    let q = UnitQuaternion::new(Vector3::new(x[0], x[1], x[2]));
    let r = Rotation3::new(Vector3::new(x[3], x[4], x[5]) * 0.4);
    let flat = Rotation2::new(x[0]);
    let back = q.scaled_axis();
    let turned = flat.inverse().transform_vector(&Vector2::new(x[1], x[2]));
    q.angle() * r.angle() + flat.angle() * back.x + back.y.sin() + turned.x * turned.y
}

#[differentiate(order = 2)]
fn units(x: &[f64]) -> f64 {
    let u = Unit::new_normalize(Vector3::new(x[0], x[1], x[2]));
    let w = Unit::new_unchecked(Vector2::new(x[3], x[4]));
    let v = u.into_inner();
    v.x * v.y + w.into_inner().x * x[5] + v.z.powi(3)
}

#[test]
fn functions_of_rotations() {
    agree!(by_axis_and_angle at &POINTS);
    agree!(by_scaled_axis at &POINTS);
    agree!(by_euler_angles at &POINTS);
    agree!(matrices_of_rotations at &POINTS);
    agree!(operators at &POINTS);
    agree!(angles at &POINTS);
    agree!(units at &POINTS);
}

/// The Hessian against differences of the gradient.
macro_rules! second {
    ($($f:ident),+) => {$(
        for x in POINTS {
            let hessian = $f::hessian(x);
            for k in 0..x.len() {
                let h = 1e-6;
                let (mut up, mut down) = (x.to_vec(), x.to_vec());
                up[k] += h;
                down[k] -= h;
                let (up, down) = ($f::grad(&up), $f::grad(&down));
                for i in 0..x.len() {
                    let slope = (up[i] - down[i]) / (2.0 * h);
                    assert!((hessian[(i, k)] - slope).abs() < 1e-7 * (1.0 + slope.abs()), "{} {i} {k} {} {slope}", stringify!($f), hessian[(i, k)]);
                    assert!((hessian[(i, k)] - hessian[(k, i)]).abs() < 1e-11 * (1.0 + slope.abs()));
                }
            }
        }
    )+};
}

#[test]
fn second_derivatives() {
    second!(
        by_axis_and_angle,
        by_scaled_axis,
        by_euler_angles,
        matrices_of_rotations,
        angles,
        units
    );
}

/// Both rotations by a vector, which may be zero, and back.
#[differentiate(order = 2)]
fn around_zero(v: &[f64]) -> f64 {
    let axis = Vector3::new(v[0], v[1], v[2]);
    let q = UnitQuaternion::new(axis);
    let r = Rotation3::new(axis);
    let (a, b) = (
        q.transform_vector(&Vector3::new(1.0, 2.0, 3.0)),
        r.transform_vector(&Vector3::new(-1.0, 0.5, 2.0)),
    );
    let back: Vector3<f64> = q.scaled_axis();
    a.x * b.y + back.dot(&Vector3::new(5.0, 7.0, -3.0))
}

/// A rotation by a small vector `v`: `a + v x a + v x (v x a) / 2`.
#[test]
fn the_identity_is_a_rotation_like_others() {
    let (a, b) = (Vector3::new(1.0, 2.0, 3.0), Vector3::new(-1.0, 0.5, 2.0));
    let turn = |v: Vector3<f64>, a: &Vector3<f64>| a + v.cross(a) + v.cross(&v.cross(a)) / 2.0;
    let expected =
        |v: Vector3<f64>| turn(v, &a).x * turn(v, &b).y + v.dot(&Vector3::new(5.0, 7.0, -3.0));
    for scale in [0.0, 1e-300, 1e-160, 1e-17, 1e-9] {
        let v = Vector3::new(0.3, -0.8, 0.5) * scale;
        let (gradient, hessian) = (
            around_zero::grad(v.as_slice()),
            around_zero::hessian(v.as_slice()),
        );
        let h = 1e-4;
        for k in 0..3 {
            let step = Vector3::ith(k, h);
            let slope = (expected(step) - expected(-step)) / (2.0 * h);
            assert!(
                (gradient[k] - slope).abs() < 1e-6,
                "{scale} {k} {} {slope}",
                gradient[k]
            );
            for i in 0..3 {
                let other = Vector3::ith(i, h);
                let curvature =
                    (expected(step + other) - expected(step - other) - expected(other - step)
                        + expected(-step - other))
                        / (4.0 * h * h);
                assert!(
                    (hessian[(i, k)] - curvature).abs() < 1e-5,
                    "{scale} {i} {k} {} {curvature}",
                    hessian[(i, k)]
                );
            }
        }
        let (value, slope) = around_zero::jvp(v.as_slice(), &[1.0, 2.0, 3.0]);
        assert_eq!(value, around_zero(v.as_slice()));
        assert!((slope - (gradient[0] + 2.0 * gradient[1] + 3.0 * gradient[2])).abs() < 1e-12);
    }
}

#[differentiate(order = 2)]
fn zero_angle(x: &[f64]) -> f64 {
    let axis = Unit::new_normalize(Vector3::new(x[0], x[1], 0.5));
    Rotation3::from_axis_angle(&axis, x[2])
        .transform_vector(&Vector3::new(1.0, 2.0, 3.0))
        .x
}

#[test]
fn an_angle_of_zero_has_a_slope() {
    let x = [0.3, 0.4, 0.0];
    let axis = Vector3::new(0.3, 0.4, 0.5).normalize();
    let gradient = zero_angle::grad(&x);
    assert!((gradient[2] - axis.cross(&Vector3::new(1.0, 2.0, 3.0)).x).abs() < 1e-15);
    assert_eq!(gradient[..2], [0.0, 0.0]);
    agree!(zero_angle at &[&x]);
}

/// Rotations as parameters: the gradient is that of the numbers they are made of, as if each could change by itself.
#[differentiate]
fn of_rotations(
    q: &UnitQuaternion<f64>,
    r: Rotation3<f64>,
    u: &Unit<Vector3<f64>>,
    angle: f64,
) -> f64 {
    let v = r * (q * Vector3::new(1.0, angle, 2.0))
        + UnitQuaternion::from_axis_angle(u, angle) * Vector3::x();
    v.x * v.y + v.z + q.w * q.i
}

#[test]
fn rotations_are_parameters() {
    let q = UnitQuaternion::from_euler_angles(0.3, -0.4, 1.0);
    let r = Rotation3::from_euler_angles(1.3, 0.2, -0.7);
    let u = Unit::new_normalize(Vector3::new(0.3, 0.4, -0.5));
    let (value, (by_q, by_r, by_u, by_angle)) = of_rotations::value_and_grad(&q, r, &u, 0.7);
    assert_eq!(value, of_rotations(&q, r, &u, 0.7));
    let h = 1e-6;
    for k in 0..4 {
        let at = |h: f64| {
            of_rotations(
                &Unit::new_unchecked(Quaternion::from(q.coords + Vector4::ith(k, h))),
                r,
                &u,
                0.7,
            )
        };
        assert!(((at(h) - at(-h)) / (2.0 * h) - by_q.coords[k]).abs() < 1e-8);
    }
    for k in 0..9 {
        let mut step = Matrix3::zeros();
        step[k] = h;
        let at = |s: f64| {
            of_rotations(
                &q,
                Rotation3::from_matrix_unchecked(r.matrix() + step * s),
                &u,
                0.7,
            )
        };
        assert!(((at(1.0) - at(-1.0)) / (2.0 * h) - by_r[k]).abs() < 1e-8);
    }
    for k in 0..3 {
        let at = |h: f64| {
            of_rotations(
                &q,
                r,
                &Unit::new_unchecked(u.into_inner() + Vector3::ith(k, h)),
                0.7,
            )
        };
        assert!(((at(h) - at(-h)) / (2.0 * h) - by_u[k]).abs() < 1e-8);
    }
    let directions = (
        Quaternion::new(0.1, 0.2, 0.3, 0.4),
        Matrix3::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0),
        Vector3::new(0.5, 0.6, 0.7),
    );
    let (_, slope) = of_rotations::jvp(
        &q,
        r,
        &u,
        0.7,
        &directions.0,
        directions.1,
        &directions.2,
        0.8,
    );
    let product = directions.0.coords.dot(&by_q.coords)
        + directions.1.dot(&by_r)
        + directions.2.dot(&by_u)
        + 0.8 * by_angle;
    assert!((slope - product).abs() < 1e-13 * slope.abs());
}

/// In single precision, and for any float.
#[differentiate]
fn single(x: &[f32]) -> f32 {
    generic(x[0], x[1])
        + (UnitQuaternion::new(Vector3::new(x[0], x[1], 0.2)) * Vector3::new(1.0, x[2], 0.0)).z
}

#[differentiate]
fn generic<T: RealField + Copy>(angle: T, x: T) -> T {
    let axis = Unit::new_normalize(Vector3::new(x, T::one(), angle));
    let q = UnitQuaternion::from_axis_angle(&axis, angle);
    let v: Vector3<T> = q.transform_vector(&Vector3::new(T::one(), x, angle));
    v.x * v.y + v.z
}

#[test]
fn other_floats() {
    let x = [0.3f32, -0.7, 0.4];
    let gradient = single::grad(&x);
    let wide = |x: [f64; 3]| {
        generic(x[0], x[1])
            + (UnitQuaternion::new(Vector3::new(x[0], x[1], 0.2)) * Vector3::new(1.0, x[2], 0.0)).z
    };
    for k in 0..3 {
        let at = |h: f64| {
            let mut x = x.map(f64::from);
            x[k] += h;
            wide(x)
        };
        let slope = (at(1e-6) - at(-1e-6)) / 2e-6;
        assert!(
            (f64::from(gradient[k]) - slope).abs() < 3e-6,
            "{k}: {} {slope}",
            gradient[k]
        );
    }
}
