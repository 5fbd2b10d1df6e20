//! What operators keep of their operands for the derivative, and what they make of it.
//!
//! *In*: the operands by reference, as the operator is evaluated; later a tangent or the adjoint of the result. *Out*: the tangent of the result
//! or the share of an operand.
//!
//! The operators of floats and of nalgebra keep nothing: a sum hands its adjoint on ([`Handed`]), and a product or quotient is given the other
//! operand again ([`Plain`]). Those of other types keep copies of both ([`Operands`]): nobody knows what they do with them.

use super::{Factor, Inner, Mul, Over, Slopes, Times, Value};
use crate::scalar::Real;
use crate::tangent::{Differentiable, OwnedTangent};
use core::marker::PhantomData;

/// Of a sum, difference or negative, all of whose types have the tangent `Y`: nothing.
#[derive(Clone, Copy)]
pub struct Handed<O, Y>(PhantomData<fn() -> (O, Y)>);

impl<O, Y> Handed<O, Y> {
    /// Nothing.
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<O, Y> Default for Handed<O, Y> {
    fn default() -> Self {
        Self::new()
    }
}

/// Of a product or quotient whose derivative is given the operands: nothing.
#[derive(Clone, Copy)]
pub struct Plain;

/// Copies of both operands.
#[derive(Clone, Copy)]
pub struct Operands<O, A, B> {
    pub(super) a: A,
    pub(super) b: B,
    operator: PhantomData<fn() -> O>,
}

impl<O, A: Clone, B: Clone> Operands<O, A, B> {
    /// Copies these.
    #[inline]
    #[must_use]
    pub fn new(a: &A, b: &B) -> Self {
        Self {
            a: a.clone(),
            b: b.clone(),
            operator: PhantomData,
        }
    }
}

/// Of `a + b`, `a - b`, `-a`.
pub trait Linear {
    /// The tangent of the result.
    type Result;
    /// The tangent of `a`.
    type Left;
    /// The tangent of `b`.
    type Right;
    /// The tangent of the result by those of both.
    fn push(&self, da: &Self::Left, db: &Self::Right) -> Self::Result;
    /// By that of `a`.
    fn push_left(&self, da: &Self::Left) -> Self::Result;
    /// By that of `b`.
    fn push_right(&self, db: &Self::Right) -> Self::Result;
    /// The share of `a`.
    fn left(&self, seed: &Self::Result) -> Self::Left;
    /// Adds the share of `a`.
    fn left_into(&self, target: &mut Self::Left, seed: &Self::Result);
    /// The share of `b`.
    fn right(&self, seed: &Self::Result) -> Self::Right;
    /// Adds the share of `b`.
    fn right_into(&self, target: &mut Self::Right, seed: &Self::Result);
}

/// How an operand enters a sum.
pub trait Signs {
    /// Is it subtracted?
    const LEFT: bool;
    /// Is it subtracted?
    const RIGHT: bool;
}

/// `target += seed` or `target -= seed`
#[inline]
#[track_caller]
fn add<Y: OwnedTangent>(target: &mut Y, seed: &Y, negate: bool) {
    if negate {
        target.subtract_tangent(seed);
    } else {
        target.accumulate_tangent(seed);
    }
}

/// `seed` or `-seed`
#[inline]
fn signed<Y: OwnedTangent>(seed: &Y, negate: bool) -> Y {
    if negate {
        let mut negated = seed.zero_like_tangent();
        negated.subtract_tangent(seed);
        negated
    } else {
        seed.clone()
    }
}

impl<O: Signs, Y: OwnedTangent> Linear for Handed<O, Y> {
    type Result = Y;
    type Left = Y;
    type Right = Y;
    #[inline]
    #[track_caller]
    fn push(&self, da: &Y, db: &Y) -> Y {
        let mut sum = signed(da, O::LEFT);
        add(&mut sum, db, O::RIGHT);
        sum
    }
    #[inline]
    fn push_left(&self, da: &Y) -> Y {
        signed(da, O::LEFT)
    }
    #[inline]
    fn push_right(&self, db: &Y) -> Y {
        signed(db, O::RIGHT)
    }
    #[inline]
    fn left(&self, seed: &Y) -> Y {
        signed(seed, O::LEFT)
    }
    #[inline]
    #[track_caller]
    fn left_into(&self, target: &mut Y, seed: &Y) {
        add(target, seed, O::LEFT);
    }
    #[inline]
    fn right(&self, seed: &Y) -> Y {
        signed(seed, O::RIGHT)
    }
    #[inline]
    #[track_caller]
    fn right_into(&self, target: &mut Y, seed: &Y) {
        add(target, seed, O::RIGHT);
    }
}

impl<O, A: Slopes<O, B>, B: Differentiable> Linear for Operands<O, A, B> {
    type Result = Value<O, A, B>;
    type Left = A::Tangent;
    type Right = B::Tangent;
    #[inline]
    fn push(&self, da: &A::Tangent, db: &B::Tangent) -> Self::Result {
        let mut sum = self.push_left(da);
        crate::tangent::Tangent::accumulate_tangent(&mut sum, &self.push_right(db));
        sum
    }
    #[inline]
    fn push_left(&self, da: &A::Tangent) -> Self::Result {
        self.a.push_left(&self.b, da)
    }
    #[inline]
    fn push_right(&self, db: &B::Tangent) -> Self::Result {
        self.a.push_right(&self.b, db)
    }
    #[inline]
    fn left(&self, seed: &Self::Result) -> A::Tangent {
        let mut share = self.a.zero_tangent();
        self.left_into(&mut share, seed);
        share
    }
    #[inline]
    fn left_into(&self, target: &mut A::Tangent, seed: &Self::Result) {
        self.a.left(&self.b, seed, target);
    }
    #[inline]
    fn right(&self, seed: &Self::Result) -> B::Tangent {
        let mut share = self.b.zero_tangent();
        self.right_into(&mut share, seed);
        share
    }
    #[inline]
    fn right_into(&self, target: &mut B::Tangent, seed: &Self::Result) {
        self.a.right(&self.b, seed, target);
    }
}

/// Of `a * b`, one of which is a float; the share of one is made with the other.
pub trait Multiple<Y: ?Sized, F: ?Sized> {
    /// The tangent of `a`.
    type Left;
    /// The tangent of `b`.
    type Right;
    /// The share of `a`.
    fn left(&self, seed: &Y, b: &F) -> Self::Left;
    /// Adds the share of `a`.
    fn left_into(&self, target: &mut Self::Left, seed: &Y, b: &F);
    /// The share of `b`.
    fn right(&self, seed: &Y, a: &F) -> Self::Right;
    /// Adds the share of `b`.
    fn right_into(&self, target: &mut Self::Right, seed: &Y, a: &F);
}

impl<Y: Factor<F> + ?Sized, F: ?Sized> Multiple<Y, F> for Plain {
    type Left = Y::Share;
    type Right = Y::Share;
    #[inline]
    #[track_caller]
    fn left(&self, seed: &Y, b: &F) -> Y::Share {
        seed.share(b)
    }
    #[inline]
    #[track_caller]
    fn left_into(&self, target: &mut Y::Share, seed: &Y, b: &F) {
        seed.share_into(b, target);
    }
    #[inline]
    #[track_caller]
    fn right(&self, seed: &Y, a: &F) -> Y::Share {
        seed.share(a)
    }
    #[inline]
    #[track_caller]
    fn right_into(&self, target: &mut Y::Share, seed: &Y, a: &F) {
        seed.share_into(a, target);
    }
}

impl<A, B, F: ?Sized> Multiple<Value<Times, A, B>, F> for Operands<Times, A, B>
where
    A: Slopes<Times, B>,
    B: Differentiable,
{
    type Left = A::Tangent;
    type Right = B::Tangent;
    #[inline]
    fn left(&self, seed: &Value<Times, A, B>, _: &F) -> A::Tangent {
        Linear::left(self, seed)
    }
    #[inline]
    fn left_into(&self, target: &mut A::Tangent, seed: &Value<Times, A, B>, _: &F) {
        Linear::left_into(self, target, seed);
    }
    #[inline]
    fn right(&self, seed: &Value<Times, A, B>, _: &F) -> B::Tangent {
        Linear::right(self, seed)
    }
    #[inline]
    fn right_into(&self, target: &mut B::Tangent, seed: &Value<Times, A, B>, _: &F) {
        Linear::right_into(self, target, seed);
    }
}

/// Of `y = a / b`, which is given `y` and `b` again. `S` is the tangent of `y`. All shares and all quotients by one `b` have its reciprocal as a factor.
pub trait Ratio<S, Y: ?Sized, B: ?Sized> {
    /// The tangent of `a`.
    type Left;
    /// The tangent of `b`.
    type Right;
    /// The tangent of the quotient by that of `a`.
    fn push_left(&self, da: &Self::Left, b: &B) -> S;
    /// By that of `b`.
    fn push_right(&self, db: &Self::Right, y: &Y, b: &B) -> S;
    /// The share of `a`.
    fn left(&self, seed: &S, b: &B) -> Self::Left;
    /// The share of `b`.
    fn right(&self, seed: &S, y: &Y, b: &B) -> Self::Right;
}

impl<S, Y, T> Ratio<S, Y, T> for Plain
where
    S: Mul<T, Output = S> + super::Neg<Output = S> + Inner<Y, Output = T>,
    Y: Slopes<Times, T, Value: Differentiable<Tangent = S>> + ?Sized,
    T: Real,
{
    type Left = S;
    type Right = T;
    #[inline]
    fn push_left(&self, da: &S, b: &T) -> S {
        da.mul(&(T::__ONE / *b))
    }
    #[inline]
    fn push_right(&self, db: &T, y: &Y, b: &T) -> S {
        y.push_right(b, db).mul(&(T::__ONE / *b)).neg()
    }
    #[inline]
    fn left(&self, seed: &S, b: &T) -> S {
        seed.mul(&(T::__ONE / *b))
    }
    #[inline]
    fn right(&self, seed: &S, y: &Y, b: &T) -> T {
        -seed.inner(y) * (T::__ONE / *b)
    }
}

impl<A, B, Y: ?Sized, D: ?Sized> Ratio<Value<Over, A, B>, Y, D> for Operands<Over, A, B>
where
    A: Slopes<Over, B>,
    B: Differentiable,
{
    type Left = A::Tangent;
    type Right = B::Tangent;
    #[inline]
    fn push_left(&self, da: &A::Tangent, _: &D) -> Value<Over, A, B> {
        Linear::push_left(self, da)
    }
    #[inline]
    fn push_right(&self, db: &B::Tangent, _: &Y, _: &D) -> Value<Over, A, B> {
        Linear::push_right(self, db)
    }
    #[inline]
    fn left(&self, seed: &Value<Over, A, B>, _: &D) -> A::Tangent {
        Linear::left(self, seed)
    }
    #[inline]
    fn right(&self, seed: &Value<Over, A, B>, _: &Y, _: &D) -> B::Tangent {
        Linear::right(self, seed)
    }
}

/// An operator that keeps both operands: what it gives.
macro_rules! keeping_both {
    ($Trait:ident $method:ident $Operator:ident: $A:ty, $B:ty => $Y:ty, |$a:ident, $b:ident| $value:expr) => {
        #[diagnostic::do_not_recommend]
        impl $Trait<$B> for $A {
            type Output = $Y;
            type Kept = Operands<$Operator, $A, $B>;
            #[inline]
            fn $method(&self, $b: &$B) -> $Y {
                let $a = self;
                $value
            }
            #[inline]
            fn keep(&self, b: &$B) -> Self::Kept {
                Operands::new(self, b)
            }
        }
    };
}

/// A sum, a difference or a negative, which keeps nothing; all of its types have the tangent `$D`.
macro_rules! keeping_nothing {
    ([$($generics:tt)*] $Trait:ident $method:ident $Operator:ident: $A:ty, $B:ty => $Y:ty, $D:ty, |$a:ident, $b:ident| $value:expr) => {
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> $Trait<$B> for $A {
            type Output = $Y;
            type Kept = Handed<$Operator, $D>;
            #[inline]
            fn $method(&self, $b: &$B) -> $Y {
                let $a = self;
                $value
            }
            #[inline]
            fn keep(&self, _: &$B) -> Self::Kept {
                Handed::new()
            }
        }
    };
    ([$($generics:tt)*] $Trait:ident $method:ident $Operator:ident: $A:ty => $Y:ty, $D:ty, |$a:ident| $value:expr) => {
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> $Trait for $A {
            type Output = $Y;
            type Kept = Handed<$Operator, $D>;
            #[inline]
            fn $method(&self) -> $Y {
                let $a = self;
                $value
            }
            #[inline]
            fn keep(&self) -> Self::Kept {
                Handed::new()
            }
        }
    };
}

pub(super) use {keeping_both, keeping_nothing};
