//! The tangents of the shares of `a / b`, where `b` is a scalar.

use super::{Curved, LinearTwice};
use crate::ops::{Factor, Inner, Mul, Neg, Operands, Over, Plain, Ratio, Slopes, Times, Value};
use crate::scalar::Real;
use crate::tangent::{Differentiable, OwnedTangent};

/// Of `y = a / b`. Of the adjoint, of `y` and of `b` the value and the tangent.
pub trait RatioTwice<S, Y: Differentiable + ?Sized, B: Differentiable + ?Sized>:
    Ratio<S, Y, B>
{
    /// The tangent of what was kept.
    type Dot;
    /// The tangent of the share of `a`.
    fn left_dot(
        &self,
        seeds: (&S, Option<&S>),
        divisors: (&B, Option<&B::Tangent>),
        dot: Option<&Self::Dot>,
    ) -> Self::Left;
    /// The tangent of the share of `b`.
    fn right_dot(
        &self,
        seeds: (&S, Option<&S>),
        quotients: (&Y, Option<&Y::Tangent>),
        divisors: (&B, Option<&B::Tangent>),
        dot: Option<&Self::Dot>,
    ) -> Self::Right;
}

impl<S, Y, T> RatioTwice<S, Y, T> for Plain
where
    S: OwnedTangent + Mul<T, Output = S> + Neg<Output = S> + Factor<T, Share = S>,
    S: Inner<Y, Output = T> + Inner<Y::Tangent, Output = T>,
    Y: Slopes<Times, T, Value: Differentiable<Tangent = S>> + ?Sized,
    T: Real,
{
    type Dot = ();
    #[inline]
    #[track_caller]
    fn left_dot(
        &self,
        (seed, change): (&S, Option<&S>),
        (b, db): (&T, Option<&T>),
        _: Option<&()>,
    ) -> S {
        let reciprocal = T::__ONE / *b;
        let zero = || seed.zero_like_tangent();
        let mut sum = change.map_or_else(zero, |change| change.mul(&reciprocal));
        if let Some(db) = db {
            let share = seed.mul(&reciprocal);
            share.share_into(&(-*db * reciprocal), &mut sum);
        }
        sum
    }
    #[inline]
    #[track_caller]
    fn right_dot(
        &self,
        (seed, change): (&S, Option<&S>),
        (y, dy): (&Y, Option<&Y::Tangent>),
        (b, db): (&T, Option<&T>),
        _: Option<&()>,
    ) -> T {
        let mut numerator = T::__ZERO;
        if let Some(change) = change {
            numerator += Inner::<Y>::inner(change, y);
        }
        if let Some(dy) = dy {
            numerator += Inner::<Y::Tangent>::inner(seed, dy);
        }
        if let Some(db) = db {
            numerator -= Inner::<Y>::inner(seed, y) / *b * *db;
        }
        -numerator / *b
    }
}

impl<A, B, Y, D> RatioTwice<Value<Over, A, B>, Y, D> for Operands<Over, A, B>
where
    A: Curved<Over, B>,
    B: Differentiable,
    Y: Differentiable + ?Sized,
    D: Differentiable + ?Sized,
{
    type Dot = (A::Tangent, B::Tangent);
    #[inline]
    fn left_dot(
        &self,
        (seed, change): (&Value<Over, A, B>, Option<&Value<Over, A, B>>),
        _: (&D, Option<&D::Tangent>),
        dot: Option<&Self::Dot>,
    ) -> A::Tangent {
        LinearTwice::left_dot(self, seed, change, dot)
    }
    #[inline]
    fn right_dot(
        &self,
        (seed, change): (&Value<Over, A, B>, Option<&Value<Over, A, B>>),
        _: (&Y, Option<&Y::Tangent>),
        _: (&D, Option<&D::Tangent>),
        dot: Option<&Self::Dot>,
    ) -> B::Tangent {
        LinearTwice::right_dot(self, seed, change, dot)
    }
}

/// The tangent of [`ratio_left`](crate::ops::ratio_left).
#[inline]
#[track_caller]
#[allow(clippy::too_many_arguments)] // what a share reads, and the tangents of that
pub fn ratio_left_dot<S, K, Y, B>(
    seed: &S,
    kept: &K,
    _: &Y,
    b: &B,
    seed_dot: Option<&S>,
    kept_dot: Option<&K::Dot>,
    _: Option<&Y::Tangent>,
    db: Option<&B::Tangent>,
) -> K::Left
where
    K: RatioTwice<S, Y, B>,
    Y: Differentiable + ?Sized,
    B: Differentiable + ?Sized,
{
    kept.left_dot((seed, seed_dot), (b, db), kept_dot)
}

/// The tangent of [`ratio_right`](crate::ops::ratio_right).
#[inline]
#[track_caller]
#[allow(clippy::too_many_arguments)] // what a share reads, and the tangents of that
pub fn ratio_right_dot<S, K, Y, B>(
    seed: &S,
    kept: &K,
    y: &Y,
    b: &B,
    seed_dot: Option<&S>,
    kept_dot: Option<&K::Dot>,
    dy: Option<&Y::Tangent>,
    db: Option<&B::Tangent>,
) -> K::Right
where
    K: RatioTwice<S, Y, B>,
    Y: Differentiable + ?Sized,
    B: Differentiable + ?Sized,
{
    let (y, b) = ((y, dy), (b, db));
    kept.right_dot((seed, seed_dot), y, b, kept_dot)
}
