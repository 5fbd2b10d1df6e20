//! Derivatives of roots, fixed points and minimisers against differences of the solver.

use autodiff_runtime::{check, differentiate, implicit};
use nalgebra::{DMatrix, dmatrix};

/// A root of two equations in two unknowns, with three parameters.
#[differentiate]
fn residual(x: &[f64], p: &[f64]) -> Vec<f64> {
    vec![
        x[0].exp() + p[0] * x[1] - 2.0,
        x[1].powi(3) + p[1] * x[0] * x[1] + x[1] - p[2],
    ]
}

fn root(p: &[f64; 3]) -> [f64; 2] {
    let mut x = [0.1, 0.2];
    for _ in 0..60 {
        let step = implicit::root_tangent(&residual::jacobian(&x, p), &residual(&x, p));
        let step = step.expect("regular");
        x = [x[0] + step[0], x[1] + step[1]];
    }
    x
}

const P: [f64; 3] = [0.7, 0.4, 1.3];

#[test]
fn roots() {
    let vjp = |p: &[f64; 3], w: &[f64; 2]| {
        let x = root(p);
        let cotangent = implicit::root_cotangent(&residual::jacobian(&x, p), w);
        residual::vjp(&x, p).1(cotangent.expect("regular")).1
    };
    check::check_vjp(root, vjp, &P, &[0.8, -1.5]).assert_below(1e-8);
    let jvp = |p: &[f64; 3], p_dot: &[f64; 3]| {
        let x = root(p);
        let (_, r_dot) = residual::jvp(&x, p, &[0.0, 0.0], p_dot);
        let x_dot = implicit::root_tangent(&residual::jacobian(&x, p), &r_dot);
        (x, x_dot.expect("regular"))
    };
    check::check_jvp(root, jvp, &P, &[0.3, -0.9, 0.5]).assert_below(1e-8);
}

/// A contraction.
#[differentiate]
fn map(x: &[f64], p: &[f64]) -> Vec<f64> {
    vec![
        0.3 * (x[1] + p[0]).cos(),
        0.4 * (p[1] * x[0]).tanh() + 0.1 * x[1] + p[2],
    ]
}

fn fixed_point(p: &[f64; 3]) -> [f64; 2] {
    let mut x = [0.0, 0.0];
    for _ in 0..200 {
        let next = map(&x, p);
        x = [next[0], next[1]];
    }
    x
}

#[test]
fn fixed_points() {
    let vjp = |p: &[f64; 3], w: &[f64; 2]| {
        let x = fixed_point(p);
        let cotangent = implicit::fixed_point_cotangent(&map::jacobian(&x, p), w);
        map::vjp(&x, p).1(cotangent.expect("a contraction")).1
    };
    check::check_vjp(fixed_point, vjp, &P, &[0.8, -1.5]).assert_below(1e-8);
    let jvp = |p: &[f64; 3], p_dot: &[f64; 3]| {
        let x = fixed_point(p);
        let (_, g_dot) = map::jvp(&x, p, &[0.0, 0.0], p_dot);
        let x_dot = implicit::fixed_point_tangent(&map::jacobian(&x, p), &g_dot);
        (x, x_dot.expect("a contraction"))
    };
    check::check_jvp(fixed_point, jvp, &P, &[0.3, -0.9, 0.5]).assert_below(1e-8);
}

/// Convex in `x`.
#[differentiate(order = 2)]
fn energy(x: &[f64], p: &[f64]) -> f64 {
    (x[0] - p[0]).cosh() + x[1].powi(4) + p[1] * x[0] * x[1] + 0.5 * x[1] * x[1] - p[2] * x[1]
}

fn minimiser(p: &[f64; 3]) -> [f64; 2] {
    let mut x = [0.1, 0.2];
    for _ in 0..60 {
        let (gradient, _) = energy::grad(&x, p);
        let step = implicit::minimiser_tangent(&energy::hessian(&x, p), &gradient);
        let step = step.expect("convex");
        x = [x[0] + step[0], x[1] + step[1]];
    }
    x
}

#[test]
fn minimisers() {
    let vjp = |p: &[f64; 3], w: &[f64; 2]| {
        let x = minimiser(p);
        let v = implicit::minimiser_cotangent(&energy::hessian(&x, p), w).expect("convex");
        energy::hvp(&x, p, &v, &[0.0; 3]).1
    };
    check::check_vjp(minimiser, vjp, &P, &[0.8, -1.5]).assert_below(1e-8);
    let jvp = |p: &[f64; 3], p_dot: &[f64; 3]| {
        let x = minimiser(p);
        let (g_dot, _) = energy::hvp(&x, p, &[0.0; 2], p_dot);
        let x_dot = implicit::minimiser_tangent(&energy::hessian(&x, p), &g_dot);
        (x, x_dot.expect("convex"))
    };
    check::check_jvp(minimiser, jvp, &P, &[0.3, -0.9, 0.5]).assert_below(1e-8);
}

#[test]
fn singular_equations_have_no_derivative() {
    let singular = dmatrix![1.0, 2.0; 2.0, 4.0];
    assert_eq!(implicit::root_cotangent(&singular, &[1.0, 0.0]), None);
    assert_eq!(
        implicit::fixed_point_tangent(&DMatrix::identity(2, 2), &[1.0, 0.0]),
        None
    );
    assert_eq!(implicit::minimiser_tangent(&singular, &[1.0, 0.0]), None);
}

#[test]
#[should_panic(expected = "the matrix has 2 rows, but the right-hand side has 3 entries")]
fn a_cotangent_of_another_length_is_refused() {
    let _ = implicit::root_cotangent(&DMatrix::identity(2, 2), &[1.0, 0.0, 0.0]);
}
