//! Operators that are differentiated twice: the tangents of what is kept of the operands, and of the shares of an adjoint.
//!
//! *In*: what the share was made of, and the tangents of that, where there are any. *Out*: the tangent of the share.
//!
//! A product of numbers or matrices is linear in each factor, so that its shares are products ([`Bilinear`]). Other types say it themselves
//! ([`Curved`]): the tangents of their operands are kept beside the operands.

use super::{
    Add, Cotangent, Div, Factor, Handed, Inner, Linear, Mul, Multiple, Neg, Operands, Over, Plain,
    Ratio, Signs, Slopes, Sub, Times, Value,
};
use crate::scalar::Real;
use crate::tangent::{Differentiable, OwnedTangent};

/// The tangents of what a share is made of; none where it is inactive.
#[derive(Debug)]
pub struct Changes<'a, S, A, B> {
    /// That of the adjoint of the result.
    pub seed: Option<&'a S>,
    /// That of the left operand.
    pub a: Option<&'a A>,
    /// That of the right one.
    pub b: Option<&'a B>,
}

impl<S, A, B> Clone for Changes<'_, S, A, B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S, A, B> Copy for Changes<'_, S, A, B> {}

impl<S: OwnedTangent, A: OwnedTangent, B: OwnedTangent> Changes<'_, S, A, B> {
    /// All three, a zero where there is none.
    #[inline]
    pub fn filled<X, Y>(&self, a: &X, b: &Y, seed: &S) -> (S, A, B)
    where
        X: Differentiable<Tangent = A> + ?Sized,
        Y: Differentiable<Tangent = B> + ?Sized,
    {
        (
            self.seed.map_or_else(|| seed.zero_like_tangent(), S::clone),
            self.a.map_or_else(|| a.zero_tangent(), A::clone),
            self.b.map_or_else(|| b.zero_tangent(), B::clone),
        )
    }
}

/// The changes of an operator's share.
pub type Moved<'a, O, A, B> =
    Changes<'a, Value<O, A, B>, <A as Differentiable>::Tangent, <B as Differentiable>::Tangent>;

/// The second derivative of an operator by its operands; of the one of a negative, `b` is `()`.
#[diagnostic::on_unimplemented(
    message = "an operator of `{Self}` and `{B}` is differentiated once only",
    label = "one of these takes part in arithmetic that is differentiated twice",
    note = "mark its `impl` with `#[differentiate(order = 2)]`"
)]
pub trait Curved<O, B: Differentiable + ?Sized>: Slopes<O, B> {
    /// The tangents of both shares.
    fn shares_dot(
        &self,
        b: &B,
        seed: &Value<O, Self, B>,
        changes: Moved<'_, O, Self, B>,
    ) -> (Self::Tangent, B::Tangent);
    /// The tangent of the share of `a`.
    #[inline]
    #[track_caller]
    fn left_dot(
        &self,
        b: &B,
        seed: &Value<O, Self, B>,
        changes: Moved<'_, O, Self, B>,
    ) -> Self::Tangent {
        self.shares_dot(b, seed, changes).0
    }
    /// The tangent of the share of `b`.
    #[inline]
    #[track_caller]
    fn right_dot(
        &self,
        b: &B,
        seed: &Value<O, Self, B>,
        changes: Moved<'_, O, Self, B>,
    ) -> B::Tangent {
        self.shares_dot(b, seed, changes).1
    }
}

/// Products that are linear in each factor, also with a tangent in the place of one.
pub trait Bilinear<B: ?Sized> {}

#[diagnostic::do_not_recommend]
impl<A, B> Curved<Times, B> for A
where
    A: Slopes<Times, B>
        + Slopes<Times, B::Tangent, Value: Differentiable<Tangent = Cotangent<A, B>>>
        + Bilinear<B>
        + ?Sized,
    A::Tangent: Slopes<Times, B, Value: Differentiable<Tangent = Cotangent<A, B>>>,
    B: Differentiable<Tangent: Differentiable> + ?Sized,
{
    #[inline]
    #[track_caller]
    fn shares_dot(
        &self,
        b: &B,
        seed: &Cotangent<A, B>,
        changes: Moved<'_, Times, A, B>,
    ) -> (A::Tangent, B::Tangent) {
        let left = Curved::<Times, B>::left_dot(self, b, seed, changes);
        (left, Curved::<Times, B>::right_dot(self, b, seed, changes))
    }
    #[inline]
    #[track_caller]
    fn left_dot(
        &self,
        b: &B,
        seed: &Cotangent<A, B>,
        changes: Moved<'_, Times, A, B>,
    ) -> A::Tangent {
        let mut share = self.zero_tangent();
        if let Some(change) = changes.seed {
            Slopes::<Times, B>::left(self, b, change, &mut share);
        }
        if let Some(db) = changes.b {
            Slopes::<Times, B::Tangent>::left(self, db, seed, &mut share);
        }
        share
    }
    #[inline]
    #[track_caller]
    fn right_dot(
        &self,
        b: &B,
        seed: &Cotangent<A, B>,
        changes: Moved<'_, Times, A, B>,
    ) -> B::Tangent {
        let mut share = b.zero_tangent();
        if let Some(change) = changes.seed {
            Slopes::<Times, B>::right(self, b, change, &mut share);
        }
        if let Some(da) = changes.a {
            Slopes::<Times, B>::right(da, b, seed, &mut share);
        }
        share
    }
}

/// The tangent of [`mul_left`](super::mul_left).
#[inline]
#[track_caller]
pub fn mul_left_dot<A, B>(
    seed: &Cotangent<A, B>,
    a: &A,
    b: &B,
    seed_dot: Option<&Cotangent<A, B>>,
    da: Option<&A::Tangent>,
    db: Option<&B::Tangent>,
) -> A::Tangent
where
    A: Curved<Times, B> + ?Sized,
    B: Differentiable + ?Sized,
{
    let changes = Changes {
        seed: seed_dot,
        a: da,
        b: db,
    };
    a.left_dot(b, seed, changes)
}

/// The tangent of [`mul_right`](super::mul_right).
#[inline]
#[track_caller]
pub fn mul_right_dot<A, B>(
    seed: &Cotangent<A, B>,
    a: &A,
    b: &B,
    seed_dot: Option<&Cotangent<A, B>>,
    da: Option<&A::Tangent>,
    db: Option<&B::Tangent>,
) -> B::Tangent
where
    A: Curved<Times, B> + ?Sized,
    B: Differentiable + ?Sized,
{
    let changes = Changes {
        seed: seed_dot,
        a: da,
        b: db,
    };
    a.right_dot(b, seed, changes)
}

/// The tangent of what an operator keeps of operands of these types.
#[diagnostic::on_unimplemented(
    message = "an operator of `{A}` and `{B}` is differentiated once only",
    label = "one of these takes part in arithmetic that is differentiated twice",
    note = "mark its `impl` with `#[differentiate(order = 2)]`"
)]
pub trait Twice<A: Differentiable + ?Sized, B: Differentiable + ?Sized> {
    /// Its type.
    type Dot;
    /// The tangent by those of both operands.
    fn dot(a: &A, b: &B, da: Option<&A::Tangent>, db: Option<&B::Tangent>) -> Self::Dot;
}

impl<O, Y, A: Differentiable + ?Sized, B: Differentiable + ?Sized> Twice<A, B> for Handed<O, Y> {
    type Dot = ();
    #[inline]
    fn dot(_: &A, _: &B, _: Option<&A::Tangent>, _: Option<&B::Tangent>) {}
}

impl<A: Differentiable + ?Sized, B: Differentiable + ?Sized> Twice<A, B> for Plain {
    type Dot = ();
    #[inline]
    fn dot(_: &A, _: &B, _: Option<&A::Tangent>, _: Option<&B::Tangent>) {}
}

#[diagnostic::do_not_recommend]
impl<O, A: Curved<O, B>, B: Differentiable> Twice<A, B> for Operands<O, A, B> {
    type Dot = (A::Tangent, B::Tangent);
    #[inline]
    fn dot(a: &A, b: &B, da: Option<&A::Tangent>, db: Option<&B::Tangent>) -> Self::Dot {
        let a_dot = da.map_or_else(|| a.zero_tangent(), Clone::clone);
        (a_dot, db.map_or_else(|| b.zero_tangent(), Clone::clone))
    }
}

/// The tangent of what an operator keeps.
macro_rules! keepers {
    ($($name:ident $Trait:ident),*) => {$(
        /// The tangent of what the derivative of the operator needs of its operands.
        #[inline]
        pub fn $name<A, B>(
            a: &A,
            b: &B,
            da: Option<&A::Tangent>,
            db: Option<&B::Tangent>,
        ) -> <A::Kept as Twice<A, B>>::Dot
        where
            A: $Trait<B, Kept: Twice<A, B>> + Differentiable + ?Sized,
            B: Differentiable + ?Sized,
        {
            <A::Kept as Twice<A, B>>::dot(a, b, da, db)
        }
    )*};
}

keepers!(add_keep_dot Add, sub_keep_dot Sub, mul_keep_dot Mul, div_keep_dot Div);

/// The tangent of what the derivative of `-a` needs.
#[inline]
pub fn neg_keep_dot<A>(a: &A, da: Option<&A::Tangent>) -> <A::Kept as Twice<A, ()>>::Dot
where
    A: Neg<Kept: Twice<A, ()>> + Differentiable + ?Sized,
{
    <A::Kept as Twice<A, ()>>::dot(a, &(), da, None)
}

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

/// The tangent of [`linear_left`](super::linear_left).
#[inline]
pub fn linear_left_dot<K: LinearTwice>(
    seed: &K::Result,
    kept: &K,
    seed_dot: Option<&K::Result>,
    kept_dot: Option<&K::Dot>,
) -> K::Left {
    kept.left_dot(seed, seed_dot, kept_dot)
}

/// The tangent of [`linear_right`](super::linear_right).
#[inline]
pub fn linear_right_dot<K: LinearTwice>(
    seed: &K::Result,
    kept: &K,
    seed_dot: Option<&K::Result>,
    kept_dot: Option<&K::Dot>,
) -> K::Right {
    kept.right_dot(seed, seed_dot, kept_dot)
}

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

/// The tangent of [`multiple_left`](super::multiple_left).
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

/// The tangent of [`multiple_right`](super::multiple_right).
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

/// The tangent of [`ratio_left`](super::ratio_left).
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

/// The tangent of [`ratio_right`](super::ratio_right).
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
