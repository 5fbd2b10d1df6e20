//! Operators by the types of their operands: what generated code calls where the macro does not know them to be scalars.
//!
//! *In*: operands by reference. *Out*: what the operator gives, to the bit, or what the adjoint of its result contributes to that of an
//! operand. Sums are linear and products bilinear: their tangents are sums and products again.
//!
//! Scalars, the matrices and vectors of nalgebra (owned and views) and points implement the traits, and types whose operators are annotated.

mod complex;
mod derivatives;
mod integers;
mod kept;
mod matrices;
mod motions;
mod points;
mod quaternions;
mod rotations;
mod scalars;
mod twice;

pub use derivatives::*;
pub use kept::{Handed, Linear, Multiple, Operands, Plain, Ratio, Signs};
pub use twice::*;

use crate::tangent::Differentiable;

/// `a + b`
#[diagnostic::on_unimplemented(
    message = "no derivative is known for the sum of `{Self}` and `{B}`",
    label = "one of these takes part in differentiated arithmetic",
    note = "operators have derivatives for floats, for matrices, vectors and points of nalgebra, and where their `impl` is marked `#[differentiate]`"
)]
pub trait Add<B: ?Sized> {
    /// The type of the sum.
    type Output;
    /// What its derivative needs of the operands.
    type Kept;
    /// The sum.
    fn add(&self, b: &B) -> Self::Output;
    /// What its derivative needs.
    fn keep(&self, b: &B) -> Self::Kept;
}

/// `a - b`
#[diagnostic::on_unimplemented(
    message = "no derivative is known for the difference of `{Self}` and `{B}`",
    label = "one of these takes part in differentiated arithmetic",
    note = "operators have derivatives for floats, for matrices, vectors and points of nalgebra, and where their `impl` is marked `#[differentiate]`"
)]
pub trait Sub<B: ?Sized> {
    /// The type of the difference.
    type Output;
    /// What its derivative needs of the operands.
    type Kept;
    /// The difference.
    fn sub(&self, b: &B) -> Self::Output;
    /// What its derivative needs.
    fn keep(&self, b: &B) -> Self::Kept;
}

/// `-a`
#[diagnostic::on_unimplemented(
    message = "no derivative is known for the negative of `{Self}`",
    label = "this takes part in differentiated arithmetic",
    note = "operators have derivatives for floats, for matrices, vectors and points of nalgebra, and where their `impl` is marked `#[differentiate]`"
)]
pub trait Neg {
    /// The type of the negative.
    type Output;
    /// What its derivative needs of the operand.
    type Kept;
    /// The negative.
    fn neg(&self) -> Self::Output;
    /// What its derivative needs.
    fn keep(&self) -> Self::Kept;
}

/// `a * b`
#[diagnostic::on_unimplemented(
    message = "no derivative is known for the product of `{Self}` and `{B}`",
    label = "one of these takes part in differentiated arithmetic",
    note = "operators have derivatives for floats, for matrices, vectors and points of nalgebra, and where their `impl` is marked `#[differentiate]`"
)]
pub trait Mul<B: ?Sized> {
    /// The type of the product.
    type Output;
    /// What its derivative needs of the operands.
    type Kept;
    /// The product.
    fn mul(&self, b: &B) -> Self::Output;
    /// What its derivative needs.
    fn keep(&self, b: &B) -> Self::Kept;
}

/// `a / b`, where `b` is a scalar.
#[diagnostic::on_unimplemented(
    message = "no derivative is known for the quotient of `{Self}` and `{B}`",
    label = "one of these takes part in differentiated arithmetic",
    note = "operators have derivatives for floats, for matrices, vectors and points of nalgebra, and where their `impl` is marked `#[differentiate]`"
)]
pub trait Div<B: ?Sized> {
    /// The type of the quotient.
    type Output;
    /// What its derivative needs of the operands.
    type Kept;
    /// The quotient.
    fn div(&self, b: &B) -> Self::Output;
    /// What its derivative needs.
    fn keep(&self, b: &B) -> Self::Kept;
}

/// `a += b`, `a -= b`, `b` staying where it is.
pub trait AddAssign<B: ?Sized> {
    /// `a += b`
    fn add_assign(&mut self, b: &B);
    /// `a -= b`
    fn sub_assign(&mut self, b: &B);
}

/// What `a += b` and `a -= b` add and subtract.
#[diagnostic::on_unimplemented(
    message = "`+=` and `-=` of `{Self}` have no derivative where the type is not told",
    label = "this is added or subtracted in place",
    note = "write `a = a + b`, and mark the `impl` of `Add` with `#[differentiate]`"
)]
pub trait Summand {}

/// `a *= b`, `a /= b`, where `b` is a scalar.
pub trait MulAssign<B> {
    /// `a *= b`
    fn mul_assign(&mut self, b: &B);
    /// `a /= b`
    fn div_assign(&mut self, b: &B);
}

/// `a + b`, in [`Slopes`].
pub enum Plus {}
/// `a - b`
pub enum Minus {}
/// `-a`
pub enum Negated {}
/// `a * b`
pub enum Times {}
/// `a / b`
pub enum Over {}

impl Signs for Plus {
    const LEFT: bool = false;
    const RIGHT: bool = false;
}

impl Signs for Minus {
    const LEFT: bool = false;
    const RIGHT: bool = true;
}

impl Signs for Negated {
    const LEFT: bool = true;
    const RIGHT: bool = true;
}

/// The derivative of an operator by its operands; of the one of a negative, `b` is `()`.
#[diagnostic::on_unimplemented(
    message = "no derivative is known for the operator `{O}` of `{Self}` and `{B}`",
    label = "one of these takes part in differentiated arithmetic",
    note = "operators have derivatives for floats, for matrices, vectors and points of nalgebra, and where their `impl` is marked `#[differentiate]`"
)]
pub trait Slopes<O, B: Differentiable + ?Sized>: Differentiable {
    /// What the operator gives.
    type Value: Differentiable;
    /// What the tangent of `a` contributes to that of the value.
    fn push_left(&self, b: &B, da: &Self::Tangent) -> Value<O, Self, B>;
    /// What the tangent of `b` contributes.
    fn push_right(&self, b: &B, db: &B::Tangent) -> Value<O, Self, B>;
    /// Adds the share of `a`.
    fn left(&self, b: &B, seed: &Value<O, Self, B>, target: &mut Self::Tangent);
    /// Adds the share of `b`.
    fn right(&self, b: &B, seed: &Value<O, Self, B>, target: &mut B::Tangent);
}

/// The tangent type of what an operator gives.
pub type Value<O, A, B> = <<A as Slopes<O, B>>::Value as Differentiable>::Tangent;

/// The tangent type of a product.
pub type Cotangent<A, B> = Value<Times, A, B>;

/// The adjoint of a product with a float, as the share of one factor: made with the other.
pub trait Factor<F: ?Sized> {
    /// Its type.
    type Share;
    /// The share.
    fn share(&self, factor: &F) -> Self::Share;
    /// Adds it.
    fn share_into(&self, factor: &F, target: &mut Self::Share);
}

/// The sum of the products of corresponding elements.
pub trait Inner<B: ?Sized> {
    /// Its type.
    type Output;
    /// The sum.
    fn inner(&self, b: &B) -> Self::Output;
}

/// `self += seed * factor`
pub trait Scale<T> {
    /// Adds the multiple.
    fn add_scaled(&mut self, seed: &Self, factor: &T);
}

/// `a + b`
#[inline]
#[track_caller]
pub fn add<A: Add<B> + ?Sized, B: ?Sized>(a: &A, b: &B) -> A::Output {
    a.add(b)
}

/// `a - b`
#[inline]
#[track_caller]
pub fn sub<A: Sub<B> + ?Sized, B: ?Sized>(a: &A, b: &B) -> A::Output {
    a.sub(b)
}

/// `-a`
#[inline]
pub fn neg<A: Neg + ?Sized>(a: &A) -> A::Output {
    a.neg()
}

/// `a * b`
#[inline]
#[track_caller]
pub fn mul<A: Mul<B> + ?Sized, B: ?Sized>(a: &A, b: &B) -> A::Output {
    a.mul(b)
}

/// `a / b`
#[inline]
#[track_caller]
pub fn div<A: Div<B> + ?Sized, B: ?Sized>(a: &A, b: &B) -> A::Output {
    a.div(b)
}

/// `a += b`
#[inline]
#[track_caller]
pub fn add_assign<A: AddAssign<B> + ?Sized, B: ?Sized>(a: &mut A, b: &B) {
    a.add_assign(b);
}

/// `a -= b`
#[inline]
#[track_caller]
pub fn sub_assign<A: AddAssign<B> + ?Sized, B: ?Sized>(a: &mut A, b: &B) {
    a.sub_assign(b);
}

/// `a *= b`
#[inline]
pub fn mul_assign<A: MulAssign<B> + ?Sized, B>(a: &mut A, b: &B) {
    a.mul_assign(b);
}

/// `a /= b`
#[inline]
pub fn div_assign<A: MulAssign<B> + ?Sized, B>(a: &mut A, b: &B) {
    a.div_assign(b);
}

/// What the reverse of an operator keeps.
macro_rules! keepers {
    ($($name:ident $Trait:ident),*) => {$(
        /// What the derivative of the operator needs of its operands.
        #[inline]
        pub fn $name<A: $Trait<B> + ?Sized, B: ?Sized>(a: &A, b: &B) -> A::Kept {
            a.keep(b)
        }
    )*};
}

keepers!(add_keep Add, sub_keep Sub, mul_keep Mul, div_keep Div);

/// What the derivative of `-a` needs.
#[inline]
pub fn neg_keep<A: Neg + ?Sized>(a: &A) -> A::Kept {
    a.keep()
}
