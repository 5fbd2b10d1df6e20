//! Which types have tangents of several directions: floats, what has no derivative, and lists and tuples of these.

use super::{Batched, Lanes};
use crate::scalar::Real;
use crate::tangent::{Differentiable, Tangent};
use std::borrow::Borrow;

#[diagnostic::do_not_recommend]
impl<T: Real, const W: usize> Batched<W> for T {
    type Tangents = Lanes<T, W>;
    type Slots = Lanes<T, W>;
    #[inline]
    fn zero_tangents(&self) -> Lanes<T, W> {
        Lanes::ZERO
    }
    #[inline]
    fn fits_tangents(&self, _: &Lanes<T, W>) -> bool {
        true
    }
}

/// Types without derivatives.
macro_rules! constant {
    ($($ty:ty),*) => {$(
        impl<const W: usize> Batched<W> for $ty {
            type Tangents = ();
            type Slots = ();
            #[inline]
            fn zero_tangents(&self) {}
            #[inline]
            fn fits_tangents(&self, (): &()) -> bool {
                true
            }
        }
    )*};
}

constant!((), bool, char, str, String);
constant!(i8, i16, i32, i64, i128, isize);
constant!(u8, u16, u32, u64, u128, usize);

/// Do the elements fit, one by one?
#[inline]
fn all_fit<T: Batched<W>, const W: usize>(primal: &[T], slots: &[T::Tangents]) -> bool {
    let fits = |(p, t): (&T, &T::Tangents)| p.fits_tangents(t.borrow());
    primal.len() == slots.len() && primal.iter().zip(slots).all(fits)
}

impl<T: Batched<W>, const W: usize> Batched<W> for [T] {
    type Tangents = Vec<T::Tangents>;
    type Slots = [T::Tangents];
    #[inline]
    fn zero_tangents(&self) -> Self::Tangents {
        self.iter().map(T::zero_tangents).collect()
    }
    #[inline]
    fn fits_tangents(&self, slots: &Self::Slots) -> bool {
        all_fit(self, slots)
    }
}

impl<T: Batched<W>, const W: usize> Batched<W> for Vec<T> {
    type Tangents = Vec<T::Tangents>;
    type Slots = Vec<T::Tangents>;
    #[inline]
    fn zero_tangents(&self) -> Self::Tangents {
        self.as_slice().zero_tangents()
    }
    #[inline]
    fn fits_tangents(&self, slots: &Self::Slots) -> bool {
        all_fit(self, slots)
    }
}

impl<T: Batched<W>, const W: usize, const N: usize> Batched<W> for [T; N] {
    type Tangents = [T::Tangents; N];
    type Slots = [T::Tangents; N];
    #[inline]
    fn zero_tangents(&self) -> Self::Tangents {
        self.each_ref().map(T::zero_tangents)
    }
    #[inline]
    fn fits_tangents(&self, slots: &Self::Slots) -> bool {
        all_fit(self, slots)
    }
}

impl<T: Batched<W>, const W: usize> Batched<W> for Option<T>
where
    Option<T>: Differentiable,
    Option<T::Tangents>: Tangent,
{
    type Tangents = Option<T::Tangents>;
    type Slots = Option<T::Tangents>;
    #[inline]
    fn zero_tangents(&self) -> Self::Tangents {
        self.as_ref().map(T::zero_tangents)
    }
    #[inline]
    fn fits_tangents(&self, slots: &Self::Slots) -> bool {
        match (self, slots) {
            (Some(p), Some(t)) => p.fits_tangents(t.borrow()),
            (None, None) => true,
            _ => false,
        }
    }
}

/// An error has no tangents.
impl<T: Batched<W>, E, const W: usize> Batched<W> for Result<T, E>
where
    Result<T, E>: Differentiable,
    Option<T::Tangents>: Tangent,
{
    type Tangents = Option<T::Tangents>;
    type Slots = Option<T::Tangents>;
    #[inline]
    fn zero_tangents(&self) -> Self::Tangents {
        self.as_ref().ok().map(T::zero_tangents)
    }
    #[inline]
    fn fits_tangents(&self, slots: &Self::Slots) -> bool {
        match (self, slots) {
            (Ok(p), Some(t)) => p.fits_tangents(t.borrow()),
            (Err(_), None) => true,
            _ => false,
        }
    }
}

/// Tuples, field by field.
macro_rules! tuple {
    ($($T:ident $i:tt),*) => {
        impl<const W: usize, $($T: Batched<W>),*> Batched<W> for ($($T,)*) {
            type Tangents = ($($T::Tangents,)*);
            type Slots = ($($T::Tangents,)*);
            #[inline]
            fn zero_tangents(&self) -> Self::Tangents {
                ($(self.$i.zero_tangents(),)*)
            }
            #[inline]
            fn fits_tangents(&self, slots: &Self::Slots) -> bool {
                $(self.$i.fits_tangents(slots.$i.borrow()))&&*
            }
        }
    };
}

crate::tuples::each!(tuple);
