//! What generated code calls, under the name `rt`. Not for use by hand and without any promise of stability.
//!
//! *In*: primal values, tangents and adjoints of the generated code. *Out*: tangents and adjoints, or an effect on one. Every
//! function takes references where the shape of a value decides about the shape of the result.

pub use crate::batch::{self, Batched, InBatches, Lanes};
pub use crate::checkpoint::{Action, Checkpoints};
pub use crate::closure::{Own, collected, environment, overwrite, share, split};
pub use crate::confirmed::{
    assert_differentiable, assert_flat, assert_list, assert_number, assert_real, assert_summand,
    lent,
};
pub use crate::conversion::{Conversion, Converted};
pub use crate::entries::{At, Entries, Indexed, position};
pub use crate::graph;
pub use crate::list::List;
pub use crate::matrix::{self, Nothing};
pub use crate::operators::{Gradient, HessianProduct, Jacobian, Mode, TaylorSeries};
pub use crate::ops;
#[cfg(feature = "parallel")]
pub use crate::parallel;
pub use crate::scalar::Real;
pub use crate::scalar::rules;
pub use crate::series::{self, InSeries, Series};
#[cfg(feature = "special")]
pub use crate::special;
pub use crate::tangent::{
    Constant, Coordinates, Differentiable, OwnedTangent, Tangent, shape_mismatch, shape_of_fields,
};
pub use crate::watch::{number, watch, watch_value};
pub use crate::wrapper::{failure, into_failure, into_payload, is_present, payload, payload_mut};
pub use core::iter::Iterator;
pub use core::mem::{replace, swap};
pub use core::ops::{Fn, FnMut, FnOnce, Range};
pub use core::option::Option::{self, None, Some};
pub use core::result::Result::{self, Err, Ok};
pub use nalgebra::DMatrix;
pub use std::borrow::ToOwned;
pub use std::boxed::Box;
pub use std::rc::Rc;
pub use std::string::String;
pub use std::vec;
pub use std::vec::Vec;

use nalgebra::{Dim, Dyn, Matrix, Scalar, VecStorage};
use std::borrow::Borrow;

/// The siblings of members of nalgebra's types, by traits without names.
pub mod members {
    pub use crate::complex::Complexes as _;
    pub use crate::geometry::{
        BetweenIsometries2 as _, BetweenIsometries3 as _, BetweenMatrices3 as _, Isometries as _,
        Isometries2 as _, Isometries3 as _, QuaternionDirections as _, QuaternionPowers as _,
        Quaternions as _, RotationDirections as _, RotationPowers as _, Rotations as _,
        Rotations2 as _, Rotations3 as _, Translations as _, Translations2 as _,
        Translations3 as _, UnitComplexes as _, UnitQuaternions as _, Units as _,
    };
    pub use crate::matrix::usual::{
        Cross as _, CrossDirections as _, Determinant as _, Dot as _, DotDirections as _,
        Norm as _, NormSquared as _, Normalize as _, Trace as _, Transpose as _,
    };
}

/// The siblings of `From::from`, by traits without names.
pub mod conversions {
    pub use crate::conversion::{Conversion as _, Pulled as _};
}

/// The record of a branch: what the arm that was taken has recorded.
#[derive(Clone, Debug)]
pub enum Branch<A, B> {
    /// The condition held.
    Then(A),
    /// It did not.
    Else(B),
}

/// The zero tangent with the shape of a primal value.
#[inline]
pub fn zero<P: Differentiable + ?Sized>(primal: &P) -> P::Tangent {
    primal.zero_tangent()
}

/// A value that is not differentiated where it is used. Its type may have no derivative: then nothing stands for its zero, which no function
/// takes for the tangent of another type.
pub struct Inactive<'a, P: ?Sized>(pub &'a P);

impl<P: Differentiable + ?Sized> Inactive<'_, P> {
    /// The zero tangent.
    #[inline]
    #[must_use]
    pub fn zero(&self) -> P::Tangent {
        self.0.zero_tangent()
    }
}

/// What has no tangent: the inherent method comes first.
pub trait WithoutDerivative {
    /// Nothing.
    fn zero(&self) {}
}

impl<P: ?Sized> WithoutDerivative for Inactive<'_, P> {}

/// What nothing is: a method of a number or a list that has no derivative function beside it asks for it, and the message says why.
#[diagnostic::on_unimplemented(
    message = "no derivative rule for this method of `{Self}`",
    label = "neither a rule for it is known, nor has its trait been marked `#[differentiate]`",
    note = "mark the trait and its `impl`: `#[differentiate(self)]`; or write the method as a call of a function marked `#[differentiate]`; or, where no derivative is wanted, give its receiver a variable: `let c = stop_gradient(x);`"
)]
pub trait Annotated {}

/// What nothing is for arguments like these: a function that nothing has marked asks for it, and the message says why.
#[diagnostic::on_unimplemented(
    message = "this function has no derivative",
    label = "it is not marked `#[differentiate]`, and a value that depends on a differentiable parameter goes through it to the result",
    note = "mark it; or write a function of yours that calls it and states its derivative, `#[differentiate(partials(x = ..))]`; or, where no derivative is wanted, give it `stop_gradient(x)`"
)]
pub trait Marked<A> {}

/// How a constant is passed to a function, as its type tells: a reference has its direction by reference.
pub struct Passed<C>(core::marker::PhantomData<C>);

impl<C> Passed<C> {
    /// As this constant is.
    #[inline]
    pub fn like(_: C) -> Self {
        Self(core::marker::PhantomData)
    }
}

impl<C: Differentiable + ?Sized> Passed<&C> {
    /// The direction as an argument.
    #[inline]
    #[must_use]
    pub fn direction(self, zero: &C::Tangent) -> &C::Tangent {
        zero
    }
}

/// What is no reference: the inherent method comes first.
pub trait PassedByValue<Z> {
    /// The direction as an argument.
    fn direction(self, zero: &Z) -> Z;
}

impl<C, Z: Clone> PassedByValue<Z> for Passed<C> {
    #[inline]
    fn direction(self, zero: &Z) -> Z {
        zero.clone()
    }
}

/// One, the seed of a gradient.
#[inline]
pub fn one<T: Real>() -> T {
    T::__ONE
}

/// What a companion says of the parameters of its function, a bit for each. This is what holds for those that say nothing.
pub trait Callee {
    /// The adjoint slots that its pullback uses.
    const __USES: u64 = !0;
    /// The `&mut` parameters that its pullback leaves as they were before the call.
    const __RESTORES: u64 = 0;
    /// The shared references that its pullback looks at when it is given them again.
    const __READS: u64 = !0;
    /// May a slope be infinite where the function is finite?
    const __SINGULAR: bool = true;
}

impl<F: ?Sized> Callee for F {}

/// A shared reference that a pullback is given again.
pub struct Again<'a, P: ?Sized>(pub &'a P);

/// A copy for a pullback that looks at it; otherwise whatever has the type and costs nothing.
macro_rules! kept {
    ($([$($generics:tt)*] $P:ty => $O:ty, |$p:ident| $copy:expr, $empty:expr;)+) => {$(
        impl<$($generics)*> Again<'_, $P> {
            /// A copy, or something empty.
            #[inline]
            #[must_use]
            pub fn kept(&self, read: bool) -> $O {
                let $p = self.0;
                if read { $copy } else { $empty }
            }
        }
    )+};
}

kept! {
    [T: Clone] [T] => Vec<T>, |p| p.to_vec(), Vec::new();
    [T: Clone] Vec<T> => Vec<T>, |p| p.clone(), Vec::new();
    [T: Scalar, C: Dim] Matrix<T, Dyn, C, VecStorage<T, Dyn, C>> => Matrix<T, Dyn, C, VecStorage<T, Dyn, C>>,
        |p| p.clone(), Matrix::from_data(VecStorage::new(Dyn(0), p.shape_generic().1, Vec::new()));
}

/// Other types: the inherent methods come first.
pub trait Kept<O> {
    /// A copy.
    fn kept(&self, read: bool) -> O;
}

impl<P: ToOwned + ?Sized> Kept<P::Owned> for Again<'_, P> {
    #[inline]
    fn kept(&self, _: bool) -> P::Owned {
        self.0.to_owned()
    }
}

/// The bit of a parameter; all beyond the sixty-fourth are alike.
#[inline]
pub const fn says(bits: u64, param: usize) -> bool {
    let bit = if param < 64 { param } else { 63 };
    bits >> bit & 1 == 1
}

/// The zero tangent with the shape of a primal value, or whatever is cheapest where nobody looks at it.
#[inline]
pub fn scratch<P: Differentiable + ?Sized>(primal: &P, used: bool) -> P::Tangent {
    if used {
        primal.zero_tangent()
    } else {
        primal.unused_tangent()
    }
}

/// `target += value`
#[inline]
#[track_caller]
pub fn accumulate<A: Tangent + ?Sized>(target: &mut A, value: &A) {
    target.accumulate_tangent(value);
}

/// `target -= value`
#[inline]
#[track_caller]
pub fn subtract<A: Tangent + ?Sized>(target: &mut A, value: &A) {
    target.subtract_tangent(value);
}

/// `target = 0`, the shape staying as it is.
#[inline]
pub fn set_zero<A: Tangent + ?Sized>(target: &mut A) {
    target.clear_tangent();
}

/// Takes the value out and leaves the zero of its shape.
#[inline]
pub fn take<A: OwnedTangent>(target: &mut A) -> A {
    target.take_tangent()
}

/// `seed * partial`, where a zero seed wins over an infinite partial.
#[inline]
pub fn times<T: Real>(seed: T, partial: T) -> T {
    if seed == T::__ZERO {
        T::__ZERO
    } else {
        seed * partial
    }
}

/// `seed * partial`, where a zero partial wins over an infinite seed: the argument was not chosen.
#[inline]
pub fn chosen<T: Real>(seed: T, partial: T) -> T {
    times(partial, seed)
}

/// `seed * slope`, where a zero seed wins over an infinite slope if there may be one.
#[inline]
pub fn weighted<T: Real>(seed: T, slope: T, singular: bool) -> T {
    if singular {
        times(seed, slope)
    } else {
        seed * slope
    }
}

/// A number converted between types, or a tangent as that of a cast.
#[inline]
pub fn cast_real<A: CastNumber<B>, B>(x: A) -> B {
    x.cast()
}

/// Numbers, and their tangents; an integer's is `()`.
pub trait CastNumber<B> {
    /// The same in the other type.
    fn cast(self) -> B;
}

impl<A: Real, B: Real> CastNumber<B> for A {
    #[inline]
    fn cast(self) -> B {
        B::__from_f64(self.__to_f64())
    }
}

impl<B: Real> CastNumber<B> for () {
    #[inline]
    fn cast(self) -> B {
        B::__ZERO
    }
}

impl<A: Real> CastNumber<()> for A {
    #[inline]
    fn cast(self) {}
}

impl CastNumber<()> for () {
    #[inline]
    fn cast(self) {}
}

/// Counts in fields, of which the compiler knows no type. Beyond 2^53 they are rounded as an `f64` is.
macro_rules! cast_integers {
    ($($T:ident)*) => {$(
        impl<B: Real> CastNumber<B> for $T {
            #[inline]
            fn cast(self) -> B {
                B::__from_f64(self as f64)
            }
        }
    )*};
}

cast_integers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

/// Makes of a list, whatever it holds, `len` copies of `value`.
#[inline]
pub fn refill<T: Clone>(list: &mut Vec<T>, value: T, len: usize) {
    list.clear();
    list.resize(len, value);
}

/// Makes room in a trace for a record of each iteration.
#[inline]
pub fn reserve<T, I: Iterator>(trace: &mut Vec<T>, iterations: I) {
    let room = iterations.size_hint().0;
    if trace.capacity() == 0 {
        // Cheaper than to grow, and known to be so at a trace that was just made.
        *trace = Vec::with_capacity(room);
    } else {
        trace.reserve(room);
    }
}

/// Takes the last record of a trace.
///
/// # Panics
///
/// If there is none: the generated code would be wrong.
#[inline]
#[track_caller]
pub fn pop<T>(trace: &mut Vec<T>) -> T {
    match trace.pop() {
        Some(record) => record,
        None => empty_trace(),
    }
}

#[cold]
#[track_caller]
fn empty_trace() -> ! {
    panic!(
        "the reverse sweep has run out of records; this is a bug of `#[differentiate]`, please report it"
    )
}

/// Takes the last element of an adjoint, the reverse of `push`.
///
/// # Panics
///
/// If there is none: the adjoint has not the length of the value.
#[inline]
#[track_caller]
pub fn pop_adjoint<A: OwnedTangent>(adjoint: &mut Vec<A>) -> A {
    match adjoint.pop() {
        Some(last) => last,
        None => short_adjoint(),
    }
}

#[cold]
#[track_caller]
fn short_adjoint() -> ! {
    panic!("the adjoint of a `Vec` is shorter than the value; the cotangent must have its shape")
}

/// The sum of the elements of an adjoint, the reverse of `[like; n]`.
#[inline]
#[track_caller]
pub fn sum_elements<P: Differentiable + ?Sized>(elements: &[P::Tangent], like: &P) -> P::Tangent {
    let mut sum = like.zero_tangent();
    for element in elements {
        sum.accumulate_tangent(element);
    }
    sum
}

/// Checks that what the caller gave as tangent or gradient buffer of `name` has the shape of its value.
///
/// # Panics
///
/// If it has not, with both shapes.
#[inline]
#[track_caller]
pub fn same_shape<P, T>(name: &str, primal: &P, tangent: &T)
where
    P: Differentiable + ?Sized,
    T: Borrow<P::Slot> + ?Sized,
{
    let tangent = tangent.borrow();
    if !primal.fits_tangent(tangent) {
        wrong_shape(
            name,
            &primal.zero_tangent().tangent_shape(),
            &tangent.tangent_shape(),
        );
    }
}

#[cold]
#[track_caller]
pub(crate) fn wrong_shape(name: &str, primal: &str, tangent: &str) -> ! {
    panic!(
        "`{name}` has shape {primal}, but the tangent or gradient given for it has shape {tangent}"
    )
}

/// An owned copy of an argument, for a pullback that outlives the borrow.
#[inline]
pub fn to_owned<T: ToOwned + ?Sized>(x: &T) -> T::Owned {
    x.to_owned()
}

/// Has the tangent the shape of the value?
#[inline]
pub fn fits<P: Differentiable>(primal: &P, tangent: &P::Tangent) -> bool {
    primal.fits_tangent(tangent.borrow())
}

/// `tangent *= factor`
#[inline]
pub fn scale<S: Real, A: Coordinates<S>>(tangent: &mut A, factor: S) {
    tangent.visit_coordinates_mut(&mut |x: &mut S| *x *= factor);
}

/// How many coordinates a tangent has.
#[inline]
pub fn dim<S, A: Coordinates<S> + ?Sized>(tangent: &A) -> usize {
    tangent.count_coordinates()
}

/// Sets the coordinate `k` to one.
#[inline]
pub fn unit<S: Real, A: Coordinates<S> + ?Sized>(tangent: &mut A, k: usize) {
    let mut i = 0;
    tangent.visit_coordinates_mut(&mut |x: &mut S| {
        if i == k {
            *x = S::__ONE;
        }
        i += 1;
    });
}

/// Writes a tangent into a column of a matrix.
pub fn set_column<S: Real, A: Coordinates<S>>(matrix: &mut DMatrix<S>, column: usize, tangent: &A) {
    for (row, x) in coordinates(tangent).into_iter().enumerate() {
        matrix[(row, column)] = x;
    }
}

/// Writes a tangent into a row of a matrix.
pub fn set_row<S: Real, A: Coordinates<S>>(matrix: &mut DMatrix<S>, row: usize, tangent: &A) {
    for (column, x) in coordinates(tangent).into_iter().enumerate() {
        matrix[(row, column)] = x;
    }
}

/// A tangent as a matrix of one row.
pub fn row<S: Real, A: Coordinates<S>>(tangent: &A) -> DMatrix<S> {
    let coordinates = coordinates(tangent);
    DMatrix::from_row_slice(1, coordinates.len(), &coordinates)
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
        T::__ONE
    }
}

/// A companion with second derivatives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is differentiated once only, and called by a function that is differentiated twice",
    label = "second derivatives of this call are needed",
    note = "mark it `#[differentiate(order = 2)]`"
)]
pub trait SecondOrder {}

/// Says that a function that is called has second derivatives; else the error that says so.
#[inline]
pub fn has_second_order<F: SecondOrder>() {}

/// Parts of a slice that do not overlap, to be changed together.
///
/// # Panics
///
/// If they overlap or lie outside.
#[inline]
#[track_caller]
pub fn disjoint<T, const N: usize>(
    ranges: [std::ops::Range<usize>; N],
    slice: &mut [T],
) -> [&mut [T]; N] {
    let len = slice.len();
    match slice.get_disjoint_mut(ranges.clone()) {
        Ok(parts) => parts,
        Err(error) => panic!("cannot borrow {ranges:?} of a slice of length {len}: {error}"),
    }
}

/// All coordinates in order.
#[inline]
pub fn coordinates<S, A: Coordinates<S> + ?Sized>(tangent: &A) -> Vec<S> {
    let mut list = Vec::new();
    tangent.visit_coordinates(&mut |x| list.push(x));
    list
}

/// The tangent or adjoint of a receiver that is not differentiated.
#[diagnostic::on_unimplemented(
    message = "the receiver of this method depends on a differentiable parameter, but the method is not differentiated with respect to `self`",
    label = "the derivative with respect to this receiver is not known",
    note = "differentiate the method with respect to its receiver: `#[differentiate(self)]`"
)]
pub trait ConstantReceiver {}

impl ConstantReceiver for () {}

impl<T> ConstantReceiver for crate::tangent::Constant<T> {}

/// An implementation of a trait whose methods have derivatives with respect to `self`, for their callers.
#[diagnostic::on_unimplemented(
    message = "the receiver of this method depends on a differentiable parameter, but the method is not differentiated with respect to `self`",
    label = "the derivative with respect to this receiver is not known",
    note = "`#[derive(Differentiable)]` on the type of the receiver, or `#[differentiate(self)]` on the trait and its `impl`s"
)]
pub trait ActiveReceiver {}

/// The same of a method whose body does not allow it.
#[diagnostic::on_unimplemented(
    message = "the receiver of this method depends on a differentiable parameter, but the method is not differentiated with respect to `self`",
    label = "the derivative with respect to this receiver is not known",
    note = "differentiate the trait with respect to its receiver, `#[differentiate(self)]`: that says what stands against it"
)]
pub trait NoReceiver {}

/// What an implementation says that has them.
#[derive(Debug)]
pub struct WithTangent;

/// What one says that has not.
#[derive(Debug)]
pub struct WithoutTangent;

impl ActiveReceiver for WithTangent {}

/// The tangent of a receiver that is not differentiated, as it is passed.
#[diagnostic::on_unimplemented(
    message = "the receiver of this method depends on a differentiable parameter, but the method is not differentiated with respect to `self`",
    label = "the derivative with respect to this receiver is not known",
    note = "differentiate the method with respect to its receiver: `#[differentiate(self)]`"
)]
pub trait ConstantDirection {}

impl ConstantDirection for () {}

impl ConstantDirection for &() {}

impl ConstantDirection for &mut () {}

impl<T> ConstantDirection for crate::tangent::Constant<T> {}

impl<T> ConstantDirection for &crate::tangent::Constant<T> {}

impl<T> ConstantDirection for &mut crate::tangent::Constant<T> {}
