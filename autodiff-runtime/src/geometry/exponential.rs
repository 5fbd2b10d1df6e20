//! Rotations by a vector along the axis, as long as the angle, and by an axis and an angle.
//!
//! The values are nalgebra's, which takes the identity where the angle is zero; the derivatives are those of the smooth functions that the values
//! round, there too.
//!
//! * As a quaternion: `(v / 2 sinc h, cos h)`, `h = |v| / 2`.
//! * As a matrix: `I + sinc |v| K + sinc(h)^2 / 2 K^2`, where `K x = v x x`.
//! * By an axis: `cos a I + sin a K + (1 - cos a) u u^T`, where `K x = u x x`.

use crate::differentiate;
use crate::scalar::Real;
use nalgebra::{Matrix3, Quaternion, RealField, Rotation3, Unit, UnitQuaternion, Vector3, Vector4};

/// `exp(v / 2)`
#[differentiate(order = 2, jvp = exponential_jvp, vjp = exponential_vjp)]
pub fn exponential<T: RealField + Real>(v: &Vector3<T>) -> UnitQuaternion<T> {
    UnitQuaternion::new(*v)
}

#[differentiate]
fn exponential_jvp<T: RealField + Real>(
    v: &Vector3<T>,
    dv: &Vector3<T>,
) -> (UnitQuaternion<T>, Quaternion<T>) {
    let (half, quarter): (T, T) = (nalgebra::convert(0.5), nalgebra::convert(0.25));
    let t = v.norm_squared() * quarter;
    let along = v.dot(dv) * quarter;
    let d = dv * (sinc(t) * half) + v * (sinc_slope(t) * along);
    let coords = Vector4::<T>::new(d.x, d.y, d.z, -(sinc(t) * along));
    (exponential(v), Quaternion::<T> { coords })
}

fn exponential_vjp<T: RealField + Real>(
    v: &Vector3<T>,
) -> (
    UnitQuaternion<T>,
    impl FnOnce(Quaternion<T>) -> Vector3<T> + use<T>,
) {
    let v = *v;
    let pull = move |bar: Quaternion<T>| {
        let (half, quarter): (T, T) = (nalgebra::convert(0.5), nalgebra::convert(0.25));
        let t = v.norm_squared() * quarter;
        let turn = bar.imag();
        turn * (sinc(t) * half) + v * ((sinc_slope(t) * turn.dot(&v) - sinc(t) * bar.w) * quarter)
    };
    (UnitQuaternion::new(v), pull)
}

/// The same as a matrix.
#[differentiate(order = 2, jvp = rotation_vector_jvp, vjp = rotation_vector_vjp)]
pub fn rotation_vector<T: RealField + Real>(v: &Vector3<T>) -> Rotation3<T> {
    Rotation3::new(*v)
}

#[differentiate]
fn rotation_vector_jvp<T: RealField + Real>(
    v: &Vector3<T>,
    dv: &Vector3<T>,
) -> (Rotation3<T>, Matrix3<T>) {
    let (half, quarter): (T, T) = (nalgebra::convert(0.5), nalgebra::convert(0.25));
    let s = v.norm_squared();
    let (whole, part) = (sinc(s), sinc(s * quarter));
    let ds = v.dot(dv) + v.dot(dv);
    let (k, dk) = (v.cross_matrix(), dv.cross_matrix());
    let first = dk * whole + k * (sinc_slope(s) * ds);
    let second = (dk * k + k * dk) * (part * part * half)
        + k * k * (part * sinc_slope(s * quarter) * quarter * ds);
    (rotation_vector(v), first + second)
}

fn rotation_vector_vjp<T: RealField + Real>(
    v: &Vector3<T>,
) -> (Rotation3<T>, impl FnOnce(Matrix3<T>) -> Vector3<T> + use<T>) {
    let v = *v;
    let pull = move |bar: Matrix3<T>| {
        let (half, quarter): (T, T) = (nalgebra::convert(0.5), nalgebra::convert(0.25));
        let (s, k) = (v.norm_squared(), v.cross_matrix());
        let (whole, part) = (sinc(s), sinc(s * quarter));
        let along = sinc_slope(s) * bar.dot(&k)
            + part * sinc_slope(s * quarter) * quarter * bar.dot(&(k * k));
        let turned = bar * whole - (bar * k + k * bar) * (part * part * half);
        turn(&turned) + v * (along + along)
    };
    (Rotation3::new(v), pull)
}

/// The `w` with `<M, [a]> = w . a` for all `a`, where `[a] x = a x x`.
fn turn<T: RealField + Copy>(m: &Matrix3<T>) -> Vector3<T> {
    Vector3::new(
        m[(2, 1)] - m[(1, 2)],
        m[(0, 2)] - m[(2, 0)],
        m[(1, 0)] - m[(0, 1)],
    )
}

/// The rotation that is nearest to a matrix `M`, by nalgebra's iteration: with `S = R^T M` it turns by `w`, `(tr S - S) w = [R^T dM]`, where `[A] . a = <A, [a] x>`.
#[differentiate(order = 2, jvp = nearest_jvp, vjp = nearest_vjp)]
pub fn nearest<T: RealField + Real>(m: &Matrix3<T>) -> Rotation3<T> {
    Rotation3::from_matrix(m)
}

#[differentiate]
fn nearest_jvp<T: RealField + Real>(m: &Matrix3<T>, dm: &Matrix3<T>) -> (Rotation3<T>, Matrix3<T>) {
    let rotation = nearest(m);
    let r: Matrix3<T> = rotation.into_inner();
    let turned = turned_by(&r, m, dm);
    (rotation, turned)
}

fn nearest_vjp<T: RealField + Real>(
    m: &Matrix3<T>,
) -> (Rotation3<T>, impl FnOnce(Matrix3<T>) -> Matrix3<T> + use<T>) {
    let (m, rotation) = (*m, Rotation3::from_matrix(m));
    let pull = move |bar: Matrix3<T>| turned_by(rotation.matrix(), &m, &bar);
    (rotation, pull)
}

/// How the rotation `r` nearest to `m` changes where that changes by `d`: a symmetric map, its own adjoint.
#[differentiate]
fn turned_by<T: RealField + Real>(r: &Matrix3<T>, m: &Matrix3<T>, d: &Matrix3<T>) -> Matrix3<T> {
    let (s, a): (Matrix3<T>, Matrix3<T>) = (r.tr_mul(m), r.tr_mul(d));
    let half: T = nalgebra::convert(0.5);
    let stiffness: Matrix3<T> =
        Matrix3::<T>::from_diagonal_element(s.trace()) - (s + s.transpose()) * half;
    let by: Vector3<T> = Vector3::<T>::new(
        a[(2, 1)] - a[(1, 2)],
        a[(0, 2)] - a[(2, 0)],
        a[(1, 0)] - a[(0, 1)],
    );
    let inverse: Matrix3<T> = stiffness
        .try_inverse()
        .expect("the rotation that is nearest to this matrix has no derivative: there are several");
    let w: Vector3<T> = inverse * by;
    r * w.cross_matrix()
}

/// By an axis and an angle.
#[differentiate(order = 2, jvp = about_jvp, vjp = about_vjp)]
pub fn about<T: RealField + Real>(axis: &Unit<Vector3<T>>, angle: T) -> Rotation3<T> {
    Rotation3::from_axis_angle(axis, angle)
}

#[differentiate]
fn about_jvp<T: RealField + Real>(
    axis: &Unit<Vector3<T>>,
    angle: T,
    d_axis: &Vector3<T>,
    d_angle: T,
) -> (Rotation3<T>, Matrix3<T>) {
    let u: Vector3<T> = Vector3::<T>::new(axis.x, axis.y, axis.z);
    let (sin, cos) = (angle.sin(), angle.cos());
    let by_angle = u.cross_matrix() * cos + (u * u.transpose() - Matrix3::<T>::identity()) * sin;
    let by_axis = d_axis.cross_matrix() * sin
        + (d_axis * u.transpose() + u * d_axis.transpose()) * (T::one() - cos);
    (about(axis, angle), by_angle * d_angle + by_axis)
}

#[allow(clippy::type_complexity)] // that of the rule
fn about_vjp<T: RealField + Real>(
    axis: &Unit<Vector3<T>>,
    angle: T,
) -> (
    Rotation3<T>,
    impl FnOnce(Matrix3<T>) -> (Vector3<T>, T) + use<T>,
) {
    let u = axis.into_inner();
    let pull = move |bar: Matrix3<T>| {
        let (sin, cos) = angle.sin_cos();
        let by_angle = u.cross_matrix() * cos + (u * u.transpose() - Matrix3::identity()) * sin;
        let by_axis = turn(&bar) * sin + (bar + bar.transpose()) * u * (T::one() - cos);
        (by_axis, bar.dot(&by_angle))
    };
    (Rotation3::from_axis_angle(axis, angle), pull)
}

/// `sin h / h` for `t = h^2`
#[differentiate(partials(t = sinc_slope(t)))]
fn sinc<T: RealField + Real>(t: T) -> T {
    if t < T::one() {
        return series(t, 0);
    }
    let h = t.sqrt();
    h.sin() / h
}

/// Its derivative, `(cos h - sinc) / 2 t`
#[differentiate(partials(t = sinc_curvature(t)))]
fn sinc_slope<T: RealField + Real>(t: T) -> T {
    if t < T::one() {
        return series(t, 1);
    }
    (t.sqrt().cos() - sinc(t)) / (t + t)
}

/// Its second derivative, `-(sinc / 2 + 3 sinc') / 2 t`
fn sinc_curvature<T: RealField + Real>(t: T) -> T {
    if t < T::one() {
        return series(t, 2);
    }
    let half: T = nalgebra::convert(0.5);
    let three: T = nalgebra::convert(3.0);
    -(sinc(t) * half + sinc_slope(t) * three) / (t + t)
}

/// A derivative of `sum (-t)^k / (2 k + 1)!`, for small `t`
fn series<T: RealField + Copy>(t: T, derivative: usize) -> T {
    let mut sum = T::zero();
    for k in (derivative..12).rev() {
        let fall: f64 = (0..derivative).map(|i| (k - i) as f64).product();
        let factorial: f64 = (2..2 * k + 2).map(|i| i as f64).product();
        let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
        sum = sum * t + nalgebra::convert(sign * fall / factorial);
    }
    sum
}
