//! Floats.

use super::kept::keeping_nothing;
use super::{
    Add, AddAssign, Bilinear, Div, Factor, Handed, Inner, Minus, Mul, MulAssign, Neg, Negated,
    Plain, Plus, Scale, Slopes, Sub, Summand, Times,
};
use crate::scalar::Real;

/// An operator of Rust on two values of one type.
macro_rules! binary {
    ($($Trait:ident $method:ident $symbol:tt $kept:expr => $Kept:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Real> $Trait<T> for T {
            type Output = T;
            type Kept = $Kept;
            #[inline]
            fn $method(&self, b: &T) -> T {
                *self $symbol *b
            }
            #[inline]
            fn keep(&self, _: &T) -> Self::Kept {
                $kept
            }
        }
    )*};
}

binary!(Add add + Handed::new() => Handed<Plus, T>, Sub sub - Handed::new() => Handed<Minus, T>);
binary!(Mul mul * Plain => Plain, Div div / Plain => Plain);

#[diagnostic::do_not_recommend]
impl<T: Real> Inner<T> for T {
    type Output = T;
    #[inline]
    fn inner(&self, b: &T) -> T {
        *self * *b
    }
}

keeping_nothing!([T: Real] Neg neg Negated: T => T, T, |a| -*a);

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
impl<T: Real> Slopes<Times, T> for T {
    type Value = T;
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

impl<T: Real> Bilinear<T> for T {}

#[diagnostic::do_not_recommend]
impl<T: Real> Factor<T> for T {
    type Share = T;
    #[inline]
    fn share(&self, factor: &T) -> T {
        *self * *factor
    }
    #[inline]
    fn share_into(&self, factor: &T, target: &mut T) {
        *target += *self * *factor;
    }
}

#[diagnostic::do_not_recommend]
impl<T: Real> Summand for T {}

#[diagnostic::do_not_recommend]
impl Summand for &f32 {}

#[diagnostic::do_not_recommend]
impl Summand for &f64 {}
