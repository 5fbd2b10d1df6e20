//! What the compiler takes for granted where no type tells it: by the name of a method, by an operator. Generated code asks rustc.

use crate::ops::Summand;
use crate::scalar::Real;
use crate::tangent::Differentiable;
use core::cmp::Ordering;
use core::num::FpCategory;

/// The error of a field whose type has no tangent.
pub fn assert_differentiable<T: Differentiable + ?Sized>() {}

/// The value itself, if it is a scalar; else the error that says so.
#[inline]
pub fn assert_real<T: Real>(x: T) -> T {
    x
}

/// The value itself, if adding it in place to one of its type is a sum; else the error that says so.
#[inline]
pub fn assert_summand<T: Summand>(x: T) -> T {
    x
}

/// The value itself, if it has no derivative; else the error that says so.
#[inline]
pub fn assert_flat<T: Flat>(x: T) -> T {
    x
}

/// The value itself, if it is a number; else the error that says so.
#[inline]
pub fn assert_number<T: Number>(x: T) -> T {
    x
}

/// Passes if it is a list: the compiler took a method for that of a list.
#[inline]
pub fn assert_list<L: Listed + ?Sized>(_: &L) {}

/// What has no derivative, among what methods give with which derivatives end: `len`, `cmp`, `to_string`.
#[diagnostic::on_unimplemented(
    message = "a method that is taken for one without derivative, by its name, gives `{Self}`",
    label = "the type of what it is called on is not told here",
    note = "write its type: `let point: Point = ..`, a field, or a literal of it in the function"
)]
pub trait Flat {}

/// A number.
#[diagnostic::on_unimplemented(
    message = "the type of `{Self}` is not told here, and its method is taken for that of a number, by its name",
    note = "write its type: `let point: Point = ..`, a field, or a literal of it in the function"
)]
pub trait Number {}

impl<T: Real> Number for T {}

macro_rules! integers {
    ($($T:ty)*) => { $(
        impl Flat for $T {}
        impl Number for $T {}
    )* };
}

integers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

macro_rules! flat {
    ($($T:ty)*) => { $( impl Flat for $T {} )* };
}

flat!(() bool char str String Ordering FpCategory);

impl<T: Flat + ?Sized> Flat for &T {}
impl<T: Flat> Flat for Option<T> {}
impl<T: Flat, E: Flat> Flat for Result<T, E> {}
impl<T: Flat> Flat for Vec<T> {}
impl<A: Flat, B: Flat> Flat for (A, B) {}
impl<A: Flat, B: Flat, C: Flat> Flat for (A, B, C) {}

/// What `first`, `last` and `get` are those of a slice of.
#[diagnostic::on_unimplemented(
    message = "the type of `{Self}` is not told here, and its `first`, `last`, `get` and the like are taken for those of a list",
    note = "write its type: `let matrix: Matrix = ..`, a field, or a literal of it in the function"
)]
pub trait Listed {}

impl<T> Listed for [T] {}
impl<T> Listed for Vec<T> {}
impl<T, const N: usize> Listed for [T; N] {}
impl<L: Listed + ?Sized> Listed for &L {}
impl<L: Listed + ?Sized> Listed for &mut L {}

/// The value of an `Option`, lent to a function that takes an `Option` of a reference.
#[inline]
pub fn lent<A: core::borrow::Borrow<B>, B: ?Sized>(option: &Option<A>) -> Option<&B> {
    option.as_ref().map(core::borrow::Borrow::borrow)
}
