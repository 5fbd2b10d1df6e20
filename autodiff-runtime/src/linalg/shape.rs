//! Between the matrix types of the caller and those that the rules are written in.
//!
//! *In*: matrices of static or dynamic dimensions, owned or views. *Out*: views with all dimensions dynamic, without a copy; and
//! the results back in the caller's dimensions.

use crate::scalar::Entry;
use nalgebra::allocator::Allocator;
use nalgebra::{DMatrixView, DMatrixViewMut, DefaultAllocator, Dim, Dyn, Matrix, OMatrix};
use nalgebra::{RawStorage, RawStorageMut, Scalar};
use std::any::Any;

/// A matrix that a rule reads.
pub type View<'a, T> = DMatrixView<'a, T, Dyn, Dyn>;

/// An adjoint that a rule adds to.
pub type ViewMut<'a, T> = DMatrixViewMut<'a, T, Dyn, Dyn>;

/// The whole matrix.
#[inline]
pub fn view<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
    matrix: &Matrix<T, R, C, S>,
) -> View<'_, T> {
    matrix.view_with_steps((0, 0), matrix.shape(), (0, 0))
}

/// The whole matrix, to be changed.
#[inline]
pub fn view_mut<T: Scalar, R: Dim, C: Dim, S: RawStorageMut<T, R, C>>(
    matrix: &mut Matrix<T, R, C, S>,
) -> ViewMut<'_, T> {
    let shape = matrix.shape();
    matrix.view_with_steps_mut((0, 0), shape, (0, 0))
}

/// The same values in a type with other dimensions: matrices, numbers, and tuples and options of them.
pub trait Redim<To> {
    /// Converts.
    ///
    /// # Panics
    ///
    /// If the number of rows or columns is not the one that the type `To` says.
    fn redim(self) -> To;
}

/// [`Redim::redim`], the type told by where the value goes.
#[inline]
pub fn redim<A: Redim<B>, B>(value: A) -> B {
    value.redim()
}

impl<T: Entry> Redim<T> for T {
    #[inline]
    fn redim(self) -> T {
        self
    }
}

// The storages have names of their own, or type inference would take the first allocator it knows.
impl<T, R, C, S, R2, C2, S2> Redim<Matrix<T, R2, C2, S2>> for Matrix<T, R, C, S>
where
    T: Entry,
    R: Dim,
    C: Dim,
    S: RawStorage<T, R, C> + 'static,
    R2: Dim,
    C2: Dim,
    S2: 'static,
    DefaultAllocator: Allocator<R2, C2, Buffer<T> = S2>,
{
    #[inline]
    fn redim(self) -> Matrix<T, R2, C2, S2> {
        let mut given = Some(self);
        // Nothing is copied where the types are the same.
        let same = (&mut given as &mut dyn Any).downcast_mut::<Option<Matrix<T, R2, C2, S2>>>();
        if let Some(same) = same.and_then(Option::take) {
            return same;
        }
        let entries = given.iter().flat_map(|m| m.iter().copied());
        let (rows, columns) = given.as_ref().map_or((0, 0), |m| m.shape());
        OMatrix::from_iterator_generic(R2::from_usize(rows), C2::from_usize(columns), entries)
    }
}

impl<A: Redim<B>, B> Redim<Option<B>> for Option<A> {
    #[inline]
    fn redim(self) -> Option<B> {
        self.map(A::redim)
    }
}

/// Tuples, part by part.
macro_rules! impl_tuple {
    ($($A:ident $B:ident $i:tt),*) => {
        impl<$($A: Redim<$B>, $B),*> Redim<($($B,)*)> for ($($A,)*) {
            #[inline]
            fn redim(self) -> ($($B,)*) {
                ($(self.$i.redim(),)*)
            }
        }
    };
}

impl_tuple!(A1 B1 0, A2 B2 1);
impl_tuple!(A1 B1 0, A2 B2 1, A3 B3 2);

/// Panics if the matrix is not square.
#[track_caller]
pub fn square<T>(function: &str, matrix: &View<'_, T>) {
    let (rows, columns) = matrix.shape();
    assert!(
        rows == columns,
        "`{function}` needs a square matrix, but this one is {rows}x{columns}"
    );
}

/// Panics if the matrices have different numbers of rows.
#[track_caller]
pub fn same_rows<T>(function: &str, a: &View<'_, T>, b: &View<'_, T>) {
    assert!(
        a.nrows() == b.nrows(),
        "`{function}` needs as many rows on the right as on the left, but these are {} and {}",
        dimensions(a),
        dimensions(b)
    );
}

/// Panics if the matrices have different dimensions.
#[track_caller]
pub fn same_shapes<T>(function: &str, a: &View<'_, T>, b: &View<'_, T>) {
    assert!(
        a.shape() == b.shape(),
        "`{function}` needs matrices of the same dimensions, but these are {} and {}",
        dimensions(a),
        dimensions(b)
    );
}

fn dimensions<T>(matrix: &View<'_, T>) -> String {
    format!("{}x{}", matrix.nrows(), matrix.ncols())
}

/// The entry of a 1 x 1 matrix, as which a number is passed that has a derivative.
#[track_caller]
pub fn number<T: Copy>(function: &str, matrix: &View<'_, T>) -> T {
    let (rows, columns) = matrix.shape();
    assert!(
        (rows, columns) == (1, 1),
        "`{function}` needs a number as 1x1 matrix, but this one is {rows}x{columns}"
    );
    matrix[(0, 0)]
}
