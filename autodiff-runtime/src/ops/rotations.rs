//! Products with rotations: of a rotation and a vector, a point or another rotation.
//!
//! Matrices of rotations are factors as other matrices are. A product with a quaternion is that of the function that says what it does.

use super::{Curved, Moved, Mul, Plain, Slopes, Times};
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

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Curved<Times, $B> for $A {
            #[inline]
            fn shares_dot(
                &self,
                $b: &$B,
                seed: &<$Y as Differentiable>::Tangent,
                changes: Moved<'_, Times, $A, $B>,
            ) -> (<$A as Differentiable>::Tangent, <$B as Differentiable>::Tangent) {
                let (change, da, db) = changes.filled(self, $b, seed);
                let (_, _, pullback) = $f::__forward_jvp(self, $owned, &da, &db);
                let (mut left, mut right) = (self.zero_tangent(), $b.zero_tangent());
                let (mut left_dot, mut right_dot) = (left.clone(), right.clone());
                $f::__backward_jvp(
                    pullback, self, $owned, &da, &db, seed.clone(), change,
                    &mut left, &mut right, &mut left_dot, &mut right_dot,
                );
                (left_dot, right_dot)
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

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Curved<Times, $B> for $A {
            #[inline]
            fn shares_dot(
                &self,
                $b: &$B,
                seed: &<$Y as Differentiable>::Tangent,
                changes: Moved<'_, Times, $A, $B>,
            ) -> (<$A as Differentiable>::Tangent, <$B as Differentiable>::Tangent) {
                let $a = self;
                Curved::shares_dot($left, $right, seed, changes)
            }
        }
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
