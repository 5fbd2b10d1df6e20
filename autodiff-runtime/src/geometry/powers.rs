//! What a rotation of space turns by, and rotations between two.
//!
//! The values are nalgebra's. The derivatives are those of `exp(n log q)`, which are right at small angles too, where the formulas of nalgebra divide
//! by the sine. They are derivatives along the rotations: what a power of numbers is that are no rotation has no meaning.

use super::directions::quaternion_of;
use super::exponential::exponential;
use super::primitives::{
    between, matrix, powered, quaternion, rotation, rotation_between, rotation_logarithm,
    rotation_powered, unit_quaternion, unit_quaternion_log,
};
use super::unit_quaternions::{composed, logarithm, matrix_of};
use crate::differentiate;
use crate::scalar::Real;
use crate::tangent::Differentiable;
use nalgebra::{Matrix3, Quaternion, RealField, Rotation3, Unit, UnitQuaternion, Vector3, Vector4};

/// Axes, angles and powers of `UnitQuaternion`.
#[differentiate(self, order = 2)]
pub trait QuaternionPowers<T: RealField + Real>: Differentiable {
    /// What it turns around, if it turns.
    fn axis(&self) -> Option<Unit<Vector3<T>>>;
    /// The same and by how much.
    fn axis_angle(&self) -> Option<(Unit<Vector3<T>>, T)>;
    /// The rotation by a multiple of the angle.
    fn powf(&self, n: T) -> UnitQuaternion<T>;
    /// The axis times the angle, as a quaternion; zero where it does not turn.
    fn ln(&self) -> Quaternion<T>;
    /// What leads from this rotation to the other.
    fn rotation_to(&self, other: &UnitQuaternion<T>) -> UnitQuaternion<T>;
    /// The angle of that.
    fn angle_to(&self, other: &UnitQuaternion<T>) -> T;
    /// A part of the way.
    fn slerp(&self, other: &UnitQuaternion<T>, t: T) -> UnitQuaternion<T>;
    /// A part of the way, on the straight line.
    fn nlerp(&self, other: &UnitQuaternion<T>, t: T) -> UnitQuaternion<T>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> QuaternionPowers<T> for UnitQuaternion<T> {
    fn axis(&self) -> Option<Unit<Vector3<T>>> {
        let v: Vector3<T> = Vector3::<T>::new(self.i, self.j, self.k);
        if v.norm_squared() > T::zero() {
            Some(direction(&v, self.w))
        } else {
            None
        }
    }

    fn axis_angle(&self) -> Option<(Unit<Vector3<T>>, T)> {
        let v: Vector3<T> = Vector3::<T>::new(self.i, self.j, self.k);
        let two: T = nalgebra::convert(2.0);
        if v.norm_squared() > T::zero() {
            let axis: Unit<Vector3<T>> = direction(&v, self.w);
            Some((axis, v.norm().atan2(self.w.abs()) * two))
        } else {
            None
        }
    }

    fn powf(&self, n: T) -> UnitQuaternion<T> {
        powered(&power(self, n), *self, n)
    }

    fn ln(&self) -> Quaternion<T> {
        let v: Vector3<T> = logarithm(&Vector3::<T>::new(self.i, self.j, self.k), self.w);
        let smooth = quaternion(&Vector4::<T>::new(v.x, v.y, v.z, T::zero()));
        unit_quaternion_log(&smooth, *self)
    }

    fn rotation_to(&self, other: &UnitQuaternion<T>) -> UnitQuaternion<T> {
        composed(other, &back(self))
    }

    fn angle_to(&self, other: &UnitQuaternion<T>) -> T {
        let delta = composed(other, &back(self));
        let v: Vector3<T> = Vector3::<T>::new(delta.i, delta.j, delta.k);
        let two: T = nalgebra::convert(2.0);
        v.norm().atan2(delta.w.abs()) * two
    }

    fn slerp(&self, other: &UnitQuaternion<T>, t: T) -> UnitQuaternion<T> {
        between(&part_of_way(self, other, t), *self, *other, t)
    }

    fn nlerp(&self, other: &UnitQuaternion<T>, t: T) -> UnitQuaternion<T> {
        let a: Vector4<T> = Vector4::<T>::new(self.i, self.j, self.k, self.w);
        let b: Vector4<T> = Vector4::<T>::new(other.i, other.j, other.k, other.w);
        let mixed: Vector4<T> = a * (T::one() - t) + b * t;
        unit_quaternion(&mixed.normalize())
    }
}

/// Axes, angles and powers of `Rotation3`.
#[differentiate(self, order = 2)]
pub trait RotationPowers<T: RealField + Real>: Differentiable {
    /// The vector that `new` takes.
    fn scaled_axis(&self) -> Vector3<T>;
    /// What it turns around, if it turns.
    fn axis(&self) -> Option<Unit<Vector3<T>>>;
    /// The same and by how much.
    fn axis_angle(&self) -> Option<(Unit<Vector3<T>>, T)>;
    /// The rotation by a multiple of the angle.
    fn powf(&self, n: T) -> Rotation3<T>;
    /// What leads from this rotation to the other.
    fn rotation_to(&self, other: &Rotation3<T>) -> Rotation3<T>;
    /// The angle of that.
    fn angle_to(&self, other: &Rotation3<T>) -> T;
    /// A part of the way.
    fn slerp(&self, other: &Rotation3<T>, t: T) -> Rotation3<T>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> RotationPowers<T> for Rotation3<T> {
    fn scaled_axis(&self) -> Vector3<T> {
        let m: Matrix3<T> = matrix(self);
        let q = quaternion_of(&m);
        rotation_logarithm(&logarithm(&Vector3::<T>::new(q.i, q.j, q.k), q.w), *self)
    }

    fn axis(&self) -> Option<Unit<Vector3<T>>> {
        let v: Vector3<T> = turns_around(self);
        if v.norm() > T::default_epsilon() {
            Some(Unit::new_normalize(v))
        } else {
            None
        }
    }

    fn axis_angle(&self) -> Option<(Unit<Vector3<T>>, T)> {
        let v: Vector3<T> = turns_around(self);
        if v.norm() > T::default_epsilon() {
            Some((Unit::new_normalize(v), turns_by(self)))
        } else {
            None
        }
    }

    fn powf(&self, n: T) -> Rotation3<T> {
        let m: Matrix3<T> = matrix(self);
        let q = power(&quaternion_of(&m), n);
        let smooth = rotation(&matrix_of(q.i, q.j, q.k, q.w));
        rotation_powered(&smooth, *self, n)
    }

    fn rotation_to(&self, other: &Rotation3<T>) -> Rotation3<T> {
        let (a, b): (Matrix3<T>, Matrix3<T>) = (matrix(self), matrix(other));
        rotation(&(b * a.transpose()))
    }

    fn angle_to(&self, other: &Rotation3<T>) -> T {
        let (a, b): (Matrix3<T>, Matrix3<T>) = (matrix(self), matrix(other));
        turns_by(&rotation(&(b * a.transpose())))
    }

    fn slerp(&self, other: &Rotation3<T>, t: T) -> Rotation3<T> {
        let (a, b): (Matrix3<T>, Matrix3<T>) = (matrix(self), matrix(other));
        let q = part_of_way(&quaternion_of(&a), &quaternion_of(&b), t);
        let smooth = rotation(&matrix_of(q.i, q.j, q.k, q.w));
        rotation_between(&smooth, *self, *other, t)
    }
}

/// `v / |v|`, on the side where the angle is at most pi.
#[differentiate(order = 2)]
fn direction<T: RealField + Real>(v: &Vector3<T>, w: T) -> Unit<Vector3<T>> {
    if w >= T::zero() {
        Unit::new_normalize(*v)
    } else {
        Unit::new_normalize(-v)
    }
}

/// The inverse.
#[differentiate(order = 2)]
fn back<T: RealField + Real>(q: &UnitQuaternion<T>) -> UnitQuaternion<T> {
    unit_quaternion(&Vector4::<T>::new(-q.i, -q.j, -q.k, q.w))
}

/// `exp(n log q)`
#[differentiate(order = 2)]
fn power<T: RealField + Real>(q: &UnitQuaternion<T>, n: T) -> UnitQuaternion<T> {
    let v: Vector3<T> = logarithm(&Vector3::<T>::new(q.i, q.j, q.k), q.w);
    exponential(&(v * n))
}

/// `a (a^-1 b)^t`, on the side of `b` that is nearer.
#[differentiate(order = 2)]
fn part_of_way<T: RealField + Real>(
    a: &UnitQuaternion<T>,
    b: &UnitQuaternion<T>,
    t: T,
) -> UnitQuaternion<T> {
    composed(a, &power(&composed(&back(a), b), t))
}

/// Twice the sine of the angle, along the axis.
#[differentiate(order = 2)]
fn turns_around<T: RealField + Real>(r: &Rotation3<T>) -> Vector3<T> {
    let m: Matrix3<T> = matrix(r);
    Vector3::<T>::new(
        m[(2, 1)] - m[(1, 2)],
        m[(0, 2)] - m[(2, 0)],
        m[(1, 0)] - m[(0, 1)],
    )
}

/// The angle.
#[differentiate(order = 2)]
fn turns_by<T: RealField + Real>(r: &Rotation3<T>) -> T {
    let m: Matrix3<T> = matrix(r);
    let two: T = nalgebra::convert(2.0);
    ((m[(0, 0)] + m[(1, 1)] + m[(2, 2)] - T::one()) / two).acos()
}
