//! What stands in a tangent for a field marked `#[constant]`.

use super::{OwnedTangent, Tangent};
use std::fmt;
use std::marker::PhantomData;

/// Nothing, in place of the tangent of a field of type `T` that is marked `#[constant]`.
pub struct Constant<T>(PhantomData<fn() -> T>);

impl<T> Constant<T> {
    /// For the field of this value.
    #[must_use]
    pub fn new<P: ?Sized>(_: &P) -> Self {
        Self(PhantomData)
    }
}

impl<T> Copy for Constant<T> {}

impl<T> Clone for Constant<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Default for Constant<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T> fmt::Debug for Constant<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("constant")
    }
}

impl<T> Tangent for Constant<T> {
    #[inline]
    fn accumulate_tangent(&mut self, _: &Self) {}
    #[inline]
    fn subtract_tangent(&mut self, _: &Self) {}
    #[inline]
    fn clear_tangent(&mut self) {}
    fn tangent_shape(&self) -> String {
        "()".to_owned()
    }
}

impl<T> OwnedTangent for Constant<T> {
    #[inline]
    fn zero_like_tangent(&self) -> Self {
        *self
    }
}
