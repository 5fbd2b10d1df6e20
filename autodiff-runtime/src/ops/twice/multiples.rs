//! The tangents of the shares of `a * b`, one of which is a float.

use super::{Curved, LinearTwice};
use crate::ops::{Cotangent, Factor, Multiple, Operands, Plain, Times};
use crate::tangent::{Differentiable, OwnedTangent};

/// Of `a * b`, one of which is a float. Of the adjoint, and of the other factor, the value and the tangent.
pub trait MultipleTwice<Y: ?Sized, F: Differentiable + ?Sized>: Multiple<Y, F> {
    /// The tangent of what was kept.
    type Dot;
    /// The tangent of the share of `a`.
    fn left_dot(
        &self,
        seeds: (&Y, Option<&Y>),
        factors: (&F, Option<&F::Tangent>),
        dot: Option<&Self::Dot>,
    ) -> Self::Left;
    /// The tangent of the share of `b`.
    fn right_dot(
        &self,
        seeds: (&Y, Option<&Y>),
        factors: (&F, Option<&F::Tangent>),
        dot: Option<&Self::Dot>,
    ) -> Self::Right;
}

/// The tangent of a product of two of which one is a float.
#[inline]
#[track_caller]
fn product_dot<Y, F>(
    (seed, change): (&Y, Option<&Y>),
    (factor, moved): (&F, Option<&F::Tangent>),
) -> <Y as Factor<F>>::Share
where
    Y: Factor<F, Share: OwnedTangent> + Factor<F::Tangent, Share = <Y as Factor<F>>::Share>,
    F: Differentiable + ?Sized,
{
    match (change, moved) {
        (Some(change), Some(moved)) => {
            let mut sum = Factor::<F>::share(change, factor);
            Factor::<F::Tangent>::share_into(seed, moved, &mut sum);
            sum
        }
        (Some(change), None) => Factor::<F>::share(change, factor),
        (None, Some(moved)) => Factor::<F::Tangent>::share(seed, moved),
        (None, None) => Factor::<F>::share(seed, factor).zero_like_tangent(),
    }
}

impl<Y, F> MultipleTwice<Y, F> for Plain
where
    Y: Factor<F, Share: OwnedTangent> + Factor<F::Tangent, Share = <Y as Factor<F>>::Share>,
    F: Differentiable + ?Sized,
{
    type Dot = ();
    #[inline]
    #[track_caller]
    fn left_dot(
        &self,
        seeds: (&Y, Option<&Y>),
        factors: (&F, Option<&F::Tangent>),
        _: Option<&()>,
    ) -> Self::Left {
        product_dot(seeds, factors)
    }
    #[inline]
    #[track_caller]
    fn right_dot(
        &self,
        seeds: (&Y, Option<&Y>),
        factors: (&F, Option<&F::Tangent>),
        _: Option<&()>,
    ) -> Self::Right {
        product_dot(seeds, factors)
    }
}

impl<A, B, F> MultipleTwice<Cotangent<A, B>, F> for Operands<Times, A, B>
where
    A: Curved<Times, B>,
    B: Differentiable,
    F: Differentiable + ?Sized,
{
    type Dot = (A::Tangent, B::Tangent);
    #[inline]
    fn left_dot(
        &self,
        (seed, change): (&Cotangent<A, B>, Option<&Cotangent<A, B>>),
        _: (&F, Option<&F::Tangent>),
        dot: Option<&Self::Dot>,
    ) -> A::Tangent {
        LinearTwice::left_dot(self, seed, change, dot)
    }
    #[inline]
    fn right_dot(
        &self,
        (seed, change): (&Cotangent<A, B>, Option<&Cotangent<A, B>>),
        _: (&F, Option<&F::Tangent>),
        dot: Option<&Self::Dot>,
    ) -> B::Tangent {
        LinearTwice::right_dot(self, seed, change, dot)
    }
}

/// The tangent of [`multiple_left`](crate::ops::multiple_left).
#[inline]
#[track_caller]
pub fn multiple_left_dot<Y: OwnedTangent, K: MultipleTwice<Y, F>, F: Differentiable + ?Sized>(
    seed: &Y,
    kept: &K,
    b: &F,
    seed_dot: Option<&Y>,
    kept_dot: Option<&K::Dot>,
    db: Option<&F::Tangent>,
) -> K::Left {
    kept.left_dot((seed, seed_dot), (b, db), kept_dot)
}

/// The tangent of [`multiple_right`](crate::ops::multiple_right).
#[inline]
#[track_caller]
pub fn multiple_right_dot<Y: OwnedTangent, K: MultipleTwice<Y, F>, F: Differentiable + ?Sized>(
    seed: &Y,
    kept: &K,
    a: &F,
    seed_dot: Option<&Y>,
    kept_dot: Option<&K::Dot>,
    da: Option<&F::Tangent>,
) -> K::Right {
    kept.right_dot((seed, seed_dot), (a, da), kept_dot)
}
