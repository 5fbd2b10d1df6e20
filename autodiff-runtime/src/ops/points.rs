//! Points: the difference of two is a vector.

use super::{
    Add, AddAssign, Bilinear, Div, Handed, Inner, Minus, Mul, Plain, Plus, Slopes, Sub, Times,
};
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
    type Kept = Handed<Minus, OVector<T, D>>;
    #[inline]
    fn sub(&self, b: &Self) -> OVector<T, D> {
        &self.coords - &b.coords
    }
    #[inline]
    fn keep(&self, _: &Self) -> Self::Kept {
        Handed::new()
    }
}

/// A point and a vector.
macro_rules! moved {
    ($($Trait:ident $method:ident $symbol:tt $Operator:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T, D, S> $Trait<Matrix<T, D, Const<1>, S>> for OPoint<T, D>
        where
            T: Real + RealField,
            D: DimName,
            S: Storage<T, D>,
            DefaultAllocator: Allocator<D>,
        {
            type Output = OPoint<T, D>;
            type Kept = Handed<$Operator, OVector<T, D>>;
            #[inline]
            fn $method(&self, b: &Matrix<T, D, Const<1>, S>) -> OPoint<T, D> {
                OPoint::from(&self.coords $symbol b)
            }
            #[inline]
            fn keep(&self, _: &Matrix<T, D, Const<1>, S>) -> Self::Kept {
                Handed::new()
            }
        }
    )*};
}

moved!(Add add + Plus, Sub sub - Minus);

#[diagnostic::do_not_recommend]
impl<T, D, S> AddAssign<Matrix<T, D, Const<1>, S>> for OPoint<T, D>
where
    T: Real + RealField,
    D: DimName,
    S: Storage<T, D>,
    DefaultAllocator: Allocator<D>,
{
    #[inline]
    fn add_assign(&mut self, b: &Matrix<T, D, Const<1>, S>) {
        self.coords += b;
    }
    #[inline]
    fn sub_assign(&mut self, b: &Matrix<T, D, Const<1>, S>) {
        self.coords -= b;
    }
}

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
            type Kept = Plain;
            #[inline]
            fn $method(&self, b: &T) -> OPoint<T, D> {
                OPoint::from(&self.coords $symbol *b)
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
impl<T, D> Slopes<Times, T> for OPoint<T, D>
where
    T: Real + RealField,
    D: DimName,
    DefaultAllocator: Allocator<D>,
{
    type Value = OPoint<T, D>;
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

impl<T: Real, D: DimName> Bilinear<T> for OPoint<T, D>
where
    T: nalgebra::Scalar,
    DefaultAllocator: Allocator<D>,
{
}

#[diagnostic::do_not_recommend]
impl<T, D> Inner<OPoint<T, D>> for OVector<T, D>
where
    T: Real + RealField,
    D: DimName,
    DefaultAllocator: Allocator<D>,
{
    type Output = T;
    #[inline]
    fn inner(&self, b: &OPoint<T, D>) -> T {
        self.dot(&b.coords)
    }
}
