//! What rigid motions need of the rotation in them, whichever type it has.

use super::directions::{facing, quaternion_of};
use super::exponential::{exponential, rotation_vector};
use super::plane::{complexes_composed, plane_rotated};
use super::primitives::{matrix, rotation, unit_complex, unit_quaternion};
use super::unit_quaternions::{composed, matrix_of, rotated};
use crate::differentiate;
use crate::scalar::Real;
use crate::tangent::Differentiable;
use nalgebra::{
    Matrix2, Matrix3, RealField, Rotation, Rotation2, Rotation3, SMatrix, SVector, UnitComplex,
    UnitQuaternion, Vector2, Vector3, Vector4,
};

/// A rotation.
#[differentiate(self, order = 2)]
pub trait Turn<T: RealField + Real, const D: usize>: Differentiable + Clone {
    /// `v`, rotated.
    fn turned(&self, v: &SVector<T, D>) -> SVector<T, D>;
    /// `v`, rotated the other way round.
    fn turned_back(&self, v: &SVector<T, D>) -> SVector<T, D>;
    /// First the other, then this one.
    fn after(&self, first: &Self) -> Self;
    /// The other way round.
    fn reversed(&self) -> Self;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> Turn<T, 3> for UnitQuaternion<T> {
    fn turned(&self, v: &Vector3<T>) -> Vector3<T> {
        rotated(self, v)
    }

    fn turned_back(&self, v: &Vector3<T>) -> Vector3<T> {
        let back = unit_quaternion(&Vector4::<T>::new(-self.i, -self.j, -self.k, self.w));
        rotated(&back, v)
    }

    fn after(&self, first: &Self) -> Self {
        composed(self, first)
    }

    fn reversed(&self) -> Self {
        unit_quaternion(&Vector4::<T>::new(-self.i, -self.j, -self.k, self.w))
    }
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> Turn<T, 2> for UnitComplex<T> {
    fn turned(&self, v: &Vector2<T>) -> Vector2<T> {
        plane_rotated(self, v)
    }

    fn turned_back(&self, v: &Vector2<T>) -> Vector2<T> {
        let back = unit_complex(&Vector2::<T>::new(self.re, -self.im));
        plane_rotated(&back, v)
    }

    fn after(&self, first: &Self) -> Self {
        complexes_composed(self, first)
    }

    fn reversed(&self) -> Self {
        unit_complex(&Vector2::<T>::new(self.re, -self.im))
    }
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real, const D: usize> Turn<T, D> for Rotation<T, D> {
    fn turned(&self, v: &SVector<T, D>) -> SVector<T, D> {
        let m: SMatrix<T, D, D> = matrix(self);
        m * v
    }

    fn turned_back(&self, v: &SVector<T, D>) -> SVector<T, D> {
        let m: SMatrix<T, D, D> = matrix(self);
        m.tr_mul(v)
    }

    fn after(&self, first: &Self) -> Self {
        let (a, b): (SMatrix<T, D, D>, SMatrix<T, D, D>) = (matrix(self), matrix(first));
        rotation(&(a * b))
    }

    fn reversed(&self) -> Self {
        let m: SMatrix<T, D, D> = matrix(self);
        rotation(&m.transpose())
    }
}

/// A rotation of space.
#[differentiate(self, order = 2)]
pub trait Turn3<T: RealField + Real>: Turn<T, 3> {
    /// By a vector along the axis, as long as the angle.
    fn by_vector(axisangle: &Vector3<T>) -> Self;
    /// The third axis along `dir`, the second one as near to `up` as may be.
    fn facing(dir: &Vector3<T>, up: &Vector3<T>) -> Self;
    /// As a matrix.
    fn as_matrix(&self) -> Matrix3<T>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> Turn3<T> for UnitQuaternion<T> {
    fn by_vector(axisangle: &Vector3<T>) -> Self {
        exponential(axisangle)
    }

    fn facing(dir: &Vector3<T>, up: &Vector3<T>) -> Self {
        quaternion_of(&facing(dir, up))
    }

    fn as_matrix(&self) -> Matrix3<T> {
        matrix_of(self.i, self.j, self.k, self.w)
    }
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> Turn3<T> for Rotation3<T> {
    fn by_vector(axisangle: &Vector3<T>) -> Self {
        rotation_vector(axisangle)
    }

    fn facing(dir: &Vector3<T>, up: &Vector3<T>) -> Self {
        rotation(&facing(dir, up))
    }

    fn as_matrix(&self) -> Matrix3<T> {
        matrix(self)
    }
}

/// A rotation of the plane.
#[differentiate(self, order = 2)]
pub trait Turn2<T: RealField + Real>: Turn<T, 2> {
    /// By an angle.
    fn by_angle(angle: T) -> Self;
    /// As a matrix.
    fn as_matrix(&self) -> Matrix2<T>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> Turn2<T> for UnitComplex<T> {
    fn by_angle(angle: T) -> Self {
        unit_complex(&Vector2::<T>::new(angle.cos(), angle.sin()))
    }

    fn as_matrix(&self) -> Matrix2<T> {
        Matrix2::<T>::new(self.re, -self.im, self.im, self.re)
    }
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> Turn2<T> for Rotation2<T> {
    fn by_angle(angle: T) -> Self {
        let (sin, cos) = (angle.sin(), angle.cos());
        rotation(&Matrix2::<T>::new(cos, -sin, sin, cos))
    }

    fn as_matrix(&self) -> Matrix2<T> {
        matrix(self)
    }
}
