//! Minimisers of a function that is differentiated twice.

use super::{minimiser_cotangent, minimiser_tangent};
use crate::operators::HessianProduct;
use crate::tangent::{Differentiable, Tangent};
use nalgebra::DMatrix;
use std::borrow::{Borrow, BorrowMut};

/// The minimiser `x` of `f(x, p)` as a function of the parameters: what was found is given, by whatever optimiser, and comes back with the derivative of the
/// condition that the gradient is zero. `F` is the type beside a function that is marked `#[differentiate(order = 2)]`.
///
/// Differentiated twice where `F` has the option `taylor` besides: its third derivatives are those of its Taylor coefficients. The tangent is `-H^-1 (d2f/dxdp p_dot)`, the adjoint that of `v = -H^-1 x_bar` in `d2f/dxdp`, with `H = d2f/dx2`.
///
/// ```
/// use autodiff_runtime::{differentiate, implicit, stop_gradient};
///
/// /// Least where `x = p0 / (1 + p1)`.
/// #[differentiate(order = 2)]
/// fn ridge(x: &[f64], p: &[f64]) -> f64 {
///     0.5 * (x[0] - p[0]).powi(2) + 0.5 * p[1] * x[0] * x[0]
/// }
///
/// fn optimise(p: &[f64]) -> Vec<f64> {
///     (0..200).fold(vec![0.0], |x, _| vec![x[0] - 0.3 * ridge::grad(&x, p).0[0]])
/// }
///
/// #[differentiate]
/// fn best(p: &[f64]) -> f64 {
///     let x = optimise(stop_gradient(p));
///     implicit::minimiser::<ridge, _>(&x, p)[0]
/// }
///
/// let gradient = best::grad(&[3.0, 1.0]);
/// assert!((gradient[0] - 0.5).abs() < 1e-14 && (gradient[1] + 0.75).abs() < 1e-14);
/// ```
#[must_use]
pub fn minimiser<F, P>(x: &[f64], _: &P) -> Vec<f64>
where
    F: Objective<P>,
    P: Differentiable + ?Sized,
{
    x.to_vec()
}

/// A function of `x` and of parameters that is differentiated twice.
pub trait Objective<P: Differentiable + ?Sized>:
    for<'a> HessianProduct<(&'a [f64], &'a P), Value = f64, Gradient = (Vec<f64>, P::Tangent)>
{
}

impl<P, F> Objective<P> for F
where
    P: Differentiable + ?Sized,
    F: for<'a> HessianProduct<(&'a [f64], &'a P), Value = f64, Gradient = (Vec<f64>, P::Tangent)>,
{
}

/// Derivatives of [`minimiser`](fn@minimiser).
#[allow(non_camel_case_types)]
pub struct minimiser {}

/// The part for `x` of the Hessian, a column for each coordinate.
pub(super) fn curvature<F: Objective<P>, P: Differentiable + ?Sized>(
    x: &[f64],
    p: &P,
) -> DMatrix<f64> {
    let n = x.len();
    let mut direction = (vec![0.0; n], p.zero_tangent());
    let mut hessian = DMatrix::zeros(n, n);
    for k in 0..n {
        direction.0[k] = 1.0;
        let (column, _) = F::hvp((x, p), &direction);
        hessian.column_mut(k).copy_from_slice(&column);
        direction.0[k] = 0.0;
    }
    hessian
}

#[track_caller]
pub(super) fn solved(solution: Option<Vec<f64>>) -> Vec<f64> {
    let why =
        "the minimiser is no differentiable function of the parameters: the Hessian is singular";
    solution.expect(why)
}

/// What the parameters' adjoint is.
#[track_caller]
fn pull<F: Objective<P>, P: Differentiable + ?Sized>(
    x: &[f64],
    p: &P,
    x_bar: &[f64],
) -> P::Tangent {
    let v = solved(minimiser_cotangent(&curvature::<F, P>(x, p), x_bar));
    F::hvp((x, p), &(v, p.zero_tangent())).1
}

impl minimiser {
    /// The minimiser and its tangent.
    ///
    /// # Panics
    ///
    /// If the Hessian in `x` is singular.
    #[track_caller]
    pub fn jvp<F, P>(x: &[f64], p: &P, p_dot: &P::Slot) -> (Vec<f64>, Vec<f64>)
    where
        F: Objective<P>,
        P: Differentiable + ?Sized,
    {
        let mut direction = (vec![0.0; x.len()], p.zero_tangent());
        direction.1.borrow_mut().accumulate_tangent(p_dot);
        let (change, _) = F::hvp((x, p), &direction);
        let tangent = minimiser_tangent(&curvature::<F, P>(x, p), &change);
        (x.to_vec(), solved(tangent))
    }

    /// The minimiser and its pullback.
    #[track_caller]
    pub fn vjp<F, P>(
        x: &[f64],
        p: &P,
    ) -> (Vec<f64>, impl FnOnce(Vec<f64>) -> P::Tangent + use<F, P>)
    where
        F: Objective<P>,
        P: Differentiable + ToOwned + ?Sized,
    {
        let (point, kept) = (x.to_vec(), p.to_owned());
        let pullback = move |x_bar: Vec<f64>| pull::<F, P>(&point, kept.borrow(), &x_bar);
        (x.to_vec(), pullback)
    }

    #[doc(hidden)]
    #[track_caller]
    pub fn __jvp<F, P>(x: &[f64], p: &P, _: impl Sized, p_dot: &P::Slot) -> (Vec<f64>, Vec<f64>)
    where
        F: Objective<P>,
        P: Differentiable + ?Sized,
    {
        Self::jvp::<F, P>(x, p, p_dot)
    }

    #[doc(hidden)]
    #[track_caller]
    #[allow(clippy::type_complexity)] // the protocol's
    pub fn __forward<F, P>(
        x: &[f64],
        _: &P,
    ) -> (
        Vec<f64>,
        impl FnOnce(&[f64], &P, Vec<f64>, &mut P::Slot) + use<F, P>,
    )
    where
        F: Objective<P>,
        P: Differentiable + ?Sized,
    {
        let pullback = move |x: &[f64], p: &P, x_bar: Vec<f64>, p_bar: &mut P::Slot| {
            p_bar.accumulate_tangent(pull::<F, P>(x, p, &x_bar).borrow());
        };
        (x.to_vec(), pullback)
    }

    #[doc(hidden)]
    #[track_caller]
    pub fn __backward<P: Differentiable + ?Sized>(
        pullback: impl FnOnce(&[f64], &P, Vec<f64>, &mut P::Slot),
        x: &[f64],
        p: &P,
        x_bar: Vec<f64>,
        _: &mut impl ?Sized,
        p_bar: &mut P::Slot,
    ) {
        pullback(x, p, x_bar, p_bar);
    }

    #[doc(hidden)]
    #[track_caller]
    pub fn __backward_by_name<P: Differentiable + ?Sized>(
        pullback: impl FnOnce(&[f64], &P, Vec<f64>, &mut P::Slot),
        x: &[f64],
        p: &P,
        x_bar: Vec<f64>,
        _: &mut impl ?Sized,
        p_bar: &mut P::Slot,
    ) {
        pullback(x, p, x_bar, p_bar);
    }
}
