//! Closures that are handed to differentiated functions: what their pullbacks own, and where they leave the adjoints of what they capture.

use std::cell::RefCell;
use std::rc::Rc;

/// A copy of a captured value that all pullbacks of a closure share.
#[inline]
pub fn share<T: ToOwned + ?Sized>(x: &T) -> Rc<T::Owned> {
    Rc::new(x.to_owned())
}

/// Where the pullbacks of a closure add the adjoints of what it captures.
#[inline]
pub fn environment<A>(zeros: A) -> Rc<RefCell<A>> {
    Rc::new(RefCell::new(zeros))
}

/// What they added.
#[inline]
pub fn collected<A: Clone>(environment: &RefCell<A>) -> A {
    environment.borrow().clone()
}

/// Sets an adjoint to what a pullback gives.
#[inline]
#[track_caller]
pub fn overwrite<A: Overwrite<B> + ?Sized, B>(target: &mut A, value: B) {
    target.overwrite(value);
}

/// See [`overwrite`].
pub trait Overwrite<B> {
    /// `*self = value`
    fn overwrite(&mut self, value: B);
}

impl<A> Overwrite<A> for A {
    #[inline]
    fn overwrite(&mut self, value: A) {
        *self = value;
    }
}

impl<A: Clone> Overwrite<Vec<A>> for [A] {
    #[inline]
    #[track_caller]
    fn overwrite(&mut self, value: Vec<A>) {
        self.clone_from_slice(&value);
    }
}

/// Value and derivative out of the wrapper that a function returns both in.
#[inline]
pub fn split<W: Split>(both: W) -> (W::Value, Option<W::Derivative>) {
    both.split()
}

/// See [`split`].
pub trait Split {
    /// The wrapper around the value.
    type Value;
    /// Tangent or pullback.
    type Derivative;
    /// Takes it apart.
    fn split(self) -> (Self::Value, Option<Self::Derivative>);
}

impl<T, D> Split for Option<(T, D)> {
    type Value = Option<T>;
    type Derivative = D;
    #[inline]
    fn split(self) -> (Option<T>, Option<D>) {
        self.unzip()
    }
}

impl<T, D, E> Split for Result<(T, D), E> {
    type Value = Result<T, E>;
    type Derivative = D;
    #[inline]
    fn split(self) -> (Result<T, E>, Option<D>) {
        match self {
            Ok((value, derivative)) => (Ok(value), Some(derivative)),
            Err(error) => (Err(error), None),
        }
    }
}

/// A copy of an argument whose type is not written: of what a reference refers to.
#[diagnostic::on_unimplemented(
    message = "the type of this parameter of the closure has to be written: `{Self}`",
    label = "its derivative keeps a copy of the argument"
)]
pub trait Own {
    /// What is owned.
    type Owned;
    /// The copy.
    fn own(&self) -> Self::Owned;
}

impl<T: ToOwned + ?Sized> Own for &T {
    type Owned = T::Owned;
    #[inline]
    fn own(&self) -> T::Owned {
        (**self).to_owned()
    }
}

impl<T: ToOwned + ?Sized> Own for &mut T {
    type Owned = T::Owned;
    #[inline]
    fn own(&self) -> T::Owned {
        (**self).to_owned()
    }
}

/// Values are copied.
macro_rules! impl_own {
    ($([$($generics:tt)*] $ty:ty),* $(,)?) => {$(
        impl<$($generics)*> Own for $ty {
            type Owned = Self;
            #[inline]
            fn own(&self) -> Self {
                self.clone()
            }
        }
    )*};
}

impl_own!(
    [] f32, [] f64, [] bool, [] char, [] String,
    [] i8, [] i16, [] i32, [] i64, [] i128, [] isize,
    [] u8, [] u16, [] u32, [] u64, [] u128, [] usize,
    [T: Clone] Vec<T>, [T: Clone] Option<T>, [T: Clone, const N: usize] [T; N],
    [A: Clone] (A,), [A: Clone, B: Clone] (A, B), [A: Clone, B: Clone, C: Clone] (A, B, C),
    [A: Clone, B: Clone, C: Clone, D: Clone] (A, B, C, D),
);

impl<T: nalgebra::Scalar, R: nalgebra::Dim, C: nalgebra::Dim, S> Own
    for nalgebra::Matrix<T, R, C, S>
where
    Self: Clone,
{
    type Owned = Self;
    #[inline]
    fn own(&self) -> Self {
        self.clone()
    }
}
