//! nalgebra's quaternions and rotations: the tangent is that of the numbers that they are made of.

use super::{Coordinates, Differentiable, OwnedTangent, Tangent};
use crate::scalar::Real;
use nalgebra::{Quaternion, Rotation, SMatrix, Scalar, Unit};

impl<V: Differentiable> Differentiable for Unit<V> {
    type Tangent = V::Tangent;
    type Slot = V::Slot;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_ref().zero_tangent()
    }
    #[inline]
    fn fits_tangent(&self, slot: &Self::Slot) -> bool {
        self.as_ref().fits_tangent(slot)
    }
}

impl<T: Real + Scalar> Differentiable for Quaternion<T> {
    type Tangent = Self;
    type Slot = Self;
    #[inline]
    fn zero_tangent(&self) -> Self {
        Self {
            coords: self.coords.zero_tangent(),
        }
    }
    #[inline]
    fn fits_tangent(&self, _: &Self) -> bool {
        true
    }
}

impl<T: Real + Scalar> Tangent for Quaternion<T> {
    #[inline]
    fn accumulate_tangent(&mut self, other: &Self) {
        self.coords += other.coords;
    }
    #[inline]
    fn subtract_tangent(&mut self, other: &Self) {
        self.coords -= other.coords;
    }
    #[inline]
    fn clear_tangent(&mut self) {
        self.coords.clear_tangent();
    }
    fn tangent_shape(&self) -> String {
        "quaternion".to_owned()
    }
}

impl<T: Real + Scalar> OwnedTangent for Quaternion<T> {
    #[inline]
    fn zero_like_tangent(&self) -> Self {
        self.zero_tangent()
    }
}

impl<S, T: Coordinates<S>> Coordinates<S> for Quaternion<T> {
    #[inline]
    fn visit_coordinates(&self, visit: &mut impl FnMut(S)) {
        self.coords.visit_coordinates(visit);
    }
    #[inline]
    fn visit_coordinates_mut(&mut self, visit: &mut impl FnMut(&mut S)) {
        self.coords.visit_coordinates_mut(visit);
    }
}

impl<T: Real + Scalar, const D: usize> Differentiable for Rotation<T, D> {
    type Tangent = SMatrix<T, D, D>;
    type Slot = SMatrix<T, D, D>;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.matrix().zero_tangent()
    }
    #[inline]
    fn fits_tangent(&self, _: &Self::Slot) -> bool {
        true
    }
}
