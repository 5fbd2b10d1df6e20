//! Scalars, and the types without derivatives, whose tangent is `()`.

use super::{Differentiable, OwnedTangent, Tangent};
use crate::scalar::Real;
use nalgebra::Complex;
use std::cmp::Ordering;
use std::marker::PhantomData;
use std::num::{
    NonZeroI32, NonZeroI64, NonZeroIsize, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64,
    NonZeroUsize,
};
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

/// A number is its own tangent.
macro_rules! impl_number {
    ($($number:ty: $zero:expr),*) => {$(
        impl Differentiable for $number {
            type Tangent = Self;
            type Slot = Self;
            #[inline]
            fn zero_tangent(&self) -> Self {
                $zero
            }
            #[inline]
            fn fits_tangent(&self, _: &Self) -> bool {
                true
            }
        }

        impl Tangent for $number {
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
                *self = $zero;
            }
            fn tangent_shape(&self) -> String {
                "scalar".to_owned()
            }
        }

        impl OwnedTangent for $number {
            #[inline]
            fn zero_like_tangent(&self) -> Self {
                $zero
            }
        }
    )*};
}

impl_number!(f32: 0.0, f64: 0.0);

/// A complex number is its own tangent, part by part.
impl<T: Real> Differentiable for Complex<T> {
    type Tangent = Self;
    type Slot = Self;
    #[inline]
    fn zero_tangent(&self) -> Self {
        Self::new(T::__ZERO, T::__ZERO)
    }
    #[inline]
    fn fits_tangent(&self, _: &Self) -> bool {
        true
    }
}

impl<T: Real> Tangent for Complex<T> {
    #[inline]
    fn accumulate_tangent(&mut self, other: &Self) {
        self.re += other.re;
        self.im += other.im;
    }
    #[inline]
    fn subtract_tangent(&mut self, other: &Self) {
        self.re -= other.re;
        self.im -= other.im;
    }
    #[inline]
    fn clear_tangent(&mut self) {
        *self = self.zero_tangent();
    }
    fn tangent_shape(&self) -> String {
        "scalar".to_owned()
    }
}

impl<T: Real> OwnedTangent for Complex<T> {
    #[inline]
    fn zero_like_tangent(&self) -> Self {
        self.zero_tangent()
    }
}

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
impl_constant!(<T: ?Sized> PhantomData<T>, <T> RangeInclusive<T>);
impl_constant!(<> Duration, <> Instant, <> NonZeroU8, <> NonZeroU16, <> NonZeroU32, <> NonZeroU64);
impl_constant!(<> NonZeroUsize, <> NonZeroI32, <> NonZeroI64, <> NonZeroIsize);

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
