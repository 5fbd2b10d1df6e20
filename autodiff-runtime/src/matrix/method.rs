//! How a method of nalgebra gets its derivative: the macro `method!`, which makes the function that generated code calls in its place and
//! the companion of that function, as `#[differentiate]` would.
//!
//! *In*: the expression itself, and for each argument that has a derivative what its tangent contributes to that of the result, and what the
//! adjoint of the result contributes to its own. *Out*: the value of nalgebra's method, to the bit. An argument that is inactive
//! passes [`Nothing`], and nothing is computed for it.

use crate::tangent::{Differentiable, OwnedTangent};

/// In the place of the tangent or adjoint of what has none.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

/// The tangent of an argument, if it is active.
pub trait Direction<X> {
    /// Itself.
    fn given(&self) -> Option<&X>;
}

impl<X: OwnedTangent> Direction<X> for X {
    #[inline]
    fn given(&self) -> Option<&X> {
        Some(self)
    }
}

impl<X: OwnedTangent> Direction<X> for Nothing {
    #[inline]
    fn given(&self) -> Option<&X> {
        None
    }
}

/// The adjoint of an argument, if it is active.
pub trait Slot<X> {
    /// Lets something be added to it.
    fn with(&mut self, add: impl FnOnce(&mut X));
}

impl<X: OwnedTangent> Slot<X> for X {
    #[inline]
    fn with(&mut self, add: impl FnOnce(&mut X)) {
        add(self);
    }
}

impl<X: OwnedTangent> Slot<X> for Nothing {
    #[inline]
    fn with(&mut self, _: impl FnOnce(&mut X)) {}
}

/// The sum of what the arguments contribute to the tangent of a result.
#[inline]
pub fn total<Y: Differentiable, const N: usize>(
    value: &Y,
    terms: [Option<Y::Tangent>; N],
) -> Y::Tangent {
    use crate::tangent::Tangent;
    let sum = terms.into_iter().flatten().reduce(|mut sum, term| {
        use std::borrow::{Borrow, BorrowMut};
        BorrowMut::<Y::Slot>::borrow_mut(&mut sum).accumulate_tangent(Borrow::borrow(&term));
        sum
    });
    sum.unwrap_or_else(|| value.zero_tangent())
}

/// In the place of an argument that the reverse does not look at.
pub struct Unread;

/// A bit for each argument that is not among the others.
pub const fn reads(arguments: &[&str], unread: &[&str]) -> u64 {
    let (mut bits, mut k) = (!0, 0);
    while k < arguments.len() {
        let mut other = 0;
        while other < unread.len() {
            if same(arguments[k].as_bytes(), unread[other].as_bytes()) {
                bits &= !(1 << k);
            }
            other += 1;
        }
        k += 1;
    }
    bits
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut k = 0;
    while k < a.len() && k < b.len() && a[k] == b[k] {
        k += 1;
    }
    k == a.len() && k == b.len()
}

/// What the expansion of `method!` names.
pub mod names {
    pub use super::{Direction, Slot, Unread, reads, total};
    pub use crate::private::SecondOrder;
    pub use crate::tangent::Differentiable;
}

/// The function and its companion.
///
/// ```text
/// method! {
///     dot[T, R, C, S](a da: &Matrix<T, R, C, S>, b db: &Matrix<T, R, C, S>; constant: usize) -> T, saved ()
///     where [..] = (a.dot(b), ());
///     da => da.dot(b); |seed, bar| bar.add_scaled(b, &seed);
///     db => a.dot(db); |seed, bar| bar.add_scaled(a, &seed);
///     @ [a_bar a_dot, b_bar b_dot] {
///         a_dot(db): |seed, d, bar| bar.add_scaled(d, seed);
///         b_dot(da): |seed, d, bar| bar.add_scaled(d, seed);
///     }
/// }
/// ```
///
/// `[seed: ..]` before the arguments is made of the cotangent once, and takes its place in all that follows. `@unread(b)` before it says that
/// the reverse does not look at `b`, which then is not there: callers need not keep a copy of it.
///
/// What follows the `@` is for second derivatives: names, and what the tangents of the arguments contribute to that of the reverse, to which
/// the tangent of the seed contributes as the seed does to the reverse itself. Nothing for a method that is linear. `@once` before
/// the documentation, and nothing at the end, for a function that is differentiated once only.
macro_rules! method {
    (
        $(#[$doc:meta])*
        $name:ident $generics:tt $args:tt -> $Y:ty, $saved:ident: $Saved:ty
        where $bounds:tt = $value:expr;
        $(@unread($unread:ident))?
        $([$given:ident: $prepared:expr])?
        $($d:ident => $tangent:expr; |$seed:ident, $bar:ident| $reverse:expr;)+
        @ $slots:tt $terms:tt
    ) => {
        $crate::matrix::method::method! {
            @once $(#[$doc])*
            $name $generics $args -> $Y, $saved: $Saved
            where $bounds = $value;
            $(@unread($unread))?
            $([$given: $prepared])?
            $($d => $tangent; |$seed, $bar| $reverse;)+
        }
        $crate::matrix::method::method! {
            @twice $name $generics $args $bounds $slots $terms ($Y, $saved: $Saved, $value)
            $([$given: $prepared])?
            $($d => $tangent; |$seed, $bar| $reverse;)+
        }
    };
    (
        @twice $name:ident [$($generics:tt)*] ($($x:ident $dx:ident: &$X:ty),+ $(; $($k:ident: $K:ty),+)?) [$($bounds:tt)*]
        [$($slot:ident $dot:ident),+]
        {$($of:ident($by:ident): |$seed2:ident, $direction:ident, $bar2:ident| $term:expr;)*}
        ($Y:ty, $saved:ident: $Saved:ty, $value:expr)
        $([$given:ident: $prepared:expr])?
        $($d:ident => $tangent:expr; |$seed:ident, $bar:ident| $reverse:expr;)+
    ) => {
        #[allow(
            unused_variables, clippy::redundant_closure_call, clippy::too_many_arguments,
            clippy::type_complexity
        )]
        const _: () = {
            use crate::matrix::method::names::*;

            #[diagnostic::do_not_recommend]
            impl SecondOrder for $name {}

            impl $name {
                /// The value, its tangent, and what the reverse and its tangent need.
                #[inline]
                #[track_caller]
                pub fn __forward_jvp<$($generics)*>(
                    $($x: &$X,)+ $($($k: $K,)+)?
                    $($dx: &impl Direction<<$X as Differentiable>::Tangent>,)+ $($(_: $crate::matrix::method::method!(@ignored $k)),+)?
                ) -> ($Y, <$Y as Differentiable>::Tangent, ($Saved, $($($K,)+)?))
                where $($bounds)*
                {
                    let (value, kept) = $value;
                    let slope = {
                        let $saved = &kept;
                        total(&value, [$($d.given().map(|$d| $tangent)),+])
                    };
                    (value, slope, (kept, $($($k,)+)?))
                }

                /// Adds to the adjoints and to their tangents.
                #[inline]
                #[track_caller]
                pub fn __backward_jvp<$($generics)*>(
                    ($saved, $($($k,)+)?): ($Saved, $($($K,)+)?),
                    $($x: &$X,)+ $($dx: &impl Direction<<$X as Differentiable>::Tangent>,)+
                    cotangent: <$Y as Differentiable>::Tangent, cotangent_dot: <$Y as Differentiable>::Tangent,
                    $($slot: &mut impl Slot<<$X as Differentiable>::Tangent>,)+ $($(_: &mut $crate::matrix::method::method!(@ignored $k),)+)?
                    $($dot: &mut impl Slot<<$X as Differentiable>::Tangent>,)+ $($(_: &mut $crate::matrix::method::method!(@ignored $k),)+)?
                )
                where $($bounds)*
                {
                    let $saved = &$saved;
                    $(
                        let $given = cotangent;
                        let cotangent = $prepared;
                        let $given = cotangent_dot;
                        let cotangent_dot = $prepared;
                    )?
                    $({
                        let $seed = &cotangent;
                        $slot.with(|$bar| $reverse);
                        let $seed = &cotangent_dot;
                        $dot.with(|$bar| $reverse);
                    })+
                    $(if let Some($direction) = $by.given() {
                        let $seed2 = &cotangent;
                        $of.with(|$bar2| $term);
                    })*
                }
            }
        };
    };
    (
        @once $(#[$doc:meta])*
        $name:ident[$($generics:tt)*]($($x:ident $dx:ident: &$X:ty),+ $(; $($k:ident: $K:ty),+)?) -> $Y:ty, $saved:ident: $Saved:ty
        where [$($bounds:tt)*] = $value:expr;
        $(@unread($unread:ident))?
        $([$given:ident: $prepared:expr])?
        $($d:ident => $tangent:expr; |$seed:ident, $bar:ident| $reverse:expr;)+
    ) => {
        $(#[$doc])*
        #[inline]
        #[track_caller]
        #[allow(clippy::type_complexity)] // the signature is nalgebra's
        pub fn $name<$($generics)*>($($x: &$X,)+ $($($k: $K),+)?) -> $Y
        where $($bounds)*
        {
            $value.0
        }

        #[doc = concat!("Derivatives of [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        #[allow(non_camel_case_types)]
        pub struct $name {}

        #[allow(
            unused_variables, clippy::redundant_closure_call, clippy::too_many_arguments,
            clippy::type_complexity
        )]
        const _: () = {
            use crate::matrix::method::names::*;

            impl $name {
                /// The arguments that the reverse looks at, a bit for each.
                pub const __READS: u64 = reads(&[$(stringify!($x)),+], &[$(stringify!($unread))?]);

                /// The value and its tangent.
                #[inline]
                #[track_caller]
                pub fn __jvp<$($generics)*>(
                    $($x: &$X,)+ $($($k: $K,)+)?
                    $($dx: &impl Direction<<$X as Differentiable>::Tangent>,)+ $($(_: $crate::matrix::method::method!(@ignored $k)),+)?
                ) -> ($Y, <$Y as Differentiable>::Tangent)
                where $($bounds)*
                {
                    let (value, saved) = $value;
                    let $saved = &saved;
                    let slope = total(&value, [$($d.given().map(|$d| $tangent)),+]);
                    (value, slope)
                }

                /// The value and what the reverse needs.
                #[inline]
                #[track_caller]
                pub fn __forward<$($generics)*>($($x: &$X,)+ $($($k: $K),+)?) -> ($Y, ($Saved, $($($K,)+)?))
                where $($bounds)*
                {
                    let (value, $saved) = $value;
                    (value, ($saved, $($($k,)+)?))
                }

                /// Adds to the adjoints.
                #[inline]
                #[track_caller]
                pub fn __backward<$($generics)*>(
                    ($saved, $($($k,)+)?): ($Saved, $($($K,)+)?),
                    $($x: &$X,)+ cotangent: <$Y as Differentiable>::Tangent,
                    $($dx: &mut impl Slot<<$X as Differentiable>::Tangent>,)+ $($(_: &mut $crate::matrix::method::method!(@ignored $k)),+)?
                )
                where $($bounds)*
                {
                    $(let $unread = Unread;)?
                    $(
                        let $saved = &$saved;
                        let $given = cotangent;
                        let cotangent = $prepared;
                    )?
                    $({
                        let $seed = &cotangent;
                        let $saved = &$saved;
                        $d.with(|$bar| $reverse);
                    })+
                }
            }
        };
    };
    (@ignored $constant:ident) => { impl Sized };
}

/// A method that annotated functions of this crate call by its path: the tangents of all arguments are given.
macro_rules! primitive {
    (@directions $($name:ident)*) => {$(
        #[inline]
        pub fn $name<D>(direction: D) -> D {
            direction
        }
    )*};
    ($(#[$doc:meta])* $name:ident $($rest:tt)*) => {
        $crate::matrix::method::method! { $(#[$doc])* $name $($rest)* }

        #[allow(missing_docs)]
        impl $name {
            $crate::matrix::method::primitive!(@directions __direction_0 __direction_1 __direction_2 __direction_3);
        }
    };
}

pub(crate) use {method, primitive};
