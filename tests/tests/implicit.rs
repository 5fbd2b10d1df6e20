//! Roots, fixed points and minimisers: against closed forms and differences, both modes, with parameters of all kinds.

use autodiff_runtime::{Coordinates, Differentiable, differentiate, implicit, stop_gradient};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Spring {
    stiffness: f64,
    loads: Vec<f64>,
    count: usize,
}

/// A chain of springs that harden.
#[differentiate]
fn balance(x: &[f64], spring: &Spring) -> Vec<f64> {
    let n = spring.count;
    let mut forces = Vec::with_capacity(n);
    for i in 0..n {
        let left = if i == 0 { 0.0 } else { x[i - 1] };
        let stretch = x[i] - left;
        let mut force = spring.stiffness * (stretch + stretch.powi(3)) - spring.loads[i];
        if i + 1 < n {
            let next = x[i + 1] - x[i];
            force -= spring.stiffness * (next + next.powi(3));
        }
        forces.push(force);
    }
    forces
}

/// Newton's method by the Jacobian of the annotated function.
fn settle(spring: &Spring) -> Vec<f64> {
    let mut x = vec![0.0; spring.count];
    for _ in 0..60 {
        let jacobian = balance::jacobian(&x, spring);
        let step = implicit::root_tangent(&jacobian, &balance(&x, spring)).expect("regular");
        x.iter_mut().zip(step).for_each(|(x, s)| *x += s);
    }
    x
}

#[differentiate]
fn energy(spring: &Spring, weight: f64) -> f64 {
    let found = settle(stop_gradient(spring));
    let x = implicit::root(balance, &found, spring);
    x.iter().map(|x| weight * x * x).sum::<f64>() + spring.loads[0] * x[2]
}

fn spring() -> Spring {
    Spring {
        stiffness: 2.0,
        loads: vec![0.5, -0.3, 0.8],
        count: 3,
    }
}

/// The derivative by differences, coordinate by coordinate.
fn differences<P: Clone>(p: &P, set: impl Fn(&mut P, f64), f: impl Fn(&P) -> f64) -> f64 {
    let at = |h: f64| {
        let mut moved = p.clone();
        set(&mut moved, h);
        f(&moved)
    };
    let h = 1e-3;
    (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h)
}

#[track_caller]
fn near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-9 * (1.0 + b.abs()), "{a}, not {b}");
}

#[test]
fn a_root_with_a_struct_of_parameters() {
    let (p, weight) = (spring(), 0.7);
    let (value, (by_spring, by_weight)) = energy::value_and_grad(&p, weight);
    assert_eq!(value, energy(&p, weight));
    let of = |p: &Spring| energy(p, weight);
    near(
        by_spring.stiffness,
        differences(&p, |p, h| p.stiffness += h, of),
    );
    for k in 0..3 {
        let expected = differences(&p, |p, h| p.loads[k] += h, of);
        near(by_spring.loads[k], expected);
    }
    near(by_weight, settle(&p).iter().map(|x| x * x).sum());
    let mut direction = p.zero_tangent();
    direction.stiffness = 0.4;
    direction.loads = vec![1.0, -2.0, 0.3];
    let (again, slope) = energy::jvp(&p, weight, &direction, 0.9);
    let mut expected = 0.9 * by_weight;
    let mut parts = Vec::new();
    by_spring.visit_coordinates(&mut |g: f64| parts.push(g));
    let mut k = 0;
    direction.visit_coordinates(&mut |d: f64| {
        expected += d * parts[k];
        k += 1;
    });
    assert_eq!(again, value);
    near(slope, expected);
}

/// What a closure captures is followed too: exactly, and nothing of the Jacobian is left in it.
#[differentiate]
fn captured(p: &[f64], scale: f64, unused: f64) -> f64 {
    let found = crossing(stop_gradient(p), stop_gradient(scale));
    let gap = unused * 0.0;
    let curve = |x: &[f64], p: &[f64]| {
        let r = (x[0] * x[0] + x[1] * x[1]) * scale + gap;
        vec![r - p[0] * p[0], x[1] - p[1] * x[0]]
    };
    let x = implicit::root(curve, &found, p);
    x[1] * x[0]
}

fn crossing(p: &[f64], scale: f64) -> Vec<f64> {
    let x = p[0] / (scale * (1.0 + p[1] * p[1])).sqrt();
    vec![x, p[1] * x]
}

/// `x y = p0^2 p1 / (scale (1 + p1^2))`
#[test]
fn a_closure_that_captures() {
    let (p, scale) = ([2.0, 0.75], 1.5);
    let value = p[0] * p[0] * p[1] / (scale * (1.0 + p[1] * p[1]));
    let (found, (by_p, by_scale, by_unused)) = captured::value_and_grad(&p, scale, 3.0);
    near(found, value);
    near(by_p[0], 2.0 * value / p[0]);
    let of_slope = value / p[1] * (1.0 - p[1] * p[1]) / (1.0 + p[1] * p[1]);
    near(by_p[1], of_slope);
    near(by_scale, -value / scale);
    assert_eq!(by_unused, 0.0);
    let (_, slope) = captured::jvp(&p, scale, 3.0, &[1.0, 0.0], 2.0, 1.0);
    near(slope, 2.0 * value / p[0] - 2.0 * value / scale);
}

#[differentiate]
fn population(x: &[f64], rates: &[f64; 2]) -> Vec<f64> {
    vec![
        rates[0] * x[0] * (1.0 - x[1]),
        0.5 * x[1] + rates[1] * x[0] * x[0],
    ]
}

fn steady(rates: &[f64; 2]) -> Vec<f64> {
    let mut x = vec![0.4, 0.4];
    for _ in 0..4000 {
        let next = population(&x, rates);
        x = vec![0.5 * (x[0] + next[0]), 0.5 * (x[1] + next[1])];
    }
    x
}

/// In a loop, on what another call gave.
#[differentiate]
fn equilibria(rates: &[f64; 2], shifts: &[f64]) -> f64 {
    let mut total = 0.0;
    for shift in shifts {
        let moved = [rates[0] + shift, rates[1] * (1.0 + shift)];
        let found = steady(&stop_gradient(moved));
        let x = implicit::fixed_point(population, &found, &moved);
        total += x[0] * x[1].exp();
    }
    total
}

#[test]
fn fixed_points_in_a_loop() {
    let (rates, shifts) = ([1.6, 0.7], [0.0, 0.2]);
    let (value, (by_rates, by_shifts)) = equilibria::value_and_grad(&rates, &shifts);
    assert_eq!(value, equilibria(&rates, &shifts));
    for k in 0..2 {
        let of = |r: &[f64; 2]| equilibria(r, &shifts);
        near(by_rates[k], differences(&rates, |r, h| r[k] += h, of));
        let of = |s: &[f64; 2]| equilibria(&rates, s);
        near(by_shifts[k], differences(&shifts, |s, h| s[k] += h, of));
    }
    let (_, slope) = equilibria::jvp(&rates, &shifts, &[1.0, -1.0], &[0.5, 2.0]);
    let expected = by_rates[0] - by_rates[1] + 0.5 * by_shifts[0] + 2.0 * by_shifts[1];
    near(slope, expected);
}

#[differentiate(order = 2)]
fn ridge(w: &[f64], p: &Spring) -> f64 {
    let mut loss = 0.0;
    for (i, load) in p.loads.iter().enumerate() {
        let z = w[0] * load + w[1] * (i as f64);
        loss += (z - load.sin()).powi(2) + 0.1 * z.powi(4);
    }
    loss + p.stiffness * (w[0] * w[0] + w[1] * w[1])
}

fn fitted(p: &Spring) -> Vec<f64> {
    let mut w = vec![0.0, 0.0];
    for _ in 0..50 {
        let hessian = ridge::hessian(&w, p);
        let (gradient, _) = ridge::grad(&w, p);
        let step = implicit::minimiser_tangent(&hessian, &gradient).expect("convex");
        w.iter_mut().zip(step).for_each(|(w, s)| *w += s);
    }
    w
}

#[differentiate]
fn validated(p: &Spring) -> f64 {
    let found = fitted(stop_gradient(p));
    let w = implicit::minimiser::<ridge, _>(&found, p);
    (w[0] - 0.5).powi(2) + w[1] * p.stiffness
}

#[test]
fn the_minimiser_of_a_penalised_loss() {
    let p = spring();
    let (value, gradient) = validated::value_and_grad(&p);
    assert_eq!(value, validated(&p));
    near(
        gradient.stiffness,
        differences(&p, |p, h| p.stiffness += h, validated),
    );
    for k in 0..3 {
        let expected = differences(&p, |p, h| p.loads[k] += h, validated);
        near(gradient.loads[k], expected);
    }
    let mut direction = p.zero_tangent();
    direction.stiffness = 1.0;
    direction.loads[1] = 3.0;
    let (_, slope) = validated::jvp(&p, &direction);
    near(slope, gradient.stiffness + 3.0 * gradient.loads[1]);
}

/// A loss that is least where nothing says so in closed form, with scales of its own for each parameter.
#[differentiate(order = 2, taylor)]
fn tilted(w: &[f64], p: &[f64]) -> f64 {
    let (a, b) = (w[0] - p[0], 100.0 * w[1] - p[1] * w[0]);
    (a * a + 0.3 * a.powi(4)).exp()
        + (1.0 + b * b).ln()
        + 0.5 * p[2] * w[0] * w[0]
        + 1e3 * w[1] * w[1] * p[0].cos()
}

/// Descended to by Newton's method.
fn bottom(p: &[f64]) -> Vec<f64> {
    let mut w = vec![0.8 * p[0], 0.0];
    for _ in 0..60 {
        let (gradient, _) = tilted::grad(&w, p);
        let step = implicit::minimiser_tangent(&tilted::hessian(&w, p), &gradient).expect("convex");
        w.iter_mut().zip(step).for_each(|(w, s)| *w += s);
    }
    w
}

#[differentiate(order = 2)]
fn outer(p: &[f64]) -> f64 {
    let found = bottom(stop_gradient(p));
    let w = implicit::minimiser::<tilted, _>(&found, p);
    (w[0] - 0.5).powi(3) + 1e2 * w[1] * p[2].sin() + w[0] * p[1] * p[1]
}

#[test]
fn the_minimiser_twice() {
    let points: [&[f64]; 2] = [&[0.7, 0.9, 0.4], &[1.1, -0.6, 0.8]];
    tests::agree!(outer at &points);
    tests::curvature!(outer at &points);
}

/// Least at `x = p0 / (1 + p1)`, `p1` about a million times `p0`.
#[differentiate(order = 2, taylor)]
fn stiff(x: &[f64], p: &[f64]) -> f64 {
    0.5 * (x[0] - p[0]).powi(2) + 0.5 * p[1] * x[0] * x[0]
}

#[differentiate(order = 2)]
fn softened(p: &[f64]) -> f64 {
    let found = vec![p[0] / (1.0 + p[1])];
    implicit::minimiser::<stiff, _>(&stop_gradient(found), p)[0]
}

#[test]
fn the_minimiser_twice_in_closed_form() {
    for p in [[3.0, 1.0], [0.02, 3e4], [5e3, 0.2]] {
        let (a, b) = (p[0], 1.0 + p[1]);
        let hessian = softened::hessian(&p);
        let expected = [0.0, -b.powi(-2), -b.powi(-2), 2.0 * a * b.powi(-3)];
        for (k, (got, expected)) in hessian.iter().zip(expected).enumerate() {
            let error = (got - expected).abs();
            assert!(
                error <= 1e-12 * expected.abs(),
                "{k} at {p:?}: {got} {expected}"
            );
        }
    }
}

/// Parameters in a struct.
#[derive(Clone, Differentiable)]
#[differentiable(taylor)]
struct Penalty {
    target: f64,
    weights: Vec<f64>,
}

#[differentiate(order = 2, taylor)]
fn penalised(x: &[f64], p: &Penalty) -> f64 {
    let fit = (x[0] - p.target).cosh() + (x[1] - x[0] * p.weights[1]).powi(2);
    fit + p.weights[0] * x[1].powi(4) + 0.1 * x[1] * x[1]
}

#[differentiate(order = 2)]
fn chosen_weights(y: &[f64]) -> f64 {
    let p = Penalty {
        target: y[0],
        weights: vec![y[1] * y[1], y[2]],
    };
    let mut found = vec![y[0], y[0] * y[2]];
    for _ in 0..60 {
        let (gradient, _) = penalised::grad(&found, stop_gradient(&p));
        let hessian = penalised::hessian(&found, stop_gradient(&p));
        let step = implicit::minimiser_tangent(&hessian, &gradient).expect("convex");
        found = vec![found[0] + step[0], found[1] + step[1]];
    }
    let x = implicit::minimiser::<penalised, _>(&stop_gradient(found), &p);
    x[0] * x[1] + x[1].exp() * y[0]
}

#[test]
fn the_minimiser_twice_with_parameters_in_a_struct() {
    tests::agree!(chosen_weights, [0.7, 0.9, 0.4]);
    tests::curvature!(chosen_weights, [0.7, 0.9, 0.4]);
}

/// From outside the derivatives take that of the equation.
#[test]
fn outside_of_annotated_functions() {
    let p = spring();
    let x = settle(&p);
    let (value, pullback) = implicit::root::vjp(balance::vjp, &x, &p);
    assert_eq!(value, x);
    let adjoint = pullback(vec![0.0, 0.0, 1.0]);
    let mut direction = p.zero_tangent();
    direction.loads[0] = 1.0;
    let (_, tangent) = implicit::root::jvp(balance::jvp, &x, &p, &direction);
    near(adjoint.loads[0], tangent[2]);
}

#[test]
#[should_panic(expected = "the root is no differentiable function of the parameters")]
fn a_double_root() {
    #[differentiate]
    fn square(x: &[f64], p: &[f64]) -> Vec<f64> {
        vec![x[0] * x[0] - p[0]]
    }
    implicit::root::jvp(square::jvp, &[0.0], &[0.0][..], &[1.0]);
}

/// In single precision, with derivatives of the equation far from one.
#[differentiate]
fn scaled(x: &[f32], p: &[f32]) -> Vec<f32> {
    let first = 5e6 * (x[0] - p[0] * x[0].sin() - p[1]);
    vec![first, 1e-6 * (x[1] * x[1] - p[0])]
}

#[differentiate]
fn single(p: &[f32]) -> f32 {
    let start = stop_gradient(p);
    let x = (0..100).fold(1.0, |x: f32, _| start[0] * x.sin() + start[1]);
    let x = implicit::root(scaled, &[x, start[0].sqrt()], p);
    x[0] + x[1]
}

#[test]
fn single_precision() {
    let p = [0.2f32, 1.0];
    let x = (0..100).fold(1.0, |x: f32, _| p[0] * x.sin() + p[1]);
    let by_mean = 1.0 / (1.0 - p[0] * x.cos());
    let expected = [x.sin() * by_mean + 0.5 / p[0].sqrt(), by_mean];
    let gradient = single::grad(&p);
    for k in 0..2 {
        let mut direction = [0.0; 2];
        direction[k] = 1.0;
        let (_, slope) = single::jvp(&p, &direction);
        for found in [gradient[k], slope] {
            assert!(
                (found - expected[k]).abs() < 1e-5,
                "{found}, not {}",
                expected[k]
            );
        }
    }
}

/// A solver is given what is made in the function, as a reference: a list, a vector, a struct.
#[differentiate]
fn square_root(x: &[f64], p: &nalgebra::DVector<f64>) -> Vec<f64> {
    vec![x[0] * x[0] - p[0] * p[1]]
}

fn square_root_of(p: &nalgebra::DVector<f64>) -> Vec<f64> {
    vec![(p[0] * p[1]).sqrt()]
}

#[differentiate]
fn of_a_vector(x: &[f64]) -> f64 {
    let p = nalgebra::DVector::from_vec(vec![x[0] * x[1], x[1]]);
    let found = square_root_of(stop_gradient(&p));
    implicit::root(square_root, &found, &p)[0] * p.dot(stop_gradient(&p))
}

#[differentiate]
fn of_a_struct(x: &[f64]) -> f64 {
    let spring = Spring {
        stiffness: x[0],
        loads: vec![x[1], x[0] * x[1], 0.8],
        count: 3,
    };
    let found = settle(stop_gradient(&spring));
    let x = implicit::root(balance, &found, &spring);
    x[2] * x[0]
}

/// `x1 sqrt(x0) (x0^2 x1^2 + x1^2)`, one factor of the square being a constant.
#[test]
fn solvers_of_what_is_made_in_the_function() {
    let (a, b) = (0.7f64, 0.9f64);
    let (root, square) = (b * a.sqrt(), a * a * b * b + b * b);
    let gradient = of_a_vector::grad(&[a, b]);
    near(gradient[0], root / (2.0 * a) * square + root * a * b * b);
    near(gradient[1], root / b * square + root * (a * a * b + b));
    let slope = of_a_vector::jvp(&[a, b], &[1.0, 0.0]).1;
    near(slope, gradient[0]);
    tests::agree!(of_a_struct, [1.7, 0.4]);
}

/// Twice: a root with a struct of parameters, and a fixed point of a closure that captures.
#[derive(Clone, Debug, Differentiable)]
struct Orbit {
    eccentricity: f64,
    means: Vec<f64>,
}

#[differentiate(order = 2)]
fn kepler(x: &[f64], orbit: &Orbit) -> Vec<f64> {
    let e = orbit.eccentricity;
    let second = x[1].exp() * e + x[1] * x[0] - orbit.means[1];
    vec![x[0] - e * x[0].sin() - orbit.means[0], second]
}

fn newton(orbit: &Orbit) -> Vec<f64> {
    let mut x = vec![orbit.means[0], 0.1];
    for _ in 0..60 {
        let jacobian = kepler::jacobian(&x, orbit);
        let step = implicit::root_tangent(&jacobian, &kepler(&x, orbit)).expect("regular");
        x.iter_mut().zip(step).for_each(|(x, s)| *x += s);
    }
    x
}

#[differentiate(order = 2)]
fn anomaly(v: &[f64]) -> f64 {
    let orbit = Orbit {
        eccentricity: v[0],
        means: vec![v[1], v[2] * v[0]],
    };
    let found = newton(stop_gradient(&orbit));
    let y = implicit::root(kepler, &found, &orbit);
    y[0].cos() * y[1] + y[0] * v[0]
}

fn iterate(v: &[f64]) -> Vec<f64> {
    let next = |x: Vec<f64>| vec![(v[0] * x[0]).cos() * v[2] + 0.1 * x[1], v[1] * x[0] * v[2]];
    (0..400).fold(vec![0.5, 0.2], |x, _| next(x))
}

#[differentiate(order = 2)]
fn limit(v: &[f64]) -> f64 {
    let k = v[2];
    let found = iterate(stop_gradient(v));
    let next = |x: &[f64], p: &[f64]| vec![(p[0] * x[0]).cos() * k + 0.1 * x[1], p[1] * x[0] * k];
    let y = implicit::fixed_point(next, &found, &v[..2]);
    y[0] * y[1] + k * y[0]
}

#[test]
fn second_derivatives() {
    tests::agree!(anomaly, [0.3, 1.1, 2.0]);
    tests::curvature!(anomaly, [0.3, 1.1, 2.0]);
    tests::agree!(limit, [0.7, 0.4, 0.6]);
    tests::curvature!(limit, [0.7, 0.4, 0.6]);
    for hessian in [
        anomaly::hessian(&[0.3, 1.1, 2.0]),
        limit::hessian(&[0.7, 0.4, 0.6]),
    ] {
        assert!((&hessian - hessian.transpose()).amax() < 1e-12 * hessian.amax());
    }
}

/// Sensitivity of `x^2 = p` twice: `x'' = -1 / (4 p^(3/2))`.
#[differentiate(order = 2)]
fn square(x: &[f64], p: &[f64]) -> Vec<f64> {
    vec![x[0] * x[0] - p[0]]
}

#[differentiate(order = 2)]
fn root_of(p: f64) -> f64 {
    let found = [stop_gradient(p).sqrt()];
    implicit::root(square, &found, &[p][..])[0]
}

#[test]
fn second_derivative_of_a_square_root() {
    let p = 1.7f64;
    near(root_of::hvp(p, 1.0), -0.25 / p.powf(1.5));
}
