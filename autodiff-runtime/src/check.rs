//! Checking derivatives against differences, for users: is what `value_and_grad` says the slope of the function?
//!
//! | | compares | with differences of |
//! |---|---|---|
//! | [`gradient`], [`check_grad`] | a gradient | the function, along each coordinate |
//! | [`check_jvp`] | the tangent of the value | the function, along the direction |
//! | [`check_vjp`] | what a pullback gives | the product of cotangent and function, along each coordinate |
//! | [`check_hessian`] | a Hessian | the gradient, along each coordinate |
//!
//! *In*: functions, a point and the derivative claimed. *Out*: a [`Report`] that names the coordinate with the largest error.
//! The differences are central ones, extrapolated to step zero; at smooth points they are good to about 1e-10 in `f64` and
//! 1e-4 in `f32`. At a kink there is no slope to compare with, and differences and conventions may disagree.

use crate::scalar::Real;
use crate::tangent::Coordinates;
use nalgebra::DMatrix;
use std::borrow::Borrow;
use std::fmt;

/// How often the step is halved.
const LEVELS: usize = 12;

/// A numeric derivative.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Estimate {
    /// The derivative; NaN where the function is nowhere defined on both sides of the point.
    pub value: f64,
    /// How far the extrapolations of neighbouring orders are apart: a guess of the error.
    pub uncertainty: f64,
}

/// The comparison of a derivative with differences.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Report {
    /// The function at the point; where it has several outputs, that at [`worst`](Self::worst).
    pub value: f64,
    /// The coordinate with the largest error, counted as [`Coordinates`] flattens the derivative, matrices column by column; 0 if there
    /// is none.
    pub worst: usize,
    /// What the derivative says there.
    pub given: f64,
    /// What the differences say there.
    pub numeric: Estimate,
    /// `|given - numeric| / max(1, |given|, |numeric|)` there; infinite where either is NaN.
    pub error: f64,
}

impl Report {
    /// Panics with the report if the error is above the tolerance.
    ///
    /// # Panics
    ///
    /// See above.
    #[track_caller]
    pub fn assert_below(&self, tolerance: f64) {
        assert!(
            self.error <= tolerance,
            "{self}, which is above {tolerance:e}"
        );
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            worst,
            given,
            numeric: Estimate { value, uncertainty },
            error,
            ..
        } = self;
        write!(
            f,
            "the derivative is {given:e} at coordinate {worst}, but differences give {value:e} (uncertain by {uncertainty:.0e}): \
             the error is {error:.1e}"
        )
    }
}

/// Compares a gradient with differences of the function, coordinate by coordinate.
///
/// Several arguments are passed as a tuple. What `f` computes with besides `x` is captured by the closure.
///
/// ```
/// use autodiff_runtime::check;
///
/// let f = |(x, a): &(Vec<f64>, f64)| x.iter().map(|x| (a * x).sin()).sum::<f64>();
/// let (x, a) = (vec![0.5, 1.5], 2.0f64);
/// let gradient = (
///     x.iter().map(|x| a * (a * x).cos()).collect::<Vec<f64>>(),
///     x.iter().map(|x| x * (a * x).cos()).sum::<f64>(),
/// );
/// check::gradient(f, &(x, a), &gradient).assert_below(1e-9);
/// ```
///
/// # Panics
///
/// If the gradient has not as many coordinates as the point.
#[track_caller]
pub fn gradient<S, X, G>(f: impl Fn(&X) -> S, x: &X, gradient: &G) -> Report
where
    S: Real,
    X: Coordinates<S> + ToOwned<Owned: Coordinates<S>> + ?Sized,
    G: Coordinates<S> + ?Sized,
{
    let (coordinates, given) = (list(x), list(gradient));
    assert_eq!(
        coordinates.len(),
        given.len(),
        "the point has {} coordinates, but the gradient has {}",
        coordinates.len(),
        given.len()
    );
    let mut moved = x.to_owned();
    let mut report = Report::new(f(x).__to_f64());
    for (k, (&at, &given)) in coordinates.iter().zip(&given).enumerate() {
        let along = |c: S| {
            set_coordinate(&mut moved, k, c);
            f(moved.borrow())
        };
        report.include(k, given.__to_f64(), derivative(along, at));
        set_coordinate(&mut moved, k, at);
    }
    report
}

/// Compares what `grad` says at `x` with differences of `f`; see [`gradient`]. Several arguments are a tuple.
///
/// ```
/// use autodiff_runtime::{check, differentiate};
///
/// #[differentiate]
/// fn rosenbrock(x: &[f64]) -> f64 {
///     (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2)
/// }
///
/// check::check_grad(rosenbrock, rosenbrock::grad, &[0.4, 0.9][..]).assert_below(1e-9);
///
/// #[differentiate]
/// fn energy(x: &[f64], k: f64) -> f64 {
///     x.iter().map(|x| 0.5 * k * x * x).sum()
/// }
///
/// let at = (vec![0.5, -1.5], 2.0);
/// check::check_grad(|(x, k)| energy(x, *k), |(x, k)| energy::grad(x, *k), &at).assert_below(1e-9);
/// ```
///
/// # Panics
///
/// If the gradient has not as many coordinates as the point.
#[track_caller]
pub fn check_grad<S, X, G>(f: impl Fn(&X) -> S, grad: impl Fn(&X) -> G, x: &X) -> Report
where
    S: Real,
    X: Coordinates<S> + ToOwned<Owned: Coordinates<S>> + ?Sized,
    G: Coordinates<S>,
{
    gradient(f, x, &grad(x))
}

/// Compares the tangent that `jvp` gives for the direction `v` with differences of `f` along it, output by output.
///
/// ```
/// use autodiff_runtime::{check, differentiate};
///
/// #[differentiate]
/// fn polar(r: f64, angle: f64) -> (f64, f64) {
///     (r * angle.cos(), r * angle.sin())
/// }
///
/// let jvp = |&(r, a): &(f64, f64), &(dr, da): &(f64, f64)| polar::jvp(r, a, dr, da);
/// check::check_jvp(|&(r, a)| polar(r, a), jvp, &(2.0, 0.6), &(1.0, -0.5)).assert_below(1e-9);
/// ```
///
/// # Panics
///
/// If the tangent has not as many coordinates as the value, or the direction as the point.
#[track_caller]
pub fn check_jvp<S, X, Y, T>(
    f: impl Fn(&X) -> Y,
    jvp: impl Fn(&X, &X) -> (Y, T),
    x: &X,
    v: &X,
) -> Report
where
    S: Real,
    X: Coordinates<S> + ToOwned<Owned: Coordinates<S>> + ?Sized,
    Y: Coordinates<S>,
    T: Coordinates<S>,
{
    let (values, given) = (list(&f(x)), list(&jvp(x, v).1));
    same_count("the value", values.len(), "the tangent", given.len());
    same_count("the point", list(x).len(), "the direction", list(v).len());
    let mut report = Report::new(0.0);
    for (k, given) in given.iter().enumerate() {
        let along = |c: S| list(&f(displaced(x, v, c).borrow()))[k];
        report.include(k, given.__to_f64(), derivative(along, S::__ZERO));
    }
    report.value = values.get(report.worst).map_or(0.0, |y| y.__to_f64());
    report
}

/// Compares what a pullback gives for the cotangent `w` with differences of the product of `w` and `f`.
///
/// ```
/// use autodiff_runtime::{check, differentiate};
///
/// #[differentiate]
/// fn squares(x: &[f64]) -> Vec<f64> {
///     x.iter().map(|x| x * x).collect()
/// }
///
/// let vjp = |x: &Vec<f64>, w: &Vec<f64>| squares::vjp(x).1(w.clone());
/// check::check_vjp(|x: &Vec<f64>| squares(x), vjp, &vec![1.0, 2.0], &vec![0.5, -3.0]).assert_below(1e-9);
/// ```
///
/// # Panics
///
/// If the result has not as many coordinates as the point, or the cotangent as the value.
#[track_caller]
pub fn check_vjp<S, X, Y, W, G>(
    f: impl Fn(&X) -> Y,
    vjp: impl Fn(&X, &W) -> G,
    x: &X,
    w: &W,
) -> Report
where
    S: Real,
    X: Coordinates<S> + ToOwned<Owned: Coordinates<S>> + ?Sized,
    Y: Coordinates<S>,
    W: Coordinates<S>,
    G: Coordinates<S>,
{
    let weights = list(w);
    same_count(
        "the value",
        list(&f(x)).len(),
        "the cotangent",
        weights.len(),
    );
    let weighted = |x: &X| -> S {
        let values = list(&f(x));
        values.into_iter().zip(&weights).map(|(y, w)| y * *w).sum()
    };
    gradient(weighted, x, &vjp(x, w))
}

/// Compares a Hessian with differences of the gradient.
///
/// ```
/// use autodiff_runtime::{check, differentiate};
///
/// #[differentiate(order = 2)]
/// fn product(x: &[f64]) -> f64 {
///     x.iter().product()
/// }
///
/// let x = [2.0, 3.0, 5.0];
/// check::check_hessian(product::grad, &product::hessian(&x), &x[..]).assert_below(1e-9);
/// ```
///
/// # Panics
///
/// If the matrix has not a row and a column for each coordinate of the point.
#[track_caller]
pub fn check_hessian<S, X, G>(grad: impl Fn(&X) -> G, hessian: &DMatrix<S>, x: &X) -> Report
where
    S: Real,
    X: Coordinates<S> + ToOwned<Owned: Coordinates<S>> + ?Sized,
    G: Coordinates<S>,
{
    let (at, gradient) = (list(x), list(&grad(x)));
    let n = at.len();
    same_count("the point", n, "a column of the Hessian", hessian.nrows());
    same_count("the point", n, "a row of the Hessian", hessian.ncols());
    same_count("the point", n, "the gradient", gradient.len());
    let mut report = Report::new(0.0);
    for column in 0..n {
        for row in 0..n {
            let along = |c: S| {
                let mut moved = x.to_owned();
                set_coordinate(&mut moved, column, c);
                list(&grad(moved.borrow()))[row]
            };
            let given = hessian[(row, column)].__to_f64();
            report.include(column * n + row, given, derivative(along, at[column]));
        }
    }
    report.value = gradient
        .get(report.worst % n.max(1))
        .map_or(0.0, |g| g.__to_f64());
    report
}

#[track_caller]
fn same_count(of: &str, n: usize, and: &str, m: usize) {
    assert_eq!(n, m, "{of} has {n} coordinates, but {and} has {m}");
}

/// `x + c v`
fn displaced<S: Real, X>(x: &X, v: &X, c: S) -> X::Owned
where
    X: Coordinates<S> + ToOwned<Owned: Coordinates<S>> + ?Sized,
{
    let mut direction = list(v).into_iter();
    let mut moved = x.to_owned();
    moved.visit_coordinates_mut(&mut |x: &mut S| {
        if let Some(d) = direction.next() {
            *x += c * d;
        }
    });
    moved
}

impl Report {
    /// No error so far.
    fn new(value: f64) -> Self {
        Self {
            value,
            worst: 0,
            given: 0.0,
            numeric: Estimate {
                value: 0.0,
                uncertainty: 0.0,
            },
            error: 0.0,
        }
    }

    /// Takes a coordinate into account.
    fn include(&mut self, k: usize, given: f64, numeric: Estimate) {
        let scale = given.abs().max(numeric.value.abs()).max(1.0);
        let error = (given - numeric.value).abs() / scale;
        let error = if error.is_nan() { f64::INFINITY } else { error };
        if error > self.error {
            (self.worst, self.given, self.numeric, self.error) = (k, given, numeric, error);
        }
    }
}

/// The derivative of a function of one variable by central differences, extrapolated to step zero.
///
/// Method: C. J. F. Ridders, Accurate computation of F'(x) and F'(x) F''(x), Advances in Engineering Software 4 (1982),
/// [doi:10.1016/S0141-1195(82)80057-0](https://doi.org/10.1016/S0141-1195(82)80057-0). Steps that leave the domain (where the
/// function is not finite) are passed over.
///
/// ```
/// let slope = autodiff_runtime::check::derivative(f64::exp, 1.0);
/// assert!((slope.value - 1f64.exp()).abs() < 1e-10);
/// ```
pub fn derivative<S: Real>(mut f: impl FnMut(S) -> S, x: S) -> Estimate {
    let size = x.__to_f64().abs();
    let usual = extrapolated(&mut f, x, 0.125 * size.max(SMALL));
    if size == 0.0 || size >= SMALL {
        return usual;
    }
    // Close to zero a function may be another one at this distance, or none.
    let near = extrapolated(&mut f, x, 0.125 * size);
    if near.uncertainty < usual.uncertainty {
        near
    } else {
        usual
    }
}

/// Numbers below this are small for the steps that others get.
const SMALL: f64 = 0.01;

/// The best of the extrapolations of central differences to step zero: the one that is nearest to its neighbours. It is as uncertain as these differ, and as
/// rounding may have changed it.
fn extrapolated<S: Real>(f: &mut impl FnMut(S) -> S, x: S, mut step: f64) -> Estimate {
    let mut best = Estimate {
        value: f64::NAN,
        uncertainty: f64::INFINITY,
    };
    let mut nearest = f64::INFINITY;
    let mut previous: Vec<f64> = Vec::new();
    for _ in 0..LEVELS {
        let (slope, rounding) = central_difference(f, x, step);
        let row = extrapolate(slope, &previous);
        for (j, &value) in row.iter().enumerate().skip(1) {
            let apart = (value - row[j - 1])
                .abs()
                .max((value - previous[j - 1]).abs());
            if apart < nearest {
                nearest = apart;
                let uncertainty = apart.max(rounding);
                best = Estimate { value, uncertainty };
            }
        }
        previous = row;
        step /= 2.0;
    }
    best
}

/// `(f(x + h) - f(x - h)) / 2h`, the step being what is left of it after rounding, and how much the rounding of the values may change it.
fn central_difference<S: Real>(f: &mut impl FnMut(S) -> S, x: S, step: f64) -> (f64, f64) {
    let (above, below) = (x + S::__from_f64(step), x - S::__from_f64(step));
    let width = above.__to_f64() - below.__to_f64();
    let (high, low) = (f(above).__to_f64(), f(below).__to_f64());
    let rounding = 0.5 * S::__EPSILON.__to_f64() * (high.abs() + low.abs()) / width;
    ((high - low) / width, rounding)
}

/// The next row of the extrapolation table: its first entry has an error of order 2 in the step, the j-th of order 2 + 2j.
fn extrapolate(first: f64, previous: &[f64]) -> Vec<f64> {
    let mut row = vec![first];
    let mut factor = 4.0;
    for (j, &coarse) in previous.iter().enumerate() {
        row.push(row[j] + (row[j] - coarse) / (factor - 1.0));
        factor *= 4.0;
    }
    row
}

/// All coordinates in order.
fn list<S>(x: &(impl Coordinates<S> + ?Sized)) -> Vec<S> {
    let mut list = Vec::new();
    x.visit_coordinates(&mut |c| list.push(c));
    list
}

/// Overwrites one coordinate.
fn set_coordinate<S: Real>(x: &mut impl Coordinates<S>, k: usize, value: S) {
    let mut i = 0;
    x.visit_coordinates_mut(&mut |c| {
        if i == k {
            *c = value;
        }
        i += 1;
    });
}
