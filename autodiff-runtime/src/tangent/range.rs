//! Ranges of floats: a tangent is the range of the tangents of its ends.

use super::{Differentiable, OwnedTangent, Tangent, shape_of_fields};
use std::ops::Range;

impl<T: Differentiable> Differentiable for Range<T> {
    type Tangent = Range<T::Tangent>;
    type Slot = Range<T::Tangent>;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.start.zero_tangent()..self.end.zero_tangent()
    }
    #[inline]
    fn fits_tangent(&self, slot: &Self::Slot) -> bool {
        use std::borrow::Borrow;
        self.start.fits_tangent(slot.start.borrow()) && self.end.fits_tangent(slot.end.borrow())
    }
}

impl<T: Tangent> Tangent for Range<T> {
    #[inline]
    #[track_caller]
    fn accumulate_tangent(&mut self, other: &Self) {
        self.start.accumulate_tangent(&other.start);
        self.end.accumulate_tangent(&other.end);
    }
    #[inline]
    #[track_caller]
    fn subtract_tangent(&mut self, other: &Self) {
        self.start.subtract_tangent(&other.start);
        self.end.subtract_tangent(&other.end);
    }
    #[inline]
    fn clear_tangent(&mut self) {
        self.start.clear_tangent();
        self.end.clear_tangent();
    }
    fn tangent_shape(&self) -> String {
        let ends = [self.start.tangent_shape(), self.end.tangent_shape()];
        shape_of_fields("Range", &ends)
    }
}

impl<T: OwnedTangent> OwnedTangent for Range<T> {
    #[inline]
    fn zero_like_tangent(&self) -> Self {
        self.start.zero_like_tangent()..self.end.zero_like_tangent()
    }
}
