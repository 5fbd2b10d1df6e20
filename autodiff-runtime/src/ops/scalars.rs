//! Floats.

use super::{Add, AddAssign, Div, Inner, Mul, MulAssign, Neg, Product, Scale, Sub};
use crate::scalar::Real;

/// An operator of Rust on two values of one type.
macro_rules! binary {
    ($($Trait:ident $method:ident $symbol:tt),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Real> $Trait<T> for T {
            type Output = T;
            #[inline]
            fn $method(&self, b: &T) -> T {
                *self $symbol *b
            }
        }
    )*};
}

binary!(Add add +, Sub sub -, Mul mul *, Div div /, Inner inner *);

#[diagnostic::do_not_recommend]
impl<T: Real> Neg for T {
    type Output = T;
    #[inline]
    fn neg(&self) -> T {
        -*self
    }
}

#[diagnostic::do_not_recommend]
impl<T: Real> AddAssign<T> for T {
    #[inline]
    fn add_assign(&mut self, b: &T) {
        *self += *b;
    }
    #[inline]
    fn sub_assign(&mut self, b: &T) {
        *self -= *b;
    }
}

#[diagnostic::do_not_recommend]
impl<T: Real> MulAssign<T> for T {
    #[inline]
    fn mul_assign(&mut self, b: &T) {
        *self *= *b;
    }
    #[inline]
    fn div_assign(&mut self, b: &T) {
        *self /= *b;
    }
}

#[diagnostic::do_not_recommend]
impl<T: Real> Product<T> for T {
    #[inline]
    fn push_left(&self, b: &T, da: &T) -> T {
        *da * *b
    }
    #[inline]
    fn push_right(&self, _: &T, db: &T) -> T {
        *self * *db
    }
    #[inline]
    fn left(&self, b: &T, seed: &T, target: &mut T) {
        *target += *seed * *b;
    }
    #[inline]
    fn right(&self, _: &T, seed: &T, target: &mut T) {
        *target += *seed * *self;
    }
}

#[diagnostic::do_not_recommend]
impl<T: Real> Scale<T> for T {
    #[inline]
    fn add_scaled(&mut self, seed: &T, factor: &T) {
        *self += *seed * *factor;
    }
}
