//! Quaternions as numbers: what they are made of, added and multiplied.

use super::kept::keeping_nothing;
use super::rotations::{by_function, value};
use super::{
    Add, Bilinear, Curved, Div, Factor, Handed, Inner, Minus, Moved, Mul, Neg, Negated, Plain,
    Plus, Slopes, Sub, Times,
};
use crate::geometry::product;
use crate::scalar::Real;
use crate::tangent::Differentiable;
use nalgebra::{Quaternion, RealField};

keeping_nothing!([T: Real + RealField] Add add Plus: Quaternion<T>, Quaternion<T> => Quaternion<T>, Quaternion<T>, |a, b| a + b);
keeping_nothing!([T: Real + RealField] Sub sub Minus: Quaternion<T>, Quaternion<T> => Quaternion<T>, Quaternion<T>, |a, b| a - b);
keeping_nothing!([T: Real + RealField] Neg neg Negated: Quaternion<T> => Quaternion<T>, Quaternion<T>, |a| -a);

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

impl<T: Real + RealField> Bilinear<T> for Quaternion<T> {}
impl<T: Real + RealField> Bilinear<Quaternion<T>> for T {}
