//! Roots and fixed points of a function that is handed over: the value is the solution that the caller found, its derivative that of the equation.
//!
//! *In*: the function as its `jvp` or `vjp`, a solution, the parameters. *Out*: the solution, with a tangent or a pullback for the parameters. A closure
//! may capture what is differentiated: its tangents contain a part that does not depend on the direction, its pullbacks add to adjoints elsewhere.

use super::{fixed_point_cotangent, fixed_point_tangent, root_cotangent, root_tangent};
use crate::private::times;
use crate::scalar::Real;
use crate::tangent::{Differentiable, Tangent};
use nalgebra::{DMatrix, RealField};
use std::borrow::Borrow;

/// By how much the directions are enlarged, and the cotangents made smaller, that ask for the Jacobian only: then all else that they contain is
/// lost in rounding, or too small to change anything. A power of two, which is exact; one that leaves room for the Jacobian in `f32` too.
pub(super) fn scale<S: Real>() -> S {
    let few = S::__from_f64(2.0f64.powi(60));
    let many = few * few;
    if (many * many).__to_f64().is_finite() {
        many
    } else {
        few
    }
}

/// The zero of a list, but for one.
fn unit<S: Real>(n: usize, k: usize, one: S) -> Vec<S> {
    let mut list = vec![S::__ZERO; n];
    list[k] = one;
    list
}

/// The Jacobian in `x`, column by column, of a function that gives tangents along `x`.
pub(super) fn by_columns<S: Real + RealField>(
    n: usize,
    tangent: impl Fn(&[S]) -> Vec<S>,
) -> DMatrix<S> {
    let large = scale::<S>();
    let columns = (0..n).flat_map(|k| tangent(&unit(n, k, large)));
    let columns: Vec<S> = columns.map(|y| y / large).collect();
    DMatrix::from_vec(columns.len() / n.max(1), n, columns)
}

/// The Jacobian in `x`, row by row, of a function that pulls cotangents back to `x`. Each is pulled back with both signs, so that nothing is left of it
/// in what the pullback adds to.
pub(super) fn by_rows<S: Real + RealField>(
    n: usize,
    pull: impl Fn(Vec<S>) -> Vec<S>,
) -> DMatrix<S> {
    let large = scale::<S>();
    let small = S::__ONE / large;
    let row = |k| {
        let row = pull(unit(n, k, small));
        drop(pull(unit(n, k, -small)));
        row
    };
    let rows: Vec<S> = (0..n).flat_map(row).map(|x| times(large, x)).collect();
    DMatrix::from_row_slice(n, rows.len() / n.max(1), &rows)
}

#[cold]
#[track_caller]
pub(super) fn singular(what: &str) -> ! {
    panic!(
        "the {what} is no differentiable function of the parameters: the matrix of its equation is singular"
    )
}

/// The function and its companion, for an equation of which the linear systems are known.
macro_rules! solution {
    ($(#[$doc:meta])* $name:ident, $what:literal, $tangent:ident, $cotangent:ident) => {
        super::twice::solution_twice! { $name, $what, $tangent, $cotangent }

        $(#[$doc])*
        #[must_use]
        pub fn $name<S, P>(_: impl Fn(&[S], &P) -> Vec<S>, x: &[S], _: &P) -> Vec<S>
        where
            S: Real + RealField,
            P: Differentiable + ?Sized,
        {
            x.to_vec()
        }

        #[doc = concat!("Derivatives of [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        #[allow(non_camel_case_types)]
        pub struct $name {}

        impl $name {
            /// The solution and its tangent; `f` is the `jvp` of the function.
            ///
            /// # Panics
            ///
            /// If the matrix of the equation is singular.
            #[track_caller]
            pub fn jvp<S, P>(
                f: impl Fn(&[S], &P, &[S], &P::Slot) -> (Vec<S>, Vec<S>),
                x: &[S],
                p: &P,
                p_dot: &P::Slot,
            ) -> (Vec<S>, Vec<S>)
            where
                S: Real + RealField,
                P: Differentiable + ?Sized,
            {
                let zero = vec![S::__ZERO; x.len()];
                let (_, change) = f(x, p, &zero, p_dot);
                let none = p.zero_tangent();
                let jacobian = by_columns(x.len(), |x_dot| f(x, p, x_dot, none.borrow()).1);
                let tangent = $tangent(&jacobian, &change);
                (x.to_vec(), tangent.unwrap_or_else(|| singular($what)))
            }

            /// The solution and its pullback; `f` is the `vjp` of the function.
            #[track_caller]
            pub fn vjp<S, P, F, B>(
                f: F,
                x: &[S],
                p: &P,
            ) -> (Vec<S>, impl FnOnce(Vec<S>) -> P::Tangent + use<S, P, F, B>)
            where
                S: Real + RealField,
                P: Differentiable + ToOwned + ?Sized,
                F: Fn(&[S], &P) -> (Vec<S>, B),
                B: FnOnce(Vec<S>) -> (Vec<S>, P::Tangent),
            {
                let (point, kept) = (x.to_vec(), p.to_owned());
                (x.to_vec(), move |x_bar| Self::pull(&f, &point, kept.borrow(), &x_bar))
            }

            /// The parameters' adjoint.
            #[track_caller]
            fn pull<S, P, B>(
                f: impl Fn(&[S], &P) -> (Vec<S>, B),
                x: &[S],
                p: &P,
                x_bar: &[S],
            ) -> P::Tangent
            where
                S: Real + RealField,
                P: Differentiable + ?Sized,
                B: FnOnce(Vec<S>) -> (Vec<S>, P::Tangent),
            {
                let jacobian = by_rows(x.len(), |y_bar| f(x, p).1(y_bar).0);
                let cotangent = $cotangent(&jacobian, x_bar);
                f(x, p).1(cotangent.unwrap_or_else(|| singular($what))).1
            }

            #[doc(hidden)]
            #[track_caller]
            pub fn __jvp<S, P>(
                f: impl Fn(&[S], &P, &[S], &P::Slot) -> (Vec<S>, Vec<S>),
                x: &[S],
                p: &P,
                _: impl Sized,
                _: impl Sized,
                p_dot: &P::Slot,
            ) -> (Vec<S>, Vec<S>)
            where
                S: Real + RealField,
                P: Differentiable + ?Sized,
            {
                Self::jvp(f, x, p, p_dot)
            }

            #[doc(hidden)]
            #[track_caller]
            #[allow(clippy::type_complexity)] // the protocol's
            pub fn __forward<S, P, F, B>(
                f: F,
                x: &[S],
                _: &P,
            ) -> (
                Vec<S>,
                impl FnOnce(&[S], &P, Vec<S>, &mut P::Slot) + use<S, P, F, B>,
            )
            where
                S: Real + RealField,
                P: Differentiable + ?Sized,
                F: Fn(&[S], &P) -> (Vec<S>, B),
                B: FnOnce(Vec<S>) -> (Vec<S>, P::Tangent),
            {
                let pullback = move |x: &[S], p: &P, x_bar: Vec<S>, p_bar: &mut P::Slot| {
                    p_bar.accumulate_tangent(Self::pull(&f, x, p, &x_bar).borrow());
                };
                (x.to_vec(), pullback)
            }

            #[doc(hidden)]
            #[track_caller]
            pub fn __backward<S, P: Differentiable + ?Sized>(
                pullback: impl FnOnce(&[S], &P, Vec<S>, &mut P::Slot),
                x: &[S],
                p: &P,
                x_bar: Vec<S>,
                _: &mut impl ?Sized,
                _: &mut impl ?Sized,
                p_bar: &mut P::Slot,
            ) {
                pullback(x, p, x_bar, p_bar);
            }

            #[doc(hidden)]
            #[track_caller]
            #[allow(clippy::too_many_arguments)] // the protocol's
            pub fn __backward_by_name<S, P: Differentiable + ?Sized>(
                pullback: impl FnOnce(&[S], &P, Vec<S>, &mut P::Slot),
                _: impl Sized,
                x: &[S],
                p: &P,
                x_bar: Vec<S>,
                _: &mut impl ?Sized,
                _: &mut impl ?Sized,
                p_bar: &mut P::Slot,
            ) {
                pullback(x, p, x_bar, p_bar);
            }
        }
    };
}

solution! {
    /// The root `x` of `f(x, p) = 0` as a function of the parameters: what was found is given, by whatever solver, and comes back with the derivative of the
    /// equation. `f` is an annotated function, or a closure in an annotated one.
    ///
    /// Differentiated twice where `f` is. The tangent is `-J^-1 (df/dp p_dot)`, the adjoint `-J^-T x_bar` pulled back, with `J = df/dx`; it is as exact as the root is.
    ///
    /// ```
    /// use autodiff_runtime::{differentiate, implicit, stop_gradient};
    ///
    /// /// A circle of radius `p0`, and the line of slope `p1`.
    /// #[differentiate]
    /// fn curves(x: &[f64], p: &[f64]) -> Vec<f64> {
    ///     vec![x[0] * x[0] + x[1] * x[1] - p[0] * p[0], x[1] - p[1] * x[0]]
    /// }
    ///
    /// fn newton(p: &[f64]) -> Vec<f64> {
    ///     let mut x = vec![1.0, 1.0];
    ///     for _ in 0..40 {
    ///         let step = implicit::root_tangent(&curves::jacobian(&x, p), &curves(&x, p));
    ///         let step = step.expect("the curves cross");
    ///         x.iter_mut().zip(step).for_each(|(x, s)| *x += s);
    ///     }
    ///     x
    /// }
    ///
    /// #[differentiate]
    /// fn height(p: &[f64]) -> f64 {
    ///     let x = newton(stop_gradient(p));
    ///     implicit::root(curves, &x, p)[1]
    /// }
    ///
    /// // The height is p0 p1 / sqrt(1 + p1^2).
    /// let gradient = height::grad(&[2.0, 0.75]);
    /// assert!((gradient[0] - 0.6).abs() < 1e-12);
    /// assert!((gradient[1] - 2.0 / 1.25f64.powi(3)).abs() < 1e-12);
    /// ```
    root, "root", root_tangent, root_cotangent
}

solution! {
    /// The fixed point `x = g(x, p)` as a function of the parameters: what was found is given, by whatever iteration, and comes back with the derivative of the
    /// equation. `g` is an annotated function, or a closure in an annotated one.
    ///
    /// Differentiated twice where `g` is. The tangent is `(I - J)^-1 (dg/dp p_dot)`, the adjoint `(I - J)^-T x_bar` pulled back, with `J = dg/dx`.
    ///
    /// ```
    /// use autodiff_runtime::{differentiate, implicit, stop_gradient};
    ///
    /// #[differentiate]
    /// fn cosine(x: &[f64], p: &[f64]) -> Vec<f64> {
    ///     vec![(p[0] * x[0]).cos()]
    /// }
    ///
    /// fn iterate(p: &[f64]) -> Vec<f64> {
    ///     (0..200).fold(vec![0.5], |x, _| cosine(&x, p))
    /// }
    ///
    /// #[differentiate]
    /// fn limit(p: &[f64]) -> f64 {
    ///     let x = iterate(stop_gradient(p));
    ///     implicit::fixed_point(cosine, &x, p)[0]
    /// }
    ///
    /// let x = limit(&[1.0]);
    /// assert!((limit::grad(&[1.0])[0] + x * x.sin() / (1.0 + x.sin())).abs() < 1e-14);
    /// ```
    fixed_point, "fixed point", fixed_point_tangent, fixed_point_cotangent
}
