//! The derivatives of operators as generated code calls them: a function for each share of an adjoint, with `_into` to add it in place, and one
//! for each contribution to a tangent (`push`).

use super::{Cotangent, Inner, Linear, Mul, Multiple, Ratio, Scale, Slopes, Times};
use crate::scalar::Real;
use crate::tangent::{Differentiable, Tangent};

/// The tangent of a sum, difference or negative by those of both operands.
#[inline]
#[track_caller]
pub fn linear_push<K: Linear>(da: &K::Left, db: &K::Right, kept: &K) -> K::Result {
    kept.push(da, db)
}

/// By that of the left one.
#[inline]
pub fn linear_push_left<K: Linear>(da: &K::Left, kept: &K) -> K::Result {
    kept.push_left(da)
}

/// By that of the right one.
#[inline]
pub fn linear_push_right<K: Linear>(db: &K::Right, kept: &K) -> K::Result {
    kept.push_right(db)
}

/// The share of the left operand of a sum, difference or negative.
#[inline]
pub fn linear_left<K: Linear>(seed: &K::Result, kept: &K) -> K::Left {
    kept.left(seed)
}

/// `target += linear_left(seed, kept)`
#[inline]
#[track_caller]
pub fn linear_left_into<K: Linear>(target: &mut K::Left, seed: &K::Result, kept: &K) {
    kept.left_into(target, seed);
}

/// The share of the right operand.
#[inline]
pub fn linear_right<K: Linear>(seed: &K::Result, kept: &K) -> K::Right {
    kept.right(seed)
}

/// `target += linear_right(seed, kept)`
#[inline]
#[track_caller]
pub fn linear_right_into<K: Linear>(target: &mut K::Right, seed: &K::Result, kept: &K) {
    kept.right_into(target, seed);
}

/// The share of the left factor, one of the two being a float.
#[inline]
#[track_caller]
pub fn multiple_left<Y, K: Multiple<Y, F>, F: ?Sized>(seed: &Y, kept: &K, b: &F) -> K::Left {
    kept.left(seed, b)
}

/// `target += multiple_left(seed, kept, b)`
#[inline]
#[track_caller]
pub fn multiple_left_into<Y, K: Multiple<Y, F>, F: ?Sized>(
    target: &mut K::Left,
    seed: &Y,
    kept: &K,
    b: &F,
) {
    kept.left_into(target, seed, b);
}

/// The share of the right factor.
#[inline]
#[track_caller]
pub fn multiple_right<Y, K: Multiple<Y, F>, F: ?Sized>(seed: &Y, kept: &K, a: &F) -> K::Right {
    kept.right(seed, a)
}

/// `target += multiple_right(seed, kept, a)`
#[inline]
#[track_caller]
pub fn multiple_right_into<Y, K: Multiple<Y, F>, F: ?Sized>(
    target: &mut K::Right,
    seed: &Y,
    kept: &K,
    a: &F,
) {
    kept.right_into(target, seed, a);
}

/// The tangent of `y = a / b` by that of `a`.
#[inline]
pub fn ratio_push_left<S, K: Ratio<S, Y, B>, Y: ?Sized, B: ?Sized>(
    da: &K::Left,
    kept: &K,
    _: &Y,
    b: &B,
) -> S {
    kept.push_left(da, b)
}

/// By that of `b`.
#[inline]
pub fn ratio_push_right<S, K: Ratio<S, Y, B>, Y: ?Sized, B: ?Sized>(
    db: &K::Right,
    kept: &K,
    y: &Y,
    b: &B,
) -> S {
    kept.push_right(db, y, b)
}

/// The share of `a`.
#[inline]
pub fn ratio_left<S, K: Ratio<S, Y, B>, Y: ?Sized, B: ?Sized>(
    seed: &S,
    kept: &K,
    _: &Y,
    b: &B,
) -> K::Left {
    kept.left(seed, b)
}

/// `target += ratio_left(seed, kept, y, b)`
#[inline]
#[track_caller]
pub fn ratio_left_into<S, K: Ratio<S, Y, B, Left: Tangent>, Y: ?Sized, B: ?Sized>(
    target: &mut K::Left,
    seed: &S,
    kept: &K,
    _: &Y,
    b: &B,
) {
    target.accumulate_tangent(&kept.left(seed, b));
}

/// The share of `b`.
#[inline]
#[track_caller]
pub fn ratio_right<S, K: Ratio<S, Y, B>, Y: ?Sized, B: ?Sized>(
    seed: &S,
    kept: &K,
    y: &Y,
    b: &B,
) -> K::Right {
    kept.right(seed, y, b)
}

/// `target += ratio_right(seed, kept, y, b)`
#[inline]
#[track_caller]
pub fn ratio_right_into<S, K: Ratio<S, Y, B, Right: Tangent>, Y: ?Sized, B: ?Sized>(
    target: &mut K::Right,
    seed: &S,
    kept: &K,
    y: &Y,
    b: &B,
) {
    target.accumulate_tangent(&kept.right(seed, y, b));
}

/// What the tangent of `a` contributes to that of `a * b`.
#[inline]
#[track_caller]
pub fn mul_push_left<A, B>(da: &A::Tangent, a: &A, b: &B) -> Cotangent<A, B>
where
    A: Slopes<Times, B> + ?Sized,
    B: Differentiable + ?Sized,
{
    a.push_left(b, da)
}

/// What the tangent of `b` contributes to that of `a * b`.
#[inline]
#[track_caller]
pub fn mul_push_right<A, B>(db: &B::Tangent, a: &A, b: &B) -> Cotangent<A, B>
where
    A: Slopes<Times, B> + ?Sized,
    B: Differentiable + ?Sized,
{
    a.push_right(b, db)
}

/// What the adjoint of `a * b` contributes to that of `a`.
#[inline]
#[track_caller]
pub fn mul_left<A, B>(seed: &Cotangent<A, B>, a: &A, b: &B) -> A::Tangent
where
    A: Slopes<Times, B> + ?Sized,
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
    A: Slopes<Times, B> + ?Sized,
    B: Differentiable + ?Sized,
{
    a.left(b, seed, target);
}

/// What the adjoint of `a * b` contributes to that of `b`.
#[inline]
#[track_caller]
pub fn mul_right<A, B>(seed: &Cotangent<A, B>, a: &A, b: &B) -> B::Tangent
where
    A: Slopes<Times, B> + ?Sized,
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
    A: Slopes<Times, B> + ?Sized,
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
pub fn div_left<A: Mul<T>, T: Real>(seed: &A, b: &T) -> A::Output {
    seed.mul(&(T::__ONE / *b))
}

/// `target += seed / b`
#[inline]
#[track_caller]
pub fn div_left_into<A: Scale<T>, T: Real>(target: &mut A, seed: &A, b: &T) {
    target.add_scaled(seed, &(T::__ONE / *b));
}

/// What the adjoint of `y = a / b` contributes to that of `b`.
#[inline]
#[track_caller]
pub fn div_right<A, Y: ?Sized, T>(seed: &A, y: &Y, b: &T) -> T
where
    A: Inner<Y, Output = T>,
    T: Real,
{
    -seed.inner(y) * (T::__ONE / *b)
}

/// `target += div_right(seed, y, b)`
#[inline]
#[track_caller]
pub fn div_right_into<A, Y: ?Sized, T>(target: &mut T, seed: &A, y: &Y, b: &T)
where
    A: Inner<Y, Output = T>,
    T: Real,
{
    *target += div_right(seed, y, b);
}
