//! Unit quaternions as rotations.

use super::exponential::exponential;
use super::primitives::{quaternion_logarithm, rotation, space, unit_quaternion};
use crate::differentiate;
use crate::scalar::Real;
use crate::tangent::Differentiable;
use nalgebra::{
    Matrix3, Matrix4, Point3, RealField, Rotation3, Unit, UnitQuaternion, Vector3, Vector4,
};

/// The members of `UnitQuaternion`.
#[differentiate(self, order = 2)]
pub trait UnitQuaternions<T: RealField + Real>: Differentiable {
    /// By an angle around an axis.
    fn from_axis_angle(axis: &Unit<Vector3<T>>, angle: T) -> UnitQuaternion<T>;
    /// By a vector along the axis, as long as the angle.
    fn new(axisangle: Vector3<T>) -> UnitQuaternion<T>;
    /// The same.
    fn from_scaled_axis(axisangle: Vector3<T>) -> UnitQuaternion<T>;
    /// By three angles, around the first axis, then the second, then the third.
    fn from_euler_angles(roll: T, pitch: T, yaw: T) -> UnitQuaternion<T>;
    /// The other way round.
    fn inverse(&self) -> UnitQuaternion<T>;
    /// The same.
    fn conjugate(&self) -> UnitQuaternion<T>;
    /// `v`, rotated.
    fn transform_vector(&self, v: &Vector3<T>) -> Vector3<T>;
    /// `v`, rotated the other way round.
    fn inverse_transform_vector(&self, v: &Vector3<T>) -> Vector3<T>;
    /// `p`, rotated.
    fn transform_point(&self, p: &Point3<T>) -> Point3<T>;
    /// `p`, rotated the other way round.
    fn inverse_transform_point(&self, p: &Point3<T>) -> Point3<T>;
    /// The angle, from 0 to pi.
    fn angle(&self) -> T;
    /// The vector that `new` takes.
    fn scaled_axis(&self) -> Vector3<T>;
    /// As a matrix.
    fn to_rotation_matrix(&self) -> Rotation3<T>;
    /// As a matrix on homogeneous coordinates.
    fn to_homogeneous(&self) -> Matrix4<T>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> UnitQuaternions<T> for UnitQuaternion<T> {
    fn from_axis_angle(axis: &Unit<Vector3<T>>, angle: T) -> UnitQuaternion<T> {
        let half: T = angle / nalgebra::convert(2.0);
        let (sin, cos) = (half.sin(), half.cos());
        unit_quaternion(&Vector4::<T>::new(
            axis.x * sin,
            axis.y * sin,
            axis.z * sin,
            cos,
        ))
    }

    fn new(axisangle: Vector3<T>) -> UnitQuaternion<T> {
        exponential(&axisangle)
    }

    fn from_scaled_axis(axisangle: Vector3<T>) -> UnitQuaternion<T> {
        exponential(&axisangle)
    }

    fn from_euler_angles(roll: T, pitch: T, yaw: T) -> UnitQuaternion<T> {
        let half: T = nalgebra::convert(0.5);
        let (roll, pitch, yaw) = (roll * half, pitch * half, yaw * half);
        let (sr, cr) = (roll.sin(), roll.cos());
        let (sp, cp) = (pitch.sin(), pitch.cos());
        let (sy, cy) = (yaw.sin(), yaw.cos());
        unit_quaternion(&Vector4::<T>::new(
            sr * cp * cy - cr * sp * sy,
            cr * sp * cy + sr * cp * sy,
            cr * cp * sy - sr * sp * cy,
            cr * cp * cy + sr * sp * sy,
        ))
    }

    fn inverse(&self) -> UnitQuaternion<T> {
        unit_quaternion(&Vector4::<T>::new(-self.i, -self.j, -self.k, self.w))
    }

    fn conjugate(&self) -> UnitQuaternion<T> {
        unit_quaternion(&Vector4::<T>::new(-self.i, -self.j, -self.k, self.w))
    }

    fn transform_vector(&self, v: &Vector3<T>) -> Vector3<T> {
        rotated(self, v)
    }

    fn inverse_transform_vector(&self, v: &Vector3<T>) -> Vector3<T> {
        let inverse = unit_quaternion(&Vector4::<T>::new(-self.i, -self.j, -self.k, self.w));
        rotated(&inverse, v)
    }

    fn transform_point(&self, p: &Point3<T>) -> Point3<T> {
        rotated_point(self, p)
    }

    fn inverse_transform_point(&self, p: &Point3<T>) -> Point3<T> {
        let inverse = unit_quaternion(&Vector4::<T>::new(-self.i, -self.j, -self.k, self.w));
        rotated_point(&inverse, p)
    }

    fn angle(&self) -> T {
        let v: Vector3<T> = Vector3::<T>::new(self.i, self.j, self.k);
        let two: T = nalgebra::convert(2.0);
        v.norm().atan2(self.w.abs()) * two
    }

    fn scaled_axis(&self) -> Vector3<T> {
        let smooth: Vector3<T> = logarithm(&Vector3::<T>::new(self.i, self.j, self.k), self.w);
        quaternion_logarithm(&smooth, *self)
    }

    fn to_rotation_matrix(&self) -> Rotation3<T> {
        rotation(&matrix_of(self.i, self.j, self.k, self.w))
    }

    fn to_homogeneous(&self) -> Matrix4<T> {
        space(
            &matrix_of(self.i, self.j, self.k, self.w),
            &Vector3::<T>::zeros(),
        )
    }
}

/// `v + w t + u x t` with `t = 2 u x v`
#[differentiate(order = 2)]
pub fn rotated<T: RealField + Real>(q: &UnitQuaternion<T>, v: &Vector3<T>) -> Vector3<T> {
    let u: Vector3<T> = Vector3::<T>::new(q.i, q.j, q.k);
    let two: T = nalgebra::convert(2.0);
    let t: Vector3<T> = u.cross(v) * two;
    let cross: Vector3<T> = u.cross(&t);
    t * q.w + cross + v
}

/// The same of a point.
#[differentiate(order = 2)]
pub fn rotated_point<T: RealField + Real>(q: &UnitQuaternion<T>, p: &Point3<T>) -> Point3<T> {
    let v = rotated(q, &Vector3::<T>::new(p.x, p.y, p.z));
    Point3::<T>::new(v.x, v.y, v.z)
}

/// The product of two quaternions.
#[differentiate(order = 2)]
pub fn composed<T: RealField + Real>(
    a: &UnitQuaternion<T>,
    b: &UnitQuaternion<T>,
) -> UnitQuaternion<T> {
    unit_quaternion(&Vector4::<T>::new(
        a.w * b.i + a.i * b.w + a.j * b.k - a.k * b.j,
        a.w * b.j - a.i * b.k + a.j * b.w + a.k * b.i,
        a.w * b.k + a.i * b.j - a.j * b.i + a.k * b.w,
        a.w * b.w - a.i * b.i - a.j * b.j - a.k * b.k,
    ))
}

/// The rotation as a matrix.
#[differentiate(order = 2)]
pub fn matrix_of<T: RealField + Real>(i: T, j: T, k: T, w: T) -> Matrix3<T> {
    let two: T = nalgebra::convert(2.0);
    let (ww, ii, jj, kk) = (w * w, i * i, j * j, k * k);
    let (ij, wk, wj) = (i * j * two, w * k * two, w * j * two);
    let (ik, jk, wi) = (i * k * two, j * k * two, w * i * two);
    Matrix3::<T>::new(
        ww + ii - jj - kk,
        ij - wk,
        wj + ik,
        wk + ij,
        ww - ii + jj - kk,
        jk - wi,
        ik - wj,
        wi + jk,
        ww - ii - jj + kk,
    )
}

/// `v / |v|`, times the angle; the shorter way round. Where the angle is small its quotient by `|v|` is a series.
#[differentiate(order = 2)]
pub fn logarithm<T: RealField + Real>(v: &Vector3<T>, w: T) -> Vector3<T> {
    let two: T = nalgebra::convert(2.0);
    let small: T = nalgebra::convert(1e-4);
    let v: Vector3<T> = if w >= T::zero() { v * T::one() } else { -v };
    let w = w.abs();
    let size = v.norm_squared();
    if size > w * w * small {
        let angle = v.norm().atan2(w) * two;
        v.normalize() * angle
    } else {
        let t = size / (w * w);
        let third: T = T::one() / nalgebra::convert(3.0);
        let fifth: T = T::one() / nalgebra::convert(5.0);
        let seventh: T = T::one() / nalgebra::convert(7.0);
        v * (two / w * (T::one() - t * (third - t * (fifth - t * seventh))))
    }
}
