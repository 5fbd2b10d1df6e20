//! Tangents: what a derivative of a value is made of, and the algebra on it.
//!
//! A type with derivatives implements [`Differentiable`], which names its tangent type: what is left of it when integers,
//! flags and strings are taken out and borrowed data is owned. Adjoints (gradients, cotangents) have the same type.
//!
//! | type | tangent |
//! |---|---|
//! | `f32`, `f64`, `Complex` of them | the type itself |
//! | integers, `bool`, `char`, `str`, `String`, `()` | `()` |
//! | `[T; N]` | `[T::Tangent; N]` |
//! | `[T]`, `Vec<T>` | `Vec<T::Tangent>` |
//! | tuples of up to 12 | the tuple of the tangents |
//! | `Option<T>` | `Option<T::Tangent>` |
//! | `&T`, `&mut T`, `Box<T>` | `T::Tangent` |
//! | nalgebra's `Matrix<T, R, C, S>`, owned or a view | `OMatrix<T, R, C>` |
//! | `OPoint<T, D>` | `OVector<T, D>` |
//!
//! A zero is always made from an instance ([`Differentiable::zero_tangent`]), since lengths and shapes are facts of run time.
//! Adding tangents of different shapes panics and names both; a shape is never adapted silently.
//!
//! The methods have long names on purpose: generated code gives a user's type parameter these traits as bounds, and a method
//! that two bounds have in common could not be called any more.

mod containers;
mod coordinates;
mod leaves;
mod matrix;

pub use coordinates::Coordinates;

use std::borrow::BorrowMut;

/// A type whose values have derivatives, possibly none (`()`).
///
/// ```
/// use autodiff_runtime::Differentiable;
///
/// let x = [vec![1.0, 2.0], vec![3.0]];
/// assert_eq!(x.zero_tangent(), [vec![0.0, 0.0], vec![0.0]]);
/// assert_eq!((1.5f32, 7usize).zero_tangent(), (0.0f32, ()));
/// ```
///
/// For a struct, name a type with a tangent per field, often the struct itself:
///
/// ```
/// use autodiff_runtime::{Differentiable, OwnedTangent, Tangent};
///
/// #[derive(Clone, Debug, PartialEq)]
/// struct Point {
///     x: f64,
///     y: f64,
/// }
///
/// impl Differentiable for Point {
///     type Tangent = Self;
///     type Slot = Self;
///     fn zero_tangent(&self) -> Self {
///         Self { x: 0.0, y: 0.0 }
///     }
///     fn fits_tangent(&self, _: &Self) -> bool {
///         true
///     }
/// }
///
/// impl Tangent for Point {
///     fn accumulate_tangent(&mut self, other: &Self) {
///         self.x += other.x;
///         self.y += other.y;
///     }
///     fn subtract_tangent(&mut self, other: &Self) {
///         self.x -= other.x;
///         self.y -= other.y;
///     }
///     fn clear_tangent(&mut self) {
///         *self = Self { x: 0.0, y: 0.0 };
///     }
///     fn tangent_shape(&self) -> String {
///         "Point".to_owned()
///     }
/// }
///
/// impl OwnedTangent for Point {
///     fn zero_like_tangent(&self) -> Self {
///         Self { x: 0.0, y: 0.0 }
///     }
/// }
/// # let mut p = Point { x: 1.0, y: 2.0 };
/// # assert_eq!(p.take_tangent(), Point { x: 1.0, y: 2.0 });
/// # assert_eq!(p, p.zero_tangent());
/// ```
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` cannot be differentiated",
    label = "no derivative is known for this type",
    note = "implement `autodiff_runtime::Differentiable` for `{Self}`",
    note = "a parameter that has no part in the derivative can be marked `#[constant]`"
)]
pub trait Differentiable {
    /// The type of tangents, adjoints and gradients.
    type Tangent: OwnedTangent + BorrowMut<Self::Slot>;
    /// What a reference to an adjoint points to: a slice where `Self` is one, else the tangent type.
    type Slot: Tangent + ?Sized;

    /// The zero with the shape of `self`.
    fn zero_tangent(&self) -> Self::Tangent;

    /// Has `slot` the shape that [`zero_tangent`](Self::zero_tangent) would give?
    fn fits_tangent(&self, slot: &Self::Slot) -> bool;
}

/// Sums of tangents in place; also for unsized ones (`[T]`) and views.
///
/// # Panics
///
/// [`accumulate_tangent`](Self::accumulate_tangent) and [`subtract_tangent`](Self::subtract_tangent) panic where the shapes
/// differ, with both shapes in the message.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the tangent of any type",
    label = "tangents are made of floats, arrays, vectors, tuples and matrices of them"
)]
pub trait Tangent {
    /// `self += other`
    fn accumulate_tangent(&mut self, other: &Self);

    /// `self -= other`
    fn subtract_tangent(&mut self, other: &Self);

    /// `self = 0`, the shape staying as it is.
    fn clear_tangent(&mut self);

    /// The shape in words, for messages.
    fn tangent_shape(&self) -> String;
}

/// A tangent that can be held as a value.
pub trait OwnedTangent: Tangent + Clone {
    /// The zero with the shape of `self`.
    fn zero_like_tangent(&self) -> Self;

    /// Takes the value out and leaves the zero of its shape.
    #[inline]
    #[must_use]
    fn take_tangent(&mut self) -> Self {
        let zero = self.zero_like_tangent();
        std::mem::replace(self, zero)
    }
}

/// The panic of adding tangents of different shapes.
#[cold]
#[track_caller]
fn shape_mismatch<A: Tangent + ?Sized>(target: &A, other: &A) -> ! {
    panic!(
        "a tangent of shape {} cannot be added to one of shape {}",
        other.tangent_shape(),
        target.tangent_shape()
    )
}
