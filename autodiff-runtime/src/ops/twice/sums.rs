//! The tangents of the shares of `a + b`, `a - b` and `-a`.

use super::{Changes, Curved, Moved};
use crate::ops::{Handed, Linear, Operands, Signs, Value};
use crate::tangent::{Differentiable, OwnedTangent};

/// Of `a + b`, `a - b`, `-a`.
pub trait LinearTwice: Linear {
    /// The tangent of what was kept.
    type Dot;
    /// The tangent of the share of `a`.
    fn left_dot(
        &self,
        seed: &Self::Result,
        change: Option<&Self::Result>,
        dot: Option<&Self::Dot>,
    ) -> Self::Left;
    /// The tangent of the share of `b`.
    fn right_dot(
        &self,
        seed: &Self::Result,
        change: Option<&Self::Result>,
        dot: Option<&Self::Dot>,
    ) -> Self::Right;
}

impl<O: Signs, Y: OwnedTangent> LinearTwice for Handed<O, Y> {
    type Dot = ();
    #[inline]
    fn left_dot(&self, seed: &Y, change: Option<&Y>, _: Option<&()>) -> Y {
        change.map_or_else(|| seed.zero_like_tangent(), |d| self.left(d))
    }
    #[inline]
    fn right_dot(&self, seed: &Y, change: Option<&Y>, _: Option<&()>) -> Y {
        change.map_or_else(|| seed.zero_like_tangent(), |d| self.right(d))
    }
}

impl<O, A: Curved<O, B>, B: Differentiable> Operands<O, A, B> {
    /// The tangents by which those of the shares are made.
    #[inline]
    fn changes<'a>(
        change: Option<&'a Value<O, A, B>>,
        dot: Option<&'a (A::Tangent, B::Tangent)>,
    ) -> Moved<'a, O, A, B> {
        let (a_dot, b_dot) = dot.map(|(a_dot, b_dot)| (a_dot, b_dot)).unzip();
        Changes {
            seed: change,
            a: a_dot,
            b: b_dot,
        }
    }
}

impl<O, A: Curved<O, B>, B: Differentiable> LinearTwice for Operands<O, A, B> {
    type Dot = (A::Tangent, B::Tangent);
    #[inline]
    fn left_dot(
        &self,
        seed: &Self::Result,
        change: Option<&Self::Result>,
        dot: Option<&Self::Dot>,
    ) -> A::Tangent {
        let changes = Self::changes(change, dot);
        self.a.left_dot(&self.b, seed, changes)
    }
    #[inline]
    fn right_dot(
        &self,
        seed: &Self::Result,
        change: Option<&Self::Result>,
        dot: Option<&Self::Dot>,
    ) -> B::Tangent {
        let changes = Self::changes(change, dot);
        self.a.right_dot(&self.b, seed, changes)
    }
}

/// The tangent of [`linear_left`](crate::ops::linear_left).
#[inline]
pub fn linear_left_dot<K: LinearTwice>(
    seed: &K::Result,
    kept: &K,
    seed_dot: Option<&K::Result>,
    kept_dot: Option<&K::Dot>,
) -> K::Left {
    kept.left_dot(seed, seed_dot, kept_dot)
}

/// The tangent of [`linear_right`](crate::ops::linear_right).
#[inline]
pub fn linear_right_dot<K: LinearTwice>(
    seed: &K::Result,
    kept: &K,
    seed_dot: Option<&K::Result>,
    kept_dot: Option<&K::Dot>,
) -> K::Right {
    kept.right_dot(seed, seed_dot, kept_dot)
}
