//! The same of traits and of generic code that they bind.

use crate::hessians;
use autodiff_runtime::{Differentiable, differentiate};
use tests::agree;
use tests::modes::POINTS;

/// Of its implementors, only some have tangents.
#[differentiate]
trait Payoff {
    const WEIGHT: f64;

    fn value(&self, spot: f64) -> f64;

    fn strike(&self) -> f64;

    fn spread(&self, spot: f64, width: f64) -> f64 {
        self.value(spot) - Self::WEIGHT * self.value(spot - width) + self.strike() * width
    }

    fn moneyness(&self, spot: f64) -> f64 {
        spot / self.strike()
    }

    fn moved(&mut self, by: f64);
}

#[derive(Clone, Debug, Differentiable)]
struct Call {
    strike: f64,
    smoothing: f64,
}

#[differentiate]
impl Payoff for Call {
    const WEIGHT: f64 = 0.7;

    fn value(&self, spot: f64) -> f64 {
        let z = (spot - self.strike) / self.smoothing;
        self.smoothing * z.exp().ln_1p()
    }

    fn strike(&self) -> f64 {
        self.strike * self.strike
    }

    fn moneyness(&self, spot: f64) -> f64 {
        (spot / self.strike()).ln()
    }

    fn moved(&mut self, by: f64) {
        self.strike = self.strike * by + by;
    }
}

/// Without a tangent.
struct Forward {
    strike: f64,
}

#[differentiate]
impl Payoff for Forward {
    const WEIGHT: f64 = 1.0;

    fn value(&self, spot: f64) -> f64 {
        spot * spot - self.strike
    }

    fn strike(&self) -> f64 {
        self.strike
    }

    fn moved(&mut self, _: f64) {}
}

#[differentiate]
fn payoffs(v: &[f64]) -> f64 {
    let mut call = Call {
        strike: 1.0 + v[0] * v[0],
        smoothing: 0.5,
    };
    let before = call.value(v[1]) + call.strike();
    call.moved(v[2]);
    let fixed = Call {
        strike: 0.9,
        smoothing: 0.4,
    };
    let forward = Forward { strike: 1.2 };
    let on_fixed =
        fixed.spread(v[1], v[0]) + fixed.moneyness(2.0 + v[2]) + forward.spread(v[0], v[3]);
    before
        + call.spread(v[1], v[2]) * call.moneyness(3.0 + v[3])
        + on_fixed
        + forward.moneyness(v[4])
}

/// A trait with parameters, and one whose method hands on what it is.
#[differentiate(order = 2)]
trait Kernel<const N: usize> {
    fn at(&self, x: [f64; N]) -> f64;

    fn both(&self, other: &Self, x: [f64; N]) -> f64;
}

#[derive(Clone, Debug, Differentiable)]
struct Gauss<const N: usize> {
    centre: [f64; N],
    width: f64,
}

#[differentiate(order = 2)]
impl<const N: usize> Kernel<N> for Gauss<N> {
    fn at(&self, x: [f64; N]) -> f64 {
        let terms = x.iter().zip(&self.centre);
        let r2: f64 = terms.map(|(x, c)| (x - c) * (x - c)).sum();
        (-r2 / (1.0 + self.width * self.width)).exp()
    }

    fn both(&self, other: &Self, x: [f64; N]) -> f64 {
        self.at(x) * other.at(x)
    }
}

#[differentiate(order = 2)]
fn kernels(v: &[f64]) -> f64 {
    let moving = Gauss {
        centre: [v[0], v[1]],
        width: v[2],
    };
    let fixed = Gauss {
        centre: [0.2, -0.4],
        width: 1.5,
    };
    let x = [v[3], v[4]];
    moving.at(x) + fixed.at([v[0], 0.1]) * moving.both(&fixed, x) + fixed.both(&moving, x)
}

#[test]
fn receivers() {
    agree!(payoffs at &POINTS);
    agree!(kernels at &POINTS);
    agree!(of_numbers at &POINTS);
    agree!(waves at &POINTS);
}

#[test]
fn second_order() {
    hessians(kernels::hessian, kernels::grad);
}

#[test]
fn what_users_have() {
    let call = Call {
        strike: 1.5,
        smoothing: 0.5,
    };
    let gradient: CallTangent = call.strike_grad();
    assert_eq!((gradient.strike, gradient.smoothing), (3.0, 0.0));
    let slope: f64 = call.value_grad(1.5);
    assert_eq!(slope, 0.5);
    let object: Box<dyn Objective> = Box::new(2.5);
    assert_eq!(object.loss(2.0), 5.0);
    assert_eq!(2.5.loss_grad(2.0), 2.5);
}

/// Traits can still be objects. Types of the language have tangents.
#[differentiate]
trait Objective {
    fn loss(&self, x: f64) -> f64;
}

#[differentiate]
impl Objective for f64 {
    fn loss(&self, x: f64) -> f64 {
        self * x
    }
}

#[differentiate]
trait Norm {
    fn norm_squared(&self) -> f64;
}

#[differentiate]
impl Norm for Vec<f64> {
    fn norm_squared(&self) -> f64 {
        self.iter().map(|x| x * x).sum()
    }
}

#[differentiate]
fn of_numbers(v: &[f64]) -> f64 {
    let list = v.to_vec();
    list.norm_squared() * v[0].loss(v[1]) + 2.0.loss(v[2])
}

/// Generic code, with receivers that have derivatives.
#[differentiate]
fn ladder<P: Payoff + Clone>(payoff: &P, spots: &[f64]) -> f64 {
    let mut moved = payoff.clone();
    moved.moved(0.5);
    let sum: f64 = spots
        .iter()
        .map(|s| payoff.value(*s) * moved.spread(*s, 0.1))
        .sum();
    sum + payoff.strike()
}

#[derive(Clone, Debug, Differentiable)]
struct Book<P> {
    payoff: P,
    size: f64,
}

#[differentiate]
impl<P: Payoff> Book<P> {
    fn worth(&self, spot: f64) -> f64 {
        self.size * self.payoff.value(spot) + self.payoff.strike()
    }
}

#[differentiate]
fn generic(v: &[f64]) -> f64 {
    let call = Call {
        strike: 1.0 + v[0] * v[0],
        smoothing: 0.5 + v[1] * v[1],
    };
    let sum = ladder(&call, &v[2..]) + of_any(&call, v[0]);
    let book = Book {
        payoff: call,
        size: v[2],
    };
    sum + book.worth(v[3])
}

#[differentiate]
fn of_any(payoff: &impl Payoff, spot: f64) -> f64 {
    payoff.moneyness(spot * spot + 2.0) * payoff.value(spot)
}

#[test]
fn generic_receivers() {
    agree!(generic at &POINTS);
    let forward = Forward { strike: 1.0 };
    assert_eq!(forward.value_grad(3.0), 6.0);
}

/// An implementation for what is made of others.
#[derive(Clone, Debug, Differentiable)]
struct Both<A, B>(A, B);

#[differentiate]
trait Wave {
    fn at(&self, x: f64) -> f64;
}

#[derive(Clone, Debug, Differentiable)]
struct Sine {
    rate: f64,
}

#[differentiate]
impl Wave for Sine {
    fn at(&self, x: f64) -> f64 {
        (self.rate * x).sin()
    }
}

#[differentiate]
impl<A: Wave, B: Wave> Wave for Both<A, B> {
    fn at(&self, x: f64) -> f64 {
        self.0.at(x) * self.1.at(x * x)
    }
}

#[differentiate]
fn waves(v: &[f64]) -> f64 {
    let both = Both(Sine { rate: 0.7 }, Sine { rate: 1.3 });
    both.at(v[0]) + Sine { rate: v[1] }.at(v[2])
}
