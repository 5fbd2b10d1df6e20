//! Operators that are differentiated twice: the tangents of what is kept of the operands, and of the shares of an adjoint.
//!
//! *In*: what the share was made of, and the tangents of that, where there are any. *Out*: the tangent of the share.
//!
//! A product of numbers or matrices is linear in each factor, so that its shares are products ([`Bilinear`]). Other types say it themselves
//! ([`Curved`]): the tangents of their operands are kept beside the operands.

mod kept;
mod multiples;
mod ratios;
mod sums;

pub use kept::*;
pub use multiples::*;
pub use ratios::*;
pub use sums::*;

use super::{Cotangent, Slopes, Times, Value};
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

/// The tangents of the shares of a product.
macro_rules! product_shares {
    ($($name:ident: $share:ident of $Operand:ident by $method:ident),*) => {$(
        #[doc = concat!("The tangent of [`", stringify!($share), "`](super::", stringify!($share), ").")]
        #[inline]
        #[track_caller]
        pub fn $name<A, B>(
            seed: &Cotangent<A, B>,
            a: &A,
            b: &B,
            seed_dot: Option<&Cotangent<A, B>>,
            da: Option<&A::Tangent>,
            db: Option<&B::Tangent>,
        ) -> $Operand::Tangent
        where
            A: Curved<Times, B> + ?Sized,
            B: Differentiable + ?Sized,
        {
            let changes = Changes {
                seed: seed_dot,
                a: da,
                b: db,
            };
            a.$method(b, seed, changes)
        }
    )*};
}

product_shares!(mul_left_dot: mul_left of A by left_dot, mul_right_dot: mul_right of B by right_dot);
