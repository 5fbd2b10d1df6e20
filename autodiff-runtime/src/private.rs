//! What generated code calls. Nothing here is meant to be used by hand; it may change in any release.

use crate::tangent::{compare_slices, elementwise};
use crate::{Coordinates, Tangent};

pub use crate::scalar::rules;
pub use crate::{Differentiable, Real};
pub use nalgebra::DMatrix;

/// The zero tangent of a value.
#[inline]
pub fn zero<P: Differentiable + ?Sized>(primal: &P) -> P::Tangent {
    primal.zero_tangent()
}

/// `target += source`, also between slices and vectors.
#[inline]
pub fn accumulate<A: ?Sized + AddFrom<B>, B: ?Sized>(target: &mut A, source: &B) {
    target.add_from(source);
}

/// `target -= source`.
#[inline]
pub fn subtract<T: Tangent>(target: &mut T, source: &T) {
    target.subtract_tangent(source);
}

/// What can be added to an adjoint in place.
pub trait AddFrom<B: ?Sized> {
    /// `self += source`
    fn add_from(&mut self, source: &B);
}

impl<T: Tangent> AddFrom<T> for T {
    #[inline]
    fn add_from(&mut self, source: &T) {
        self.accumulate_tangent(source);
    }
}

impl<T: Tangent> AddFrom<Vec<T>> for [T] {
    #[inline]
    fn add_from(&mut self, source: &Vec<T>) {
        elementwise(self, source, T::accumulate_tangent);
    }
}

impl<T: Tangent> AddFrom<[T]> for [T] {
    #[inline]
    fn add_from(&mut self, source: &[T]) {
        elementwise(self, source, T::accumulate_tangent);
    }
}

impl<T: Tangent, const N: usize> AddFrom<[T; N]> for [T] {
    #[inline]
    fn add_from(&mut self, source: &[T; N]) {
        elementwise(self, source, T::accumulate_tangent);
    }
}

impl<T: Tangent, const N: usize> AddFrom<Vec<T>> for [T; N] {
    #[inline]
    fn add_from(&mut self, source: &Vec<T>) {
        elementwise(self, source, T::accumulate_tangent);
    }
}

impl<T: Tangent> AddFrom<[T]> for Vec<T> {
    #[inline]
    fn add_from(&mut self, source: &[T]) {
        elementwise(self, source, T::accumulate_tangent);
    }
}

/// Makes an adjoint zero, keeping its shape.
#[inline]
pub fn set_zero<A: ?Sized + SetZero>(adjoint: &mut A) {
    adjoint.set_zero();
}

/// What can be made zero in place.
pub trait SetZero {
    /// Makes it zero, keeping its shape.
    fn set_zero(&mut self);
}

impl<T: Tangent> SetZero for T {
    #[inline]
    fn set_zero(&mut self) {
        self.set_zero_tangent();
    }
}

impl<T: Tangent> SetZero for [T] {
    #[inline]
    fn set_zero(&mut self) {
        self.iter_mut().for_each(T::set_zero_tangent);
    }
}

/// Takes an adjoint out of its place and leaves zero.
#[inline]
pub fn take<T: Tangent>(adjoint: &mut T) -> T {
    adjoint.take_tangent()
}

/// `seed * slope`, where a zero seed wins over a slope that is infinite or not a number.
#[inline]
pub fn times<T: Real>(seed: T, slope: T) -> T {
    if seed == T::default() {
        seed
    } else {
        seed * slope
    }
}

/// Takes the last record of a trace, or the adjoint of the last element of a `Vec`.
///
/// # Panics
///
/// If there is none: generated code never asks for more than it recorded.
#[inline]
pub fn pop<T>(trace: &mut Vec<T>) -> T {
    match trace.pop() {
        Some(last) => last,
        None => panic!(
            "the reverse part of a derivative asked for more than was recorded; this is a bug of autodiff"
        ),
    }
}

/// The record of a branch: which arm was taken, and what its reverse needs.
pub enum Branch<A, B> {
    /// `if`
    Then(A),
    /// `else`
    Else(B),
}

/// One.
#[inline]
pub fn one<T: Real>() -> T {
    T::ONE
}

/// Asserts at compile time that a value which took part in differentiated arithmetic is a scalar.
#[inline]
pub fn assert_real<T: Real>(value: T) -> T {
    value
}

/// Converts between float types.
#[inline]
pub fn cast_real<A: Real, B: Real>(value: A) -> B {
    B::from_wide(value.to_wide())
}

/// The sum of the elements of an adjoint, the reverse of `[like; n]`.
#[inline]
pub fn sum_elements<A: Elements, P: Differentiable<Tangent = A::Element>>(
    adjoint: &A,
    like: &P,
) -> A::Element {
    let mut sum = like.zero_tangent();
    for element in adjoint.elements() {
        sum.accumulate_tangent(element);
    }
    sum
}

/// Arrays, slices and vectors of tangents.
pub trait Elements {
    /// The tangent of an element.
    type Element: Tangent;
    /// All of them.
    fn elements(&self) -> &[Self::Element];
}

impl<T: Tangent> Elements for Vec<T> {
    type Element = T;
    #[inline]
    fn elements(&self) -> &[T] {
        self
    }
}

impl<T: Tangent, const N: usize> Elements for [T; N] {
    type Element = T;
    #[inline]
    fn elements(&self) -> &[T] {
        self
    }
}

/// Checks that a buffer has the shape of its parameter.
///
/// # Panics
///
/// If it has not, naming both shapes.
#[inline]
pub fn same_shape<P: ?Sized + SameShape<T>, T: ?Sized>(what: &str, primal: &P, tangent: &T) {
    if let Err((wanted, given)) = primal.same_shape(tangent) {
        wrong_shape(what, &wanted, &given);
    }
}

#[cold]
fn wrong_shape(what: &str, wanted: &str, given: &str) -> ! {
    panic!("the {what} has {given}, but the parameter has {wanted}")
}

/// Values whose shape can be compared with that of a tangent as it is passed.
pub trait SameShape<T: ?Sized> {
    /// Both shapes if they differ.
    fn same_shape(&self, tangent: &T) -> Result<(), (String, String)>;
}

impl<P: Differentiable> SameShape<P::Tangent> for P {
    #[inline]
    fn same_shape(&self, tangent: &P::Tangent) -> Result<(), (String, String)> {
        self.compare_shape(tangent)
    }
}

impl<P: Differentiable> SameShape<[P::Tangent]> for [P] {
    #[inline]
    fn same_shape(&self, tangent: &[P::Tangent]) -> Result<(), (String, String)> {
        compare_slices(self, tangent)
    }
}

/// A result type that may be a scalar under another name. The lifetime only delays the check until the function is used.
#[diagnostic::on_unimplemented(
    message = "a gradient needs a scalar result, and `{Self}` is none",
    note = "use `vjp` or `jacobian` for functions with several outputs"
)]
pub trait ScalarResult<'a>: Differentiable {
    /// The seed of the reverse sweep.
    fn one() -> Self::Tangent;
}

impl<T: Real> ScalarResult<'_> for T {
    #[inline]
    fn one() -> T {
        T::ONE
    }
}

/// The number of scalars in a tangent.
pub fn dim<T: Coordinates<S> + ?Sized, S>(tangent: &T) -> usize {
    let mut n = 0;
    tangent.each(&mut |_| n += 1);
    n
}

/// Makes the k-th scalar of a zero tangent one.
pub fn unit<T: Coordinates<S>, S: Real>(tangent: &mut T, k: usize) {
    let mut n = 0;
    tangent.each_mut(&mut |x| {
        if n == k {
            *x = S::ONE;
        }
        n += 1;
    });
}

/// Writes a tangent into a column of a matrix.
pub fn set_column<S: Real + nalgebra::Scalar, T: Coordinates<S>>(
    matrix: &mut DMatrix<S>,
    column: usize,
    tangent: &T,
) {
    let mut row = 0;
    tangent.each(&mut |x| {
        matrix[(row, column)] = x;
        row += 1;
    });
}

/// Writes a tangent into a row of a matrix.
pub fn set_row<S: Real + nalgebra::Scalar, T: Coordinates<S>>(
    matrix: &mut DMatrix<S>,
    row: usize,
    tangent: &T,
) {
    let mut column = 0;
    tangent.each(&mut |x| {
        matrix[(row, column)] = x;
        column += 1;
    });
}

/// Parts of a slice that do not overlap, to be changed together.
///
/// # Panics
///
/// If they overlap or lie outside.
#[inline]
pub fn disjoint<T, const N: usize>(
    slice: &mut [T],
    ranges: [std::ops::Range<usize>; N],
) -> [&mut [T]; N] {
    let len = slice.len();
    match slice.get_disjoint_mut(ranges.clone()) {
        Ok(parts) => parts,
        Err(error) => panic!("cannot borrow {ranges:?} of a slice of length {len}: {error}"),
    }
}
