//! Annotated traits, their implementations, and generic code that is bound by them.
#![allow(clippy::all)]
use autodiff_runtime::{Differentiable, differentiate};
use tests::agree;

/// What a system does; the second method has a body that one of the systems replaces.
#[differentiate]
trait System {
    const ORDER: usize;

    fn rhs(&self, t: f64, y: f64) -> f64;

    fn damped(&self, t: f64, y: f64) -> f64 {
        self.rhs(t, y) - 0.1 * y * y * Self::ORDER as f64
    }

    fn start(scale: f64) -> f64;

    fn name(&self) -> String;
}

struct Linear {
    rate: f64,
}

struct Logistic {
    capacity: f64,
}

#[differentiate]
impl System for Linear {
    const ORDER: usize = 1;

    fn rhs(&self, t: f64, y: f64) -> f64 {
        -self.rate * y + t.sin()
    }

    fn start(scale: f64) -> f64 {
        scale * scale
    }

    fn name(&self) -> String {
        "linear".to_string()
    }
}

#[differentiate]
impl System for Logistic {
    const ORDER: usize = 2;

    fn rhs(&self, _: f64, y: f64) -> f64 {
        y * (1.0 - y / self.capacity)
    }

    fn damped(&self, t: f64, y: f64) -> f64 {
        self.rhs(t, y) * y.cos()
    }

    fn start(scale: f64) -> f64 {
        scale.exp()
    }

    fn name(&self) -> String {
        "logistic".to_string()
    }
}

#[differentiate]
fn simulate<M: System>(#[constant] model: &M, scale: f64, h: f64) -> f64 {
    let mut y = M::start(scale);
    let mut t = 0.0;
    for _ in 0..4 * M::ORDER {
        y += h * model.rhs(t, y);
        y += h * model.damped(t, y);
        t += h;
    }
    y
}

#[differentiate]
fn linear(x: &[f64]) -> f64 {
    let model = Linear { rate: 0.7 };
    simulate(&model, x[0], x[1]) * model.rhs(x[0], x[1])
}

#[differentiate]
fn logistic(x: &[f64]) -> f64 {
    let model = Logistic { capacity: 3.0 };
    simulate(&model, x[0], x[1]) + Logistic::start(x[1])
}

#[test]
fn generic_code_differentiates_through_the_trait() {
    agree!(linear, [1.3, 0.1]);
    agree!(logistic, [0.3, 0.2]);
    let model = Logistic { capacity: 3.0 };
    let (by_time, by_state) = model.rhs_grad(0.0, 1.2);
    assert_eq!(by_time, 0.0);
    assert!((by_state - (1.0 - 2.0 * 1.2 / 3.0)).abs() < 1e-15);
    let (value, (scale, h)) = simulate::value_and_grad(&model, 0.3, 0.2);
    assert_eq!(value, simulate(&model, 0.3, 0.2));
    let (_, slope) = simulate::jvp(&model, 0.3, 0.2, 1.0, 0.0);
    assert!((slope - scale).abs() < 1e-12 * slope.abs());
    let (_, slope) = simulate::jvp(&model, 0.3, 0.2, 0.0, 1.0);
    assert!((slope - h).abs() < 1e-12 * slope.abs());
    let object: &dyn Named = &model;
    assert_eq!(object.label(1.0), model.name());
    assert_eq!(object.weight(2.0), 6.0);
    assert_eq!(model.weight_grad(2.0), 3.0);
}

/// The trait can still be made an object of.
#[differentiate]
trait Named {
    fn label(&self, x: f64) -> String;
    fn weight(&self, x: f64) -> f64;
}

#[differentiate]
impl Named for Logistic {
    fn label(&self, _: f64) -> String {
        self.name()
    }
    fn weight(&self, x: f64) -> f64 {
        x * self.capacity
    }
}

/// With respect to the receiver too, an associated type, and a parameter of the trait.
#[differentiate(self)]
trait Potential<T: autodiff_runtime::Real>: Differentiable {
    type Point: Differentiable;

    fn energy(&self, at: &Self::Point) -> T;

    fn apply(&mut self, by: T);
}

#[derive(Clone, Debug, Differentiable)]
struct Spring {
    stiffness: f64,
    rest: f64,
}

#[differentiate(self)]
impl Potential<f64> for Spring {
    type Point = [f64; 2];

    fn energy(&self, at: &[f64; 2]) -> f64 {
        let stretch = (at[0] * at[0] + at[1] * at[1]).sqrt() - self.rest;
        0.5 * self.stiffness * stretch * stretch
    }

    fn apply(&mut self, by: f64) {
        self.stiffness *= by;
        self.rest += by * by;
    }
}

#[differentiate]
fn total<P: Potential<f64, Point = [f64; 2]> + Clone>(potential: &P, at: &[[f64; 2]]) -> f64 {
    let mut changed = potential.clone();
    changed.apply(0.5 * at[0][0]);
    at.iter().map(|p| changed.energy(p)).sum()
}

#[differentiate]
fn springs(x: &[f64]) -> f64 {
    let spring = Spring {
        stiffness: x[0],
        rest: x[1] * x[0],
    };
    total(&spring, &[[x[2], x[3]], [x[3], 1.0]])
}

#[test]
fn receivers_are_differentiated() {
    agree!(springs, [2.0, 0.4, 0.9, 1.7]);
    let spring = Spring {
        stiffness: 2.0,
        rest: 1.0,
    };
    let (gradient, at): (SpringTangent, [f64; 2]) = spring.energy_grad(&[3.0, 4.0]);
    assert_eq!((gradient.stiffness, gradient.rest), (8.0, -8.0));
    assert!((at[0] - 4.8).abs() < 1e-14 && (at[1] - 6.4).abs() < 1e-14);
}

/// Types of the language, and references to others.
#[differentiate]
trait Activation {
    fn activate(self, x: f64) -> f64;
}

#[differentiate]
impl Activation for f64 {
    fn activate(self, x: f64) -> f64 {
        (self * x).tanh()
    }
}

#[differentiate]
impl Activation for [f64; 2] {
    fn activate(self, x: f64) -> f64 {
        self[0] * x + self[1] * x * x
    }
}

#[differentiate]
fn through<A: Activation + Copy>(#[constant] a: A, x: f64) -> f64 {
    a.activate(x) * x
}

#[test]
fn types_of_the_language() {
    let (value, slope) = through::value_and_grad(0.5, 1.2);
    let expected = (0.6f64).tanh() + 1.2 * 0.5 * (1.0 - 0.6f64.tanh().powi(2));
    assert_eq!(value, through(0.5, 1.2));
    assert!((slope - expected).abs() < 1e-14);
    let (_, slope) = through::jvp([2.0, 3.0], 1.2, 1.0);
    assert!((slope - (2.0 * 2.0 * 1.2 + 3.0 * 3.0 * 1.2 * 1.2)).abs() < 1e-12);
}
