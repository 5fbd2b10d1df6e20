//! What derivatives are made of: the tangent type of a value, and the algebra of tangents.
//!
//! The tangent of a float is a float, that of an integer is `()`, that of a container is a container of tangents. Cotangents and
//! gradients are of the same type. A zero is made from a value, because the length of a `Vec` and the shape of a matrix are facts
//! of the run.

use crate::Real;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, Matrix, OMatrix, RawStorage};

/// A type with derivatives. `Tangent` is `()` for what has none.
///
/// ```
/// use autodiff_runtime::Differentiable;
/// assert_eq!(vec![1.0, 2.0].zero_tangent(), vec![0.0, 0.0]);
/// assert_eq!((1.5_f32, 7_usize).zero_tangent(), (0.0_f32, ()));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no tangent type",
    label = "not differentiable",
    note = "mark the parameter #[constant] if no derivative with respect to it is wanted"
)]
pub trait Differentiable {
    /// The type of its tangents, cotangents and gradients.
    type Tangent: Tangent;

    /// The zero tangent with the shape of this value.
    fn zero_tangent(&self) -> Self::Tangent;

    /// Has the tangent the shape of this value? If not, both shapes.
    #[doc(hidden)]
    fn compare_shape(&self, tangent: &Self::Tangent) -> Result<(), (String, String)>;
}

/// The vector space of tangents.
pub trait Tangent: Clone + 'static {
    /// `self += other`.
    ///
    /// # Panics
    ///
    /// If the shapes differ.
    fn accumulate_tangent(&mut self, other: &Self);

    /// `self -= other`.
    ///
    /// # Panics
    ///
    /// If the shapes differ.
    fn subtract_tangent(&mut self, other: &Self);

    /// Makes it zero, keeping its shape.
    fn set_zero_tangent(&mut self);

    /// Takes the value out and leaves zero.
    #[must_use]
    fn take_tangent(&mut self) -> Self {
        let taken = self.clone();
        self.set_zero_tangent();
        taken
    }
}

/// The scalars that a tangent consists of, in order: what a row or column of a Jacobian is made of.
pub trait Coordinates<S> {
    /// Calls `f` with each.
    fn each(&self, f: &mut dyn FnMut(S));
    /// Calls `f` with each, to be changed.
    fn each_mut(&mut self, f: &mut dyn FnMut(&mut S));
}

macro_rules! float {
    ($($t:ty)*) => {$(
        impl Differentiable for $t {
            type Tangent = Self;
            #[inline]
            fn zero_tangent(&self) -> Self {
                0.0
            }
            #[inline]
            fn compare_shape(&self, _: &Self) -> Result<(), (String, String)> {
                Ok(())
            }
        }
        impl Tangent for $t {
            #[inline]
            fn accumulate_tangent(&mut self, other: &Self) {
                *self += *other;
            }
            #[inline]
            fn subtract_tangent(&mut self, other: &Self) {
                *self -= *other;
            }
            #[inline]
            fn set_zero_tangent(&mut self) {
                *self = 0.0;
            }
        }
        impl Coordinates<$t> for $t {
            fn each(&self, f: &mut dyn FnMut($t)) {
                f(*self);
            }
            fn each_mut(&mut self, f: &mut dyn FnMut(&mut $t)) {
                f(self);
            }
        }
    )*};
}
float!(f32 f64);

impl Tangent for () {
    #[inline]
    fn accumulate_tangent(&mut self, (): &Self) {}
    #[inline]
    fn subtract_tangent(&mut self, (): &Self) {}
    #[inline]
    fn set_zero_tangent(&mut self) {}
}

impl<S> Coordinates<S> for () {
    fn each(&self, _: &mut dyn FnMut(S)) {}
    fn each_mut(&mut self, _: &mut dyn FnMut(&mut S)) {}
}

macro_rules! inert {
    ($($t:ty)*) => {$(
        impl Differentiable for $t {
            type Tangent = ();
            #[inline]
            fn zero_tangent(&self) {}
            #[inline]
            fn compare_shape(&self, (): &()) -> Result<(), (String, String)> {
                Ok(())
            }
        }
    )*};
}
inert!(() bool char str String u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

impl<T: Differentiable + ?Sized> Differentiable for &T {
    type Tangent = T::Tangent;
    #[inline]
    fn zero_tangent(&self) -> T::Tangent {
        (**self).zero_tangent()
    }
    fn compare_shape(&self, tangent: &T::Tangent) -> Result<(), (String, String)> {
        (**self).compare_shape(tangent)
    }
}

impl<T: Differentiable + ?Sized> Differentiable for &mut T {
    type Tangent = T::Tangent;
    #[inline]
    fn zero_tangent(&self) -> T::Tangent {
        (**self).zero_tangent()
    }
    fn compare_shape(&self, tangent: &T::Tangent) -> Result<(), (String, String)> {
        (**self).compare_shape(tangent)
    }
}

impl<T: Differentiable> Differentiable for Box<T> {
    type Tangent = T::Tangent;
    #[inline]
    fn zero_tangent(&self) -> T::Tangent {
        (**self).zero_tangent()
    }
    fn compare_shape(&self, tangent: &T::Tangent) -> Result<(), (String, String)> {
        (**self).compare_shape(tangent)
    }
}

/// Compares a slice with a slice of tangents, for all that derefs to slices.
pub(crate) fn compare_slices<T: Differentiable>(
    values: &[T],
    tangents: &[T::Tangent],
) -> Result<(), (String, String)> {
    if values.len() != tangents.len() {
        let shape = |n: usize| format!("length {n}");
        return Err((shape(values.len()), shape(tangents.len())));
    }
    let mut pairs = values.iter().zip(tangents).enumerate();
    pairs.try_for_each(|(k, (value, tangent))| {
        let at = |shape: String| format!("{shape} at index {k}");
        let compared = value.compare_shape(tangent);
        compared.map_err(|(a, b)| (at(a), at(b)))
    })
}

impl<T: Differentiable> Differentiable for [T] {
    type Tangent = Vec<T::Tangent>;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.iter().map(T::zero_tangent).collect()
    }
    fn compare_shape(&self, tangent: &Self::Tangent) -> Result<(), (String, String)> {
        compare_slices(self, tangent)
    }
}

impl<T: Differentiable> Differentiable for Vec<T> {
    type Tangent = Vec<T::Tangent>;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_slice().zero_tangent()
    }
    fn compare_shape(&self, tangent: &Self::Tangent) -> Result<(), (String, String)> {
        compare_slices(self, tangent)
    }
}

impl<T: Differentiable, const N: usize> Differentiable for [T; N] {
    type Tangent = [T::Tangent; N];
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        std::array::from_fn(|k| self[k].zero_tangent())
    }
    fn compare_shape(&self, tangent: &Self::Tangent) -> Result<(), (String, String)> {
        compare_slices(self, tangent)
    }
}

/// `target[k] op source[k]`, lengths checked.
pub(crate) fn elementwise<A, B>(target: &mut [A], source: &[B], mut op: impl FnMut(&mut A, &B)) {
    let (have, given) = (target.len(), source.len());
    assert!(
        have == given,
        "tangents of length {have} and {given} cannot be added"
    );
    for (a, b) in target.iter_mut().zip(source) {
        op(a, b);
    }
}

impl<T: Tangent> Tangent for Vec<T> {
    #[inline]
    fn accumulate_tangent(&mut self, other: &Self) {
        elementwise(self, other, T::accumulate_tangent);
    }
    #[inline]
    fn subtract_tangent(&mut self, other: &Self) {
        elementwise(self, other, T::subtract_tangent);
    }
    #[inline]
    fn set_zero_tangent(&mut self) {
        self.iter_mut().for_each(T::set_zero_tangent);
    }
    #[inline]
    fn take_tangent(&mut self) -> Self {
        self.iter_mut().map(T::take_tangent).collect()
    }
}

impl<T: Tangent, const N: usize> Tangent for [T; N] {
    #[inline]
    fn accumulate_tangent(&mut self, other: &Self) {
        elementwise(self, other, T::accumulate_tangent);
    }
    #[inline]
    fn subtract_tangent(&mut self, other: &Self) {
        elementwise(self, other, T::subtract_tangent);
    }
    #[inline]
    fn set_zero_tangent(&mut self) {
        self.iter_mut().for_each(T::set_zero_tangent);
    }
}

impl<S, T: Coordinates<S>> Coordinates<S> for [T] {
    fn each(&self, f: &mut dyn FnMut(S)) {
        self.iter().for_each(|t| t.each(f));
    }
    fn each_mut(&mut self, f: &mut dyn FnMut(&mut S)) {
        self.iter_mut().for_each(|t| t.each_mut(f));
    }
}

impl<S, T: Coordinates<S>> Coordinates<S> for Vec<T> {
    fn each(&self, f: &mut dyn FnMut(S)) {
        self.as_slice().each(f);
    }
    fn each_mut(&mut self, f: &mut dyn FnMut(&mut S)) {
        self.as_mut_slice().each_mut(f);
    }
}

impl<S, T: Coordinates<S>, const N: usize> Coordinates<S> for [T; N] {
    fn each(&self, f: &mut dyn FnMut(S)) {
        self.as_slice().each(f);
    }
    fn each_mut(&mut self, f: &mut dyn FnMut(&mut S)) {
        self.as_mut_slice().each_mut(f);
    }
}

macro_rules! tuple {
    ($($t:ident $k:tt),+) => {
        impl<$($t: Differentiable),+> Differentiable for ($($t,)+) {
            type Tangent = ($($t::Tangent,)+);
            #[inline]
            fn zero_tangent(&self) -> Self::Tangent {
                ($(self.$k.zero_tangent(),)+)
            }
            fn compare_shape(&self, tangent: &Self::Tangent) -> Result<(), (String, String)> {
                $(self.$k.compare_shape(&tangent.$k)?;)+
                Ok(())
            }
        }
        impl<$($t: Tangent),+> Tangent for ($($t,)+) {
            #[inline]
            fn accumulate_tangent(&mut self, other: &Self) {
                $(self.$k.accumulate_tangent(&other.$k);)+
            }
            #[inline]
            fn subtract_tangent(&mut self, other: &Self) {
                $(self.$k.subtract_tangent(&other.$k);)+
            }
            #[inline]
            fn set_zero_tangent(&mut self) {
                $(self.$k.set_zero_tangent();)+
            }
        }
        impl<S, $($t: Coordinates<S>),+> Coordinates<S> for ($($t,)+) {
            fn each(&self, f: &mut dyn FnMut(S)) {
                $(self.$k.each(f);)+
            }
            fn each_mut(&mut self, f: &mut dyn FnMut(&mut S)) {
                $(self.$k.each_mut(f);)+
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);

impl<T: Differentiable> Differentiable for Option<T> {
    type Tangent = Option<T::Tangent>;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_ref().map(T::zero_tangent)
    }
    fn compare_shape(&self, tangent: &Self::Tangent) -> Result<(), (String, String)> {
        match (self, tangent) {
            (Some(value), Some(tangent)) => value.compare_shape(tangent),
            (None, None) => Ok(()),
            (Some(_), None) => Err(("Some".into(), "None".into())),
            (None, Some(_)) => Err(("None".into(), "Some".into())),
        }
    }
}

impl<T: Tangent> Tangent for Option<T> {
    #[inline]
    fn accumulate_tangent(&mut self, other: &Self) {
        if let (Some(a), Some(b)) = (self, other) {
            a.accumulate_tangent(b);
        }
    }
    #[inline]
    fn subtract_tangent(&mut self, other: &Self) {
        if let (Some(a), Some(b)) = (self, other) {
            a.subtract_tangent(b);
        }
    }
    #[inline]
    fn set_zero_tangent(&mut self) {
        self.iter_mut().for_each(T::set_zero_tangent);
    }
}

impl<S, T: Coordinates<S>> Coordinates<S> for Option<T> {
    fn each(&self, f: &mut dyn FnMut(S)) {
        self.iter().for_each(|t| t.each(f));
    }
    fn each_mut(&mut self, f: &mut dyn FnMut(&mut S)) {
        self.iter_mut().for_each(|t| t.each_mut(f));
    }
}

impl<T, R, C, S> Differentiable for Matrix<T, R, C, S>
where
    T: Real + nalgebra::Scalar,
    R: Dim,
    C: Dim,
    S: RawStorage<T, R, C>,
    DefaultAllocator: Allocator<R, C>,
    OMatrix<T, R, C>: Tangent,
{
    type Tangent = OMatrix<T, R, C>;
    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        let (rows, columns) = self.shape_generic();
        OMatrix::from_element_generic(rows, columns, T::default())
    }
    fn compare_shape(&self, tangent: &Self::Tangent) -> Result<(), (String, String)> {
        let text = |(rows, columns): (usize, usize)| format!("{rows}x{columns}");
        if self.shape() == tangent.shape() {
            return Ok(());
        }
        Err((text(self.shape()), text(tangent.shape())))
    }
}

impl<T, R, C> Tangent for OMatrix<T, R, C>
where
    T: Real + nalgebra::Scalar,
    R: Dim,
    C: Dim,
    DefaultAllocator: Allocator<R, C>,
    OMatrix<T, R, C>: 'static,
{
    fn accumulate_tangent(&mut self, other: &Self) {
        same_matrix_shape(self.shape(), other.shape());
        self.iter_mut()
            .zip(other.iter())
            .for_each(|(a, b)| *a += *b);
    }
    fn subtract_tangent(&mut self, other: &Self) {
        same_matrix_shape(self.shape(), other.shape());
        self.iter_mut()
            .zip(other.iter())
            .for_each(|(a, b)| *a -= *b);
    }
    fn set_zero_tangent(&mut self) {
        self.iter_mut().for_each(|a| *a = T::default());
    }
}

fn same_matrix_shape(have: (usize, usize), given: (usize, usize)) {
    assert!(
        have == given,
        "tangents of shape {}x{} and {}x{} cannot be added",
        have.0,
        have.1,
        given.0,
        given.1
    );
}

impl<T, R, C> Coordinates<T> for OMatrix<T, R, C>
where
    T: Real + nalgebra::Scalar,
    R: Dim,
    C: Dim,
    DefaultAllocator: Allocator<R, C>,
{
    fn each(&self, f: &mut dyn FnMut(T)) {
        self.iter().for_each(|x| f(*x));
    }
    fn each_mut(&mut self, f: &mut dyn FnMut(&mut T)) {
        self.iter_mut().for_each(f);
    }
}
