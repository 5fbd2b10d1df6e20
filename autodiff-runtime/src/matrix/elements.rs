//! The elements of matrices and points as slices, column by column: nalgebra divides to find an element by its position.

use nalgebra::{DefaultAllocator, Dim, DimName, IsContiguous, Matrix, OPoint, Scalar};
use nalgebra::{RawStorage, RawStorageMut, allocator::Allocator};

/// What has its elements side by side.
pub trait Elements {
    /// An element.
    type Element;
    /// All of them.
    fn elements(&self) -> &[Self::Element];
}

/// What has them side by side, to be changed.
pub trait ElementsMut: Elements {
    /// All of them.
    fn elements_mut(&mut self) -> &mut [Self::Element];
}

impl<T, R: Dim, C: Dim, S: RawStorage<T, R, C> + IsContiguous> Elements for Matrix<T, R, C, S> {
    type Element = T;
    #[inline]
    fn elements(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T, R: Dim, C: Dim, S: RawStorageMut<T, R, C> + IsContiguous> ElementsMut
    for Matrix<T, R, C, S>
{
    #[inline]
    fn elements_mut(&mut self) -> &mut [T] {
        self.as_mut_slice()
    }
}

impl<T: Scalar, D: DimName> Elements for OPoint<T, D>
where
    DefaultAllocator: Allocator<D>,
{
    type Element = T;
    #[inline]
    fn elements(&self) -> &[T] {
        self.coords.as_slice()
    }
}

impl<T: Scalar, D: DimName> ElementsMut for OPoint<T, D>
where
    DefaultAllocator: Allocator<D>,
{
    #[inline]
    fn elements_mut(&mut self) -> &mut [T] {
        self.coords.as_mut_slice()
    }
}

/// The elements of a matrix.
#[inline]
pub fn elements<M: Elements + ?Sized>(matrix: &M) -> &[M::Element] {
    matrix.elements()
}

/// The elements of a matrix, to be changed.
#[inline]
pub fn elements_mut<M: ElementsMut + ?Sized>(matrix: &mut M) -> &mut [M::Element] {
    matrix.elements_mut()
}
