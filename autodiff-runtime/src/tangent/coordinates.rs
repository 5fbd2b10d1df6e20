//! Flattening: the scalars of a value in a fixed order, for Jacobians and gradient checks.

use crate::scalar::Real;
use nalgebra::Complex;

/// A value as a list of scalars of type `S`: fields in order, elements in order, matrices column by column; `()` has none.
///
/// ```
/// use autodiff_runtime::Coordinates;
///
/// let mut x = (1.0, vec![[2.0, 3.0]], ());
/// assert_eq!(x.count_coordinates(), 3);
/// x.visit_coordinates_mut(&mut |c: &mut f64| *c *= 10.0);
/// assert_eq!(x, (10.0, vec![[20.0, 30.0]], ()));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of scalars of type `{S}` only",
    label = "cannot be flattened into a list of `{S}`",
    note = "Jacobians and gradient checks need inputs and outputs of one float type"
)]
pub trait Coordinates<S> {
    /// Calls `visit` with every scalar in order.
    fn visit_coordinates(&self, visit: &mut impl FnMut(S));

    /// Calls `visit` with a reference to every scalar in order.
    fn visit_coordinates_mut(&mut self, visit: &mut impl FnMut(&mut S));

    /// How many there are.
    #[inline]
    fn count_coordinates(&self) -> usize {
        let mut count = 0;
        self.visit_coordinates(&mut |_| count += 1);
        count
    }
}

/// A float, by itself.
macro_rules! impl_float {
    ($($float:ty),*) => {$(
        impl Coordinates<$float> for $float {
            #[inline]
            fn visit_coordinates(&self, visit: &mut impl FnMut(Self)) {
                visit(*self);
            }
            #[inline]
            fn visit_coordinates_mut(&mut self, visit: &mut impl FnMut(&mut Self)) {
                visit(self);
            }
        }
    )*};
}

impl_float!(f32, f64);

/// The real part, then the imaginary.
impl<S: Real> Coordinates<S> for Complex<S> {
    #[inline]
    fn visit_coordinates(&self, visit: &mut impl FnMut(S)) {
        visit(self.re);
        visit(self.im);
    }
    #[inline]
    fn visit_coordinates_mut(&mut self, visit: &mut impl FnMut(&mut S)) {
        visit(&mut self.re);
        visit(&mut self.im);
    }
}

impl<S> Coordinates<S> for () {
    #[inline]
    fn visit_coordinates(&self, _: &mut impl FnMut(S)) {}
    #[inline]
    fn visit_coordinates_mut(&mut self, _: &mut impl FnMut(&mut S)) {}
}

impl<S, T: Coordinates<S>> Coordinates<S> for Box<T> {
    #[inline]
    fn visit_coordinates(&self, visit: &mut impl FnMut(S)) {
        (**self).visit_coordinates(visit);
    }
    #[inline]
    fn visit_coordinates_mut(&mut self, visit: &mut impl FnMut(&mut S)) {
        (**self).visit_coordinates_mut(visit);
    }
}

/// Lists, element by element.
macro_rules! impl_list {
    ($([$($generics:tt)*] $ty:ty),*) => {$(
        impl<S, T: Coordinates<S> $($generics)*> Coordinates<S> for $ty {
            #[inline]
            fn visit_coordinates(&self, visit: &mut impl FnMut(S)) {
                for x in self.iter() {
                    x.visit_coordinates(visit);
                }
            }
            #[inline]
            fn visit_coordinates_mut(&mut self, visit: &mut impl FnMut(&mut S)) {
                for x in self.iter_mut() {
                    x.visit_coordinates_mut(visit);
                }
            }
        }
    )*};
}

impl_list!([] [T], [] Vec<T>, [] Option<T>, [, const N: usize] [T; N]);

/// Tuples, field by field.
macro_rules! impl_tuple {
    ($($T:ident $i:tt),*) => {
        impl<S, $($T: Coordinates<S>),*> Coordinates<S> for ($($T,)*) {
            #[inline]
            fn visit_coordinates(&self, visit: &mut impl FnMut(S)) {
                $(self.$i.visit_coordinates(visit);)*
            }
            #[inline]
            fn visit_coordinates_mut(&mut self, visit: &mut impl FnMut(&mut S)) {
                $(self.$i.visit_coordinates_mut(visit);)*
            }
        }
    };
}

crate::tuples::each!(impl_tuple);
