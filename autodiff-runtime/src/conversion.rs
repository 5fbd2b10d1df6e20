//! Conversions: what an annotated `impl From<X> for Y` has for derivatives.

use crate::tangent::Differentiable;
use core::marker::PhantomData;

/// An `impl From<X>` that is marked `#[differentiate]`.
///
/// ```
/// use autodiff_runtime::{Conversion, Differentiable, differentiate};
///
/// #[derive(Clone, Debug, Differentiable)]
/// struct Polar {
///     radius: f64,
///     angle: f64,
/// }
///
/// #[differentiate]
/// impl From<[f64; 2]> for Polar {
///     fn from([x, y]: [f64; 2]) -> Self {
///         Polar { radius: x.hypot(y), angle: y.atan2(x) }
///     }
/// }
///
/// let (point, change) = Polar::from_jvp([3.0, 4.0], [1.0, 0.0]);
/// assert_eq!((point.radius, change.radius), (5.0, 0.6));
/// ```
#[diagnostic::on_unimplemented(
    message = "the conversion of `{X}` into `{Self}` has no derivative",
    label = "what is converted depends on a differentiable parameter",
    note = "`#[differentiate]` on `impl From<{X}> for {Self}`"
)]
pub trait Conversion<X: Differentiable>: Differentiable + Sized {
    #[doc(hidden)]
    fn __from_jvp(x: X, direction: X::Tangent) -> (Self, Self::Tangent);

    #[doc(hidden)]
    #[allow(clippy::type_complexity)] // an opaque type has no name
    fn __from_forward(
        x: X,
    ) -> (
        Self,
        Converted<X, impl FnOnce(Self::Tangent, &mut X::Tangent)>,
    );

    /// The value and its derivative in a direction.
    #[inline]
    fn from_jvp(x: X, direction: X::Tangent) -> (Self, Self::Tangent) {
        Self::__from_jvp(x, direction)
    }

    /// The value and its pullback.
    #[inline]
    fn from_vjp(x: X) -> (Self, impl FnOnce(Self::Tangent) -> X::Tangent) {
        let mut gradient = x.zero_tangent();
        let (value, pullback) = Self::__from_forward(x);
        let pullback = move |cotangent: Self::Tangent| {
            (pullback.pullback)(cotangent, &mut gradient);
            gradient
        };
        (value, pullback)
    }
}

/// The pullback of a conversion, which says what was converted.
pub struct Converted<X, P> {
    pullback: P,
    from: PhantomData<fn(X)>,
}

impl<X, P> Converted<X, P> {
    /// With the type of what was converted.
    #[inline]
    pub fn new(pullback: P) -> Self {
        Self {
            pullback,
            from: PhantomData,
        }
    }
}

/// What runs the pullback of a conversion into a type.
pub trait Pulled: Differentiable {
    #[doc(hidden)]
    #[inline]
    fn __from_backward<X: Differentiable, P: FnOnce(Self::Tangent, &mut X::Tangent)>(
        pullback: Converted<X, P>,
        cotangent: Self::Tangent,
        slot: &mut X::Tangent,
    ) where
        Self::Tangent: Sized,
    {
        (pullback.pullback)(cotangent, slot);
    }

    #[doc(hidden)]
    #[inline]
    fn __from_backward_by_name<X: Differentiable, P: FnOnce(Self::Tangent, &mut X::Tangent)>(
        pullback: Converted<X, P>,
        _: impl Sized,
        cotangent: Self::Tangent,
        slot: &mut X::Tangent,
    ) where
        Self::Tangent: Sized,
    {
        (pullback.pullback)(cotangent, slot);
    }
}

impl<Y: Differentiable> Pulled for Y {}
