//! Operators by the types of their operands: what generated code calls where the macro does not know them to be scalars.
//!
//! *In*: operands by reference. *Out*: what the operator gives, to the bit, or what the adjoint of its result contributes to that of an
//! operand. Sums are linear and products bilinear: their tangents are sums and products again.
//!
//! Scalars, the matrices and vectors of nalgebra (owned and views) and points implement the traits.

mod matrices;
mod points;
mod scalars;

use crate::tangent::Differentiable;

/// `a + b`
#[diagnostic::on_unimplemented(
    message = "no derivative is known for the sum of `{Self}` and `{B}`",
    label = "one of these takes part in differentiated arithmetic",
    note = "operators have derivatives for floats and for matrices, vectors and points of nalgebra"
)]
pub trait Add<B: ?Sized> {
    /// The type of the sum.
    type Output;
    /// The sum.
    fn add(&self, b: &B) -> Self::Output;
}

/// `a - b`
#[diagnostic::on_unimplemented(
    message = "no derivative is known for the difference of `{Self}` and `{B}`",
    label = "one of these takes part in differentiated arithmetic",
    note = "operators have derivatives for floats and for matrices, vectors and points of nalgebra"
)]
pub trait Sub<B: ?Sized> {
    /// The type of the difference.
    type Output;
    /// The difference.
    fn sub(&self, b: &B) -> Self::Output;
}

/// `-a`
#[diagnostic::on_unimplemented(
    message = "no derivative is known for the negative of `{Self}`",
    label = "this takes part in differentiated arithmetic",
    note = "operators have derivatives for floats and for matrices, vectors and points of nalgebra"
)]
pub trait Neg {
    /// The type of the negative.
    type Output;
    /// The negative.
    fn neg(&self) -> Self::Output;
}

/// `a * b`
#[diagnostic::on_unimplemented(
    message = "no derivative is known for the product of `{Self}` and `{B}`",
    label = "one of these takes part in differentiated arithmetic",
    note = "operators have derivatives for floats and for matrices, vectors and points of nalgebra"
)]
pub trait Mul<B: ?Sized> {
    /// The type of the product.
    type Output;
    /// The product.
    fn mul(&self, b: &B) -> Self::Output;
}

/// `a / b`, where `b` is a scalar.
#[diagnostic::on_unimplemented(
    message = "no derivative is known for the quotient of `{Self}` and `{B}`",
    label = "one of these takes part in differentiated arithmetic",
    note = "operators have derivatives for floats and for matrices, vectors and points of nalgebra"
)]
pub trait Div<B: ?Sized> {
    /// The type of the quotient.
    type Output;
    /// The quotient.
    fn div(&self, b: &B) -> Self::Output;
}

/// `a += b`, `a -= b`, `b` staying where it is.
pub trait AddAssign<B: ?Sized> {
    /// `a += b`
    fn add_assign(&mut self, b: &B);
    /// `a -= b`
    fn sub_assign(&mut self, b: &B);
}

/// `a *= b`, `a /= b`, where `b` is a scalar.
pub trait MulAssign<B> {
    /// `a *= b`
    fn mul_assign(&mut self, b: &B);
    /// `a /= b`
    fn div_assign(&mut self, b: &B);
}

/// The derivative of a product.
#[diagnostic::on_unimplemented(
    message = "no derivative is known for the product of `{Self}` and `{B}`",
    label = "one of these takes part in differentiated arithmetic",
    note = "operators have derivatives for floats and for matrices, vectors and points of nalgebra"
)]
pub trait Product<B: Differentiable + ?Sized>:
    Differentiable + Mul<B, Output: Differentiable>
{
    /// What the tangent of the left factor contributes to that of the product.
    fn push_left(&self, b: &B, da: &Self::Tangent) -> Cotangent<Self, B>;
    /// What the tangent of the right factor contributes.
    fn push_right(&self, b: &B, db: &B::Tangent) -> Cotangent<Self, B>;
    /// Adds the left factor's share.
    fn left(&self, b: &B, seed: &Cotangent<Self, B>, target: &mut Self::Tangent);
    /// Adds the right factor's share.
    fn right(&self, b: &B, seed: &Cotangent<Self, B>, target: &mut B::Tangent);
}

/// The tangent type of a product.
pub type Cotangent<A, B> = <<A as Mul<B>>::Output as Differentiable>::Tangent;

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

/// What the tangent of `a` contributes to that of `a * b`.
#[inline]
#[track_caller]
pub fn mul_push_left<A, B>(da: &A::Tangent, a: &A, b: &B) -> Cotangent<A, B>
where
    A: Product<B> + ?Sized,
    B: Differentiable + ?Sized,
{
    a.push_left(b, da)
}

/// What the tangent of `b` contributes to that of `a * b`.
#[inline]
#[track_caller]
pub fn mul_push_right<A, B>(db: &B::Tangent, a: &A, b: &B) -> Cotangent<A, B>
where
    A: Product<B> + ?Sized,
    B: Differentiable + ?Sized,
{
    a.push_right(b, db)
}

/// What the adjoint of `a * b` contributes to that of `a`.
#[inline]
#[track_caller]
pub fn mul_left<A, B>(seed: &Cotangent<A, B>, a: &A, b: &B) -> A::Tangent
where
    A: Product<B> + ?Sized,
    B: Differentiable + ?Sized,
{
    let mut share = a.zero_tangent();
    a.left(b, seed, &mut share);
    share
}

/// `target += mul_left(seed, a, b)`
#[inline]
#[track_caller]
pub fn mul_left_into<A, B>(target: &mut A::Tangent, seed: &Cotangent<A, B>, a: &A, b: &B)
where
    A: Product<B> + ?Sized,
    B: Differentiable + ?Sized,
{
    a.left(b, seed, target);
}

/// What the adjoint of `a * b` contributes to that of `b`.
#[inline]
#[track_caller]
pub fn mul_right<A, B>(seed: &Cotangent<A, B>, a: &A, b: &B) -> B::Tangent
where
    A: Product<B> + ?Sized,
    B: Differentiable + ?Sized,
{
    let mut share = b.zero_tangent();
    a.right(b, seed, &mut share);
    share
}

/// `target += mul_right(seed, a, b)`
#[inline]
#[track_caller]
pub fn mul_right_into<A, B>(target: &mut B::Tangent, seed: &Cotangent<A, B>, a: &A, b: &B)
where
    A: Product<B> + ?Sized,
    B: Differentiable + ?Sized,
{
    a.right(b, seed, target);
}

/// What the adjoint of `a * factor` contributes to that of `a`, the factor being a scalar.
#[inline]
pub fn scale<A: Mul<T>, T>(seed: &A, factor: &T) -> A::Output {
    seed.mul(factor)
}

/// `target += seed * factor`
#[inline]
#[track_caller]
pub fn scale_into<A: Scale<T>, T>(target: &mut A, seed: &A, factor: &T) {
    target.add_scaled(seed, factor);
}

/// What the adjoint of `factor * b` contributes to that of the factor, a scalar.
#[inline]
#[track_caller]
pub fn inner<A: Inner<B> + ?Sized, B: ?Sized>(seed: &A, b: &B) -> A::Output {
    seed.inner(b)
}

/// `target += inner(seed, b)`
#[inline]
#[track_caller]
pub fn inner_into<A, B>(target: &mut A::Output, seed: &A, b: &B)
where
    A: Inner<B, Output: core::ops::AddAssign> + ?Sized,
    B: ?Sized,
{
    *target += seed.inner(b);
}

/// What the adjoint of `a / b` contributes to that of `a`.
#[inline]
pub fn div_left<A: Div<T>, T>(seed: &A, b: &T) -> A::Output {
    seed.div(b)
}

/// `target += seed / b`
#[inline]
#[track_caller]
pub fn div_left_into<A: Div<T, Output = A> + AddAssign<A>, T>(target: &mut A, seed: &A, b: &T) {
    target.add_assign(&seed.div(b));
}

/// What the adjoint of `y = a / b` contributes to that of `b`.
#[inline]
#[track_caller]
pub fn div_right<A, Y: ?Sized, T>(seed: &A, y: &Y, b: &T) -> T
where
    A: Inner<Y, Output = T>,
    T: crate::scalar::Real,
{
    -seed.inner(y) / *b
}

/// `target += div_right(seed, y, b)`
#[inline]
#[track_caller]
pub fn div_right_into<A, Y: ?Sized, T>(target: &mut T, seed: &A, y: &Y, b: &T)
where
    A: Inner<Y, Output = T>,
    T: crate::scalar::Real,
{
    *target += div_right(seed, y, b);
}
