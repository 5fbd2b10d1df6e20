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
//! | tuples of up to 20 | the tuple of the tangents |
//! | `Range<T>` | `Range` of the tangents |
//! | `Option<T>`, `Result<T, E>` | `Option<T::Tangent>` |
//! | `&T`, `&mut T` | `T::Tangent` |
//! | `Box<T>` | `Box<T::Tangent>` |
//! | a type that derives it | its own tangent type, field by field |
//! | nalgebra's `Matrix<T, R, C, S>`, owned or a view | `OMatrix<T, R, C>` |
//! | nalgebra's `OPoint<T, D>` | `OVector<T, D>` |
//! | `Unit<V>` | `V::Tangent` |
//! | `Quaternion<T>`, and so `UnitQuaternion<T>` | `Quaternion<T>` |
//! | `Rotation<T, D>` | `SMatrix<T, D, D>` |
//! | `UnitComplex<T>` | `Complex<T>` |
//! | `Translation<T, D>` | the type itself |
//! | `Isometry<T, R, D>`, `Similarity<T, R, D>` | [`IsometryTangent`], [`SimilarityTangent`]: the same fields |
//!
//! The tangent of a rotation has as many numbers as the rotation, each of which may change by itself. Of a gradient with respect to one, the part in the
//! tangent space of the rotations tells how the value changes along these. Of powers, of what is between two rotations and of
//! logarithms it has that part only.
//!
//! A zero is always made from an instance ([`Differentiable::zero_tangent`]), since lengths and shapes are facts of run time.
//! Adding tangents of different shapes panics and names both; a shape is never adapted silently.
//!
//! The methods have long names on purpose: generated code gives a user's type parameter these traits as bounds, and a method
//! that two bounds have in common could not be called any more.

mod constant;
mod containers;
mod coordinates;
mod geometry;
mod leaves;
mod matrix;
mod motion;
mod point;
mod range;

pub use constant::Constant;
pub use coordinates::Coordinates;
pub use motion::{IsometryTangent, SimilarityTangent};

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
/// A struct or enum derives it. The tangent type has the same fields, each with the tangent of its type, and may be cloned, printed,
/// compared, added and scaled:
///
/// ```
/// use autodiff_runtime::{Differentiable, differentiate};
///
/// #[derive(Differentiable)]
/// struct Spring {
///     stiffness: f64,
///     rest: [f64; 2],
///     #[constant] // a field that has no part in the derivative
///     name: &'static str,
/// }
///
/// let spring = Spring { stiffness: 2.0, rest: [0.0, 1.0], name: "left" };
/// let mut direction: SpringTangent = spring.zero_tangent();
/// direction.stiffness = 1.0;
/// assert_eq!((direction * 3.0).stiffness, 3.0);
/// # assert_eq!(spring.name, "left");
/// # assert_eq!(spring.rest, [0.0, 1.0]);
/// ```
///
/// * An enum's tangent is an enum with the same variants; tangents of different variants cannot be added.
/// * Type parameters and lifetimes may be there; a tangent owns what it holds.
/// * A type without fields has the tangent `()`.
/// * `#[differentiable(batch)]` makes `SpringTangents<W>` too, which the options `batch` and `taylor` of functions need.
/// * `#[differentiable(tangent = Name)]` gives the tangent another name, `#[differentiable(crate = path)]` says where this crate is.
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` cannot be differentiated",
    label = "no derivative is known for this type",
    note = "derive it for a type of your own: `#[derive(Differentiable)]`",
    note = "a parameter or field that has no part in the derivative can be marked `#[constant]`"
)]
pub trait Differentiable {
    /// The type of tangents, adjoints and gradients.
    type Tangent: OwnedTangent + BorrowMut<Self::Slot>;
    /// What a reference to an adjoint points to: a slice where `Self` is one, else the tangent type.
    type Slot: Tangent + ?Sized;

    /// The zero with the shape of `self`.
    fn zero_tangent(&self) -> Self::Tangent;

    /// A tangent that nobody looks at, of any shape: whatever is cheapest to make.
    #[doc(hidden)]
    #[inline]
    fn unused_tangent(&self) -> Self::Tangent {
        self.zero_tangent()
    }

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
#[doc(hidden)]
pub fn shape_mismatch<A: Tangent + ?Sized>(target: &A, other: &A) -> ! {
    panic!(
        "a tangent of shape {} cannot be added to one of shape {}",
        other.tangent_shape(),
        target.tangent_shape()
    )
}

/// The shape of a struct or variant: `Point(scalar, [3])`.
#[doc(hidden)]
#[must_use]
pub fn shape_of_fields(name: &str, fields: &[String]) -> String {
    format!("{name}({})", fields.join(", "))
}
