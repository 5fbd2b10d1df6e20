//! Quaternions as numbers: what they are made of, added and multiplied.

use super::rotations::{by_function, value};
use super::{
    Add, Bilinear, Div, Factor, Handed, Inner, Minus, Mul, Neg, Negated, Plain, Plus, Slopes, Sub,
    Times,
};
use crate::geometry::product;
use crate::scalar::Real;
use crate::tangent::Differentiable;
use nalgebra::{Quaternion, RealField};

/// Sums of quaternions.
macro_rules! sums {
    ($($Trait:ident $method:ident $symbol:tt $Operator:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Real + RealField> $Trait<Quaternion<T>> for Quaternion<T> {
            type Output = Self;
            type Kept = Handed<$Operator, Self>;
            #[inline]
            fn $method(&self, b: &Self) -> Self {
                self $symbol b
            }
            #[inline]
            fn keep(&self, _: &Self) -> Self::Kept {
                Handed::new()
            }
        }
    )*};
}

sums!(Add add + Plus, Sub sub - Minus);

#[diagnostic::do_not_recommend]
impl<T: Real + RealField> Neg for Quaternion<T> {
    type Output = Self;
    type Kept = Handed<Negated, Self>;
    #[inline]
    fn neg(&self) -> Self {
        -self
    }
    #[inline]
    fn keep(&self) -> Self::Kept {
        Handed::new()
    }
}

/// By a scalar.
macro_rules! multiples {
    ($($Trait:ident $method:ident $symbol:tt),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Real + RealField> $Trait<T> for Quaternion<T> {
            type Output = Self;
            type Kept = Plain;
            #[inline]
            fn $method(&self, b: &T) -> Self {
                self $symbol *b
            }
            #[inline]
            fn keep(&self, _: &T) -> Plain {
                Plain
            }
        }
    )*};
}

multiples!(Mul mul *, Div div /);

#[diagnostic::do_not_recommend]
impl<T: Real + RealField> Mul<Quaternion<T>> for T {
    type Output = Quaternion<T>;
    type Kept = Plain;
    #[inline]
    fn mul(&self, b: &Quaternion<T>) -> Quaternion<T> {
        b * *self
    }
    #[inline]
    fn keep(&self, _: &Quaternion<T>) -> Plain {
        Plain
    }
}

#[diagnostic::do_not_recommend]
impl<T: Real + RealField> Slopes<Times, T> for Quaternion<T> {
    type Value = Self;
    #[inline]
    fn push_left(&self, b: &T, da: &Self) -> Self {
        da * *b
    }
    #[inline]
    fn push_right(&self, _: &T, db: &T) -> Self {
        self * *db
    }
    #[inline]
    fn left(&self, b: &T, seed: &Self, target: &mut Self) {
        *target += seed * *b;
    }
    #[inline]
    fn right(&self, _: &T, seed: &Self, target: &mut T) {
        *target += seed.dot(self);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Real + RealField> Slopes<Times, Quaternion<T>> for T {
    type Value = Quaternion<T>;
    #[inline]
    fn push_left(&self, b: &Quaternion<T>, da: &T) -> Quaternion<T> {
        b * *da
    }
    #[inline]
    fn push_right(&self, _: &Quaternion<T>, db: &Quaternion<T>) -> Quaternion<T> {
        db * *self
    }
    #[inline]
    fn left(&self, b: &Quaternion<T>, seed: &Quaternion<T>, target: &mut T) {
        *target += seed.dot(b);
    }
    #[inline]
    fn right(&self, _: &Quaternion<T>, seed: &Quaternion<T>, target: &mut Quaternion<T>) {
        *target += seed * *self;
    }
}

#[diagnostic::do_not_recommend]
impl<T: Real + RealField> Inner<Quaternion<T>> for Quaternion<T> {
    type Output = T;
    #[inline]
    fn inner(&self, b: &Self) -> T {
        self.dot(b)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Real + RealField> Factor<T> for Quaternion<T> {
    type Share = Self;
    #[inline]
    fn share(&self, factor: &T) -> Self {
        self * *factor
    }
    #[inline]
    fn share_into(&self, factor: &T, target: &mut Self) {
        *target += self * *factor;
    }
}

#[diagnostic::do_not_recommend]
impl<T: Real + RealField> Factor<Quaternion<T>> for Quaternion<T> {
    type Share = T;
    #[inline]
    fn share(&self, factor: &Self) -> T {
        self.dot(factor)
    }
    #[inline]
    fn share_into(&self, factor: &Self, target: &mut T) {
        *target += self.dot(factor);
    }
}

by_function!(product: [T: Real + RealField] Quaternion<T>, Quaternion<T> => Quaternion<T>, |b| b);

impl<T: Real + RealField> Bilinear<Quaternion<T>> for Quaternion<T> {}
impl<T: Real + RealField> Bilinear<T> for Quaternion<T> {}
impl<T: Real + RealField> Bilinear<Quaternion<T>> for T {}
