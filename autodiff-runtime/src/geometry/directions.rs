//! Rotations of space by what they map to what, and their angles.

use super::exponential::{exponential, nearest};
use super::primitives::{matrix, rotation, rotation_turning, turning, unit_quaternion};
use super::unit_quaternions::{logarithm, matrix_of};
use crate::differentiate;
use crate::scalar::Real;
use crate::tangent::Differentiable;
use nalgebra::{Matrix3, RealField, Rotation3, UnitQuaternion, Vector3, Vector4};

/// Directions of `UnitQuaternion`.
#[differentiate(self, order = 2)]
pub trait QuaternionDirections<T: RealField + Real>: Differentiable {
    /// By a matrix.
    fn from_rotation_matrix(r: &Rotation3<T>) -> UnitQuaternion<T>;
    /// The nearest rotation to a matrix.
    fn from_matrix(m: &Matrix3<T>) -> UnitQuaternion<T>;
    /// That of a rotation by a matrix.
    fn from(r: Rotation3<T>) -> UnitQuaternion<T>;
    /// From one vector to another, the shortest way.
    fn rotation_between(a: &Vector3<T>, b: &Vector3<T>) -> Option<UnitQuaternion<T>>;
    /// A multiple of that.
    fn scaled_rotation_between(a: &Vector3<T>, b: &Vector3<T>, n: T) -> Option<UnitQuaternion<T>>;
    /// The third axis along `dir`.
    fn face_towards(dir: &Vector3<T>, up: &Vector3<T>) -> UnitQuaternion<T>;
    /// The view along `dir`, in a right-handed system.
    fn look_at_rh(dir: &Vector3<T>, up: &Vector3<T>) -> UnitQuaternion<T>;
    /// The view along `dir`, in a left-handed system.
    fn look_at_lh(dir: &Vector3<T>, up: &Vector3<T>) -> UnitQuaternion<T>;
    /// The angles that `from_euler_angles` takes.
    fn euler_angles(&self) -> (T, T, T);
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> QuaternionDirections<T> for UnitQuaternion<T> {
    fn from_rotation_matrix(r: &Rotation3<T>) -> UnitQuaternion<T> {
        let m: Matrix3<T> = matrix(r);
        quaternion_of(&m)
    }

    fn from_matrix(m: &Matrix3<T>) -> UnitQuaternion<T> {
        let near: Matrix3<T> = matrix(&nearest(m));
        quaternion_of(&near)
    }

    fn from(r: Rotation3<T>) -> UnitQuaternion<T> {
        let m: Matrix3<T> = matrix(&r);
        quaternion_of(&m)
    }

    fn rotation_between(a: &Vector3<T>, b: &Vector3<T>) -> Option<UnitQuaternion<T>> {
        if is_there_one(a, b) {
            Some(turning(&turn(a, b, T::one()), *a, *b, T::one()))
        } else {
            None
        }
    }

    fn scaled_rotation_between(a: &Vector3<T>, b: &Vector3<T>, n: T) -> Option<UnitQuaternion<T>> {
        if is_there_one(a, b) {
            Some(turning(&turn(a, b, n), *a, *b, n))
        } else {
            None
        }
    }

    fn face_towards(dir: &Vector3<T>, up: &Vector3<T>) -> UnitQuaternion<T> {
        quaternion_of(&facing(dir, up))
    }

    fn look_at_rh(dir: &Vector3<T>, up: &Vector3<T>) -> UnitQuaternion<T> {
        let q = quaternion_of(&facing(&-dir, up));
        unit_quaternion(&Vector4::<T>::new(-q.i, -q.j, -q.k, q.w))
    }

    fn look_at_lh(dir: &Vector3<T>, up: &Vector3<T>) -> UnitQuaternion<T> {
        let q = quaternion_of(&facing(dir, up));
        unit_quaternion(&Vector4::<T>::new(-q.i, -q.j, -q.k, q.w))
    }

    fn euler_angles(&self) -> (T, T, T) {
        angles_of(&matrix_of(self.i, self.j, self.k, self.w))
    }
}

/// Directions of `Rotation3`.
#[differentiate(self, order = 2)]
pub trait RotationDirections<T: RealField + Real>: Differentiable {
    /// From one vector to another, the shortest way.
    fn rotation_between(a: &Vector3<T>, b: &Vector3<T>) -> Option<Rotation3<T>>;
    /// A multiple of that.
    fn scaled_rotation_between(a: &Vector3<T>, b: &Vector3<T>, n: T) -> Option<Rotation3<T>>;
    /// The third axis along `dir`.
    fn face_towards(dir: &Vector3<T>, up: &Vector3<T>) -> Rotation3<T>;
    /// The view along `dir`, in a right-handed system.
    fn look_at_rh(dir: &Vector3<T>, up: &Vector3<T>) -> Rotation3<T>;
    /// The view along `dir`, in a left-handed system.
    fn look_at_lh(dir: &Vector3<T>, up: &Vector3<T>) -> Rotation3<T>;
    /// The angles that `from_euler_angles` takes.
    fn euler_angles(&self) -> (T, T, T);
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> RotationDirections<T> for Rotation3<T> {
    fn rotation_between(a: &Vector3<T>, b: &Vector3<T>) -> Option<Rotation3<T>> {
        if is_there_one(a, b) {
            Some(rotation_turning(
                &turn_as_matrix(a, b, T::one()),
                *a,
                *b,
                T::one(),
            ))
        } else {
            None
        }
    }

    fn scaled_rotation_between(a: &Vector3<T>, b: &Vector3<T>, n: T) -> Option<Rotation3<T>> {
        if is_there_one(a, b) {
            Some(rotation_turning(&turn_as_matrix(a, b, n), *a, *b, n))
        } else {
            None
        }
    }

    fn face_towards(dir: &Vector3<T>, up: &Vector3<T>) -> Rotation3<T> {
        rotation(&facing(dir, up))
    }

    fn look_at_rh(dir: &Vector3<T>, up: &Vector3<T>) -> Rotation3<T> {
        let m: Matrix3<T> = facing(&-dir, up);
        rotation(&m.transpose())
    }

    fn look_at_lh(dir: &Vector3<T>, up: &Vector3<T>) -> Rotation3<T> {
        let m: Matrix3<T> = facing(dir, up);
        rotation(&m.transpose())
    }

    fn euler_angles(&self) -> (T, T, T) {
        let m: Matrix3<T> = matrix(self);
        angles_of(&m)
    }
}

/// Is there a shortest rotation?
fn is_there_one<T: RealField + Real>(a: &Vector3<T>, b: &Vector3<T>) -> bool {
    UnitQuaternion::rotation_between(a, b).is_some()
}

/// `exp(n log q)` for the `q` that leads from `a` to `b`: `(a x b, 1 + a . b)` for vectors of length one.
#[differentiate(order = 2)]
fn turn<T: RealField + Real>(a: &Vector3<T>, b: &Vector3<T>, n: T) -> UnitQuaternion<T> {
    if a.norm_squared() > T::zero() && b.norm_squared() > T::zero() {
        let (a, b): (Vector3<T>, Vector3<T>) = (a.normalize(), b.normalize());
        let axis: Vector3<T> = a.cross(&b);
        let angle: Vector3<T> = logarithm(&axis, T::one() + a.dot(&b));
        exponential(&(angle * n))
    } else {
        unit_quaternion(&Vector4::<T>::new(
            T::zero(),
            T::zero(),
            T::zero(),
            T::one(),
        ))
    }
}

#[differentiate(order = 2)]
fn turn_as_matrix<T: RealField + Real>(a: &Vector3<T>, b: &Vector3<T>, n: T) -> Rotation3<T> {
    let q = turn(a, b, n);
    rotation(&matrix_of(q.i, q.j, q.k, q.w))
}

/// The third axis along `dir`, the second one as near to `up` as may be.
#[differentiate(order = 2)]
pub fn facing<T: RealField + Real>(dir: &Vector3<T>, up: &Vector3<T>) -> Matrix3<T> {
    let z: Vector3<T> = dir.normalize();
    let x: Vector3<T> = up.cross(&z);
    let x: Vector3<T> = x.normalize();
    let y: Vector3<T> = z.cross(&x);
    Matrix3::<T>::new(x.x, y.x, z.x, x.y, y.y, z.y, x.z, y.z, z.z)
}

/// The rotation by a matrix, from its largest number.
#[differentiate(order = 2)]
pub fn quaternion_of<T: RealField + Real>(m: &Matrix3<T>) -> UnitQuaternion<T> {
    let (two, quarter): (T, T) = (nalgebra::convert(2.0), nalgebra::convert(0.25));
    let (a, b, c) = (m[(0, 0)], m[(1, 1)], m[(2, 2)]);
    let trace = a + b + c;
    let (i, j, k) = (
        m[(2, 1)] - m[(1, 2)],
        m[(0, 2)] - m[(2, 0)],
        m[(1, 0)] - m[(0, 1)],
    );
    let numbers: Vector4<T> = if trace > T::zero() {
        let d = (trace + T::one()).sqrt() * two;
        Vector4::<T>::new(i / d, j / d, k / d, quarter * d)
    } else if a > b && a > c {
        let d = (T::one() + a - b - c).sqrt() * two;
        Vector4::<T>::new(
            quarter * d,
            (m[(0, 1)] + m[(1, 0)]) / d,
            (m[(0, 2)] + m[(2, 0)]) / d,
            i / d,
        )
    } else if b > c {
        let d = (T::one() + b - a - c).sqrt() * two;
        Vector4::<T>::new(
            (m[(0, 1)] + m[(1, 0)]) / d,
            quarter * d,
            (m[(1, 2)] + m[(2, 1)]) / d,
            j / d,
        )
    } else {
        let d = (T::one() + c - a - b).sqrt() * two;
        Vector4::<T>::new(
            (m[(0, 2)] + m[(2, 0)]) / d,
            (m[(1, 2)] + m[(2, 1)]) / d,
            quarter * d,
            k / d,
        )
    };
    unit_quaternion(&numbers)
}

/// Roll, pitch and yaw.
#[differentiate(order = 2)]
fn angles_of<T: RealField + Real>(m: &Matrix3<T>) -> (T, T, T) {
    let s = m[(2, 0)];
    if s.abs() < T::one() {
        let pitch = -(s.asin());
        let cos = pitch.cos();
        let roll = (m[(2, 1)] / cos).atan2(m[(2, 2)] / cos);
        let yaw = (m[(1, 0)] / cos).atan2(m[(0, 0)] / cos);
        (roll, pitch, yaw)
    } else if s <= -T::one() {
        (m[(0, 1)].atan2(m[(0, 2)]), T::frac_pi_2(), T::zero())
    } else {
        (-(m[(0, 1)].atan2(-m[(0, 2)])), -T::frac_pi_2(), T::zero())
    }
}
