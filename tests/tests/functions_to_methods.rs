//! Closures and functions that are handed to methods, as solvers and vector libraries take them.

use autodiff_runtime::{Differentiable, differentiate};

#[derive(Clone, Copy, Debug)]
struct Euler {
    h: f64,
    steps: usize,
}

#[differentiate]
impl Euler {
    fn solve<F: Fn(f64, f64) -> f64>(&self, f: F, y: f64) -> f64 {
        let mut y = y;
        for i in 0..self.steps {
            y += self.h * f(i as f64 * self.h, y);
        }
        y
    }

    /// A system of equations.
    fn system(&self, f: impl Fn(f64, &[f64]) -> Vec<f64>, start: &[f64]) -> Vec<f64> {
        let mut y = start.to_vec();
        for i in 0..self.steps {
            let slope = f(i as f64 * self.h, &y);
            for (y, s) in y.iter_mut().zip(&slope) {
                *y += self.h * s;
            }
        }
        y
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Vec3 {
    x: f64,
    y: f64,
    z: f64,
}

#[differentiate(self)]
impl Vec3 {
    fn map<F: Fn(f64) -> f64>(self, f: F) -> Vec3 {
        Vec3 {
            x: f(self.x),
            y: f(self.y),
            z: f(self.z),
        }
    }

    fn zip(&self, other: &Vec3, f: impl Fn(f64, f64) -> f64) -> Vec3 {
        Vec3 {
            x: f(self.x, other.x),
            y: f(self.y, other.y),
            z: f(self.z, other.z),
        }
    }

    fn reduce(&self, f: impl Fn(f64, f64) -> f64) -> f64 {
        f(f(self.x, self.y), self.z)
    }

    fn apply<F>(&mut self, f: F)
    where
        F: Fn(f64) -> f64,
    {
        self.x = f(self.x);
        self.y = f(self.y) * self.x;
        self.z = f(self.z);
    }
}

#[differentiate]
trait Rule {
    fn integrate<F: Fn(f64) -> f64>(&self, f: F, a: f64, b: f64) -> f64;
}

struct Midpoint(usize);

#[differentiate]
impl Rule for Midpoint {
    fn integrate<F: Fn(f64) -> f64>(&self, f: F, a: f64, b: f64) -> f64 {
        let h = (b - a) / self.0 as f64;
        (0..self.0).map(|i| h * f(a + h * (i as f64 + 0.5))).sum()
    }
}

#[differentiate]
fn decay(x: &[f64]) -> f64 {
    let (k, y) = (x[0], x[1]);
    let method = Euler { h: 0.1, steps: 4 };
    method.solve(|t, y| -k * y + t * y.sin(), y)
}

#[differentiate]
fn pendulum(x: &[f64]) -> f64 {
    let method = Euler { h: 0.1, steps: 5 };
    let end = method.system(|_, s: &[f64]| vec![s[1], -x[2] * s[0].sin()], &x[..2]);
    end[0] * end[1]
}

/// Nothing in the function tells that `Vec3` is no list: its definition does.
#[differentiate]
fn mapped(v: Vec3, w: &Vec3, k: f64) -> f64 {
    let scaled = v.map(|t| t * k);
    let both: Vec3 = scaled.zip(w, |a, b| a * b + k);
    both.reduce(|a, b| a * b + k)
}

#[differentiate]
fn changed(x: &[f64]) -> f64 {
    let mut v = Vec3 {
        x: x[0],
        y: x[1],
        z: x[2],
    };
    v.apply(|t| t * x[1]);
    v.apply(f64::sin);
    v.x * v.y + v.z
}

#[differentiate]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate]
#[allow(clippy::needless_borrows_for_generic_args)]
fn areas(x: &[f64]) -> f64 {
    let rule = Midpoint(5);
    let f = |t: f64| (x[0] * t).exp();
    rule.integrate(square, x[0], x[1]) * rule.integrate(&f, x[1], 2.0)
}

/// A method that knows the rule by its trait only.
#[differentiate]
fn by_bound<R: Rule>(#[constant] rule: &R, a: f64) -> f64 {
    rule.integrate(|t| a * t.sin(), 0.0, a)
}

#[differentiate]
fn vector(x: &[f64]) -> Vec3 {
    Vec3 {
        x: x[0],
        y: x[1],
        z: x[2],
    }
}

tests::checks! {
    scalar_equation: |x| decay(x), [3.0, 1.0], [0.2, -0.4];
    system_of_equations: |x| pendulum(x), [0.4, 0.1, 2.0];
    of_vectors: |x| mapped(vector(x), &vector(&x[1..]), x[3]), [1.0, 2.0, -3.0, 0.5];
    in_place: |x| changed(x), [1.0, 2.0, -3.0];
    of_traits: |x| areas(x), [0.3, 1.2];
    through_bounds: |x| by_bound(&Midpoint(4), x[0]), [0.7];
}
