//! Second derivatives of roots and fixed points: the tangent of the solution, and that of the parameters' adjoint.
//!
//! *In*: the function as its `vjp_jvp`, at the solution and in its direction `(x_dot, p_dot)`. The cotangent of the equation is `v = -J^-T x_bar`, or
//! `(I - J)^-T x_bar`; its tangent solves the same system for `x_bar_dot + dJ^T v`, where `dJ^T v` is what the tangent of the pullback gives for `v`. The pullback of
//! `(v, v_dot)` gives the adjoint of the parameters and its tangent.

use crate::private::times;
use crate::scalar::Real;

/// What a pullback of a function of the unknowns and the parameters gives: their adjoints, and the tangents of these.
pub type Adjoints<S, T> = ((Vec<S>, T), (Vec<S>, T));

/// `dJ^T v` by the tangent of the pullback, of which nothing is left in what the pullbacks of closures add to.
pub fn change_of_rows<S: Real>(v: &[S], pull: impl Fn(Vec<S>) -> Vec<S>) -> Vec<S> {
    let large = super::equations::scale::<S>();
    let small = |sign: S| v.iter().map(|v| *v * (sign / large)).collect();
    let change = pull(small(S::__ONE));
    drop(pull(small(-S::__ONE)));
    change.into_iter().map(|x| times(large, x)).collect()
}

/// The members of the companion that second derivatives call.
macro_rules! solution_twice {
    ($name:ident, $what:literal, $tangent:ident, $cotangent:ident) => {
        #[diagnostic::do_not_recommend]
        impl crate::private::SecondOrder for $name {}

        #[doc(hidden)]
        impl $name {
            pub fn __direction_0(_: impl Sized) {}
            pub fn __direction_1(_: impl Sized) {}
            pub fn __direction_2<D>(direction: D) -> D {
                direction
            }

            #[track_caller]
            #[allow(clippy::type_complexity)] // the protocol's
            pub fn __forward_jvp<S, P, F, B>(
                f: F,
                x: &[S],
                p: &P,
                _: (),
                _: (),
                p_dot: &P::Slot,
            ) -> (
                Vec<S>,
                Vec<S>,
                impl FnOnce(&[S], &P, &P::Slot, Vec<S>, Vec<S>, &mut P::Slot, &mut P::Slot)
                + use<S, P, F, B>,
            )
            where
                S: Real + RealField,
                P: Differentiable + ?Sized,
                F: Fn(&[S], &P, &[S], &P::Slot) -> (Vec<S>, (Vec<S>, B)),
                B: FnOnce(Vec<S>, Vec<S>) -> super::twice::Adjoints<S, P::Tangent>,
            {
                let once = |x: &[S], p: &P, x_dot: &[S], p_dot: &P::Slot| {
                    let (y, (y_dot, _)) = f(x, p, x_dot, p_dot);
                    (y, y_dot)
                };
                let (solution, x_dot) = Self::jvp(once, x, p, p_dot);
                let along = x_dot.clone();
                let pullback = move |x: &[S],
                                     p: &P,
                                     p_dot: &P::Slot,
                                     x_bar: Vec<S>,
                                     change: Vec<S>,
                                     p_bar: &mut P::Slot,
                                     p_bar_dot: &mut P::Slot| {
                    let pull = |v, v_dot| f(x, p, &along, p_dot).1.1(v, v_dot);
                    let (first, second) = Self::pull_twice(x.len(), pull, &x_bar, change);
                    p_bar.accumulate_tangent(first.borrow());
                    p_bar_dot.accumulate_tangent(second.borrow());
                };
                (solution, x_dot, pullback)
            }

            /// The parameters' adjoint and its tangent.
            #[track_caller]
            fn pull_twice<S: Real + RealField, T>(
                n: usize,
                pull: impl Fn(Vec<S>, Vec<S>) -> super::twice::Adjoints<S, T>,
                x_bar: &[S],
                mut change: Vec<S>,
            ) -> (T, T) {
                let none = || vec![S::__ZERO; n];
                let jacobian = by_rows(n, |w| pull(w, none()).0.0);
                let solve = |x_bar: &[S]| {
                    $cotangent(&jacobian, x_bar).unwrap_or_else(|| singular($what))
                };
                let v = solve(x_bar);
                let turned = super::twice::change_of_rows(&v, |v| pull(v, none()).1.0);
                change.iter_mut().zip(turned).for_each(|(c, t)| *c += t);
                let v_dot = solve(&change);
                let ((_, first), (_, second)) = pull(v, v_dot);
                (first, second)
            }

            #[track_caller]
            #[allow(clippy::too_many_arguments)] // the protocol's
            pub fn __backward_jvp<S, P: Differentiable + ?Sized>(
                pullback: impl FnOnce(
                    &[S],
                    &P,
                    &P::Slot,
                    Vec<S>,
                    Vec<S>,
                    &mut P::Slot,
                    &mut P::Slot,
                ),
                x: &[S],
                p: &P,
                _: &impl ?Sized,
                p_dot: &P::Slot,
                x_bar: Vec<S>,
                x_bar_dot: Vec<S>,
                _: &mut impl ?Sized,
                _: &mut impl ?Sized,
                p_bar: &mut P::Slot,
                _: &mut impl ?Sized,
                _: &mut impl ?Sized,
                p_bar_dot: &mut P::Slot,
            ) {
                pullback(x, p, p_dot, x_bar, x_bar_dot, p_bar, p_bar_dot);
            }

            #[track_caller]
            #[allow(clippy::too_many_arguments)] // the protocol's
            pub fn __backward_jvp_by_name<S, P: Differentiable + ?Sized>(
                pullback: impl FnOnce(
                    &[S],
                    &P,
                    &P::Slot,
                    Vec<S>,
                    Vec<S>,
                    &mut P::Slot,
                    &mut P::Slot,
                ),
                _: impl Sized,
                x: &[S],
                p: &P,
                _: impl Sized,
                _: &impl ?Sized,
                p_dot: &P::Slot,
                x_bar: Vec<S>,
                x_bar_dot: Vec<S>,
                _: &mut impl ?Sized,
                _: &mut impl ?Sized,
                p_bar: &mut P::Slot,
                _: &mut impl ?Sized,
                _: &mut impl ?Sized,
                p_bar_dot: &mut P::Slot,
            ) {
                pullback(x, p, p_dot, x_bar, x_bar_dot, p_bar, p_bar_dot);
            }
        }
    };
}

pub(super) use solution_twice;
