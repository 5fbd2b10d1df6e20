//! Checking a gradient against differences.

/// What [`gradient`] found.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The largest difference, relative to the larger of 1 and the derivative.
    pub error: f64,
    /// The coordinate where it is.
    pub coordinate: usize,
    /// What the gradient says there.
    pub gradient: f64,
    /// What the differences say there.
    pub difference: f64,
}

/// Compares `gradient` with central differences of `f` at `x`, extrapolated (Richardson) to sixth order.
///
/// ```
/// use autodiff_runtime::check;
/// let f = |x: &[f64]| x[0].sin() * x[1];
/// let gradient = [2.0 * 1.0_f64.cos(), 1.0_f64.sin()];
/// assert!(check::gradient(f, &[1.0, 2.0], &gradient).error < 1e-9);
/// ```
///
/// # Panics
///
/// If `x` and `gradient` differ in length.
#[must_use]
pub fn gradient(f: impl Fn(&[f64]) -> f64, x: &[f64], gradient: &[f64]) -> Report {
    let all = 0..x.len();
    coordinates(f, x, gradient, all)
}

/// [`gradient`] for some of the coordinates, where there are many.
///
/// # Panics
///
/// If `x` and `gradient` differ in length, or a coordinate is not below it.
#[must_use]
pub fn coordinates(
    f: impl Fn(&[f64]) -> f64,
    x: &[f64],
    gradient: &[f64],
    which: impl IntoIterator<Item = usize>,
) -> Report {
    let (n, m) = (x.len(), gradient.len());
    assert!(
        n == m,
        "a gradient of length {m} for an input of length {n}"
    );
    let mut worst = Report {
        error: 0.0,
        coordinate: 0,
        gradient: 0.0,
        difference: 0.0,
    };
    let mut point = x.to_vec();
    for k in which {
        let difference = derivative(
            |t| {
                point[k] = x[k] + t;
                let value = f(&point);
                point[k] = x[k];
                value
            },
            1e-2 * x[k].abs().max(1e-1),
        );
        let error = (gradient[k] - difference).abs() / difference.abs().max(1.0);
        if error > worst.error || error.is_nan() {
            worst = Report {
                error,
                coordinate: k,
                gradient: gradient[k],
                difference,
            };
        }
    }
    worst
}

/// The derivative of `f` at 0 by Ridders' method: central differences with steps `h, h / 1.4, ..`, extrapolated; the entry of the tableau
/// with the smallest error estimate wins (C. Ridders, Advances in Engineering Software 4(2), 1982).
pub fn derivative(mut f: impl FnMut(f64) -> f64, h: f64) -> f64 {
    const LEVELS: usize = 10;
    const RATIO: f64 = 1.4;
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(LEVELS);
    let (mut best, mut estimate) = (f64::NAN, f64::INFINITY);
    let mut step = h;
    for level in 0..LEVELS {
        let mut row = vec![(f(step) - f(-step)) / (2.0 * step)];
        let mut factor = RATIO * RATIO;
        for k in 0..level {
            let next = (row[k] * factor - rows[level - 1][k]) / (factor - 1.0);
            let error = (next - row[k]).abs().max((next - rows[level - 1][k]).abs());
            if error < estimate {
                (best, estimate) = (next, error);
            }
            factor *= RATIO * RATIO;
            row.push(next);
        }
        rows.push(row);
        step /= RATIO;
    }
    best
}
