//! Several directions at once: what `f::jvp_batch` takes and gives, and what its code calls.
//!
//! A tangent of `W` directions has a [`Lanes`] wherever the tangent of one has a scalar. All that forward mode does with tangents is
//! linear, so the program is that of one direction; the value and the slopes are computed once for all of them.
//!
//! ```
//! use autodiff_runtime::batch::Lanes;
//! use autodiff_runtime::differentiate;
//!
//! #[differentiate(batch)]
//! fn polar(r: f64, angle: f64) -> [f64; 2] {
//!     [r * angle.cos(), r * angle.sin()]
//! }
//!
//! let (_, slopes) = polar::jvp_batch::<2>(2.0, 0.0, Lanes([1.0, 0.0]), Lanes([0.0, 1.0]));
//! assert_eq!(slopes, [Lanes([1.0, 0.0]), Lanes([0.0, 2.0])]);
//! ```

mod lanes;
mod types;

pub use lanes::Lanes;

use crate::ops::{Handed, Linear, Plain, Signs};
use crate::scalar::Real;
use crate::tangent::{Coordinates, Differentiable, OwnedTangent, Tangent};
use nalgebra::DMatrix;
use std::borrow::Borrow;

/// A type whose values have tangents of `W` directions at once.
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` have no tangents of several directions at once",
    label = "the options `batch` and `taylor` cannot be used with this type",
    note = "floats, and arrays, slices, vectors and tuples of them have",
    note = "a type of your own has with `#[differentiable(batch)]` under its `#[derive(Differentiable)]`"
)]
pub trait Batched<const W: usize>: Differentiable {
    /// The type of `W` tangents.
    type Tangents: OwnedTangent + Borrow<Self::Slots>;
    /// What a reference to it points to: a slice where `Self` is one.
    type Slots: Tangent + ?Sized;

    /// Zeros with the shape of `self`.
    fn zero_tangents(&self) -> Self::Tangents;

    /// Has `slots` the shape that [`zero_tangents`](Self::zero_tangents) would give?
    fn fits_tangents(&self, slots: &Self::Slots) -> bool;
}

/// A companion with the option `batch`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is differentiated in one direction at a time, and called by a function with the option `batch`",
    label = "several directions of this call are needed",
    note = "mark it `#[differentiate(batch)]`"
)]
#[doc(hidden)]
pub trait InBatches {}

/// Says that a function that is called takes several directions; else the error that says so.
#[doc(hidden)]
#[inline]
pub fn has_batches<F: InBatches>() {}

/// The zero tangents with the shape of a value.
#[doc(hidden)]
#[inline]
pub fn zero<const W: usize, P: Batched<W> + ?Sized>(primal: &P) -> P::Tangents {
    primal.zero_tangents()
}

/// `seed * partial`, where a zero seed wins over an infinite partial.
#[doc(hidden)]
#[inline]
pub fn times<T: Real, const W: usize>(seed: Lanes<T, W>, partial: T) -> Lanes<T, W> {
    Lanes(seed.0.map(|seed| crate::private::times(seed, partial)))
}

/// `seed * partial`, where a zero partial wins over an infinite seed.
#[doc(hidden)]
#[inline]
pub fn chosen<T: Real, const W: usize>(seed: Lanes<T, W>, partial: T) -> Lanes<T, W> {
    Lanes(seed.0.map(|seed| crate::private::chosen(seed, partial)))
}

/// What the tangents of `a` contribute to those of `a * b`.
#[doc(hidden)]
#[inline]
pub fn mul_push_left<T: Real, const W: usize>(da: &Lanes<T, W>, _: &T, b: &T) -> Lanes<T, W> {
    *da * *b
}

/// What the tangents of `b` contribute to those of `a * b`.
#[doc(hidden)]
#[inline]
pub fn mul_push_right<T: Real, const W: usize>(db: &Lanes<T, W>, a: &T, _: &T) -> Lanes<T, W> {
    *db * *a
}

/// The tangents of a sum, difference or negative by those of both operands.
#[doc(hidden)]
#[inline]
pub fn linear_push<O: Signs, T: Real, const W: usize>(
    da: &Lanes<T, W>,
    db: &Lanes<T, W>,
    _: &Handed<O, T>,
) -> Lanes<T, W> {
    Handed::<O, Lanes<T, W>>::new().push(da, db)
}

/// By those of the left one.
#[doc(hidden)]
#[inline]
pub fn linear_push_left<O: Signs, T: Real, const W: usize>(
    da: &Lanes<T, W>,
    _: &Handed<O, T>,
) -> Lanes<T, W> {
    Handed::<O, Lanes<T, W>>::new().push_left(da)
}

/// By those of the right one.
#[doc(hidden)]
#[inline]
pub fn linear_push_right<O: Signs, T: Real, const W: usize>(
    db: &Lanes<T, W>,
    _: &Handed<O, T>,
) -> Lanes<T, W> {
    Handed::<O, Lanes<T, W>>::new().push_right(db)
}

/// The tangents of `y = a / b` by those of `a`.
#[doc(hidden)]
#[inline]
pub fn ratio_push_left<T: Real, const W: usize>(
    da: &Lanes<T, W>,
    _: &Plain,
    _: &T,
    b: &T,
) -> Lanes<T, W> {
    *da / *b
}

/// By those of `b`.
#[doc(hidden)]
#[inline]
pub fn ratio_push_right<T: Real, const W: usize>(
    db: &Lanes<T, W>,
    _: &Plain,
    y: &T,
    b: &T,
) -> Lanes<T, W> {
    -(*db * *y / *b)
}

/// Do the tangents of a field have its shape?
#[doc(hidden)]
#[inline]
pub fn fits<const W: usize, P: Batched<W>>(primal: &P, tangents: &P::Tangents) -> bool {
    primal.fits_tangents(tangents.borrow())
}

/// Checks that the tangents that the caller gave of `name` have the shape of its value.
///
/// # Panics
///
/// If they have not, with both shapes.
#[doc(hidden)]
#[inline]
#[track_caller]
pub fn same_shape<const W: usize, P: Batched<W> + ?Sized>(
    name: &str,
    primal: &P,
    tangents: &P::Slots,
) {
    if !primal.fits_tangents(tangents) {
        let expected = primal.zero_tangents().tangent_shape();
        crate::private::wrong_shape(name, &expected, &tangents.tangent_shape());
    }
}

/// Makes the coordinate `first` one in the first direction, the next one in the second, and so on.
#[doc(hidden)]
#[inline]
pub fn units<S: Real, const W: usize, A: Coordinates<Lanes<S, W>>>(tangents: &mut A, first: usize) {
    let mut i = 0;
    tangents.visit_coordinates_mut(&mut |x: &mut Lanes<S, W>| {
        if let Some(lane) = usize::checked_sub(i, first).and_then(|k| x.0.get_mut(k)) {
            *lane = S::__ONE;
        }
        i += 1;
    });
}

/// Writes the tangents into the columns of a matrix from `first` on.
#[doc(hidden)]
#[inline]
pub fn set_columns<S: Real, const W: usize, A: Coordinates<Lanes<S, W>>>(
    matrix: &mut DMatrix<S>,
    first: usize,
    tangents: &A,
) {
    let mut row = 0;
    tangents.visit_coordinates(&mut |x: Lanes<S, W>| {
        for (k, x) in x.0.into_iter().enumerate() {
            matrix[(row, first + k)] = x;
        }
        row += 1;
    });
}
