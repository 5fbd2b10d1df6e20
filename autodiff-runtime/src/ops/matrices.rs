//! Matrices and vectors, owned or views.
//!
//! `Y = A B`: `A_bar += Y_bar B^T`, `B_bar += A^T Y_bar`, added in place. `Y = s A`: `A_bar += s Y_bar`, `s_bar += <Y_bar, A>`.

use super::{
    Add, AddAssign, Bilinear, Div, Factor, Handed, Inner, Minus, Mul, MulAssign, Neg, Negated,
    Plain, Plus, Scale, Slopes, Sub, Summand, Times,
};
use crate::linalg::factor::add_tr_product;
use crate::scalar::Real;
use nalgebra::allocator::{Allocator, SameShapeAllocator};
use nalgebra::constraint::{
    AreMultipliable, DimEq, SameNumberOfColumns, SameNumberOfRows, ShapeConstraint,
};
use nalgebra::{DefaultAllocator, Dim, Matrix, MatrixSum, OMatrix, RealField, Storage, StorageMut};

/// Sums of matrices.
macro_rules! sums {
    ($($Trait:ident $method:ident $symbol:tt $Operator:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T, R1, C1, R2, C2, SA, SB> $Trait<Matrix<T, R2, C2, SB>> for Matrix<T, R1, C1, SA>
        where
            T: Real + RealField,
            R1: Dim,
            C1: Dim,
            R2: Dim,
            C2: Dim,
            SA: Storage<T, R1, C1>,
            SB: Storage<T, R2, C2>,
            ShapeConstraint: SameNumberOfRows<R1, R2> + SameNumberOfColumns<C1, C2>,
            DefaultAllocator: SameShapeAllocator<R1, C1, R2, C2>,
        {
            type Output = MatrixSum<T, R1, C1, R2, C2>;
            type Kept = Handed<$Operator, Self::Output>;
            #[inline]
            #[track_caller]
            fn $method(&self, b: &Matrix<T, R2, C2, SB>) -> Self::Output {
                self $symbol b
            }
            #[inline]
            fn keep(&self, _: &Matrix<T, R2, C2, SB>) -> Self::Kept {
                Handed::new()
            }
        }
    )*};
}

sums!(Add add + Plus, Sub sub - Minus);

#[diagnostic::do_not_recommend]
impl<T, R, C, S> Neg for Matrix<T, R, C, S>
where
    T: Real + RealField,
    R: Dim,
    C: Dim,
    S: Storage<T, R, C>,
    DefaultAllocator: Allocator<R, C>,
{
    type Output = OMatrix<T, R, C>;
    type Kept = Handed<Negated, Self::Output>;
    #[inline]
    fn neg(&self) -> Self::Output {
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
        impl<T, R, C, S> $Trait<T> for Matrix<T, R, C, S>
        where
            T: Real + RealField,
            R: Dim,
            C: Dim,
            S: Storage<T, R, C>,
            DefaultAllocator: Allocator<R, C>,
        {
            type Output = OMatrix<T, R, C>;
            type Kept = Plain;
            #[inline]
            fn $method(&self, b: &T) -> Self::Output {
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
impl<T, R, C, S> Mul<Matrix<T, R, C, S>> for T
where
    T: Real + RealField,
    R: Dim,
    C: Dim,
    S: Storage<T, R, C>,
    DefaultAllocator: Allocator<R, C>,
{
    type Output = OMatrix<T, R, C>;
    type Kept = Plain;
    #[inline]
    fn mul(&self, b: &Matrix<T, R, C, S>) -> Self::Output {
        b * *self
    }
    #[inline]
    fn keep(&self, _: &Matrix<T, R, C, S>) -> Plain {
        Plain
    }
}

#[diagnostic::do_not_recommend]
impl<T, R1, C1, R2, C2, SA, SB> Mul<Matrix<T, R2, C2, SB>> for Matrix<T, R1, C1, SA>
where
    T: Real + RealField,
    R1: Dim,
    C1: Dim,
    R2: Dim,
    C2: Dim,
    SA: Storage<T, R1, C1>,
    SB: Storage<T, R2, C2>,
    DefaultAllocator: Allocator<R1, C2>,
    ShapeConstraint: AreMultipliable<R1, C1, R2, C2>,
{
    type Output = OMatrix<T, R1, C2>;
    type Kept = Plain;
    #[inline]
    #[track_caller]
    fn mul(&self, b: &Matrix<T, R2, C2, SB>) -> Self::Output {
        self * b
    }
    #[inline]
    fn keep(&self, _: &Matrix<T, R2, C2, SB>) -> Plain {
        Plain
    }
}

#[diagnostic::do_not_recommend]
impl<T, R1, C1, R2, C2, SA, SB> AddAssign<Matrix<T, R2, C2, SB>> for Matrix<T, R1, C1, SA>
where
    T: Real + RealField,
    R1: Dim,
    C1: Dim,
    R2: Dim,
    C2: Dim,
    SA: StorageMut<T, R1, C1>,
    SB: Storage<T, R2, C2>,
    ShapeConstraint: SameNumberOfRows<R1, R2> + SameNumberOfColumns<C1, C2>,
{
    #[inline]
    #[track_caller]
    fn add_assign(&mut self, b: &Matrix<T, R2, C2, SB>) {
        *self += b;
    }
    #[inline]
    #[track_caller]
    fn sub_assign(&mut self, b: &Matrix<T, R2, C2, SB>) {
        *self -= b;
    }
}

#[diagnostic::do_not_recommend]
impl<T, R, C, S> MulAssign<T> for Matrix<T, R, C, S>
where
    T: Real + RealField,
    R: Dim,
    C: Dim,
    S: StorageMut<T, R, C>,
{
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
impl<T, R, C, S> Scale<T> for Matrix<T, R, C, S>
where
    T: Real + RealField,
    R: Dim,
    C: Dim,
    S: StorageMut<T, R, C>,
{
    #[inline]
    #[track_caller]
    fn add_scaled(&mut self, seed: &Self, factor: &T) {
        self.zip_apply(seed, |x, y| *x += y * *factor);
    }
}

#[diagnostic::do_not_recommend]
impl<T, R1, C1, R2, C2, SA, SB> Inner<Matrix<T, R2, C2, SB>> for Matrix<T, R1, C1, SA>
where
    T: Real + RealField,
    R1: Dim,
    C1: Dim,
    R2: Dim,
    C2: Dim,
    SA: Storage<T, R1, C1>,
    SB: Storage<T, R2, C2>,
    ShapeConstraint: DimEq<R1, R2> + DimEq<C1, C2>,
{
    type Output = T;
    #[inline]
    #[track_caller]
    fn inner(&self, b: &Matrix<T, R2, C2, SB>) -> T {
        self.dot(b)
    }
}

#[diagnostic::do_not_recommend]
impl<T, R1, C1, R2, C2, SA, SB> Slopes<Times, Matrix<T, R2, C2, SB>> for Matrix<T, R1, C1, SA>
where
    T: Real + RealField,
    R1: Dim,
    C1: Dim,
    R2: Dim,
    C2: Dim,
    SA: Storage<T, R1, C1>,
    SB: Storage<T, R2, C2>,
    DefaultAllocator: Allocator<R1, C1> + Allocator<R2, C2> + Allocator<R1, C2> + Allocator<C2, R2>,
    ShapeConstraint: AreMultipliable<R1, C1, R2, C2>
        + AreMultipliable<R1, C2, C2, R2>
        + AreMultipliable<C1, R1, R1, C2>
        + SameNumberOfColumns<C1, R2>
        + SameNumberOfRows<R2, C1>,
{
    type Value = OMatrix<T, R1, C2>;
    #[inline]
    #[track_caller]
    fn push_left(&self, b: &Matrix<T, R2, C2, SB>, da: &OMatrix<T, R1, C1>) -> OMatrix<T, R1, C2> {
        da * b
    }
    #[inline]
    #[track_caller]
    fn push_right(&self, _: &Matrix<T, R2, C2, SB>, db: &OMatrix<T, R2, C2>) -> OMatrix<T, R1, C2> {
        self * db
    }
    #[inline]
    #[track_caller]
    fn left(
        &self,
        b: &Matrix<T, R2, C2, SB>,
        seed: &OMatrix<T, R1, C2>,
        target: &mut OMatrix<T, R1, C1>,
    ) {
        target.gemm(T::__ONE, seed, &b.transpose(), T::__ONE);
    }
    #[inline]
    #[track_caller]
    fn right(
        &self,
        _: &Matrix<T, R2, C2, SB>,
        seed: &OMatrix<T, R1, C2>,
        target: &mut OMatrix<T, R2, C2>,
    ) {
        add_tr_product(target, T::__ONE, self, seed);
    }
}

#[diagnostic::do_not_recommend]
impl<T, R, C, S> Slopes<Times, T> for Matrix<T, R, C, S>
where
    T: Real + RealField,
    R: Dim,
    C: Dim,
    S: Storage<T, R, C>,
    DefaultAllocator: Allocator<R, C>,
{
    type Value = OMatrix<T, R, C>;
    #[inline]
    fn push_left(&self, b: &T, da: &OMatrix<T, R, C>) -> OMatrix<T, R, C> {
        da * *b
    }
    #[inline]
    fn push_right(&self, _: &T, db: &T) -> OMatrix<T, R, C> {
        self * *db
    }
    #[inline]
    fn left(&self, b: &T, seed: &OMatrix<T, R, C>, target: &mut OMatrix<T, R, C>) {
        target.add_scaled(seed, b);
    }
    #[inline]
    fn right(&self, _: &T, seed: &OMatrix<T, R, C>, target: &mut T) {
        *target += seed.dot(self);
    }
}

#[diagnostic::do_not_recommend]
impl<T, R, C, S> Slopes<Times, Matrix<T, R, C, S>> for T
where
    T: Real + RealField,
    R: Dim,
    C: Dim,
    S: Storage<T, R, C>,
    DefaultAllocator: Allocator<R, C>,
{
    type Value = OMatrix<T, R, C>;
    #[inline]
    fn push_left(&self, b: &Matrix<T, R, C, S>, da: &T) -> OMatrix<T, R, C> {
        b * *da
    }
    #[inline]
    fn push_right(&self, _: &Matrix<T, R, C, S>, db: &OMatrix<T, R, C>) -> OMatrix<T, R, C> {
        db * *self
    }
    #[inline]
    fn left(&self, b: &Matrix<T, R, C, S>, seed: &OMatrix<T, R, C>, target: &mut T) {
        *target += seed.dot(b);
    }
    #[inline]
    fn right(
        &self,
        _: &Matrix<T, R, C, S>,
        seed: &OMatrix<T, R, C>,
        target: &mut OMatrix<T, R, C>,
    ) {
        target.add_scaled(seed, self);
    }
}

impl<T, R1, C1, R2, C2, SA, SB> Bilinear<Matrix<T, R2, C2, SB>> for Matrix<T, R1, C1, SA> {}
impl<T: Real, R, C, S> Bilinear<T> for Matrix<T, R, C, S> {}
impl<T: Real, R, C, S> Bilinear<Matrix<T, R, C, S>> for T {}

#[diagnostic::do_not_recommend]
impl<T, R, C, S> Factor<T> for Matrix<T, R, C, S>
where
    T: Real + RealField,
    R: Dim,
    C: Dim,
    S: Storage<T, R, C>,
    DefaultAllocator: Allocator<R, C>,
{
    type Share = OMatrix<T, R, C>;
    #[inline]
    fn share(&self, factor: &T) -> Self::Share {
        self * *factor
    }
    #[inline]
    #[track_caller]
    fn share_into(&self, factor: &T, target: &mut Self::Share) {
        target.zip_apply(self, |x, y| *x += y * *factor);
    }
}

#[diagnostic::do_not_recommend]
impl<T, R1, C1, R2, C2, SA, SB> Factor<Matrix<T, R2, C2, SB>> for Matrix<T, R1, C1, SA>
where
    T: Real + RealField,
    R1: Dim,
    C1: Dim,
    R2: Dim,
    C2: Dim,
    SA: Storage<T, R1, C1>,
    SB: Storage<T, R2, C2>,
    ShapeConstraint: DimEq<R1, R2> + DimEq<C1, C2>,
{
    type Share = T;
    #[inline]
    #[track_caller]
    fn share(&self, factor: &Matrix<T, R2, C2, SB>) -> T {
        self.dot(factor)
    }
    #[inline]
    #[track_caller]
    fn share_into(&self, factor: &Matrix<T, R2, C2, SB>, target: &mut T) {
        *target += self.dot(factor);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Real, R, C, S> Summand for Matrix<T, R, C, S> {}
