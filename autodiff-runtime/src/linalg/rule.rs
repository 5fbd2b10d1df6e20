//! How a primitive is made of its mathematics: a [`Rule`] on dynamic matrices, and the macro `rule!` that makes the function and
//! its companion, for all kinds of matrices, out of it.
//!
//! *In*: the value with the factorisation that it took, the forward rule, the reverse rule; each once. *Out*: what
//! `#[differentiate]` makes of a function, so that an annotated function may call it like any other that is annotated.

use super::shape::{Redim, View, ViewMut};
use crate::scalar::Real;

/// A primitive with `N` matrices as arguments.
pub trait Rule<T: 'static, const N: usize> {
    /// What else the function takes: ranks, sides, tolerances. The function is constant in them wherever it has a derivative.
    type Constants;
    /// The value. Its tangent has the same type. `Option<_>` for a function that is not defined everywhere.
    type Value;
    /// What the derivatives need of the evaluation: the factorisation, often the value. An option where the value is one.
    type Saved;

    /// The value, and what is kept.
    fn forward(primals: [View<'_, T>; N], constants: Self::Constants)
    -> (Self::Value, Self::Saved);

    /// Of values that are equally valid (bases of an eigenspace) takes the one that has a derivative in this direction.
    fn align(_value: &mut Self::Value, _saved: &mut Self::Saved, _tangents: [View<'_, T>; N]) {}

    /// The tangent of the value.
    fn tangent(
        primals: [View<'_, T>; N],
        saved: &Self::Saved,
        tangents: [View<'_, T>; N],
    ) -> Self::Value;

    /// Adds to the adjoints of the arguments what `cotangent` contributes.
    fn reverse(
        primals: [View<'_, T>; N],
        saved: &Self::Saved,
        cotangent: Self::Value,
        adjoints: [ViewMut<'_, T>; N],
    );
}

/// The panic of a point without derivative.
#[cold]
#[track_caller]
pub fn undefined(function: &str, why: impl std::fmt::Display) -> ! {
    panic!("`{function}` has no derivative here: {why}")
}

/// What was kept and the cotangent, of a function that is not defined everywhere; nothing where it was not.
///
/// # Panics
///
/// If there is a value without a cotangent or a cotangent without a value.
#[track_caller]
pub fn defined<S, C>(saved: Option<S>, cotangent: Option<C>) -> Option<(S, C)> {
    match (saved, cotangent) {
        (Some(saved), Some(cotangent)) => Some((saved, cotangent)),
        (None, None) => None,
        (Some(_), None) => panic!("the value is `Some`, but its cotangent is `None`"),
        (None, Some(_)) => panic!("the value is `None`, but its cotangent is `Some`"),
    }
}

/// [`Rule::reverse`] with the cotangent as the caller has it.
#[inline]
#[track_caller]
pub fn reverse<R: Rule<T, N>, T: 'static, C: Redim<R::Value>, const N: usize>(
    primals: [View<'_, T>; N],
    saved: &R::Saved,
    cotangent: C,
    adjoints: [ViewMut<'_, T>; N],
) {
    R::reverse(primals, saved, cotangent.redim(), adjoints);
}

/// A real number, with its cotangent type: what has a gradient. The lifetime delays the check until the function is used. (With
/// `Differentiable` as supertrait, a bound that cannot hold would hide the implementation of it from the compiler.)
#[diagnostic::on_unimplemented(
    message = "a gradient needs a real number, and `{Self}` is none",
    note = "use `vjp` for functions with other values"
)]
pub trait Seed<'a, C> {
    /// The seed of the reverse sweep.
    fn seed() -> C;
}

impl<T: Real> Seed<'_, T> for T {
    #[inline]
    fn seed() -> T {
        T::__ONE
    }
}

/// What the expansion of `rule!` names.
pub mod names {
    pub use crate::linalg::rule::{Rule, Seed, reverse};
    pub use crate::linalg::second::reverse_twice;
    pub use crate::linalg::shape::{redim, view, view_mut};
    pub use crate::private::{Differentiable, SecondOrder, same_shape};
    pub use nalgebra::allocator::Allocator;
    pub use nalgebra::{ComplexField, DefaultAllocator, Dim, Matrix, OMatrix, Storage};
    pub use num_traits::{One, Zero};
}

/// The function and its companion, from the [`Rule`] that the companion implements.
///
/// ```text
/// rule! {
///     /// documentation
///     solve[T: Field, D, K](a da: SA[D, D], b db: SB[D, K]; constant: usize) -> Option<OMatrix<T, D, K>>
///     where [DefaultAllocator: Allocator<D, K>]
/// }
/// ```
///
/// The type of the numbers; the dimensions; for each matrix its name, that of its tangent, its storage and its dimensions; the
/// constants; the type of the value; the bounds beyond those of the arguments. `; twice` at the end where it is a
/// [`SecondRule`](super::second::SecondRule) too.
macro_rules! rule {
    (
        $(#[$doc:meta])*
        $name:ident[$T:ident: $field:ident $(+ $more:ident)* $(, $D:ident)*]
        ($($x:ident $dx:ident: $S:ident[$R:ty, $C:ty]),+ $(; $($k:ident: $K:ty),+)?) -> $value:ty
        $(where [$($bounds:tt)*])?
        ; twice
    ) => {
        $crate::linalg::rule::rule! {
            $(#[$doc])*
            $name[$T: $field $(+ $more)* $(, $D)*]($($x $dx: $S[$R, $C]),+ $(; $($k: $K),+)?) -> $value
            $(where [$($bounds)*])?
        }
        $crate::linalg::rule::rule! {
            @twice $name ($($x $dx: $S[$R, $C]),+) ($($($k: $K),+)?) -> $value, $T,
            [$T, $($D,)* $($S),+],
            [
                $T: $crate::linalg::RealNumber, $($D: Dim,)* $($S: Storage<$T, $R, $C>,)+
                $(DefaultAllocator: Allocator<$R, $C>,)+ $($($bounds)*)?
            ]
        }
    };
    (
        $(#[$doc:meta])*
        $name:ident[$T:ident: $field:ident $(+ $more:ident)* $(, $D:ident)*]
        ($($x:ident $dx:ident: $S:ident[$R:ty, $C:ty]),+ $(; $($k:ident: $K:ty),+)?) -> $value:ty
        $(where [$($bounds:tt)*])?
    ) => {
        $crate::linalg::rule::rule! {
            @emit [$(#[$doc])*] $name ($($x $dx: $S[$R, $C]),+) ($($($k: $K),+)?) -> $value, $T,
            [$T, $($D,)* $($S),+],
            [
                $T: $field $(+ $more)*, $($D: Dim,)* $($S: Storage<$T, $R, $C>,)+
                $(DefaultAllocator: Allocator<$R, $C>,)+ $($($bounds)*)?
            ]
        }
    };
    (
        @emit [$($doc:tt)*] $name:ident ($($x:ident $dx:ident: $S:ident[$R:ty, $C:ty]),+) ($($k:ident: $K:ty),*) -> $value:ty,
        $T:ident, [$($generics:tt)*], [$($bounds:tt)*]
    ) => {
        $($doc)*
        #[allow(clippy::multiple_bound_locations, clippy::type_complexity)] // the signature is the rule's
        #[track_caller]
        pub fn $name<$($generics)*>($($x: &Matrix<$T, $R, $C, $S>,)+ $($k: $K),*) -> $value
        where $($bounds)*
        {
            redim(<$name as Rule<$T, _>>::forward([$(view($x)),+], ($($k),*)).0)
        }

        #[doc = concat!("Derivatives of [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        #[allow(non_camel_case_types)]
        pub struct $name {}

        #[allow(unused_parens)] // a tuple of one is bare
        #[allow(clippy::multiple_bound_locations, clippy::too_many_arguments, clippy::type_complexity)] // the signature is the rule's
        impl $name {
            /// Value and directional derivative.
            ///
            /// # Panics
            ///
            /// If a tangent has another shape than its argument.
            #[track_caller]
            pub fn jvp<$($generics)*>(
                $($x: &Matrix<$T, $R, $C, $S>,)+ $($k: $K,)* $($dx: &OMatrix<$T, $R, $C>),+
            ) -> ($value, <$value as Differentiable>::Tangent)
            where $($bounds)*
            {
                $(same_shape(concat!("tangent of `", stringify!($x), "`"), $x, $dx);)+
                let primals = [$(view($x)),+];
                let tangents = [$(view($dx)),+];
                let (mut value, mut saved) = <Self as Rule<$T, _>>::forward(primals, ($($k),*));
                <Self as Rule<$T, _>>::align(&mut value, &mut saved, tangents);
                let tangent = <Self as Rule<$T, _>>::tangent(primals, &saved, tangents);
                (redim(value), redim(tangent))
            }

            /// Value and pullback, which takes the cotangent of the value to those of the arguments.
            #[track_caller]
            pub fn vjp<$($generics)*>($($x: &Matrix<$T, $R, $C, $S>,)+ $($k: $K),*) -> (
                $value,
                impl FnOnce(<$value as Differentiable>::Tangent) -> ($(OMatrix<$T, $R, $C>),+) + use<$($generics)*>,
            )
            where $($bounds)*
            {
                let (value, saved) = <Self as Rule<$T, _>>::forward([$(view($x)),+], ($($k),*));
                $(let $x = $x.clone_owned();)+
                (redim(value), move |cotangent| {
                    $(let mut $dx = $x.zero_tangent();)+
                    reverse::<Self, $T, _, _>([$(view(&$x)),+], &saved, cotangent, [$(view_mut(&mut $dx)),+]);
                    ($($dx),+)
                })
            }

            /// Value and gradient, where the value is a real number.
            #[track_caller]
            pub fn value_and_grad<$($generics)*>($($x: &Matrix<$T, $R, $C, $S>,)+ $($k: $K),*) -> (
                $value,
                ($(OMatrix<$T, $R, $C>),+),
            )
            where for<'scalar> $value: Seed<'scalar, <$value as Differentiable>::Tangent>, $($bounds)*
            {
                let (value, pullback) = Self::__forward($($x,)+ $($k),*);
                $(let mut $dx = $x.zero_tangent();)+
                pullback($($x,)+ <$value as Seed<'_, <$value as Differentiable>::Tangent>>::seed(), $(&mut $dx),+);
                (value, ($($dx),+))
            }

            /// The gradient, where the value is a real number.
            #[track_caller]
            pub fn grad<$($generics)*>($($x: &Matrix<$T, $R, $C, $S>,)+ $($k: $K),*) -> ($(OMatrix<$T, $R, $C>),+)
            where for<'scalar> $value: Seed<'scalar, <$value as Differentiable>::Tangent>, $($bounds)*
            {
                Self::value_and_grad($($x,)+ $($k),*).1
            }

            #[doc(hidden)]
            #[track_caller]
            pub fn __jvp<$($generics)*>(
                $($x: &Matrix<$T, $R, $C, $S>,)+ $($k: $K,)* $($dx: &OMatrix<$T, $R, $C>,)+ $(_: rule!(@ignored $k)),*
            ) -> ($value, <$value as Differentiable>::Tangent)
            where $($bounds)*
            {
                Self::jvp($($x,)+ $($k,)* $($dx),+)
            }

            #[doc(hidden)]
            #[track_caller]
            pub fn __forward<$($generics)*>($($x: &Matrix<$T, $R, $C, $S>,)+ $($k: $K),*) -> (
                $value,
                impl FnOnce(
                    $(&Matrix<$T, $R, $C, $S>,)+ <$value as Differentiable>::Tangent, $(&mut OMatrix<$T, $R, $C>),+
                ) + use<$($generics)*>,
            )
            where $($bounds)*
            {
                let (value, saved) = <Self as Rule<$T, _>>::forward([$(view($x)),+], ($($k),*));
                let pullback = move |
                    $($x: &Matrix<$T, $R, $C, $S>,)+ cotangent: <$value as Differentiable>::Tangent,
                    $($dx: &mut OMatrix<$T, $R, $C>),+
                | reverse::<Self, $T, _, _>([$(view($x)),+], &saved, cotangent, [$(view_mut($dx)),+]);
                (redim(value), pullback)
            }

            #[doc(hidden)]
            #[track_caller]
            pub fn __backward<$($generics)*>(
                pullback: impl FnOnce(
                    $(&Matrix<$T, $R, $C, $S>,)+ <$value as Differentiable>::Tangent, $(&mut OMatrix<$T, $R, $C>),+
                ),
                $($x: &Matrix<$T, $R, $C, $S>,)+ cotangent: <$value as Differentiable>::Tangent,
                $($dx: &mut OMatrix<$T, $R, $C>,)+ $(_: &mut rule!(@ignored $k)),*
            )
            where $($bounds)*
            {
                pullback($($x,)+ cotangent, $($dx),+);
            }

            #[doc(hidden)]
            #[track_caller]
            pub fn __backward_by_name<$($generics)*>(
                pullback: impl FnOnce(
                    $(&Matrix<$T, $R, $C, $S>,)+ <$value as Differentiable>::Tangent, $(&mut OMatrix<$T, $R, $C>),+
                ),
                $($x: &Matrix<$T, $R, $C, $S>,)+ $(_: rule!(@ignored $k),)* cotangent: <$value as Differentiable>::Tangent,
                $($dx: &mut OMatrix<$T, $R, $C>,)+ $(_: &mut rule!(@ignored $k)),*
            )
            where $($bounds)*
            {
                pullback($($x,)+ cotangent, $($dx),+);
            }
        }
    };
    (@twice $name:ident ($x:ident $dx:ident: $S:ident[$R:ty, $C:ty]) $($rest:tt)*) => {
        $crate::linalg::rule::rule! { @named $name ($x $dx bar slope: $S[$R, $C]) $($rest)* }
    };
    (@twice $name:ident ($x:ident $dx:ident: $S:ident[$R:ty, $C:ty], $x2:ident $dx2:ident: $S2:ident[$R2:ty, $C2:ty]) $($rest:tt)*) => {
        $crate::linalg::rule::rule! {
            @named $name ($x $dx bar slope: $S[$R, $C], $x2 $dx2 bar_2 slope_2: $S2[$R2, $C2]) $($rest)*
        }
    };
    (
        @twice $name:ident (
            $x:ident $dx:ident: $S:ident[$R:ty, $C:ty], $x2:ident $dx2:ident: $S2:ident[$R2:ty, $C2:ty],
            $x3:ident $dx3:ident: $S3:ident[$R3:ty, $C3:ty]
        ) $($rest:tt)*
    ) => {
        $crate::linalg::rule::rule! {
            @named $name (
                $x $dx bar slope: $S[$R, $C], $x2 $dx2 bar_2 slope_2: $S2[$R2, $C2],
                $x3 $dx3 bar_3 slope_3: $S3[$R3, $C3]
            ) $($rest)*
        }
    };
    (
        @named $name:ident ($($x:ident $dx:ident $bar:ident $slope:ident: $S:ident[$R:ty, $C:ty]),+) ($($k:ident: $K:ty),*) -> $value:ty,
        $T:ident, [$($generics:tt)*], [$($bounds:tt)*]
    ) => {
        #[diagnostic::do_not_recommend]
        impl SecondOrder for $name {}

        #[doc(hidden)]
        #[allow(unused_parens)] // a tuple of one is bare
        #[allow(clippy::multiple_bound_locations, clippy::too_many_arguments, clippy::type_complexity)] // the signature is the rule's
        impl $name {
            #[track_caller]
            pub fn __forward_jvp<$($generics)*>(
                $($x: &Matrix<$T, $R, $C, $S>,)+ $($k: $K,)* $($dx: &OMatrix<$T, $R, $C>,)+ $(_: rule!(@ignored $k)),*
            ) -> (
                $value,
                <$value as Differentiable>::Tangent,
                (<Self as Rule<$T, { [$(stringify!($x)),+].len() }>>::Saved, ($($K),*)),
            )
            where $($bounds)*
            {
                let (primals, tangents) = ([$(view($x)),+], [$(view($dx)),+]);
                let (mut value, mut saved) = <Self as Rule<$T, _>>::forward(primals, ($($k),*));
                <Self as Rule<$T, _>>::align(&mut value, &mut saved, tangents);
                let tangent = <Self as Rule<$T, _>>::tangent(primals, &saved, tangents);
                (redim(value), redim(tangent), (saved, ($($k),*)))
            }

            #[track_caller]
            pub fn __backward_jvp<$($generics)*>(
                (saved, constants): (<Self as Rule<$T, { [$(stringify!($x)),+].len() }>>::Saved, ($($K),*)),
                $($x: &Matrix<$T, $R, $C, $S>,)+ $($dx: &OMatrix<$T, $R, $C>,)+
                cotangent: <$value as Differentiable>::Tangent, cotangent_dot: <$value as Differentiable>::Tangent,
                $($bar: &mut OMatrix<$T, $R, $C>,)+ $(_: &mut rule!(@ignored $k),)*
                $($slope: &mut OMatrix<$T, $R, $C>,)+ $(_: &mut rule!(@ignored $k)),*
            )
            where $($bounds)*
            {
                reverse_twice::<Self, $T, _, _>(
                    [$(view($x)),+],
                    constants,
                    &saved,
                    [$(view($dx)),+],
                    [cotangent, cotangent_dot],
                    [$(view_mut($bar)),+],
                    [$(view_mut($slope)),+],
                );
            }

            rule! { @direction __direction_0 }
            rule! { @direction __direction_1 }
            rule! { @direction __direction_2 }
            rule! { @direction __direction_3 }
        }
    };
    (@direction $name:ident) => {
        pub fn $name<D>(direction: D) -> D {
            direction
        }
    };
    (@ignored $constant:ident) => { impl Sized };
}

pub(crate) use rule;
