//! Scalars, and the types without derivatives, whose tangent is `()`.

use super::{Differentiable, OwnedTangent, Tangent};
use std::cmp::Ordering;
use std::marker::PhantomData;
use std::ops::{Range, RangeInclusive};

/// A float is its own tangent.
macro_rules! impl_float {
    ($($float:ty),*) => {$(
        impl Differentiable for $float {
            type Tangent = Self;
            type Slot = Self;
            #[inline]
            fn zero_tangent(&self) -> Self {
                0.0
            }
            #[inline]
            fn fits_tangent(&self, _: &Self) -> bool {
                true
            }
        }

        impl Tangent for $float {
            #[inline]
            fn accumulate_tangent(&mut self, other: &Self) {
                *self += *other;
            }
            #[inline]
            fn subtract_tangent(&mut self, other: &Self) {
                *self -= *other;
            }
            #[inline]
            fn clear_tangent(&mut self) {
                *self = 0.0;
            }
            fn tangent_shape(&self) -> String {
                "scalar".to_owned()
            }
        }

        impl OwnedTangent for $float {
            #[inline]
            fn zero_like_tangent(&self) -> Self {
                0.0
            }
        }
    )*};
}

impl_float!(f32, f64);

/// Types without derivatives: `impl<..> for type`.
macro_rules! impl_constant {
    ($(<$($T:ident $(: ?$bound:ident)?)?> $ty:ty),* $(,)?) => {$(
        impl$(<$T $(: ?$bound)?>)? Differentiable for $ty {
            type Tangent = ();
            type Slot = ();
            #[inline]
            fn zero_tangent(&self) {}
            #[inline]
            fn fits_tangent(&self, (): &()) -> bool {
                true
            }
        }
    )*};
}

impl_constant!(<> (), <> bool, <> char, <> str, <> String, <> Ordering);
impl_constant!(<> i8, <> i16, <> i32, <> i64, <> i128, <> isize);
impl_constant!(<> u8, <> u16, <> u32, <> u64, <> u128, <> usize);
impl_constant!(<T: ?Sized> PhantomData<T>, <T> Range<T>, <T> RangeInclusive<T>);

impl Tangent for () {
    #[inline]
    fn accumulate_tangent(&mut self, (): &Self) {}
    #[inline]
    fn subtract_tangent(&mut self, (): &Self) {}
    #[inline]
    fn clear_tangent(&mut self) {}
    fn tangent_shape(&self) -> String {
        "()".to_owned()
    }
}

impl OwnedTangent for () {
    #[inline]
    fn zero_like_tangent(&self) {}
}
