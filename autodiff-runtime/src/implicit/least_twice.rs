//! Second derivatives of minimisers.
//!
//! *In*: the function with its Hessian and its Taylor coefficients, the minimiser and its direction `z = (x_dot, p_dot)`. With `v = -H^-1 x_bar` and `T` the
//! third derivative applied to `z` and `(v, 0)`, a vector, the tangent of `v` is `-H^-1 (x_bar_dot + T_x)`, and that of the parameters' adjoint is the part for them
//! of the Hessian times `(v_dot, 0)`, plus `T_p`.
//!
//! The coefficient of `t^3` along `d` is a cubic form, and a third derivative in three directions a sum of four of its values (polarisation). The
//! directions are scaled beforehand, so that the form is about one along each: else the largest would drown the others in rounding.

use super::least::{Objective, curvature, minimiser, solved};
use super::minimiser_cotangent;
use crate::operators::TaylorSeries;
use crate::private::SecondOrder;
use crate::tangent::{Coordinates, Differentiable, Tangent};
use std::borrow::{Borrow, BorrowMut};

/// A function of `x` and of parameters that is differentiated twice and has Taylor coefficients: `#[differentiate(order = 2, taylor)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no third derivatives, which the second ones of its minimiser need",
    note = "functions that are marked `#[differentiate(order = 2, taylor)]` have"
)]
pub trait SmoothObjective<P: Differentiable<Tangent: Coordinates<f64>> + ?Sized>:
    Objective<P>
    + for<'a> TaylorSeries<(&'a [f64], &'a P), Value = f64, Gradient = (Vec<f64>, P::Tangent)>
{
}

impl<P, F> SmoothObjective<P> for F
where
    P: Differentiable<Tangent: Coordinates<f64>> + ?Sized,
    F: Objective<P>
        + for<'a> TaylorSeries<(&'a [f64], &'a P), Value = f64, Gradient = (Vec<f64>, P::Tangent)>,
{
}

/// A direction, or a cotangent: the part for `x` and that for the parameters.
type Both<P> = (Vec<f64>, <P as Differentiable>::Tangent);

/// The coordinates of both parts.
fn flat<T: Coordinates<f64>>((x, p): &(Vec<f64>, T)) -> Vec<f64> {
    let mut all = x.clone();
    p.visit_coordinates(&mut |c| all.push(c));
    all
}

/// The two parts again.
fn parts<P>(n: usize, p: &P, all: &[f64]) -> Both<P>
where
    P: Differentiable<Tangent: Coordinates<f64>> + ?Sized,
{
    let (x, rest) = all.split_at(n);
    let (mut tangent, mut rest) = (p.zero_tangent(), rest.iter());
    tangent.visit_coordinates_mut(&mut |c| *c = rest.next().copied().unwrap_or(0.0));
    (x.to_vec(), tangent)
}

/// The third derivative in two directions, for each coordinate as the third.
fn third<F, P>(x: &[f64], p: &P, [u, v]: [&[f64]; 2]) -> Vec<f64>
where
    F: SmoothObjective<P>,
    P: Differentiable<Tangent: Coordinates<f64>> + ?Sized,
{
    let along = |d: &[f64]| F::taylor::<3>((x, p), &parts(x.len(), p, d)).1.0;
    let ((s, u), (t, v)) = (scaled(u, along), scaled(v, along));
    let entry = |k: usize| {
        let mut unit = vec![0.0; u.len()];
        unit[k] = 1.0;
        let (r, e) = scaled(&unit, along);
        let form = |a: f64, b: f64| {
            let both = u.iter().zip(&v).zip(&e);
            along(
                &both
                    .map(|((u, v), e)| a * u + b * v + e)
                    .collect::<Vec<_>>(),
            )[2]
        };
        let sum = form(1.0, 1.0) - form(1.0, -1.0) - form(-1.0, 1.0) + form(-1.0, -1.0);
        0.25 * sum / (s * t * r)
    };
    (0..u.len()).map(entry).collect()
}

/// A power of two, and the direction times it, along which the derivatives are about one.
fn scaled(d: &[f64], along: impl Fn(&[f64]) -> [f64; 3]) -> (f64, Vec<f64>) {
    let [first, second, third] = along(d).map(f64::abs);
    let curved = second.sqrt().max(third.cbrt());
    let size = if curved > 0.0 { curved } else { first };
    let power = match size.is_normal() {
        true => (-size.log2()).round().exp2(),
        false => 1.0,
    };
    (power, d.iter().map(|d| d * power).collect())
}

impl minimiser {
    /// The parameters' adjoint and its tangent, for a direction `z` of the minimiser and the parameters.
    #[track_caller]
    fn pull_twice<F, P>(
        (x, p): (&[f64], &P),
        z: &Both<P>,
        [x_bar, x_bar_dot]: [&[f64]; 2],
    ) -> [P::Tangent; 2]
    where
        F: SmoothObjective<P>,
        P: Differentiable<Tangent: Coordinates<f64>> + ?Sized,
    {
        let hessian = curvature::<F, P>(x, p);
        let solve = |x_bar: &[f64]| solved(minimiser_cotangent(&hessian, x_bar));
        let v = (solve(x_bar), p.zero_tangent());
        let turned = third::<F, P>(x, p, [&flat(z), &flat(&v)]);
        let (of_x, of_p) = parts(x.len(), p, &turned);
        let change: Vec<f64> = x_bar_dot.iter().zip(of_x).map(|(a, b)| a + b).collect();
        let v_dot = (solve(&change), p.zero_tangent());
        let (_, first) = F::hvp((x, p), &v);
        let (_, mut second) = F::hvp((x, p), &v_dot);
        second.borrow_mut().accumulate_tangent(of_p.borrow());
        [first, second]
    }
}

#[doc(hidden)]
impl minimiser {
    pub fn __direction_0(_: impl Sized) {}
    pub fn __direction_1<D>(direction: D) -> D {
        direction
    }

    #[track_caller]
    #[allow(clippy::type_complexity)] // the protocol's
    pub fn __forward_jvp<F, P>(
        x: &[f64],
        p: &P,
        _: (),
        p_dot: &P::Slot,
    ) -> (
        Vec<f64>,
        Vec<f64>,
        impl FnOnce(&[f64], &P, &P::Slot, Vec<f64>, Vec<f64>, &mut P::Slot, &mut P::Slot) + use<F, P>,
    )
    where
        F: SmoothObjective<P>,
        P: Differentiable<Tangent: Coordinates<f64>> + ?Sized,
    {
        let (solution, x_dot) = Self::jvp::<F, P>(x, p, p_dot);
        let along = x_dot.clone();
        let pullback = move |x: &[f64],
                             p: &P,
                             p_dot: &P::Slot,
                             x_bar: Vec<f64>,
                             x_bar_dot: Vec<f64>,
                             p_bar: &mut P::Slot,
                             p_bar_dot: &mut P::Slot| {
            let mut z = (along, p.zero_tangent());
            z.1.borrow_mut().accumulate_tangent(p_dot);
            let [first, second] = Self::pull_twice::<F, P>((x, p), &z, [&x_bar, &x_bar_dot]);
            p_bar.accumulate_tangent(first.borrow());
            p_bar_dot.accumulate_tangent(second.borrow());
        };
        (solution, x_dot, pullback)
    }

    #[track_caller]
    #[allow(clippy::too_many_arguments)] // the protocol's
    pub fn __backward_jvp<P: Differentiable + ?Sized>(
        pullback: impl FnOnce(&[f64], &P, &P::Slot, Vec<f64>, Vec<f64>, &mut P::Slot, &mut P::Slot),
        x: &[f64],
        p: &P,
        _: &impl ?Sized,
        p_dot: &P::Slot,
        x_bar: Vec<f64>,
        x_bar_dot: Vec<f64>,
        _: &mut impl ?Sized,
        p_bar: &mut P::Slot,
        _: &mut impl ?Sized,
        p_bar_dot: &mut P::Slot,
    ) {
        pullback(x, p, p_dot, x_bar, x_bar_dot, p_bar, p_bar_dot);
    }
}

#[diagnostic::do_not_recommend]
impl SecondOrder for minimiser {}
