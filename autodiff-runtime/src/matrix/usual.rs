//! The usual methods of vectors and matrices as siblings of members, by traits: a value of unknown type may be a matrix or of a type of the
//! user's that has a method of that name. Method resolution decides; what a type has itself comes first.
//!
//! ```text
//! body.velocity.norm()      body.velocity.__norm_forward_self()
//! ```
//!
//! *In*: a matrix by reference, and what generated code passes to a member. *Out*: what the companion of the function in [`crate::matrix`] gives.

use super::{Nothing, Number};
use crate::linalg::Field;
use crate::matrix;
use crate::tangent::Differentiable;
use nalgebra::allocator::{Allocator, SameShapeAllocator};
use nalgebra::constraint::{DimEq, SameNumberOfColumns, SameNumberOfRows, ShapeConstraint};
use nalgebra::{DefaultAllocator, Dim, DimMin, Matrix, MatrixCross, OMatrix, Storage};

/// The tangent type of a type.
type TangentOf<X> = <X as Differentiable>::Tangent;

/// A method without arguments: the trait of its siblings, and that matrices have them.
macro_rules! unary {
    ($(
        $Trait:ident: $name:ident, $jvp:ident, $forward:ident, $backward:ident;
        $forward_jvp:ident, $backward_jvp:ident, $direction:ident;
        [$($generic:ident),*] $X:ty => $Y:ty where [$($bounds:tt)*];
    )*) => {$(
        #[doc = concat!("Siblings of `", stringify!($name), "`.")]
        pub trait $Trait: Differentiable {
            /// What the method gives.
            type Value: Differentiable;
            /// The value and its tangent.
            fn $jvp(&self, tangent: &Self::Tangent) -> (Self::Value, TangentOf<Self::Value>);
            /// The value and the pullback.
            fn $forward(
                &self,
            ) -> (Self::Value, impl FnOnce(&Self, TangentOf<Self::Value>, &mut Self::Tangent) + use<Self>);
            /// Runs the pullback.
            #[inline]
            fn $backward(
                &self,
                pullback: impl FnOnce(&Self, TangentOf<Self::Value>, &mut Self::Tangent),
                cotangent: TangentOf<Self::Value>,
                slot: &mut Self::Tangent,
            ) {
                pullback(self, cotangent, slot);
            }
            /// The value, its tangent, and the pullback of both.
            #[allow(clippy::type_complexity)] // that of the call protocol
            fn $forward_jvp(
                &self,
                tangent: &Self::Tangent,
            ) -> (
                Self::Value,
                TangentOf<Self::Value>,
                impl FnOnce(
                    &Self, &Self::Tangent,
                    TangentOf<Self::Value>, TangentOf<Self::Value>,
                    &mut Self::Tangent, &mut Self::Tangent,
                ) + use<Self>,
            );
            /// Runs the pullback.
            #[inline]
            fn $backward_jvp(
                &self,
                pullback: impl FnOnce(
                    &Self, &Self::Tangent,
                    TangentOf<Self::Value>, TangentOf<Self::Value>,
                    &mut Self::Tangent, &mut Self::Tangent,
                ),
                tangent: &Self::Tangent,
                cotangent: TangentOf<Self::Value>,
                cotangent_dot: TangentOf<Self::Value>,
                slot: &mut Self::Tangent,
                slot_dot: &mut Self::Tangent,
            ) {
                pullback(self, tangent, cotangent, cotangent_dot, slot, slot_dot);
            }
            /// The tangent of the receiver as it is passed.
            #[inline]
            fn $direction<D>(&self, direction: D) -> D {
                direction
            }
        }

        impl<$($generic),*> $Trait for $X
        where $($bounds)*
        {
            type Value = $Y;
            #[inline]
            fn $jvp(&self, tangent: &Self::Tangent) -> ($Y, TangentOf<$Y>) {
                matrix::$name::__jvp(self, tangent)
            }
            #[inline]
            fn $forward(
                &self,
            ) -> ($Y, impl FnOnce(&Self, TangentOf<$Y>, &mut Self::Tangent) + use<$($generic),*>) {
                let (value, saved) = matrix::$name::__forward(self);
                let pullback = move |a: &Self, cotangent: TangentOf<$Y>, slot: &mut Self::Tangent| {
                    matrix::$name::__backward(saved, a, cotangent, slot);
                };
                (value, pullback)
            }
            #[inline]
            fn $forward_jvp(
                &self,
                tangent: &Self::Tangent,
            ) -> (
                $Y,
                TangentOf<$Y>,
                impl FnOnce(
                    &Self, &Self::Tangent, TangentOf<$Y>, TangentOf<$Y>,
                    &mut Self::Tangent, &mut Self::Tangent,
                ) + use<$($generic),*>,
            ) {
                let (value, slope, saved) = matrix::$name::__forward_jvp(self, tangent);
                let pullback = move |
                    a: &Self, da: &Self::Tangent, cotangent: TangentOf<$Y>, cotangent_dot: TangentOf<$Y>,
                    slot: &mut Self::Tangent, slot_dot: &mut Self::Tangent,
                | matrix::$name::__backward_jvp(saved, a, da, cotangent, cotangent_dot, slot, slot_dot);
                (value, slope, pullback)
            }
        }
    )*};
}

unary! {
    Norm: norm, __norm_jvp_self, __norm_forward_self, __norm_backward_self;
    __norm_forward_jvp_self, __norm_backward_jvp_self, __norm_direction_0;
    [T, R, C, S] Matrix<T, R, C, S> => T
    where [T: Number, R: Dim, C: Dim, S: Storage<T, R, C>, DefaultAllocator: Allocator<R, C>];

    NormSquared: norm_squared, __norm_squared_jvp_self, __norm_squared_forward_self, __norm_squared_backward_self;
    __norm_squared_forward_jvp_self, __norm_squared_backward_jvp_self, __norm_squared_direction_0;
    [T, R, C, S] Matrix<T, R, C, S> => T
    where [T: Number, R: Dim, C: Dim, S: Storage<T, R, C>, DefaultAllocator: Allocator<R, C>];

    Normalize: normalize, __normalize_jvp_self, __normalize_forward_self, __normalize_backward_self;
    __normalize_forward_jvp_self, __normalize_backward_jvp_self, __normalize_direction_0;
    [T, R, C, S] Matrix<T, R, C, S> => OMatrix<T, R, C>
    where [T: Number, R: Dim, C: Dim, S: Storage<T, R, C>, DefaultAllocator: Allocator<R, C>];

    Transpose: transpose, __transpose_jvp_self, __transpose_forward_self, __transpose_backward_self;
    __transpose_forward_jvp_self, __transpose_backward_jvp_self, __transpose_direction_0;
    [T, R, C, S] Matrix<T, R, C, S> => OMatrix<T, C, R>
    where [T: Number, R: Dim, C: Dim, S: Storage<T, R, C>, DefaultAllocator: Allocator<R, C> + Allocator<C, R>];

    Determinant: determinant, __determinant_jvp_self, __determinant_forward_self, __determinant_backward_self;
    __determinant_forward_jvp_self, __determinant_backward_jvp_self, __determinant_direction_0;
    [T, D, S] Matrix<T, D, D, S> => T
    where [
        T: Number + Field, D: DimMin<D, Output = D>, S: Storage<T, D, D>,
        DefaultAllocator: Allocator<D, D> + Allocator<D>
    ];

    Trace: trace, __trace_jvp_self, __trace_forward_self, __trace_backward_self;
    __trace_forward_jvp_self, __trace_backward_jvp_self, __trace_direction_0;
    [T, D, S] Matrix<T, D, D, S> => T
    where [T: Number, D: Dim, S: Storage<T, D, D>, DefaultAllocator: Allocator<D, D>];
}

/// A method with another matrix as its argument; the receiver may be without derivative (`fixed`).
macro_rules! binary {
    ($(
        $Trait:ident: $name:ident, $jvp:ident, $fixed_jvp:ident, $forward:ident, $fixed_forward:ident, $backward:ident, $fixed_backward:ident;
        $forward_jvp:ident, $fixed_forward_jvp:ident, $backward_jvp:ident, $fixed_backward_jvp:ident,
        $Directions:ident: $direction:ident, $direction_b:ident;
        $Y:ty where [$($bounds:tt)*];
    )*) => {$(
        #[doc = concat!("Siblings of `", stringify!($name), "`.")]
        pub trait $Trait<B: Differentiable>: Differentiable {
            /// What the method gives.
            type Value: Differentiable;
            /// The value and its tangent.
            fn $jvp(&self, b: &B, da: &Self::Tangent, db: &B::Tangent) -> (Self::Value, TangentOf<Self::Value>);
            /// The same where the receiver has no tangent.
            fn $fixed_jvp(&self, b: &B, db: &B::Tangent) -> (Self::Value, TangentOf<Self::Value>);
            /// The value and the pullback.
            #[allow(clippy::type_complexity)] // that of the call protocol
            fn $forward(
                &self,
                b: &B,
            ) -> (
                Self::Value,
                impl FnOnce(&Self, &B, TangentOf<Self::Value>, Option<&mut Self::Tangent>, &mut B::Tangent) + use<Self, B>,
            );
            /// The same where the receiver has no adjoint.
            #[inline]
            #[allow(clippy::type_complexity)] // that of the call protocol
            fn $fixed_forward(
                &self,
                b: &B,
            ) -> (
                Self::Value,
                impl FnOnce(&Self, &B, TangentOf<Self::Value>, Option<&mut Self::Tangent>, &mut B::Tangent) + use<Self, B>,
            ) {
                self.$forward(b)
            }
            /// Runs the pullback.
            #[inline]
            fn $backward(
                &self,
                pullback: impl FnOnce(&Self, &B, TangentOf<Self::Value>, Option<&mut Self::Tangent>, &mut B::Tangent),
                b: &B,
                cotangent: TangentOf<Self::Value>,
                slot_a: &mut Self::Tangent,
                slot_b: &mut B::Tangent,
            ) {
                pullback(self, b, cotangent, Some(slot_a), slot_b);
            }
            /// The same where the receiver has no adjoint.
            #[inline]
            fn $fixed_backward(
                &self,
                pullback: impl FnOnce(&Self, &B, TangentOf<Self::Value>, Option<&mut Self::Tangent>, &mut B::Tangent),
                b: &B,
                cotangent: TangentOf<Self::Value>,
                slot_b: &mut B::Tangent,
            ) {
                pullback(self, b, cotangent, None, slot_b);
            }
            /// The value, its tangent, and the pullback of both.
            #[allow(clippy::type_complexity)] // that of the call protocol
            fn $forward_jvp(
                &self,
                b: &B,
                da: &Self::Tangent,
                db: &B::Tangent,
            ) -> (
                Self::Value,
                TangentOf<Self::Value>,
                impl FnOnce(
                    (&Self, &Self::Tangent), (&B, &B::Tangent),
                    [TangentOf<Self::Value>; 2],
                    [&mut Self::Tangent; 2], [&mut B::Tangent; 2],
                ) + use<Self, B>,
            );
            /// The same where the receiver has no tangent.
            #[allow(clippy::type_complexity)] // that of the call protocol
            fn $fixed_forward_jvp(
                &self,
                b: &B,
                db: &B::Tangent,
            ) -> (
                Self::Value,
                TangentOf<Self::Value>,
                impl FnOnce(
                    &Self, (&B, &B::Tangent), [TangentOf<Self::Value>; 2], [&mut B::Tangent; 2],
                ) + use<Self, B>,
            );
            /// Runs the pullback.
            #[inline]
            #[allow(clippy::too_many_arguments, clippy::type_complexity)] // those of the call protocol
            fn $backward_jvp(
                &self,
                pullback: impl FnOnce(
                    (&Self, &Self::Tangent), (&B, &B::Tangent),
                    [TangentOf<Self::Value>; 2],
                    [&mut Self::Tangent; 2], [&mut B::Tangent; 2],
                ),
                b: &B,
                da: &Self::Tangent,
                db: &B::Tangent,
                cotangent: TangentOf<Self::Value>,
                cotangent_dot: TangentOf<Self::Value>,
                slot_a: &mut Self::Tangent,
                slot_b: &mut B::Tangent,
                dot_a: &mut Self::Tangent,
                dot_b: &mut B::Tangent,
            ) {
                pullback((self, da), (b, db), [cotangent, cotangent_dot], [slot_a, dot_a], [slot_b, dot_b]);
            }
            /// The same where the receiver has no adjoint.
            #[inline]
            #[allow(clippy::too_many_arguments)] // those of the call protocol
            fn $fixed_backward_jvp(
                &self,
                pullback: impl FnOnce(
                    &Self, (&B, &B::Tangent), [TangentOf<Self::Value>; 2], [&mut B::Tangent; 2],
                ),
                b: &B,
                db: &B::Tangent,
                cotangent: TangentOf<Self::Value>,
                cotangent_dot: TangentOf<Self::Value>,
                slot_b: &mut B::Tangent,
                dot_b: &mut B::Tangent,
            ) {
                pullback(self, (b, db), [cotangent, cotangent_dot], [slot_b, dot_b]);
            }
        }

        #[doc = concat!("The tangents of what `", stringify!($name), "` is given, as they are passed, whatever its argument is.")]
        pub trait $Directions {
            /// That of the receiver.
            #[inline]
            fn $direction<D>(&self, direction: D) -> D {
                direction
            }
            /// That of the argument.
            #[inline]
            fn $direction_b<D>(&self, direction: D) -> D {
                direction
            }
        }

        impl<T, R, C, S> $Directions for Matrix<T, R, C, S> {}

        impl<T, R, C, R2, C2, S, S2> $Trait<Matrix<T, R2, C2, S2>> for Matrix<T, R, C, S>
        where
            T: Number,
            R: Dim,
            C: Dim,
            R2: Dim,
            C2: Dim,
            S: Storage<T, R, C>,
            S2: Storage<T, R2, C2>,
            $($bounds)*
        {
            type Value = $Y;
            #[inline]
            fn $jvp(
                &self,
                b: &Matrix<T, R2, C2, S2>,
                da: &OMatrix<T, R, C>,
                db: &OMatrix<T, R2, C2>,
            ) -> ($Y, TangentOf<$Y>) {
                matrix::$name::__jvp(self, b, da, db)
            }
            #[inline]
            fn $fixed_jvp(&self, b: &Matrix<T, R2, C2, S2>, db: &OMatrix<T, R2, C2>) -> ($Y, TangentOf<$Y>) {
                matrix::$name::__jvp(self, b, &Nothing, db)
            }
            #[inline]
            fn $forward(
                &self,
                b: &Matrix<T, R2, C2, S2>,
            ) -> (
                $Y,
                impl FnOnce(
                    &Self,
                    &Matrix<T, R2, C2, S2>,
                    TangentOf<$Y>,
                    Option<&mut OMatrix<T, R, C>>,
                    &mut OMatrix<T, R2, C2>,
                ) + use<T, R, C, R2, C2, S, S2>,
            ) {
                let (value, saved) = matrix::$name::__forward(self, b);
                let pullback = move |a: &Self,
                                     b: &Matrix<T, R2, C2, S2>,
                                     cotangent: TangentOf<$Y>,
                                     slot_a: Option<&mut OMatrix<T, R, C>>,
                                     slot_b: &mut OMatrix<T, R2, C2>| {
                    match slot_a {
                        Some(slot_a) => matrix::$name::__backward(saved, a, b, cotangent, slot_a, slot_b),
                        None => matrix::$name::__backward(saved, a, b, cotangent, &mut Nothing, slot_b),
                    }
                };
                (value, pullback)
            }
            #[inline]
            fn $forward_jvp(
                &self,
                b: &Matrix<T, R2, C2, S2>,
                da: &OMatrix<T, R, C>,
                db: &OMatrix<T, R2, C2>,
            ) -> (
                $Y,
                TangentOf<$Y>,
                impl FnOnce(
                    (&Self, &OMatrix<T, R, C>), (&Matrix<T, R2, C2, S2>, &OMatrix<T, R2, C2>),
                    [TangentOf<$Y>; 2],
                    [&mut OMatrix<T, R, C>; 2], [&mut OMatrix<T, R2, C2>; 2],
                ) + use<T, R, C, R2, C2, S, S2>,
            ) {
                let (value, slope, saved) = matrix::$name::__forward_jvp(self, b, da, db);
                let pullback = move |
                    (a, da): (&Self, &OMatrix<T, R, C>),
                    (b, db): (&Matrix<T, R2, C2, S2>, &OMatrix<T, R2, C2>),
                    [seed, seed_dot]: [TangentOf<$Y>; 2],
                    [slot_a, dot_a]: [&mut OMatrix<T, R, C>; 2],
                    [slot_b, dot_b]: [&mut OMatrix<T, R2, C2>; 2],
                | matrix::$name::__backward_jvp(
                    saved, a, b, da, db, seed, seed_dot, slot_a, slot_b, dot_a, dot_b,
                );
                (value, slope, pullback)
            }
            #[inline]
            fn $fixed_forward_jvp(
                &self,
                b: &Matrix<T, R2, C2, S2>,
                db: &OMatrix<T, R2, C2>,
            ) -> (
                $Y,
                TangentOf<$Y>,
                impl FnOnce(
                    &Self, (&Matrix<T, R2, C2, S2>, &OMatrix<T, R2, C2>),
                    [TangentOf<$Y>; 2], [&mut OMatrix<T, R2, C2>; 2],
                ) + use<T, R, C, R2, C2, S, S2>,
            ) {
                let (value, slope, saved) = matrix::$name::__forward_jvp(self, b, &Nothing, db);
                let pullback = move |
                    a: &Self,
                    (b, db): (&Matrix<T, R2, C2, S2>, &OMatrix<T, R2, C2>),
                    [seed, seed_dot]: [TangentOf<$Y>; 2],
                    [slot_b, dot_b]: [&mut OMatrix<T, R2, C2>; 2],
                | matrix::$name::__backward_jvp(
                    saved, a, b, &Nothing, db, seed, seed_dot, &mut Nothing, slot_b, &mut Nothing, dot_b,
                );
                (value, slope, pullback)
            }
        }
    )*};
}

binary! {
    Dot: dot, __dot_jvp_self, __dot_jvp_fixed, __dot_forward_self, __dot_forward_fixed, __dot_backward_self, __dot_backward_fixed;
    __dot_forward_jvp_self, __dot_forward_jvp_fixed, __dot_backward_jvp_self, __dot_backward_jvp_fixed,
    DotDirections: __dot_direction_0, __dot_direction_1;
    T where [
        ShapeConstraint: DimEq<R, R2> + DimEq<C, C2> + DimEq<R2, R> + DimEq<C2, C> + SameNumberOfRows<R, R2>
            + SameNumberOfColumns<C, C2> + SameNumberOfRows<R2, R> + SameNumberOfColumns<C2, C>,
        DefaultAllocator: Allocator<R, C> + Allocator<R2, C2>
    ];

    Cross: cross, __cross_jvp_self, __cross_jvp_fixed, __cross_forward_self, __cross_forward_fixed, __cross_backward_self, __cross_backward_fixed;
    __cross_forward_jvp_self, __cross_forward_jvp_fixed, __cross_backward_jvp_self, __cross_backward_jvp_fixed,
    CrossDirections: __cross_direction_0, __cross_direction_1;
    MatrixCross<T, R, C, R2, C2> where [
        ShapeConstraint: SameNumberOfRows<R, R2> + SameNumberOfColumns<C, C2>,
        DefaultAllocator: Allocator<R, C> + Allocator<R2, C2> + SameShapeAllocator<R, C, R2, C2>
    ];
}
