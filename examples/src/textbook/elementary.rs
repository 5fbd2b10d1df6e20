//! The rules of the differential in both modes (D1), functions of few numbers (G8), Hessians of several outputs (G9).

use super::{Matrix, Problem, problem, sample};
use autodiff_runtime::differentiate;
use nalgebra::{DMatrix, dmatrix};

#[differentiate]
fn shifted(x: &DMatrix<f64>, #[constant] a: &DMatrix<f64>) -> DMatrix<f64> {
    a + x
}

#[differentiate]
fn scaled(c: f64, x: &DMatrix<f64>) -> DMatrix<f64> {
    c * x
}

#[differentiate]
fn between(
    x: &DMatrix<f64>,
    #[constant] a: &DMatrix<f64>,
    #[constant] b: &DMatrix<f64>,
) -> DMatrix<f64> {
    a * x * b
}

#[differentiate]
fn sum(x: &DMatrix<f64>, y: &DMatrix<f64>) -> DMatrix<f64> {
    x + y
}

#[differentiate]
fn transposed(x: &DMatrix<f64>) -> DMatrix<f64> {
    x.transpose()
}

#[differentiate]
fn product(x: &DMatrix<f64>, y: &DMatrix<f64>) -> DMatrix<f64> {
    x * y
}

#[differentiate]
fn inner(x: &DMatrix<f64>, y: &DMatrix<f64>) -> f64 {
    x.dot(y)
}

#[differentiate]
fn quotient(x: &DMatrix<f64>, phi: f64) -> DMatrix<f64> {
    x / phi
}

#[differentiate]
fn linear(x: &[f64; 3], #[constant] c: &[f64; 3]) -> f64 {
    c[0] * x[0] + c[1] * x[1] + c[2] * x[2]
}

#[differentiate(order = 2)]
fn squares(x: f64, y: f64) -> f64 {
    x * x + y * y
}

#[differentiate]
fn turned(x: f64, y: f64) -> [f64; 2] {
    [x + y, x - y]
}

#[differentiate]
fn helix(t: f64) -> [f64; 3] {
    [t.cos(), t.sin(), 0.5 * t]
}

#[differentiate(order = 2)]
fn pair(x: f64, y: f64) -> (f64, f64) {
    (x * x * y, x.sin() + y * y * y)
}

/// All of them.
pub fn problems() -> Vec<Problem> {
    [forward(), reverse(), few_numbers()]
        .into_iter()
        .flatten()
        .collect()
}

/// Each rule of the differential by itself.
fn forward() -> Vec<Problem> {
    let (a, b, x, y) = matrices();
    let (dx, dy, phi, dphi) = (sample(3, 3, 7), sample(3, 3, 8), 2.5, 0.5);
    vec![
        problem("D1", "A + X", "dX", shifted::jvp(&x, &a, &dx).1, dx.clone()),
        problem(
            "D1",
            "c X",
            "dc X + c dX",
            scaled::jvp(2.0, &x, 0.5, &dx).1,
            &x * 0.5 + &dx * 2.0,
        ),
        problem(
            "D1",
            "A X B of constants",
            "A dX B",
            between::jvp(&x, &a, &b, &dx).1,
            &a * &dx * &b,
        ),
        problem(
            "D1",
            "X + Y",
            "dX + dY",
            sum::jvp(&x, &y, &dx, &dy).1,
            &dx + &dy,
        ),
        problem(
            "D1",
            "X^T",
            "dX^T",
            transposed::jvp(&x, &dx).1,
            dx.transpose(),
        ),
        problem(
            "D1",
            "X Y",
            "dX Y + X dY",
            product::jvp(&x, &y, &dx, &dy).1,
            &dx * &y + &x * &dy,
        ),
        problem(
            "D1",
            "X / phi",
            "(phi dX - dphi X) / phi^2",
            quotient::jvp(&x, phi, &dx, dphi).1,
            (&dx * phi - &x * dphi) / (phi * phi),
        ),
    ]
}

/// The same in reverse: what a cotangent W of the result is to the arguments.
fn reverse() -> Vec<Problem> {
    let (a, b, x, y) = matrices();
    let (w, phi) = (sample(3, 3, 9), 2.5);
    vec![
        problem(
            "D1",
            "A + X, in reverse",
            "W",
            shifted::vjp(&x, &a).1(w.clone()),
            w.clone(),
        ),
        problem(
            "D1",
            "c X, in reverse",
            "<W, X>; c W",
            scaled::vjp(2.0, &x).1(w.clone()),
            (w.dot(&x), &w * 2.0),
        ),
        problem(
            "D1",
            "A X B, in reverse",
            "A^T W B^T",
            between::vjp(&x, &a, &b).1(w.clone()),
            a.tr_mul(&w) * b.transpose(),
        ),
        problem(
            "D1",
            "X + Y, in reverse",
            "W; W",
            sum::vjp(&x, &y).1(w.clone()),
            (w.clone(), w.clone()),
        ),
        problem(
            "D1",
            "X^T, in reverse",
            "W^T",
            transposed::vjp(&x).1(w.clone()),
            w.transpose(),
        ),
        problem(
            "D1",
            "X Y, in reverse",
            "W Y^T; X^T W",
            product::vjp(&x, &y).1(w.clone()),
            (&w * y.transpose(), x.tr_mul(&w)),
        ),
        problem(
            "D1",
            "<X, Y>, in reverse",
            "Y; X",
            inner::grad(&x, &y),
            (y.clone(), x.clone()),
        ),
        problem(
            "D1",
            "X / phi, in reverse",
            "W / phi; -<W, X> / phi^2",
            quotient::vjp(&x, phi).1(w.clone()),
            (&w / phi, -w.dot(&x) / (phi * phi)),
        ),
    ]
}

fn matrices() -> (Matrix, Matrix, Matrix, Matrix) {
    (
        sample(3, 3, 1),
        sample(3, 3, 2),
        sample(3, 3, 3),
        sample(3, 3, 4),
    )
}

fn few_numbers() -> Vec<Problem> {
    let (x, y, t) = (0.7f64, -1.3f64, 0.4f64);
    let c = [0.5, -1.5, 0.8];
    vec![
        problem("G8", "c^T x", "c", linear::grad(&[1.0, 2.0, 3.0], &c), c),
        problem(
            "G8",
            "x^2 + y^2",
            "2 x, 2 y",
            squares::grad(x, y),
            (2.0 * x, 2.0 * y),
        ),
        problem(
            "G8",
            "its Hessian",
            "2 I",
            squares::hessian(x, y),
            Matrix::identity(2, 2) * 2.0,
        ),
        problem(
            "G8",
            "(x + y, x - y)",
            "[1, 1; 1, -1]",
            turned::jacobian(x, y),
            dmatrix![1.0, 1.0; 1.0, -1.0],
        ),
        problem(
            "G8",
            "(cos t, sin t, t / 2)",
            "(-sin t, cos t, 1 / 2)",
            helix::jvp(t, 1.0).1,
            [-t.sin(), t.cos(), 0.5],
        ),
        problem(
            "G9",
            "Hessians of (x^2 y, sin x + y^3)",
            "[2 y, 2 x; 2 x, 0] and [-sin x, 0; 0, 6 y]",
            pair::hessian(x, y),
            vec![
                dmatrix![2.0 * y, 2.0 * x; 2.0 * x, 0.0],
                dmatrix![-x.sin(), 0.0; 0.0, 6.0 * y],
            ],
        ),
    ]
}
