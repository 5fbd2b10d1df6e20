//! Slices, vectors, arrays, tuples, options, results and pointers.

use super::{Differentiable, OwnedTangent, Tangent, shape_mismatch};
use std::borrow::Borrow;

/// The shape of a list: `[3]` of scalars, `[2 x [3]]` of equal parts, else all parts.
fn list_shape<'a, T: Tangent + 'a>(items: impl ExactSizeIterator<Item = &'a T>) -> String {
    let len = items.len();
    let shapes: Vec<String> = items.map(Tangent::tangent_shape).collect();
    match shapes.first() {
        None => "[0]".to_owned(),
        Some(first) if shapes.iter().any(|s| s != first) => format!("[{}]", shapes.join(", ")),
        Some(first) if first == "scalar" => format!("[{len}]"),
        Some(first) => format!("[{len} x {first}]"),
    }
}

/// Has no tangent of this type any content? Then it does not matter how many there are: those of names and counts may be left as they are where
/// the value is replaced.
fn is_empty<T>() -> bool {
    std::mem::size_of::<T>() == 0
}

/// Do the elements fit, one by one?
#[inline]
fn slice_fits<T: Differentiable>(primal: &[T], slot: &[T::Tangent]) -> bool {
    is_empty::<T::Tangent>()
        || primal.len() == slot.len()
            && primal
                .iter()
                .zip(slot)
                .all(|(p, t)| p.fits_tangent(t.borrow()))
}

impl<T: Differentiable> Differentiable for [T] {
    type Tangent = Vec<T::Tangent>;
    type Slot = [T::Tangent];
    #[inline]
    fn unused_tangent(&self) -> Self::Tangent {
        Vec::new()
    }
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.iter().map(T::zero_tangent).collect()
    }
    #[inline]
    fn fits_tangent(&self, slot: &Self::Slot) -> bool {
        slice_fits(self, slot)
    }
}

impl<T: Differentiable> Differentiable for Vec<T> {
    type Tangent = Vec<T::Tangent>;
    type Slot = Vec<T::Tangent>;
    #[inline]
    fn unused_tangent(&self) -> Self::Tangent {
        Vec::new()
    }
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_slice().zero_tangent()
    }
    #[inline]
    fn fits_tangent(&self, slot: &Self::Slot) -> bool {
        slice_fits(self, slot)
    }
}

impl<T: Differentiable, const N: usize> Differentiable for [T; N] {
    type Tangent = [T::Tangent; N];
    type Slot = [T::Tangent; N];
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.each_ref().map(T::zero_tangent)
    }
    #[inline]
    fn fits_tangent(&self, slot: &Self::Slot) -> bool {
        slice_fits(self, slot)
    }
}

impl<T: Tangent> Tangent for [T] {
    #[inline]
    #[track_caller]
    fn accumulate_tangent(&mut self, other: &Self) {
        if is_empty::<T>() {
            return;
        }
        if self.len() != other.len() {
            shape_mismatch(self, other);
        }
        for (a, b) in self.iter_mut().zip(other) {
            a.accumulate_tangent(b);
        }
    }
    #[inline]
    #[track_caller]
    fn subtract_tangent(&mut self, other: &Self) {
        if is_empty::<T>() {
            return;
        }
        if self.len() != other.len() {
            shape_mismatch(self, other);
        }
        for (a, b) in self.iter_mut().zip(other) {
            a.subtract_tangent(b);
        }
    }
    #[inline]
    fn clear_tangent(&mut self) {
        for a in self {
            a.clear_tangent();
        }
    }
    fn tangent_shape(&self) -> String {
        list_shape(self.iter())
    }
}

/// Forwards [`Tangent`] to the slice of all elements.
macro_rules! tangent_as_slice {
    ($([$($generics:tt)*] $ty:ty),*) => {$(
        impl<$($generics)*> Tangent for $ty {
            #[inline]
            #[track_caller]
            fn accumulate_tangent(&mut self, other: &Self) {
                self.as_mut_slice().accumulate_tangent(other.as_slice());
            }
            #[inline]
            #[track_caller]
            fn subtract_tangent(&mut self, other: &Self) {
                self.as_mut_slice().subtract_tangent(other.as_slice());
            }
            #[inline]
            fn clear_tangent(&mut self) {
                self.as_mut_slice().clear_tangent();
            }
            fn tangent_shape(&self) -> String {
                self.as_slice().tangent_shape()
            }
        }
    )*};
}

tangent_as_slice!([T: Tangent] Vec<T>, [T: Tangent, const N: usize] [T; N]);

impl<T: OwnedTangent> OwnedTangent for Vec<T> {
    #[inline]
    fn zero_like_tangent(&self) -> Self {
        self.iter().map(T::zero_like_tangent).collect()
    }
}

impl<T: OwnedTangent, const N: usize> OwnedTangent for [T; N] {
    #[inline]
    fn zero_like_tangent(&self) -> Self {
        self.each_ref().map(T::zero_like_tangent)
    }
}

impl<T: Differentiable> Differentiable for Option<T> {
    type Tangent = Option<T::Tangent>;
    type Slot = Option<T::Tangent>;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_ref().map(T::zero_tangent)
    }
    #[inline]
    fn fits_tangent(&self, slot: &Self::Slot) -> bool {
        match (self, slot) {
            (Some(p), Some(t)) => p.fits_tangent(t.borrow()),
            (None, None) => true,
            _ => is_empty::<T::Tangent>(),
        }
    }
}

/// An error has no derivative.
impl<T: Differentiable, E> Differentiable for Result<T, E> {
    type Tangent = Option<T::Tangent>;
    type Slot = Option<T::Tangent>;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_ref().ok().map(T::zero_tangent)
    }
    #[inline]
    fn fits_tangent(&self, slot: &Self::Slot) -> bool {
        match (self, slot) {
            (Ok(p), Some(t)) => p.fits_tangent(t.borrow()),
            (Err(_), None) => true,
            _ => is_empty::<T::Tangent>(),
        }
    }
}

impl<T: Tangent> Tangent for Option<T> {
    #[inline]
    #[track_caller]
    fn accumulate_tangent(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Some(a), Some(b)) => a.accumulate_tangent(b),
            (None, None) => {}
            _ if is_empty::<T>() => {}
            _ => shape_mismatch(self, other),
        }
    }
    #[inline]
    #[track_caller]
    fn subtract_tangent(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Some(a), Some(b)) => a.subtract_tangent(b),
            (None, None) => {}
            _ if is_empty::<T>() => {}
            _ => shape_mismatch(self, other),
        }
    }
    #[inline]
    fn clear_tangent(&mut self) {
        if let Some(a) = self {
            a.clear_tangent();
        }
    }
    fn tangent_shape(&self) -> String {
        match self {
            Some(a) => format!("Some({})", a.tangent_shape()),
            None => "None".to_owned(),
        }
    }
}

impl<T: OwnedTangent> OwnedTangent for Option<T> {
    #[inline]
    fn zero_like_tangent(&self) -> Self {
        self.as_ref().map(T::zero_like_tangent)
    }
}

/// A pointer has the tangent of what it points to.
macro_rules! impl_pointer {
    ($($ty:ty),*) => {$(
        impl<T: Differentiable + ?Sized> Differentiable for $ty {
            type Tangent = T::Tangent;
            type Slot = T::Slot;
            #[inline]
            fn unused_tangent(&self) -> Self::Tangent {
                (**self).unused_tangent()
            }
            #[inline]
            fn zero_tangent(&self) -> Self::Tangent {
                (**self).zero_tangent()
            }
            #[inline]
            fn fits_tangent(&self, slot: &Self::Slot) -> bool {
                (**self).fits_tangent(slot)
            }
        }
    )*};
}

impl_pointer!(&T, &mut T);

impl<T: Differentiable> Differentiable for Box<T> {
    type Tangent = Box<T::Tangent>;
    type Slot = Box<T::Tangent>;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        Box::new((**self).zero_tangent())
    }
    #[inline]
    fn fits_tangent(&self, slot: &Self::Slot) -> bool {
        (**self).fits_tangent((**slot).borrow())
    }
}

impl<T: Differentiable> Differentiable for Box<[T]> {
    type Tangent = Vec<T::Tangent>;
    type Slot = [T::Tangent];
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        (**self).zero_tangent()
    }
    #[inline]
    fn fits_tangent(&self, slot: &Self::Slot) -> bool {
        (**self).fits_tangent(slot)
    }
}

impl<T: OwnedTangent> Tangent for Box<T> {
    #[inline]
    #[track_caller]
    fn accumulate_tangent(&mut self, other: &Self) {
        (**self).accumulate_tangent(other);
    }
    #[inline]
    #[track_caller]
    fn subtract_tangent(&mut self, other: &Self) {
        (**self).subtract_tangent(other);
    }
    #[inline]
    fn clear_tangent(&mut self) {
        (**self).clear_tangent();
    }
    fn tangent_shape(&self) -> String {
        (**self).tangent_shape()
    }
}

impl<T: OwnedTangent> OwnedTangent for Box<T> {
    #[inline]
    fn zero_like_tangent(&self) -> Self {
        Box::new((**self).zero_like_tangent())
    }
}

/// Tuples, field by field.
macro_rules! impl_tuple {
    ($($T:ident $i:tt),*) => {
        impl<$($T: Differentiable),*> Differentiable for ($($T,)*) {
            type Tangent = ($($T::Tangent,)*);
            type Slot = ($($T::Tangent,)*);
            #[inline]
            fn zero_tangent(&self) -> Self::Tangent {
                ($(self.$i.zero_tangent(),)*)
            }
            #[inline]
            fn fits_tangent(&self, slot: &Self::Slot) -> bool {
                $(self.$i.fits_tangent(slot.$i.borrow()))&&*
            }
        }

        impl<$($T: Tangent),*> Tangent for ($($T,)*) {
            #[inline]
            #[track_caller]
            fn accumulate_tangent(&mut self, other: &Self) {
                $(self.$i.accumulate_tangent(&other.$i);)*
            }
            #[inline]
            #[track_caller]
            fn subtract_tangent(&mut self, other: &Self) {
                $(self.$i.subtract_tangent(&other.$i);)*
            }
            #[inline]
            fn clear_tangent(&mut self) {
                $(self.$i.clear_tangent();)*
            }
            fn tangent_shape(&self) -> String {
                format!("({})", [$(self.$i.tangent_shape()),*].join(", "))
            }
        }

        impl<$($T: OwnedTangent),*> OwnedTangent for ($($T,)*) {
            #[inline]
            fn zero_like_tangent(&self) -> Self {
                ($(self.$i.zero_like_tangent(),)*)
            }
        }
    };
}

crate::tuples::each!(impl_tuple);
