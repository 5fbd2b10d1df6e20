//! nalgebra's matrices and vectors, owned or views; the tangent is the owned matrix of the same dimensions.

use super::{Coordinates, Differentiable, OwnedTangent, Tangent, shape_mismatch};
use crate::scalar::Entry;
use nalgebra::allocator::Allocator;
use nalgebra::{
    DefaultAllocator, Dim, Matrix, OMatrix, RawStorage, RawStorageMut, Storage, StorageMut,
};

impl<T, R, C, S> Differentiable for Matrix<T, R, C, S>
where
    T: Entry,
    R: Dim,
    C: Dim,
    S: RawStorage<T, R, C>,
    DefaultAllocator: Allocator<R, C>,
{
    type Tangent = OMatrix<T, R, C>;
    type Slot = OMatrix<T, R, C>;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        let (rows, columns) = self.shape_generic();
        OMatrix::from_element_generic(rows, columns, T::__ZERO)
    }
    #[inline]
    fn fits_tangent(&self, slot: &Self::Slot) -> bool {
        self.shape() == slot.shape()
    }
}

impl<T, R, C, S> Tangent for Matrix<T, R, C, S>
where
    T: Entry,
    R: Dim,
    C: Dim,
    S: Storage<T, R, C> + StorageMut<T, R, C>,
{
    #[inline]
    #[track_caller]
    fn accumulate_tangent(&mut self, other: &Self) {
        if self.shape() != other.shape() {
            shape_mismatch(self, other);
        }
        *self += other;
    }
    #[inline]
    #[track_caller]
    fn subtract_tangent(&mut self, other: &Self) {
        if self.shape() != other.shape() {
            shape_mismatch(self, other);
        }
        *self -= other;
    }
    #[inline]
    fn clear_tangent(&mut self) {
        self.fill(T::__ZERO);
    }
    fn tangent_shape(&self) -> String {
        format!("{}x{} matrix", self.nrows(), self.ncols())
    }
}

impl<T, R, C> OwnedTangent for OMatrix<T, R, C>
where
    T: Entry,
    R: Dim,
    C: Dim,
    DefaultAllocator: Allocator<R, C>,
{
    #[inline]
    fn zero_like_tangent(&self) -> Self {
        self.zero_tangent()
    }
}

impl<F, T, R, C, S> Coordinates<F> for Matrix<T, R, C, S>
where
    T: Coordinates<F>,
    R: Dim,
    C: Dim,
    S: RawStorageMut<T, R, C>,
{
    #[inline]
    fn visit_coordinates(&self, visit: &mut impl FnMut(F)) {
        for x in self.iter() {
            x.visit_coordinates(visit);
        }
    }
    #[inline]
    fn visit_coordinates_mut(&mut self, visit: &mut impl FnMut(&mut F)) {
        for x in self.iter_mut() {
            x.visit_coordinates_mut(visit);
        }
    }
}
