//! What the compiler takes for granted by the name of a method, where no type tells whose method it is.

use crate::scalar::Real;
use core::cmp::Ordering;
use core::num::FpCategory;

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
