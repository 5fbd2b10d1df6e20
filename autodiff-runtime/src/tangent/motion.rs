//! nalgebra's translations, isometries and similarities: the tangent has the fields of the value.

use super::{Coordinates, OwnedTangent, Tangent, shape_of_fields};
use crate::Differentiable;
use crate::scalar::Real;
use nalgebra::{Isometry, SVector, Scalar, Similarity, Translation};

impl<T: Real + Scalar, const D: usize> Differentiable for Translation<T, D> {
    type Tangent = Self;
    type Slot = Self;
    #[inline]
    fn zero_tangent(&self) -> Self {
        Self::from(self.vector.zero_tangent())
    }
    #[inline]
    fn fits_tangent(&self, _: &Self) -> bool {
        true
    }
}

impl<T: Real + Scalar, const D: usize> Tangent for Translation<T, D> {
    #[inline]
    fn accumulate_tangent(&mut self, other: &Self) {
        self.vector += other.vector;
    }
    #[inline]
    fn subtract_tangent(&mut self, other: &Self) {
        self.vector -= other.vector;
    }
    #[inline]
    fn clear_tangent(&mut self) {
        self.vector.clear_tangent();
    }
    fn tangent_shape(&self) -> String {
        shape_of_fields("translation", &[self.vector.tangent_shape()])
    }
}

impl<T: Real + Scalar, const D: usize> OwnedTangent for Translation<T, D> {
    #[inline]
    fn zero_like_tangent(&self) -> Self {
        self.zero_tangent()
    }
}

impl<S, T: Scalar, const D: usize> Coordinates<S> for Translation<T, D>
where
    SVector<T, D>: Coordinates<S>,
{
    #[inline]
    fn visit_coordinates(&self, visit: &mut impl FnMut(S)) {
        self.vector.visit_coordinates(visit);
    }
    #[inline]
    fn visit_coordinates_mut(&mut self, visit: &mut impl FnMut(&mut S)) {
        self.vector.visit_coordinates_mut(visit);
    }
}

/// The parts of an isometry, of which the tangent is made.
#[derive(Differentiable)]
#[differentiable(tangent = IsometryTangent)]
pub struct IsometryParts<R, V> {
    /// The rotation.
    pub rotation: R,
    /// The translation.
    pub translation: V,
}

/// The parts of a similarity, of which the tangent is made.
#[derive(Differentiable)]
#[differentiable(tangent = SimilarityTangent)]
pub struct SimilarityParts<M, T> {
    /// The isometry.
    pub isometry: M,
    /// The factor.
    pub scaling: T,
}

impl<T, R, const D: usize> Differentiable for Isometry<T, R, D>
where
    T: Real + Scalar,
    R: Differentiable,
{
    type Tangent = IsometryTangent<R, Translation<T, D>>;
    type Slot = Self::Tangent;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        IsometryTangent {
            rotation: self.rotation.zero_tangent(),
            translation: self.translation.zero_tangent(),
        }
    }
    #[inline]
    fn fits_tangent(&self, slot: &Self::Slot) -> bool {
        let rotation = std::borrow::Borrow::borrow(&slot.rotation);
        self.rotation.fits_tangent(rotation)
    }
}

impl<T, R, const D: usize> Differentiable for Similarity<T, R, D>
where
    T: Real + Scalar,
    R: Differentiable,
{
    type Tangent = SimilarityTangent<Isometry<T, R, D>, T>;
    type Slot = Self::Tangent;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        SimilarityTangent {
            isometry: self.isometry.zero_tangent(),
            scaling: T::__ZERO,
        }
    }
    #[inline]
    fn fits_tangent(&self, slot: &Self::Slot) -> bool {
        self.isometry.fits_tangent(&slot.isometry)
    }
}
