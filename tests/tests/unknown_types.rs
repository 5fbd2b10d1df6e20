//! Values whose types are not told: fields of structs, results of calls.
#![allow(clippy::all)]
use autodiff_runtime::nalgebra::{Matrix3, Vector3};
use autodiff_runtime::{Differentiable, differentiate};
use tests::agree;

#[derive(Clone, Debug, Differentiable)]
struct Body {
    position: Vector3<f64>,
    velocity: Vector3<f64>,
    inertia: Matrix3<f64>,
}

#[differentiate]
fn body(x: &[f64]) -> Body {
    Body {
        position: Vector3::new(x[0], x[1], x[2]),
        velocity: Vector3::new(x[2] * x[0], x[1], 2.0 * x[3]),
        inertia: Matrix3::new(x[0], 0.1, x[1], 0.1, x[2], 0.0, x[1], 0.0, x[3]),
    }
}

#[differentiate]
fn energy(x: &[f64]) -> f64 {
    let b = body(x);
    let spin = b.position.cross(&b.velocity);
    let direction = b.velocity.normalize();
    0.5 * b.velocity.norm_squared() + spin.norm() + b.position.dot(&direction)
        - 1.0 / b.position.norm()
}

#[differentiate]
fn inertias(x: &[f64]) -> f64 {
    let bodies = vec![body(x), body(&x[1..])];
    let mut sum = 0.0;
    for b in &bodies {
        sum += b.inertia.determinant() + b.inertia.transpose().trace() * x[0];
        sum += b.velocity.dot(&b.velocity);
    }
    sum
}

/// The receiver is a constant, the argument is not, and the other way round.
#[differentiate]
fn against(x: &[f64], #[constant] fixed: &Body) -> f64 {
    let b = body(x);
    let across = fixed.velocity.cross(&b.position);
    fixed.position.dot(&b.velocity) + across.norm() + b.position.cross(&fixed.velocity)[0]
}

#[test]
fn matrices_as_fields() {
    agree!(energy, [0.3, 1.2, -0.7, 0.4]);
    agree!(inertias, [0.3, 1.2, -0.7, 0.4, 0.9]);
    let (x, fixed) = (vec![0.3, 1.2, -0.7, 0.4], body(&[1.0, -2.0, 0.5, 0.1]));
    let (v, g) = against::value_and_grad(&x, &fixed);
    assert_eq!(v.to_bits(), against(&x, &fixed).to_bits());
    let r = autodiff_runtime::check::gradient(|p: &Vec<f64>| against(p, &fixed), &x, &g);
    assert!(r.error < 1e-7, "{r:?}");
    for k in 0..x.len() {
        let mut d = vec![0.0; x.len()];
        d[k] = 1.0;
        let (_, s) = against::jvp(&x, &fixed, &d);
        assert!((s - g[k]).abs() <= 1e-11 * s.abs().max(1.0), "{s} {}", g[k]);
    }
}

/// A vector of one's own with methods of the same names.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Plane {
    x: f64,
    y: f64,
}

#[differentiate(self)]
impl Plane {
    fn dot(&self, other: &Plane) -> f64 {
        self.x * other.x + 3.0 * self.y * other.y
    }
    fn norm(&self) -> f64 {
        self.dot(self).sqrt()
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Pair {
    a: Plane,
    b: Plane,
}

#[differentiate]
fn own_names(x: &[f64]) -> f64 {
    let p = Pair {
        a: Plane { x: x[0], y: x[1] },
        b: Plane {
            x: x[1],
            y: x[2] * x[0],
        },
    };
    p.a.dot(&p.b) * p.b.norm() + p.a.norm()
}

#[test]
fn methods_of_ones_own_come_first() {
    agree!(own_names, [0.3, 1.2, -0.7]);
}
