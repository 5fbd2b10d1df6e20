//! nalgebra's points, whose tangent is a vector.

use super::Differentiable;
use crate::scalar::Real;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, DimName, OPoint, OVector, Scalar};

impl<T, D> Differentiable for OPoint<T, D>
where
    T: Real + Scalar,
    D: DimName,
    DefaultAllocator: Allocator<D>,
{
    type Tangent = OVector<T, D>;
    type Slot = OVector<T, D>;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.coords.zero_tangent()
    }
    #[inline]
    fn fits_tangent(&self, slot: &Self::Slot) -> bool {
        self.coords.fits_tangent(slot)
    }
}
