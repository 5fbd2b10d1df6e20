//! Entries of types of the user's: `v[i]`, `m[(i, j)]`, where the `impl` of `Index` is annotated.
//!
//! *In*: a value and an index. *Out*: where the entry is, as something that finds the same entry in a tangent: a tangent has no integers, on which
//! the place may depend (`self.data[i * self.columns + j]`). Of lists and matrices that is the index itself.

use core::marker::PhantomData;
use nalgebra::{Dim, Matrix, RawStorage, Scalar};

/// `v[i]`: where it is.
#[diagnostic::on_unimplemented(
    message = "the entries of `{Self}` have no derivative",
    label = "an entry of this takes part in differentiated arithmetic",
    note = "entries have derivatives for lists and matrices, and where the `impl` of `Index` is marked `#[differentiate]`"
)]
pub trait Indexed<I> {
    /// What finds the entry in a tangent too.
    type Position;
    /// Where the entry is.
    fn position(&self, index: I) -> Self::Position;
}

/// The entries of the tangent `Y` of a type.
#[diagnostic::on_unimplemented(
    message = "the entries of `{Self}` have no derivative by `{P}`",
    label = "an entry of this takes part in differentiated arithmetic",
    note = "entries have derivatives for lists and matrices, and where the `impl` of `Index` is marked `#[differentiate]`"
)]
pub trait Entries<P, Y> {
    /// The type of the entry.
    type Entry: ?Sized;
    /// The entry.
    fn entry(tangent: &Y, position: P) -> &Self::Entry;
    /// The entry, to be changed.
    fn entry_mut(tangent: &mut Y, position: P) -> &mut Self::Entry;
}

/// A place in a type of the user's, found by an index of type `I`: which of the places that its `index` names, and the indices in it.
pub struct At<I, const K: usize> {
    /// Which place.
    pub place: usize,
    /// The indices, and the ends of ranges.
    pub indices: [usize; K],
    by: PhantomData<fn(I)>,
}

impl<I, const K: usize> At<I, K> {
    /// The place with these indices, at most `K`.
    #[inline]
    #[must_use]
    pub fn new(place: usize, given: &[usize]) -> Self {
        let mut indices = [0; K];
        indices[..given.len()].copy_from_slice(given);
        let by = PhantomData;
        Self { place, indices, by }
    }
}

impl<I, const K: usize> Clone for At<I, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, const K: usize> Copy for At<I, K> {}

/// `v[i]`: where it is.
#[inline]
#[track_caller]
pub fn position<A: Indexed<I> + ?Sized, I>(value: &A, index: I) -> A::Position {
    value.position(index)
}

/// Lists and matrices: the index itself.
macro_rules! by_index {
    ($(<$($param:tt),* $(; const $N:ident)?> $A:ty, $I:ty, [$($bound:tt)*];)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($param,)* $(const $N: usize)?> Indexed<$I> for $A where $($bound)* {
            type Position = $I;
            #[inline]
            fn position(&self, index: $I) -> $I {
                index
            }
        }
    )*};
}

by_index! {
    <T> [T], usize, [];
    <T> Vec<T>, usize, [];
    <T; const N> [T; N], usize, [];
    <T, R, C, S> Matrix<T, R, C, S>, usize, [T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>];
    <T, R, C, S> Matrix<T, R, C, S>, (usize, usize), [T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>];
}

#[diagnostic::do_not_recommend]
impl<I, A: Indexed<I> + ?Sized> Indexed<I> for &A {
    type Position = A::Position;
    #[inline]
    fn position(&self, index: I) -> A::Position {
        A::position(self, index)
    }
}

#[diagnostic::do_not_recommend]
impl<I, A: Indexed<I> + ?Sized> Indexed<I> for &mut A {
    type Position = A::Position;
    #[inline]
    fn position(&self, index: I) -> A::Position {
        A::position(self, index)
    }
}
