//! Products with rotations: of a rotation and a vector, a point or another rotation.
//!
//! Matrices of rotations are factors as other matrices are. A product with a quaternion is that of the function that says what it does.

use super::{Bilinear, Mul, Plain, Slopes, Times};
use crate::geometry::{
    complexes_composed, composed, plane_rotated, plane_rotated_point, rotated, rotated_point,
};
use crate::scalar::Real;
use crate::tangent::Differentiable;
use nalgebra::{
    Const, Matrix, Point, Point2, Point3, RealField, Rotation, SMatrix, Storage, UnitComplex,
    UnitQuaternion, Vector2, Vector3,
};

/// What an operator gives to the bit, the operands being given again.
macro_rules! value {
    ([$($generics:tt)*] $A:ty, $B:ty => $Y:ty) => {
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Mul<$B> for $A {
            type Output = $Y;
            type Kept = Plain;
            #[inline]
            fn mul(&self, b: &$B) -> $Y {
                self * b
            }
            #[inline]
            fn keep(&self, _: &$B) -> Plain {
                Plain
            }
        }
    };
}

/// A product whose derivative is that of an annotated function, which takes the second factor as `$owned`.
macro_rules! by_function {
    ($f:ident: [$($generics:tt)*] $A:ty, $B:ty => $Y:ty, |$b:ident| $owned:expr) => {
        value!([$($generics)*] $A, $B => $Y);

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Slopes<Times, $B> for $A {
            type Value = $Y;
            #[inline]
            fn push_left(&self, $b: &$B, da: &<$A as Differentiable>::Tangent) -> <$Y as Differentiable>::Tangent {
                $f::__jvp(self, $owned, da, &$b.zero_tangent()).1
            }
            #[inline]
            fn push_right(&self, $b: &$B, db: &<$B as Differentiable>::Tangent) -> <$Y as Differentiable>::Tangent {
                $f::__jvp(self, $owned, &self.zero_tangent(), db).1
            }
            #[inline]
            fn left(
                &self,
                $b: &$B,
                seed: &<$Y as Differentiable>::Tangent,
                target: &mut <$A as Differentiable>::Tangent,
            ) {
                let (_, pullback) = $f::__forward(self, $owned);
                $f::__backward(pullback, self, $owned, seed.clone(), target, &mut $b.zero_tangent());
            }
            #[inline]
            fn right(
                &self,
                $b: &$B,
                seed: &<$Y as Differentiable>::Tangent,
                target: &mut <$B as Differentiable>::Tangent,
            ) {
                let (_, pullback) = $f::__forward(self, $owned);
                $f::__backward(pullback, self, $owned, seed.clone(), &mut self.zero_tangent(), target);
            }
        }
    };
}

by_function!(plane_rotated: [T: Real + RealField, S: Storage<T, Const<2>>]
    UnitComplex<T>, Matrix<T, Const<2>, Const<1>, S> => Vector2<T>, |b| &b.clone_owned());
by_function!(plane_rotated_point: [T: Real + RealField] UnitComplex<T>, Point2<T> => Point2<T>, |b| b);
by_function!(complexes_composed: [T: Real + RealField] UnitComplex<T>, UnitComplex<T> => UnitComplex<T>, |b| b);
by_function!(rotated: [T: Real + RealField, S: Storage<T, Const<3>>]
    UnitQuaternion<T>, Matrix<T, Const<3>, Const<1>, S> => Vector3<T>, |b| &b.clone_owned());
by_function!(rotated_point: [T: Real + RealField] UnitQuaternion<T>, Point3<T> => Point3<T>, |b| b);
by_function!(composed: [T: Real + RealField] UnitQuaternion<T>, UnitQuaternion<T> => UnitQuaternion<T>, |b| b);

impl<T: Real + RealField> Bilinear<UnitQuaternion<T>> for UnitQuaternion<T> {}
impl<T: Real + RealField> Bilinear<UnitComplex<T>> for UnitComplex<T> {}
impl<T: Real + RealField, S: Storage<T, Const<2>>> Bilinear<Matrix<T, Const<2>, Const<1>, S>>
    for UnitComplex<T>
{
}
impl<T: Real + RealField> Bilinear<Point2<T>> for UnitComplex<T> {}

/// A product whose derivative is that of matrices.
macro_rules! by_matrix {
    ([$($generics:tt)*] $A:ty, $B:ty => $Y:ty, |$a:ident, $b:ident| $left:expr, $right:expr) => {
        value!([$($generics)*] $A, $B => $Y);

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Slopes<Times, $B> for $A {
            type Value = $Y;
            #[inline]
            fn push_left(&self, $b: &$B, da: &<$A as Differentiable>::Tangent) -> <$Y as Differentiable>::Tangent {
                let $a = self;
                $left.push_left($right, da)
            }
            #[inline]
            fn push_right(&self, $b: &$B, db: &<$B as Differentiable>::Tangent) -> <$Y as Differentiable>::Tangent {
                let $a = self;
                $left.push_right($right, db)
            }
            #[inline]
            fn left(
                &self,
                $b: &$B,
                seed: &<$Y as Differentiable>::Tangent,
                target: &mut <$A as Differentiable>::Tangent,
            ) {
                let $a = self;
                $left.left($right, seed, target);
            }
            #[inline]
            fn right(
                &self,
                $b: &$B,
                seed: &<$Y as Differentiable>::Tangent,
                target: &mut <$B as Differentiable>::Tangent,
            ) {
                let $a = self;
                $left.right($right, seed, target);
            }
        }

        impl<$($generics)*> Bilinear<$B> for $A {}
    };
}

by_matrix!([T: Real + RealField, const D: usize, const C: usize, S: Storage<T, Const<D>, Const<C>>]
    Rotation<T, D>, Matrix<T, Const<D>, Const<C>, S> => SMatrix<T, D, C>, |a, b| a.matrix(), b);
by_matrix!([T: Real + RealField, const R: usize, const D: usize, S: Storage<T, Const<R>, Const<D>>]
    Matrix<T, Const<R>, Const<D>, S>, Rotation<T, D> => SMatrix<T, R, D>, |a, b| a, b.matrix());
by_matrix!([T: Real + RealField, const D: usize]
    Rotation<T, D>, Point<T, D> => Point<T, D>, |a, b| a.matrix(), &b.coords);
by_matrix!([T: Real + RealField, const D: usize]
    Rotation<T, D>, Rotation<T, D> => Rotation<T, D>, |a, b| a.matrix(), b.matrix());

pub(super) use {by_function, value};
