//! Points: the difference of two is a vector.

use super::{Add, Div, Mul, Product, Sub};
use crate::scalar::Real;
use nalgebra::allocator::Allocator;
use nalgebra::{Const, DefaultAllocator, DimName, Matrix, OPoint, OVector, RealField, Storage};

#[diagnostic::do_not_recommend]
impl<T, D> Sub<OPoint<T, D>> for OPoint<T, D>
where
    T: Real + RealField,
    D: DimName,
    DefaultAllocator: Allocator<D>,
{
    type Output = OVector<T, D>;
    #[inline]
    fn sub(&self, b: &Self) -> OVector<T, D> {
        &self.coords - &b.coords
    }
}

/// A point and a vector.
macro_rules! moved {
    ($($Trait:ident $method:ident $symbol:tt),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T, D, S> $Trait<Matrix<T, D, Const<1>, S>> for OPoint<T, D>
        where
            T: Real + RealField,
            D: DimName,
            S: Storage<T, D>,
            DefaultAllocator: Allocator<D>,
        {
            type Output = OPoint<T, D>;
            #[inline]
            fn $method(&self, b: &Matrix<T, D, Const<1>, S>) -> OPoint<T, D> {
                OPoint::from(&self.coords $symbol b)
            }
        }
    )*};
}

moved!(Add add +, Sub sub -);

/// A point and a scalar.
macro_rules! multiples {
    ($($Trait:ident $method:ident $symbol:tt),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T, D> $Trait<T> for OPoint<T, D>
        where
            T: Real + RealField,
            D: DimName,
            DefaultAllocator: Allocator<D>,
        {
            type Output = OPoint<T, D>;
            #[inline]
            fn $method(&self, b: &T) -> OPoint<T, D> {
                OPoint::from(&self.coords $symbol *b)
            }
        }
    )*};
}

multiples!(Mul mul *, Div div /);

#[diagnostic::do_not_recommend]
impl<T, D> Product<T> for OPoint<T, D>
where
    T: Real + RealField,
    D: DimName,
    DefaultAllocator: Allocator<D>,
{
    #[inline]
    fn push_left(&self, b: &T, da: &OVector<T, D>) -> OVector<T, D> {
        da * *b
    }
    #[inline]
    fn push_right(&self, _: &T, db: &T) -> OVector<T, D> {
        &self.coords * *db
    }
    #[inline]
    fn left(&self, b: &T, seed: &OVector<T, D>, target: &mut OVector<T, D>) {
        self.coords.left(b, seed, target);
    }
    #[inline]
    fn right(&self, b: &T, seed: &OVector<T, D>, target: &mut T) {
        self.coords.right(b, seed, target);
    }
}
