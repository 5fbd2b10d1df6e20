//! Checking gradients against differences, for users: is what `value_and_grad` says the slope of the function?
//!
//! *In*: a function, a point and the gradient claimed. *Out*: a [`Report`] that names the coordinate with the largest error.
//! The differences are central ones, extrapolated to step zero; at smooth points they are good to about 1e-10 in `f64` and
//! 1e-4 in `f32`. At a kink there is no slope to compare with, and differences and conventions may disagree.

use crate::scalar::Real;
use crate::tangent::Coordinates;
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

/// The comparison of a gradient with differences.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Report {
    /// The function at the point.
    pub value: f64,
    /// The coordinate with the largest error, counted as [`Coordinates`] flattens the point; 0 if there is none.
    pub worst: usize,
    /// What the gradient says there.
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
            "the gradient is {given:e} at coordinate {worst}, but differences give {value:e} (uncertain by {uncertainty:.0e}): \
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
    X: Coordinates<S> + Clone,
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
    let mut moved = x.clone();
    let mut report = Report {
        value: f(x).__to_f64(),
        worst: 0,
        given: 0.0,
        numeric: Estimate {
            value: 0.0,
            uncertainty: 0.0,
        },
        error: 0.0,
    };
    for (k, (&at, &given)) in coordinates.iter().zip(&given).enumerate() {
        let along = |c: S| {
            set_coordinate(&mut moved, k, c);
            f(&moved)
        };
        report.include(k, given.__to_f64(), derivative(along, at));
        set_coordinate(&mut moved, k, at);
    }
    report
}

impl Report {
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
    let mut best = Estimate {
        value: f64::NAN,
        uncertainty: f64::INFINITY,
    };
    let mut step = 0.125 * x.__to_f64().abs().max(0.01);
    let mut previous: Vec<f64> = Vec::new();
    for _ in 0..LEVELS {
        let row = extrapolate(central_difference(&mut f, x, step), &previous);
        for (j, &value) in row.iter().enumerate().skip(1) {
            let uncertainty = (value - row[j - 1])
                .abs()
                .max((value - previous[j - 1]).abs());
            if uncertainty < best.uncertainty {
                best = Estimate { value, uncertainty };
            }
        }
        previous = row;
        step /= 2.0;
    }
    best
}

/// `(f(x + h) - f(x - h)) / 2h`, the step being what is left of it after rounding.
fn central_difference<S: Real>(f: &mut impl FnMut(S) -> S, x: S, step: f64) -> f64 {
    let (above, below) = (x + S::__from_f64(step), x - S::__from_f64(step));
    let rise = f(above).__to_f64() - f(below).__to_f64();
    rise / (above.__to_f64() - below.__to_f64())
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
