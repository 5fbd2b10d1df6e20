//! The problems of a course in matrix calculus: each as a plain function, its generated derivative beside the closed form.

pub mod automatic;
pub mod decompositions;
mod elementary;
pub mod ratings;

use autodiff_runtime::{Coordinates, differentiate, linalg};
use nalgebra::{DMatrix, DVector};

/// A problem, solved twice.
pub struct Problem {
    /// Its number in the list of problems: differentials (D), gradients (G), automatic differentiation (A), spectra (S).
    pub id: &'static str,
    /// The function.
    pub function: &'static str,
    /// Its derivative in closed form.
    pub formula: &'static str,
    /// What was generated.
    pub generated: Vec<f64>,
    /// What the formula gives.
    pub closed: Vec<f64>,
}

impl Problem {
    /// The largest difference, over the largest entry.
    pub fn difference(&self) -> f64 {
        assert_eq!(self.generated.len(), self.closed.len(), "{}", self.id);
        let pairs = self.generated.iter().zip(&self.closed);
        let largest = self.closed.iter().fold(1.0, |m: f64, c| m.max(c.abs()));
        pairs.fold(0.0, |m: f64, (g, c)| m.max((g - c).abs())) / largest
    }
}

type Matrix = DMatrix<f64>;

fn problem(
    id: &'static str,
    function: &'static str,
    formula: &'static str,
    generated: impl Coordinates<f64>,
    closed: impl Coordinates<f64>,
) -> Problem {
    Problem {
        id,
        function,
        formula,
        generated: flat(&generated),
        closed: flat(&closed),
    }
}

fn flat(value: &impl Coordinates<f64>) -> Vec<f64> {
    let mut list = Vec::new();
    value.visit_coordinates(&mut |x| list.push(x));
    list
}

/// A matrix of no particular shape, with entries between -1 and 1.
fn sample(rows: usize, columns: usize, seed: usize) -> Matrix {
    DMatrix::from_fn(rows, columns, |i, j| {
        ((seed + 3 * i * i + 5 * j + 2 * i * j) as f64).sin()
    })
}

/// All problems.
pub fn problems() -> Vec<Problem> {
    [
        differentials(),
        gradients(),
        hessians(),
        layers(),
        elementary::problems(),
        decompositions::spectra(),
        decompositions::problems(),
        ratings::problems(),
        automatic::problems(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[differentiate]
fn sandwich(a: &DMatrix<f64>, x: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    a * x * b
}

#[differentiate]
fn combination(x: &DMatrix<f64>, y: &DMatrix<f64>, c: f64) -> DMatrix<f64> {
    x * c + y.transpose()
}

#[differentiate]
fn quotient(x: &DMatrix<f64>) -> DMatrix<f64> {
    x / x.trace()
}

#[differentiate]
fn inner(a: &DMatrix<f64>, x: &DMatrix<f64>) -> f64 {
    a.dot(x)
}

#[differentiate]
fn form(a: &DMatrix<f64>, x: &DVector<f64>) -> f64 {
    (a * x).dot(x)
}

#[differentiate]
fn determinant(x: &DMatrix<f64>) -> f64 {
    x.determinant()
}

#[differentiate]
fn inverse(x: &DMatrix<f64>) -> DMatrix<f64> {
    x.clone().try_inverse().unwrap()
}

#[differentiate]
fn trace(x: &DMatrix<f64>) -> f64 {
    x.trace()
}

/// `f(g(x))` with `f(y) = |y|^2` and `g(x) = A x`.
#[differentiate]
fn chain(a: &DMatrix<f64>, x: &DVector<f64>) -> f64 {
    let y = a * x;
    y.norm_squared()
}

fn differentials() -> Vec<Problem> {
    let (a, b, x, y) = (
        sample(3, 3, 1),
        sample(3, 3, 2),
        sample(3, 3, 3) + Matrix::identity(3, 3) * 3.0,
        sample(3, 3, 4),
    );
    let (da, db, dx, dy) = (
        sample(3, 3, 5),
        sample(3, 3, 6),
        sample(3, 3, 7),
        sample(3, 3, 8),
    );
    let v = DVector::from_vec(vec![0.5, -1.5, 0.8]);
    let inverted = x.clone().try_inverse().expect("dominant diagonal");
    let (tr, dtr) = (x.trace(), dx.trace());
    vec![
        problem(
            "D1",
            "A X B",
            "dA X B + A dX B + A X dB",
            sandwich::jvp(&a, &x, &b, &da, &dx, &db).1,
            &da * &x * &b + &a * &dx * &b + &a * &x * &db,
        ),
        problem(
            "D1",
            "c X + Y^T",
            "dc X + c dX + dY^T",
            combination::jvp(&x, &y, 2.0, &dx, &dy, 0.5).1,
            &x * 0.5 + &dx * 2.0 + dy.transpose(),
        ),
        problem(
            "D1",
            "X / tr X",
            "(tr X dX - tr dX X) / (tr X)^2",
            quotient::jvp(&x, &dx).1,
            (&dx * tr - &x * dtr) / (tr * tr),
        ),
        problem(
            "D1",
            "<X, Y>",
            "<dX, Y> + <X, dY>",
            [inner::jvp(&x, &y, &dx, &dy).1],
            [dx.dot(&y) + x.dot(&dy)],
        ),
        problem("D2", "<A, X>", "A", inner::grad(&a, &x).1, a.clone()),
        problem(
            "D2",
            "<A x, x>",
            "(A + A^T) x",
            form::grad(&a, &v).1,
            (&a + a.transpose()) * &v,
        ),
        problem(
            "D2",
            "det X",
            "det(X) X^-T",
            determinant::grad(&x),
            inverted.transpose() * x.determinant(),
        ),
        problem(
            "D2",
            "X^-1",
            "-X^-1 dX X^-1",
            inverse::jvp(&x, &dx).1,
            -(&inverted * &dx * &inverted),
        ),
        problem("D2", "tr X", "I", trace::grad(&x), Matrix::identity(3, 3)),
        problem(
            "D2",
            "|A x|^2",
            "2 A^T A x",
            chain::grad(&a, &v).1,
            a.tr_mul(&(&a * &v)) * 2.0,
        ),
    ]
}

#[differentiate]
fn trace_with_inverse(
    x: &DMatrix<f64>,
    #[constant] a: &DMatrix<f64>,
    #[constant] b: &DMatrix<f64>,
) -> f64 {
    let inverted = x.clone().try_inverse().unwrap();
    (a * inverted * b).trace()
}

#[differentiate]
fn residual(x: &DMatrix<f64>, #[constant] a: &DMatrix<f64>, #[constant] b: &DMatrix<f64>) -> f64 {
    (a * x - b).norm()
}

#[differentiate(order = 2)]
fn barrier(x: &DMatrix<f64>, #[constant] s: &DMatrix<f64>) -> f64 {
    s.dot(x) - x.determinant().ln()
}

#[differentiate]
fn broadcast(x: &DMatrix<f64>, row: &DMatrix<f64>) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.nrows() {
        for j in 0..x.ncols() {
            sum += (x[(i, j)] * row[(0, j)]).sin();
        }
    }
    sum
}

fn gradients() -> Vec<Problem> {
    let (a, b, s) = (sample(3, 3, 1), sample(3, 3, 2), sample(3, 3, 9));
    let x = sample(3, 3, 3) + Matrix::identity(3, 3) * 3.0;
    let definite = &x * x.transpose();
    let (inverted, of_definite) = (
        x.clone().try_inverse().expect("dominant diagonal"),
        definite.clone().try_inverse().expect("definite"),
    );
    let rest = &a * &x - &b;
    let (dx, row) = (sample(3, 3, 7), sample(1, 3, 4));
    let slopes = Matrix::from_fn(3, 3, |i, j| (x[(i, j)] * row[j]).cos());
    vec![
        problem(
            "G2",
            "tr(A X^-1 B)",
            "-(X^-1 B A X^-1)^T",
            trace_with_inverse::grad(&x, &a, &b),
            -(&inverted * &b * &a * &inverted).transpose(),
        ),
        problem(
            "G5",
            "|A X - B|",
            "A^T (A X - B) / |A X - B|",
            residual::grad(&x, &a, &b),
            a.tr_mul(&rest) / rest.norm(),
        ),
        problem(
            "G6",
            "<S, X> - ln det X",
            "S - X^-T",
            barrier::grad(&definite, &s),
            &s - of_definite.transpose(),
        ),
        problem(
            "G6",
            "<S, X> - ln det X, Hessian",
            "X^-1 dX^T X^-1",
            barrier::hvp(&definite, &s, &dx),
            &of_definite * dx.transpose() * &of_definite,
        ),
        problem(
            "A9",
            "sum sin(X_ij r_j)",
            "sum over i of cos(X_ij r_j) X_ij",
            broadcast::grad(&x, &row).1,
            Matrix::from_fn(1, 3, |_, j| slopes.column(j).dot(&x.column(j))),
        ),
    ]
}

#[differentiate(order = 2)]
fn quadratic(x: &DVector<f64>, #[constant] a: &DMatrix<f64>, #[constant] b: &DVector<f64>) -> f64 {
    x.dot(&(a * x)) * 0.5 + b.dot(x)
}

#[differentiate(order = 2)]
fn cubed_norm(x: &DVector<f64>) -> f64 {
    x.norm().powi(3) / 3.0
}

#[differentiate(order = 2)]
fn log_form(x: &DVector<f64>, #[constant] a: &DMatrix<f64>) -> f64 {
    x.dot(&(a * x)).ln()
}

#[differentiate(order = 2)]
fn logistic(x: &DVector<f64>, #[constant] a: &DVector<f64>) -> f64 {
    let z = a.dot(x);
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

fn hessians() -> Vec<Problem> {
    let a = sample(3, 3, 1) + Matrix::identity(3, 3) * 2.0;
    let (symmetric, definite) = ((&a + a.transpose()) * 0.5, &a * a.transpose());
    let (x, b) = (
        DVector::from_vec(vec![0.5, -1.5, 0.8]),
        DVector::from_vec(vec![1.0, 2.0, -0.7]),
    );
    let (r, ax, q) = (x.norm(), &definite * &x, x.dot(&(&definite * &x)));
    let s = 1.0 / (1.0 + (-b.dot(&x)).exp());
    vec![
        problem(
            "G1",
            "x^T A x / 2 + b^T x",
            "(A + A^T) x / 2 + b",
            quadratic::grad(&x, &a, &b),
            &symmetric * &x + &b,
        ),
        problem(
            "G1",
            "its Hessian",
            "(A + A^T) / 2",
            quadratic::hessian(&x, &a, &b),
            symmetric.clone(),
        ),
        problem("G3", "|x|^3 / 3", "|x| x", cubed_norm::grad(&x), &x * r),
        problem(
            "G3",
            "its Hessian",
            "|x| I + x x^T / |x|",
            cubed_norm::hessian(&x),
            Matrix::identity(3, 3) * r + &x * x.transpose() / r,
        ),
        problem(
            "G4",
            "ln <x, A x>",
            "2 A x / <x, A x>",
            log_form::grad(&x, &definite),
            &ax * (2.0 / q),
        ),
        problem(
            "G4",
            "its Hessian",
            "(2 <x, A x> A - 4 A x x^T A) / <x, A x>^2",
            log_form::hessian(&x, &definite),
            (&definite * (2.0 * q) - &ax * ax.transpose() * 4.0) / (q * q),
        ),
        problem(
            "G7",
            "ln(1 + exp <a, x>)",
            "s a",
            logistic::grad(&x, &b),
            &b * s,
        ),
        problem(
            "G7",
            "its Hessian",
            "s (1 - s) a a^T",
            logistic::hessian(&x, &b),
            &b * b.transpose() * (s * (1.0 - s)),
        ),
    ]
}

/// `|x|^2 / 2` at the solution of `A x = b`.
#[differentiate]
fn system(a: &DMatrix<f64>, b: &DVector<f64>) -> f64 {
    let x = a.clone().lu().solve(b).unwrap();
    x.norm_squared() * 0.5
}

#[differentiate]
fn nuclear(w: &DMatrix<f64>) -> f64 {
    linalg::nuclear_norm(w)
}

fn layers() -> Vec<Problem> {
    let a = sample(3, 3, 1) + Matrix::identity(3, 3) * 2.0;
    let b = DVector::from_vec(vec![1.0, 2.0, -0.7]);
    let x = a.clone().lu().solve(&b).expect("dominant diagonal");
    let z = a.transpose().lu().solve(&x).expect("dominant diagonal");
    let (a_bar, b_bar) = system::grad(&a, &b);
    let w = sample(4, 3, 2);
    let svd = linalg::svd(&w);
    // Equal singular values, and a value of zero: what is not determined stays zero.
    let flat = Matrix::from_diagonal(&DVector::from_vec(vec![2.0, 2.0, 0.0]));
    let sign = Matrix::from_diagonal(&DVector::from_vec(vec![1.0, 1.0, 0.0]));
    vec![
        problem("A4", "|x|^2 / 2, A x = b, by b", "A^-T x", b_bar, z.clone()),
        problem(
            "A4",
            "the same by A",
            "-A^-T x x^T",
            a_bar,
            -&z * x.transpose(),
        ),
        problem(
            "A5",
            "tr Sigma",
            "U V^T",
            nuclear::grad(&w),
            &svd.0 * &svd.2,
        ),
        problem(
            "A5",
            "at repeated and zero values",
            "U V^T of those that are not zero",
            nuclear::grad(&flat),
            sign,
        ),
    ]
}
