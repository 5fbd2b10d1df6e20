//! Rotations by a matrix.

use super::exponential::{about, nearest, rotation_vector};
use super::primitives::{matrix, point, rotation, space};
use super::unit_quaternions::matrix_of;
use crate::differentiate;
use crate::scalar::Real;
use crate::tangent::Differentiable;
use nalgebra::{
    Matrix2, Matrix3, Matrix4, Point, RealField, Rotation, Rotation2, Rotation3, SMatrix, SVector,
    Unit, UnitQuaternion, Vector3,
};

/// The members of `Rotation` in all dimensions.
#[differentiate(self, order = 2)]
pub trait Rotations<T: RealField + Real, const D: usize>: Differentiable {
    /// By a matrix, said to be orthogonal.
    fn from_matrix_unchecked(m: SMatrix<T, D, D>) -> Rotation<T, D>;
    /// The matrix.
    fn into_inner(&self) -> SMatrix<T, D, D>;
    /// The matrix.
    fn matrix(&self) -> SMatrix<T, D, D>;
    /// The other way round.
    fn inverse(&self) -> Rotation<T, D>;
    /// The same.
    fn transpose(&self) -> Rotation<T, D>;
    /// `v`, rotated.
    fn transform_vector(&self, v: &SVector<T, D>) -> SVector<T, D>;
    /// `v`, rotated the other way round.
    fn inverse_transform_vector(&self, v: &SVector<T, D>) -> SVector<T, D>;
    /// `p`, rotated.
    fn transform_point(&self, p: &Point<T, D>) -> Point<T, D>;
    /// `p`, rotated the other way round.
    fn inverse_transform_point(&self, p: &Point<T, D>) -> Point<T, D>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real, const D: usize> Rotations<T, D> for Rotation<T, D> {
    fn from_matrix_unchecked(m: SMatrix<T, D, D>) -> Rotation<T, D> {
        rotation(&m)
    }

    fn into_inner(&self) -> SMatrix<T, D, D> {
        matrix(self)
    }

    fn matrix(&self) -> SMatrix<T, D, D> {
        matrix(self)
    }

    fn inverse(&self) -> Rotation<T, D> {
        let m: SMatrix<T, D, D> = matrix(self);
        rotation(&m.transpose())
    }

    fn transpose(&self) -> Rotation<T, D> {
        let m: SMatrix<T, D, D> = matrix(self);
        rotation(&m.transpose())
    }

    fn transform_vector(&self, v: &SVector<T, D>) -> SVector<T, D> {
        let m: SMatrix<T, D, D> = matrix(self);
        m * v
    }

    fn inverse_transform_vector(&self, v: &SVector<T, D>) -> SVector<T, D> {
        let m: SMatrix<T, D, D> = matrix(self);
        m.tr_mul(v)
    }

    fn transform_point(&self, p: &Point<T, D>) -> Point<T, D> {
        let m: SMatrix<T, D, D> = matrix(self);
        point(&(m * p.coords))
    }

    fn inverse_transform_point(&self, p: &Point<T, D>) -> Point<T, D> {
        let m: SMatrix<T, D, D> = matrix(self);
        point(&m.tr_mul(&p.coords))
    }
}

/// The members of `Rotation2`.
#[differentiate(self, order = 2)]
pub trait Rotations2<T: RealField + Real>: Differentiable {
    /// By an angle.
    fn new(angle: T) -> Rotation2<T>;
    /// The angle, from -pi to pi.
    fn angle(&self) -> T;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> Rotations2<T> for Rotation2<T> {
    fn new(angle: T) -> Rotation2<T> {
        let (sin, cos) = (angle.sin(), angle.cos());
        rotation(&Matrix2::<T>::new(cos, -sin, sin, cos))
    }

    fn angle(&self) -> T {
        let m: Matrix2<T> = matrix(self);
        m[(1, 0)].atan2(m[(0, 0)])
    }
}

/// The members of `Rotation3`.
#[differentiate(self, order = 2)]
pub trait Rotations3<T: RealField + Real>: Differentiable {
    /// By a vector along the axis, as long as the angle.
    fn new(axisangle: Vector3<T>) -> Rotation3<T>;
    /// The same.
    fn from_scaled_axis(axisangle: Vector3<T>) -> Rotation3<T>;
    /// By an angle around an axis.
    fn from_axis_angle(axis: &Unit<Vector3<T>>, angle: T) -> Rotation3<T>;
    /// By three angles, around the first axis, then the second, then the third.
    fn from_euler_angles(roll: T, pitch: T, yaw: T) -> Rotation3<T>;
    /// The nearest one to a matrix.
    fn from_matrix(m: &Matrix3<T>) -> Rotation3<T>;
    /// That of a quaternion.
    fn from(q: UnitQuaternion<T>) -> Rotation3<T>;
    /// The angle, from 0 to pi.
    fn angle(&self) -> T;
    /// As a matrix on homogeneous coordinates.
    fn to_homogeneous(&self) -> Matrix4<T>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> Rotations3<T> for Rotation3<T> {
    fn new(axisangle: Vector3<T>) -> Rotation3<T> {
        rotation_vector(&axisangle)
    }

    fn from_scaled_axis(axisangle: Vector3<T>) -> Rotation3<T> {
        rotation_vector(&axisangle)
    }

    fn from_axis_angle(axis: &Unit<Vector3<T>>, angle: T) -> Rotation3<T> {
        about(axis, angle)
    }

    fn from_euler_angles(roll: T, pitch: T, yaw: T) -> Rotation3<T> {
        let (sr, cr) = (roll.sin(), roll.cos());
        let (sp, cp) = (pitch.sin(), pitch.cos());
        let (sy, cy) = (yaw.sin(), yaw.cos());
        rotation(&Matrix3::<T>::new(
            cy * cp,
            cy * sp * sr - sy * cr,
            cy * sp * cr + sy * sr,
            sy * cp,
            sy * sp * sr + cy * cr,
            sy * sp * cr - cy * sr,
            -sp,
            cp * sr,
            cp * cr,
        ))
    }

    fn from_matrix(m: &Matrix3<T>) -> Rotation3<T> {
        nearest(m)
    }

    fn from(q: UnitQuaternion<T>) -> Rotation3<T> {
        rotation(&matrix_of(q.i, q.j, q.k, q.w))
    }

    fn angle(&self) -> T {
        let m: Matrix3<T> = matrix(self);
        let two: T = nalgebra::convert(2.0);
        ((m[(0, 0)] + m[(1, 1)] + m[(2, 2)] - T::one()) / two).acos()
    }

    fn to_homogeneous(&self) -> Matrix4<T> {
        let m: Matrix3<T> = matrix(self);
        space(&m, &Vector3::<T>::zeros())
    }
}
