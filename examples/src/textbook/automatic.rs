//! The problems about automatic differentiation itself: layers (A1), the adjoints of a computation (A2), which mode a graph asks for (A3),
//! Hessian-vector products (A6), differences (A8) and Taylor models (T1).

use super::{Matrix, Problem, problem, sample};
use autodiff_runtime::differentiate;
use autodiff_runtime::graph::{Adjoint, Graph};
use autodiff_runtime::operators::{LinearModel, Mode, QuadraticModel};
use nalgebra::DMatrix;

/// `L = f(X W)`, f the sum of the sines.
#[differentiate]
fn layer(x: &DMatrix<f64>, w: &DMatrix<f64>) -> f64 {
    let d = x * w;
    d.map(|v| v.sin()).sum()
}

/// Logistic least squares in one variable, with a regulariser.
#[differentiate(graph, wrt = (w, b))]
pub fn regularized(w: f64, b: f64, x: f64, t: f64, lambda: f64) -> f64 {
    let z = w * x + b;
    let y = 1.0 / (1.0 + (-z).exp());
    let loss = 0.5 * (y - t).powi(2);
    let penalty = 0.5 * w * w;
    loss + lambda * penalty
}

/// Two inputs, one output: reverse mode takes one sweep.
#[differentiate(graph)]
pub fn narrowing(a: f64, b: f64) -> f64 {
    let c = a * b;
    c.sin() + c * b
}

/// One input, three outputs: forward mode takes one sweep.
#[differentiate(graph)]
pub fn widening(t: f64) -> (f64, f64, f64) {
    let s = t * t;
    (s.sin(), s.exp(), s * t)
}

/// Rosenbrock's function of many variables.
#[differentiate(order = 2)]
pub fn chained(x: &[f64]) -> f64 {
    let pairs = x.windows(2);
    pairs
        .map(|w| 100.0 * (w[1] - w[0].powi(2)).powi(2) + (1.0 - w[0]).powi(2))
        .sum()
}

#[differentiate(order = 2)]
fn wavy(x: &[f64]) -> f64 {
    (x[0] * x[1]).sin() + x[1].exp() * x[2].cos()
}

/// Those with a closed form.
pub fn problems() -> Vec<Problem> {
    let (x, w) = (sample(3, 4, 1), sample(4, 2, 2));
    let slopes = (&x * &w).map(f64::cos);
    let (by_x, by_w) = layer::grad(&x, &w);
    let mut all = vec![
        problem(
            "A1",
            "L = f(X W), by W",
            "X^T dL/dD",
            by_w,
            x.tr_mul(&slopes),
        ),
        problem(
            "A1",
            "the same by X",
            "dL/dD W^T",
            by_x,
            &slopes * w.transpose(),
        ),
    ];
    all.extend(adjoints());
    all.extend(modes());
    all.push(hessian_times_vector());
    all
}

/// The point at which the adjoints are taken: `w, b, x, t, lambda`.
pub const POINT: [f64; 5] = [0.7, -0.2, 1.5, 1.0, 0.1];

/// All adjoints of [`regularized`], as the backward pass has them.
pub fn backward_pass() -> Vec<Adjoint> {
    let [w, b, x, t, lambda] = POINT;
    regularized::adjoints(w, b, x, t, lambda)
}

fn adjoints() -> [Problem; 2] {
    let [w, b, x, t, lambda] = POINT;
    let all = backward_pass();
    let of = |name: &str| {
        let begin = format!("{name} = ");
        let found = all.iter().find(|a| a.label.starts_with(&begin));
        found.map_or(f64::NAN, |a| a.adjoint)
    };
    let y = 1.0 / (1.0 + (-(w * x + b)).exp());
    let (y_bar, z_bar) = (y - t, (y - t) * y * (1.0 - y));
    let gradient = regularized::grad(w, b, x, t, lambda);
    [
        problem(
            "A2",
            "adjoints of loss, penalty, y, z",
            "1, lambda, y - t, y_bar y (1 - y)",
            ["loss", "penalty", "y", "z"].map(of),
            [1.0, lambda, y_bar, z_bar],
        ),
        problem(
            "A2",
            "by w and by b",
            "z_bar x + lambda w, z_bar",
            gradient,
            [z_bar * x + lambda * w, z_bar],
        ),
    ]
}

fn modes() -> [Problem; 2] {
    let (a, b, t): (f64, f64, f64) = (0.5, 1.25, 0.8);
    let (cos, square) = ((a * b).cos(), t * t);
    let (narrow, wide) = (narrowing::jacobian(a, b), widening::jacobian(t));
    [
        problem(
            "A3",
            "sin(a b) + a b^2, by reverse mode",
            "b cos + b^2, a cos + 2 a b",
            narrow,
            Matrix::from_row_slice(1, 2, &[b * cos + b * b, a * cos + 2.0 * a * b]),
        ),
        problem(
            "A3",
            "sin t^2, exp t^2, t^3, by forward mode",
            "2 t cos t^2, 2 t exp t^2, 3 t^2",
            wide,
            Matrix::from_column_slice(
                3,
                1,
                &[2.0 * t * square.cos(), 2.0 * t * square.exp(), 3.0 * square],
            ),
        ),
    ]
}

/// A computation graph, what a Jacobian costs by forward and by reverse mode, and the mode that is taken.
pub struct Choice {
    /// The graph.
    pub graph: Graph,
    /// Operations by forward mode.
    pub forward: usize,
    /// Operations by reverse mode.
    pub reverse: usize,
    /// What the system takes.
    pub taken: Mode,
}

/// The graphs of A2 and A3 with the mode for each.
pub fn choices() -> [Choice; 3] {
    let choice = |graph: Graph, rows, columns, taken| {
        let (forward, reverse) = graph.operations.of_jacobian(rows, columns);
        Choice {
            graph,
            forward,
            reverse,
            taken,
        }
    };
    let [w, b, x, t, lambda] = POINT;
    let mode = regularized::jacobian_mode(w, b, x, t, lambda);
    [
        choice(regularized::graph(), 1, 2, mode),
        choice(
            narrowing::graph(),
            1,
            2,
            narrowing::jacobian_mode(0.5, 1.25),
        ),
        choice(widening::graph(), 3, 1, widening::jacobian_mode(0.8)),
    ]
}

fn hessian_times_vector() -> Problem {
    let n = 1000;
    let x: Vec<f64> = (0..n).map(|k| (k as f64).sin()).collect();
    let v: Vec<f64> = (0..n).map(|k| (k as f64).cos()).collect();
    let row = |k: usize| {
        let mut sum = 0.0;
        if k > 0 {
            sum += 200.0 * v[k] - 400.0 * x[k - 1] * v[k - 1];
        }
        if k + 1 < n {
            let diagonal = 1200.0 * x[k] * x[k] - 400.0 * x[k + 1] + 2.0;
            sum += diagonal * v[k] - 400.0 * x[k] * v[k + 1];
        }
        sum
    };
    let expected: Vec<f64> = (0..n).map(row).collect();
    problem(
        "A6",
        "Rosenbrock, n 1000: H v",
        "tridiagonal H times v",
        chained::hvp(&x, &v),
        expected,
    )
}

/// Errors against step sizes.
pub type Curve = Vec<(f64, f64)>;

/// The point and the direction of the differences and of the Taylor models.
const X: [f64; 3] = [0.4, -0.7, 1.1];
const DIRECTION: [f64; 3] = [0.8, -0.5, 0.3];

fn moved(step: f64) -> [f64; 3] {
    [0, 1, 2].map(|k| X[k] + step * DIRECTION[k])
}

/// The slope of [`wavy`] along the direction, by hand.
fn slope() -> f64 {
    let [x, y, z] = X;
    let gradient = [
        y * (x * y).cos(),
        x * (x * y).cos() + y.exp() * z.cos(),
        -y.exp() * z.sin(),
    ];
    gradient.iter().zip(DIRECTION).map(|(g, d)| g * d).sum()
}

/// How far one-sided and central differences are off, by step size, and how far the generated derivative.
pub fn differences() -> (Curve, Curve, f64) {
    let steps = (0..=60).map(|k| 10f64.powf(-f64::from(k) / 4.0));
    let steps: Vec<f64> = steps.collect();
    let error = |estimate: f64| ((estimate - slope()) / slope()).abs();
    let one_sided = |h: &f64| (*h, error((wavy(&moved(*h)) - wavy(&X)) / h));
    let central = |h: &f64| {
        let both = wavy(&moved(*h)) - wavy(&moved(-h));
        (*h, error(both / (2.0 * h)))
    };
    (
        steps.iter().map(one_sided).collect(),
        steps.iter().map(central).collect(),
        error(wavy::jvp(&X, &DIRECTION).1),
    )
}

/// How far the Taylor models of first and of second order are off, by distance.
pub fn taylor_models() -> (Curve, Curve) {
    let linear = LinearModel::new(&X, wavy::value_and_grad(&X));
    let quadratic = QuadraticModel::new(&X, wavy::value_and_grad(&X), wavy::hessian(&X));
    let steps: Vec<f64> = (0..=12).map(|k| 10f64.powf(-f64::from(k) / 4.0)).collect();
    let curve = |model: &dyn Fn(&[f64]) -> f64| {
        let off = |h: &f64| (*h, (model(&moved(*h)) - wavy(&moved(*h))).abs());
        steps.iter().map(off).collect()
    };
    (curve(&|y| linear.at(y)), curve(&|y| quadratic.at(y)))
}
