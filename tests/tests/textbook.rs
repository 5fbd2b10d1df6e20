//! Textbook problems of matrix calculus whose answers are known in closed form, with vectors and matrices as slices.

use autodiff_runtime::differentiate;
use autodiff_runtime::operators::{Gradient, HessianProduct, LinearModel, QuadraticModel};
use nalgebra::{DMatrix, DVector, dmatrix, dvector};

/// `A x`, A given by columns.
#[differentiate(order = 2)]
fn times(a: &[f64], x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let mut y = vec![0.0; n];
    for j in 0..n {
        for i in 0..n {
            y[i] += a[j * n + i] * x[j];
        }
    }
    y
}

#[differentiate(order = 2)]
fn inner(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn assert_close(a: &DMatrix<f64>, b: &DMatrix<f64>) {
    assert!((a - b).amax() <= 1e-13 * (1.0 + b.amax()), "{a}is not{b}");
}

fn assert_gradient(gradient: Vec<f64>, expected: DVector<f64>) {
    let error = (DVector::from_vec(gradient) - &expected).amax();
    assert!(error <= 1e-13 * (1.0 + expected.amax()));
}

fn example() -> (DMatrix<f64>, DVector<f64>, DVector<f64>) {
    let a = dmatrix![4.0, 1.0, -0.5; 0.2, 3.0, 0.7; 0.1, -0.3, 2.0];
    (a, dvector![0.5, -1.5, 0.8], dvector![1.0, 2.0, -0.7])
}

/// `<x, A x> / 2 + <b, x> + c`: `G = (A + A^T) x / 2 + b`, `H = (A + A^T) / 2`.
#[differentiate(order = 2, wrt = x)]
fn quadratic(x: &[f64], a: &[f64], b: &[f64], c: f64) -> f64 {
    0.5 * inner(x, &times(a, x)) + inner(b, x) + c
}

#[test]
fn quadratic_form() {
    let (a, x, b) = example();
    let symmetric = 0.5 * (&a + a.transpose());
    let gradient = quadratic::grad(x.as_slice(), a.as_slice(), b.as_slice(), 1.5);
    assert_gradient(gradient, &symmetric * &x + &b);
    let hessian = quadratic::hessian(x.as_slice(), a.as_slice(), b.as_slice(), 1.5);
    assert_close(&hessian, &symmetric);
}

/// `|x|^3 / 3`: `G = |x| x`, `H = |x| I + x x^T / |x|`.
#[differentiate(order = 2)]
fn cubed_norm(x: &[f64]) -> f64 {
    inner(x, x).sqrt().powi(3) / 3.0
}

#[test]
fn cube_of_the_norm() {
    let (_, x, _) = example();
    let r = x.norm();
    assert_gradient(cubed_norm::grad(x.as_slice()), r * &x);
    let expected = r * DMatrix::identity(3, 3) + &x * x.transpose() / r;
    assert_close(&cubed_norm::hessian(x.as_slice()), &expected);
    assert_eq!(cubed_norm::hessian(&[0.0; 3]), DMatrix::zeros(3, 3));
}

/// `ln <x, A x>`, A symmetric: `G = 2 A x / <x, A x>`, `H = (2 <x, A x> A - 4 A x (A x)^T) / <x, A x>^2`.
#[differentiate(order = 2, wrt = x)]
fn log_form(x: &[f64], a: &[f64]) -> f64 {
    inner(x, &times(a, x)).ln()
}

#[test]
fn logarithm_of_a_quadratic_form() {
    let (a, x, _) = example();
    let a = &a + a.transpose();
    let (ax, s) = (&a * &x, x.dot(&(&a * &x)));
    let gradient = log_form::grad(x.as_slice(), a.as_slice());
    assert_gradient(gradient, 2.0 * &ax / s);
    let expected = (2.0 * s * &a - 4.0 * &ax * ax.transpose()) / (s * s);
    assert_close(&log_form::hessian(x.as_slice(), a.as_slice()), &expected);
}

/// `ln(1 + exp <a, x>)`: `G = s a`, `H = s (1 - s) a a^T` with the logistic function s; stable for large arguments.
#[differentiate(order = 2, wrt = x)]
fn softplus(x: &[f64], a: &[f64]) -> f64 {
    let z = inner(a, x);
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

#[test]
fn logistic_loss() {
    let (_, x, a) = example();
    let s = 1.0 / (1.0 + (-x.dot(&a)).exp());
    assert_gradient(softplus::grad(x.as_slice(), a.as_slice()), s * &a);
    let expected = s * (1.0 - s) * &a * a.transpose();
    assert_close(&softplus::hessian(x.as_slice(), a.as_slice()), &expected);
    for (z, slope) in [(800.0, 1.0), (-800.0, 0.0)] {
        assert_eq!(softplus::grad(&[z], &[1.0]), [slope]);
        assert_eq!(softplus::hessian(&[z], &[1.0]), DMatrix::zeros(1, 1));
    }
}

#[differentiate(order = 2)]
fn plane(x: &[f64], #[constant] c: &[f64]) -> f64 {
    inner(c, x)
}

#[differentiate(order = 2)]
fn paraboloid(x: f64, y: f64) -> f64 {
    x * x + y * y
}

#[differentiate(order = 2)]
fn sum_and_difference(x: f64, y: f64) -> (f64, f64) {
    (x + y, x - y)
}

#[differentiate(order = 2)]
fn helix(t: f64) -> [f64; 3] {
    [t.cos(), t.sin(), t]
}

#[test]
fn first_examples() {
    let c = [1.0, -2.0, 3.0];
    assert_eq!(plane::grad(&[0.1, 0.2, 0.3], &c), c);
    assert_eq!(plane::hessian(&[0.1, 0.2, 0.3], &c), DMatrix::zeros(3, 3));
    assert_eq!(paraboloid::grad(3.0, -1.0), (6.0, -2.0));
    assert_eq!(
        paraboloid::hessian(3.0, -1.0),
        2.0 * DMatrix::identity(2, 2)
    );
    assert_eq!(
        sum_and_difference::jacobian(3.0, -1.0),
        dmatrix![1.0, 1.0; 1.0, -1.0]
    );
    let (sin, cos) = 0.7f64.sin_cos();
    assert_eq!(helix::jvp(0.7, 1.0).1, [-sin, cos, 1.0]);
}

/// A Hessian for each component of a vector-valued function.
#[test]
fn hessians_of_components() {
    let flat = sum_and_difference::hessian(3.0, -1.0);
    assert_eq!(flat, [DMatrix::zeros(2, 2), DMatrix::zeros(2, 2)]);
    let (sin, cos) = 0.7f64.sin_cos();
    let acceleration: Vec<f64> = helix::hessian(0.7).iter().map(|h| h[(0, 0)]).collect();
    assert_eq!(acceleration, [-cos, -sin, 0.0]);
}

#[differentiate(order = 2)]
fn wavy(x: &[f64]) -> f64 {
    (x[0] * x[1]).sin() + x[1].exp() * x[2].cos()
}

/// The error of the Taylor models falls as the square and as the cube of the step.
#[test]
fn taylor_models() {
    let x = [0.4, -0.7, 1.1];
    let linear = LinearModel::new(&x, wavy::value_and_grad(&x));
    let quadratic = QuadraticModel::new(&x, wavy::value_and_grad(&x), wavy::hessian(&x));
    let errors = |step: f64| {
        let y: Vec<f64> = x
            .iter()
            .zip([0.8, -0.5, 0.3])
            .map(|(x, v)| x + step * v)
            .collect();
        let value = wavy(&y);
        (
            (linear.at(&y) - value).abs(),
            (quadratic.at(&y) - value).abs(),
        )
    };
    let (coarse, fine) = (errors(1e-2), errors(1e-3));
    assert!(((coarse.0 / fine.0).log10() - 2.0).abs() < 0.05);
    assert!(((coarse.1 / fine.1).log10() - 3.0).abs() < 0.05);
}

/// `y = s(w x + b)`, `L = (y - t)^2 / 2 + lambda w^2 / 2` in one function that leaves every intermediate where its adjoint can be asked for.
#[differentiate(order = 2, wrt = (w, b))]
fn regularized(w: f64, b: f64, x: f64, t: f64, lambda: f64) -> f64 {
    let z = w * x + b;
    let y = 1.0 / (1.0 + (-z).exp());
    let loss = 0.5 * (y - t).powi(2);
    let penalty = 0.5 * w * w;
    loss + lambda * penalty
}

/// The second half of it, from `z` on: the adjoint of an intermediate is the gradient of what follows.
#[differentiate]
fn from_z(z: f64, t: f64) -> f64 {
    let y = 1.0 / (1.0 + (-z).exp());
    0.5 * (y - t).powi(2)
}

#[test]
fn univariate_logistic_least_squares() {
    let (w, b, x, t, lambda) = (0.7, -0.2, 1.5, 1.0, 0.1);
    let y = 1.0 / (1.0 + f64::exp(-(w * x + b)));
    let (y_bar, s) = (y - t, y * (1.0 - y));
    let z_bar = y_bar * s;
    let (value, (w_bar, b_bar)) = regularized::value_and_grad(w, b, x, t, lambda);
    assert_eq!(value, 0.5 * (y - t) * (y - t) + lambda * (0.5 * w * w));
    assert!((from_z::grad(w * x + b, t).0 - z_bar).abs() < 1e-15);
    assert!((w_bar - (z_bar * x + lambda * w)).abs() < 1e-15);
    assert!((b_bar - z_bar).abs() < 1e-15);
    let curvature = s * s + y_bar * s * (1.0 - 2.0 * y);
    let expected = curvature * dmatrix![x * x, x; x, 1.0] + dmatrix![lambda, 0.0; 0.0, 0.0];
    assert_close(&regularized::hessian(w, b, x, t, lambda), &expected);
}

/// Half a million variables, no Hessian: the product with a direction takes memory in proportion to their number.
#[differentiate(order = 2)]
fn chained_rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for w in x.windows(2) {
        sum += 100.0 * (w[1] - w[0] * w[0]).powi(2) + (1.0 - w[0]).powi(2);
    }
    sum
}

#[test]
fn hessian_times_vector_of_many_variables() {
    let n = 500_000;
    let x: Vec<f64> = (0..n).map(|k| (k as f64).sin()).collect();
    let v: Vec<f64> = (0..n).map(|k| (k as f64).cos()).collect();
    let product = chained_rosenbrock::hvp(&x, &v);
    for k in [1, 2, n / 2, n - 2] {
        let diagonal = 1200.0 * x[k] * x[k] - 400.0 * x[k + 1] + 202.0;
        let expected = diagonal * v[k] - 400.0 * (x[k] * v[k + 1] + x[k - 1] * v[k - 1]);
        assert!(
            (product[k] - expected).abs() < 1e-9,
            "{} {expected}",
            product[k]
        );
    }
}

/// Newton's method for any function, the systems solved by conjugate gradients: no matrix anywhere.
fn newton_cg<F>(mut x: Vec<f64>, steps: usize) -> Vec<f64>
where
    F: for<'a> Gradient<(&'a [f64],), Value = f64, Gradient = Vec<f64>>
        + for<'a> HessianProduct<(&'a [f64],)>,
{
    for _ in 0..steps {
        let (_, gradient) = F::value_and_grad((&x,));
        let mut residual = -DVector::from_vec(gradient);
        let mut direction = residual.clone();
        let mut step = DVector::zeros(x.len());
        for _ in 0..2 * x.len() {
            if residual.norm() < 1e-14 {
                break;
            }
            let along = direction.as_slice().to_vec();
            let curved = DVector::from_vec(F::hvp((&x,), &along));
            let length = residual.norm_squared() / direction.dot(&curved);
            let before = residual.norm_squared();
            step += length * &direction;
            residual -= length * curved;
            direction = &residual + residual.norm_squared() / before * direction;
        }
        x.iter_mut().zip(step.iter()).for_each(|(x, s)| *x += s);
    }
    x
}

#[differentiate(order = 2)]
fn bowl(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += (x[i] - 0.5).cosh() + 0.1 * x[i] * x[(i + 1) % x.len()];
    }
    sum
}

#[test]
fn an_optimiser_takes_any_function() {
    let x = newton_cg::<bowl>(vec![1.0, -0.5, 0.3, 0.9], 8);
    assert!(bowl::grad(&x).iter().all(|g| g.abs() < 1e-12));
}
