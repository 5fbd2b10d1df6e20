//! Loops in parts that run at the same time, for `#[differentiate(parallel)]`.
//!
//! *In*: the range of a loop, and what one part of it adds up. *Out*: the sums of all parts. Where the parts begin and end follows from the number of
//! iterations alone, and they are added in the same order always: the result is the same on one thread and on many.

use crate::tangent::{OwnedTangent, Tangent};
use rayon::join;
use std::borrow::{Borrow, BorrowMut};
use std::ops::{Range, RangeInclusive};

/// A loop has at most as many parts. Each has sums of its own: more parts would be more adjoints to make and to add.
const PARTS: usize = 16;

/// An index of a loop.
pub trait Index: Copy + Send + Sync {
    /// How many steps are there from here to `end`?
    fn steps_to(self, end: Self) -> usize;
    /// The index so many steps later.
    #[must_use]
    fn after(self, steps: usize) -> Self;
}

macro_rules! impl_index {
    ($($integer:ty),*) => {$(
        impl Index for $integer {
            #[inline]
            fn steps_to(self, end: Self) -> usize {
                if self < end { usize::try_from(end.abs_diff(self)).unwrap_or(usize::MAX) } else { 0 }
            }
            #[inline]
            fn after(self, steps: usize) -> Self {
                self.wrapping_add(steps as Self)
            }
        }
    )*};
}

impl_index!(
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize
);

/// What a loop runs over.
pub trait Span: Sync {
    /// Its index.
    type Index: Index;
    /// How many iterations there are.
    fn iterations(&self) -> usize;
    /// The bounds of a range of the same kind, from one iteration up to another one.
    fn part(&self, from: usize, to: usize) -> (Self::Index, Self::Index);
}

impl<I: Index> Span for Range<I> {
    type Index = I;
    #[inline]
    fn iterations(&self) -> usize {
        self.start.steps_to(self.end)
    }
    #[inline]
    fn part(&self, from: usize, to: usize) -> (I, I) {
        (self.start.after(from), self.start.after(to))
    }
}

impl<I: Index + PartialOrd> Span for RangeInclusive<I> {
    type Index = I;
    #[inline]
    fn iterations(&self) -> usize {
        usize::from(!self.is_empty()).saturating_add(self.start().steps_to(*self.end()))
    }
    #[inline]
    fn part(&self, from: usize, to: usize) -> (I, I) {
        (self.start().after(from), self.start().after(to - 1))
    }
}

/// The sums of all parts of a loop, if it has any iterations: `run` gives those of one part.
pub fn sums<R: Span, S: OwnedTangent + Send>(
    range: R,
    run: impl Fn(R::Index, R::Index) -> S + Sync,
) -> Option<S> {
    let iterations = range.iterations();
    let parts = iterations.min(PARTS);
    let start = |part: usize| {
        let (each, more) = (iterations / parts, iterations % parts);
        part * each + part.min(more)
    };
    let part = |part: usize| {
        let (first, last) = range.part(start(part), start(part + 1));
        run(first, last)
    };
    (parts > 0).then(|| joined(0, parts, &part))
}

/// The sums of these parts: of both halves, the first one first.
fn joined<S: OwnedTangent + Send>(
    from: usize,
    to: usize,
    part: &(impl Fn(usize) -> S + Sync),
) -> S {
    if to - from == 1 {
        return part(from);
    }
    let middle = from + (to - from) / 2;
    let (mut sum, second) = join(|| joined(from, middle, part), || joined(middle, to, part));
    sum.accumulate_tangent(&second);
    sum
}

/// The zero of a sum, for one part.
#[inline]
pub fn zero<S>(sum: &S) -> S::Owned
where
    S: Tangent + ToOwned<Owned: BorrowMut<S>> + ?Sized,
{
    let mut own = sum.to_owned();
    own.borrow_mut().clear_tangent();
    own
}

/// The sum of one part, as `sum` is lent.
#[inline]
pub fn lent<'a, S>(own: &'a mut S::Owned, _sum: &S) -> &'a mut S
where
    S: ToOwned<Owned: BorrowMut<S>> + ?Sized,
{
    own.borrow_mut()
}

/// Adds the sum of all parts.
#[inline]
#[track_caller]
pub fn add<S: Tangent + ToOwned + ?Sized>(sum: &mut S, parts: &S::Owned) {
    sum.accumulate_tangent(parts.borrow());
}
