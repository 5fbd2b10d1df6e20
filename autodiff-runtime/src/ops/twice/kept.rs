//! The tangents of what operators keep of their operands.

use super::Curved;
use crate::ops::{Add, Div, Handed, Mul, Neg, Operands, Plain, Sub};
use crate::tangent::Differentiable;

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
