//! The elements of matrices and points as slices, column by column: nalgebra divides to find an element by its position.

use nalgebra::{DefaultAllocator, Dim, DimName, IsContiguous, Matrix, OMatrix, OPoint, Scalar};
use nalgebra::{RawStorage, RawStorageMut, allocator::Allocator};
use num_traits::Zero;

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

/// What there are zeros like.
pub trait Zeros {
    /// Zeros of the same kind and shape, owned.
    type Owned;
    /// Them.
    fn zeros(&self) -> Self::Owned;
}

impl<T: Scalar + Zero, R: Dim, C: Dim, S: RawStorage<T, R, C>> Zeros for Matrix<T, R, C, S>
where
    DefaultAllocator: Allocator<R, C>,
{
    type Owned = OMatrix<T, R, C>;
    #[inline]
    fn zeros(&self) -> OMatrix<T, R, C> {
        let (rows, columns) = self.shape_generic();
        OMatrix::zeros_generic(rows, columns)
    }
}

impl<T: Scalar + Zero, D: DimName> Zeros for OPoint<T, D>
where
    DefaultAllocator: Allocator<D>,
{
    type Owned = Self;
    #[inline]
    fn zeros(&self) -> Self {
        OPoint::origin()
    }
}

/// Zeros like a matrix or a point, to be overwritten.
#[inline]
pub fn zeros<M: Zeros>(like: &M) -> M::Owned {
    like.zeros()
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
