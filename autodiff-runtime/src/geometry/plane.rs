//! Rotations of the plane by a complex number.

use super::primitives::{rotation, unit_complex};
use crate::differentiate;
use crate::scalar::Real;
use crate::tangent::Differentiable;
use nalgebra::{Matrix2, Point2, RealField, Rotation2, UnitComplex, Vector2};

/// The members of `UnitComplex`.
#[differentiate(self, order = 2)]
pub trait UnitComplexes<T: RealField + Real>: Differentiable {
    /// By an angle.
    fn new(angle: T) -> UnitComplex<T>;
    /// The same.
    fn from_angle(angle: T) -> UnitComplex<T>;
    /// By the parts of the number.
    fn from_cos_sin_unchecked(cos: T, sin: T) -> UnitComplex<T>;
    /// By a matrix.
    fn from_rotation_matrix(rotation: &Rotation2<T>) -> UnitComplex<T>;
    /// From one vector to another.
    fn rotation_between(a: &Vector2<T>, b: &Vector2<T>) -> UnitComplex<T>;
    /// The other way round.
    fn inverse(&self) -> UnitComplex<T>;
    /// The same.
    fn conjugate(&self) -> UnitComplex<T>;
    /// `v`, rotated.
    fn transform_vector(&self, v: &Vector2<T>) -> Vector2<T>;
    /// `v`, rotated the other way round.
    fn inverse_transform_vector(&self, v: &Vector2<T>) -> Vector2<T>;
    /// `p`, rotated.
    fn transform_point(&self, p: &Point2<T>) -> Point2<T>;
    /// `p`, rotated the other way round.
    fn inverse_transform_point(&self, p: &Point2<T>) -> Point2<T>;
    /// The angle, from -pi to pi.
    fn angle(&self) -> T;
    /// The real part.
    fn cos_angle(&self) -> T;
    /// The imaginary part.
    fn sin_angle(&self) -> T;
    /// As a matrix.
    fn to_rotation_matrix(&self) -> Rotation2<T>;
    /// From this one to another.
    fn rotation_to(&self, other: &UnitComplex<T>) -> UnitComplex<T>;
    /// The angle from this one to another.
    fn angle_to(&self, other: &UnitComplex<T>) -> T;
    /// By a multiple of the angle.
    fn powf(&self, n: T) -> UnitComplex<T>;
    /// Between this one and another.
    fn slerp(&self, other: &UnitComplex<T>, t: T) -> UnitComplex<T>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> UnitComplexes<T> for UnitComplex<T> {
    fn new(angle: T) -> UnitComplex<T> {
        by_angle(angle)
    }

    fn from_angle(angle: T) -> UnitComplex<T> {
        by_angle(angle)
    }

    fn from_cos_sin_unchecked(cos: T, sin: T) -> UnitComplex<T> {
        unit_complex(&Vector2::<T>::new(cos, sin))
    }

    fn from_rotation_matrix(rotation: &Rotation2<T>) -> UnitComplex<T> {
        let m: Matrix2<T> = super::primitives::matrix(rotation);
        unit_complex(&Vector2::<T>::new(m[(0, 0)], m[(1, 0)]))
    }

    fn rotation_between(a: &Vector2<T>, b: &Vector2<T>) -> UnitComplex<T> {
        if a.norm() > T::zero() && b.norm() > T::zero() {
            let (a, b): (Vector2<T>, Vector2<T>) = (a.normalize(), b.normalize());
            by_angle(a.perp(&b).atan2(a.dot(&b)) * T::one())
        } else {
            unit_complex(&Vector2::<T>::new(T::one(), T::zero()))
        }
    }

    fn inverse(&self) -> UnitComplex<T> {
        unit_complex(&Vector2::<T>::new(self.re, -self.im))
    }

    fn conjugate(&self) -> UnitComplex<T> {
        unit_complex(&Vector2::<T>::new(self.re, -self.im))
    }

    fn transform_vector(&self, v: &Vector2<T>) -> Vector2<T> {
        plane_rotated(self, v)
    }

    fn inverse_transform_vector(&self, v: &Vector2<T>) -> Vector2<T> {
        let inverse = unit_complex(&Vector2::<T>::new(self.re, -self.im));
        plane_rotated(&inverse, v)
    }

    fn transform_point(&self, p: &Point2<T>) -> Point2<T> {
        plane_rotated_point(self, p)
    }

    fn inverse_transform_point(&self, p: &Point2<T>) -> Point2<T> {
        let inverse = unit_complex(&Vector2::<T>::new(self.re, -self.im));
        plane_rotated_point(&inverse, p)
    }

    fn angle(&self) -> T {
        self.im.atan2(self.re)
    }

    fn cos_angle(&self) -> T {
        self.re
    }

    fn sin_angle(&self) -> T {
        self.im
    }

    fn to_rotation_matrix(&self) -> Rotation2<T> {
        rotation(&Matrix2::<T>::new(self.re, -self.im, self.im, self.re))
    }

    fn rotation_to(&self, other: &UnitComplex<T>) -> UnitComplex<T> {
        from_to(self, other)
    }

    fn angle_to(&self, other: &UnitComplex<T>) -> T {
        let delta = from_to(self, other);
        delta.im.atan2(delta.re)
    }

    fn powf(&self, n: T) -> UnitComplex<T> {
        by_angle(self.im.atan2(self.re) * n)
    }

    fn slerp(&self, other: &UnitComplex<T>, t: T) -> UnitComplex<T> {
        let delta = from_to(self, other);
        complexes_composed(self, &by_angle(delta.im.atan2(delta.re) * t))
    }
}

#[differentiate(order = 2)]
fn by_angle<T: RealField + Real>(angle: T) -> UnitComplex<T> {
    unit_complex(&Vector2::<T>::new(angle.cos(), angle.sin()))
}

/// `b / a`
#[differentiate(order = 2)]
fn from_to<T: RealField + Real>(a: &UnitComplex<T>, b: &UnitComplex<T>) -> UnitComplex<T> {
    complexes_composed(b, &unit_complex(&Vector2::<T>::new(a.re, -a.im)))
}

/// `r v`
#[differentiate(order = 2)]
pub fn plane_rotated<T: RealField + Real>(r: &UnitComplex<T>, v: &Vector2<T>) -> Vector2<T> {
    Vector2::<T>::new(r.re * v[0] - r.im * v[1], r.im * v[0] + r.re * v[1])
}

/// The same of a point.
#[differentiate(order = 2)]
pub fn plane_rotated_point<T: RealField + Real>(r: &UnitComplex<T>, p: &Point2<T>) -> Point2<T> {
    Point2::<T>::new(r.re * p.x - r.im * p.y, r.im * p.x + r.re * p.y)
}

/// The product of two complex numbers.
#[differentiate(order = 2)]
pub fn complexes_composed<T: RealField + Real>(
    a: &UnitComplex<T>,
    b: &UnitComplex<T>,
) -> UnitComplex<T> {
    unit_complex(&Vector2::<T>::new(
        a.re * b.re - a.im * b.im,
        a.re * b.im + a.im * b.re,
    ))
}
