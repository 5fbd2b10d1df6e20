//! Second derivatives of the rules: what a reverse rule adds, differentiated once more.
//!
//! *In*: a rule at a point, the tangents of its arguments, a cotangent. *Out*: what the tangents contribute to those of the adjoints. A
//! reverse rule is linear in its cotangent, so that the tangent of the cotangent goes through it as it is.

use super::rule::{Rule, undefined};
use super::shape::{Redim, View, ViewMut, view, view_mut};
use super::{Field, RealNumber};
use crate::linalg::decomposition::gauge::ties;
use crate::linalg::factor::hermitian_part;
use nalgebra::DMatrix;

/// A rule that may be differentiated twice.
pub trait SecondRule<T: 'static, const N: usize>: Rule<T, N, Value: Clone> {
    /// Adds to the tangents of the adjoints what the tangents of the arguments contribute, the cotangent being constant.
    fn reverse_tangent(
        primals: [View<'_, T>; N],
        constants: Self::Constants,
        saved: &Self::Saved,
        tangents: [View<'_, T>; N],
        cotangent: Self::Value,
        slopes: [ViewMut<'_, T>; N],
    );
}

/// The reverse rule and its tangent, with the cotangents as the caller has them.
#[track_caller]
pub fn reverse_twice<R: SecondRule<T, N>, T: Field, C: Redim<R::Value>, const N: usize>(
    primals: [View<'_, T>; N],
    constants: R::Constants,
    saved: &R::Saved,
    tangents: [View<'_, T>; N],
    cotangents: [C; 2],
    adjoints: [ViewMut<'_, T>; N],
    mut slopes: [ViewMut<'_, T>; N],
) {
    let [cotangent, cotangent_dot]: [R::Value; 2] = cotangents.map(C::redim);
    R::reverse(primals, saved, cotangent.clone(), adjoints);
    R::reverse(
        primals,
        saved,
        cotangent_dot,
        slopes.each_mut().map(view_mut),
    );
    R::reverse_tangent(primals, constants, saved, tangents, cotangent, slopes);
}

/// The derivative in the direction `E` of the reverse rule of a function `f` that is a power series: `f` of the matrix `[A, E; 0, A]` has the
/// derivative of `f` beside its diagonal, and so has everything that is made of it (N. J. Higham, Functions of Matrices, SIAM (2008), section 3.2,
/// [doi:10.1137/1.9780898717778](https://doi.org/10.1137/1.9780898717778)). Equal eigenvalues are like any other.
pub fn add_second_of_series<R, T>(
    a: &View<'_, T>,
    constants: R::Constants,
    e: &View<'_, T>,
    y_bar: &DMatrix<T>,
    slope: &mut ViewMut<'_, T>,
) where
    R: Rule<T, 1, Value: From<DMatrix<T>>>,
    T: Field,
{
    let n = a.nrows();
    let mut both = DMatrix::zeros(2 * n, 2 * n);
    let mut cotangent = both.clone();
    for start in [0, n] {
        both.view_mut((start, start), (n, n)).copy_from(a);
        cotangent.view_mut((start, start), (n, n)).copy_from(y_bar);
    }
    both.view_mut((0, n), (n, n)).copy_from(e);
    let mut adjoint = DMatrix::zeros(2 * n, 2 * n);
    let saved = R::forward([view(&both)], constants).1;
    R::reverse(
        [view(&both)],
        &saved,
        cotangent.into(),
        [view_mut(&mut adjoint)],
    );
    *slope += adjoint.view((n, 0), (n, n));
}

/// The same of the function `f` of the Hermitian part of `A`; `R` is `f` of any matrix, which takes equal eigenvalues as they come.
pub fn add_second_of_hermitian<R, T>(
    a: &View<'_, T>,
    e: &View<'_, T>,
    y_bar: &DMatrix<T>,
    slope: &mut ViewMut<'_, T>,
) where
    R: Rule<T, 1, Constants = (), Value: From<DMatrix<T>>>,
    T: Field,
{
    let [a, e, y_bar] = [hermitian_part(a), hermitian_part(e), hermitian_part(y_bar)];
    let mut change = DMatrix::zeros(a.nrows(), a.ncols());
    add_second_of_series::<R, T>(&view(&a), (), &view(&e), &y_bar, &mut view_mut(&mut change));
    *slope += hermitian_part(&change);
}

/// A linear function: the adjoint of its argument does not depend on it.
macro_rules! linear {
    ($rule:ident) => {
        impl<T: $crate::linalg::Field> $crate::linalg::second::SecondRule<T, 1> for $rule {
            fn reverse_tangent(
                _: [View<'_, T>; 1],
                (): Self::Constants,
                (): &Self::Saved,
                _: [View<'_, T>; 1],
                _: Self::Value,
                _: [ViewMut<'_, T>; 1],
            ) {
            }
        }
    };
}

/// A function that is linear in each of two arguments: the adjoint of one is linear in the other.
macro_rules! bilinear {
    ($rule:ident) => {
        impl<T: $crate::linalg::Field> $crate::linalg::second::SecondRule<T, 2> for $rule {
            fn reverse_tangent(
                _: [View<'_, T>; 2],
                (): Self::Constants,
                (): &Self::Saved,
                tangents: [View<'_, T>; 2],
                y_bar: Self::Value,
                slopes: [ViewMut<'_, T>; 2],
            ) {
                Self::reverse(tangents, &(), y_bar, slopes);
            }
        }
    };
}

pub(crate) use {bilinear, linear};

/// Panics if eigenvalues or singular values, sorted, are equal but for rounding, or one that must not be is zero.
#[track_caller]
pub fn assert_distinct<T: RealNumber>(
    function: &str,
    values: &[T],
    largest: T,
    smallest: Option<T>,
) {
    let tie = ties::<T>(values, largest).iter().any(|run| run.len() > 1);
    let zero = smallest
        .is_some_and(|s| s <= T::EPSILON * nalgebra::convert(8.0 * values.len() as f64) * largest);
    if tie || zero {
        undefined(
            function,
            "a second derivative where values are equal or zero depends on the choice of vectors; use a function of the matrix itself",
        );
    }
}
