//! Blocks annotated without the option `self`: for users the receiver is a constant, callers may give one that has a derivative.

use autodiff_runtime::{Differentiable, differentiate};
use nalgebra::DMatrix;
use tests::agree;
use tests::modes::POINTS;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Vec2 {
    x: f64,
    y: f64,
}

#[differentiate]
impl Vec2 {
    const UP: Self = Self { x: 0.0, y: 1.0 };

    fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    fn length(&self) -> f64 {
        self.dot(self).sqrt()
    }

    fn dot(&self, other: &Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    fn scaled(self, k: f64) -> Self {
        Self::new(self.x * k, self.y * k)
    }

    fn turn(&mut self, angle: f64) {
        let (s, c) = angle.sin_cos();
        *self = Self::new(c * self.x - s * self.y, s * self.x + c * self.y);
    }

    fn power(&self, n: u32) -> f64 {
        if n == 0 {
            self.x
        } else {
            self.y * self.power(n - 1)
        }
    }

    fn quadrant(&self) -> usize {
        usize::from(self.x < 0.0) + 2 * usize::from(self.y < 0.0)
    }
}

#[differentiate]
fn active(v: &[f64]) -> f64 {
    let a = Vec2::new(v[0], v[1]);
    let mut b = Vec2 { x: v[2], y: a.x };
    b.turn(v[3]);
    let c = a.scaled(v[4]);
    let sign = if c.quadrant() == 0 { 1.0 } else { -1.0 };
    a.length() + sign * b.dot(&c) + c.power(3) + Vec2::dot(&b, &a)
}

#[differentiate]
fn constant(v: &[f64]) -> f64 {
    let fixed = Vec2 { x: 0.3, y: -1.1 };
    let mut turned = Vec2::UP;
    turned.turn(v[0]);
    let moved = fixed.scaled(v[1]);
    fixed.dot(&moved) + turned.length() * moved.x + fixed.dot(&Vec2::new(v[2], 1.0)) + turned.y
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Series<T> {
    coefficients: Vec<T>,
    #[constant]
    shift: f64,
}

#[differentiate(order = 2)]
impl Series<f64> {
    fn at(&self, x: f64) -> f64 {
        let sum = self.coefficients.iter().rev();
        sum.fold(self.shift, |acc, c| acc * x + c)
    }

    fn at_shifted(&self, x: f64, by: f64) -> f64 {
        self.at(x + by) * by
    }

    fn total(&self) -> f64 {
        self.coefficients.iter().map(|c| c * c).sum()
    }
}

#[differentiate(order = 2)]
fn of_series(v: &[f64]) -> f64 {
    let series = Series {
        coefficients: v.to_vec(),
        shift: 0.5,
    };
    let fixed = Series {
        coefficients: vec![1.0, 2.0, -0.5],
        shift: 0.1,
    };
    series.at(v[1])
        + series.at_shifted(0.3, v[0])
        + series.total()
        + fixed.at(v[2])
        + fixed.at_shifted(v[3], 0.2)
}

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
    agree!(active at &POINTS);
    agree!(constant at &POINTS);
    agree!(of_series at &POINTS);
}

#[test]
fn second_order() {
    hessians(of_series::hessian, of_series::grad);
    hessians(kernels::hessian, kernels::grad);
}

/// Hessians against differences of gradients.
fn hessians(hessian: impl Fn(&[f64]) -> DMatrix<f64>, g: impl Fn(&[f64]) -> Vec<f64>) {
    for x in &POINTS {
        let h = hessian(x);
        for (j, _) in x.iter().enumerate() {
            let step = |sign: f64| {
                let mut y = x.to_vec();
                y[j] += sign * 1e-5;
                g(&y)
            };
            for (i, (up, down)) in step(1.0).iter().zip(&step(-1.0)).enumerate() {
                let slope = (up - down) / 2e-5;
                assert!(
                    (h[(i, j)] - slope).abs() < 1e-6 * (1.0 + slope.abs()),
                    "{i} {j}"
                );
            }
        }
    }
}

#[test]
fn what_users_have() {
    let v = Vec2 { x: 0.6, y: 0.8 };
    assert_eq!(v.scaled_vjp(2.0).1(Vec2Tangent { x: 1.0, y: 0.0 }), 0.6);
    let slope: Vec2Tangent = v.length_grad();
    assert!((slope.x - 0.6).abs() < 1e-15 && (slope.y - 0.8).abs() < 1e-15);
    let gradient: Vec2Tangent = v.dot_grad(&Vec2::UP);
    assert_eq!((gradient.x, gradient.y), (0.6, 0.8));
    let series = Series {
        coefficients: vec![1.0, 2.0],
        shift: 0.5,
    };
    assert_eq!(series.at_value_and_grad(0.7).1, 2.0 + 2.0 * 0.5 * 0.7);
    assert_eq!(series.at_hessian(0.7)[(0, 0)], 1.0);
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

/// Methods with the attribute for themselves.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Complex<T> {
    re: T,
    im: T,
}

impl<T> Complex<T>
where
    T: num_traits::Float,
{
    fn new(re: T, im: T) -> Self {
        Self { re, im }
    }

    #[differentiate]
    fn modulus(&self) -> T {
        (self.re * self.re + self.im * self.im).sqrt()
    }

    #[differentiate]
    fn argument(&self, offset: T) -> T {
        self.im.atan2(self.re) - offset * self.modulus()
    }
}

impl Vec2 {
    #[differentiate]
    fn blended(&self, other: Self, t: f64) -> f64 {
        self.x + (other.x - self.x) * t + self.y.cos()
    }
}

#[differentiate]
fn single(v: &[f64]) -> f64 {
    let z = Complex { re: v[0], im: v[1] };
    let fixed = Complex::new(0.6, 0.8);
    let a = Vec2 { x: v[2], y: v[3] };
    z.modulus() * fixed.argument(v[4])
        + z.argument(0.3)
        + a.blended(Vec2::UP, v[0])
        + Vec2::UP.blended(a, 0.2)
}

#[test]
fn of_methods_alone() {
    agree!(single at &POINTS);
    let slope: f64 = Complex::new(0.6, 0.8).argument_grad(1.0);
    assert!((slope + 1.0).abs() < 1e-15);
    let slope: ComplexTangent<f64> = Complex::new(0.6, 0.8).modulus_grad();
    assert_eq!((slope.re, slope.im), (0.6, 0.8));
}

/// Methods that take their receiver, that call themselves by a name which floats have, and that are given functions.
#[derive(Clone, Debug, Differentiable)]
struct Setup {
    gain: f64,
    weights: Vec<f64>,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Filter {
    gain: f64,
    offset: f64,
}

#[differentiate]
impl Setup {
    fn new() -> Self {
        Self {
            gain: 1.0,
            weights: vec![2.0],
        }
    }

    fn amplified(mut self, by: f64) -> Self {
        self.gain *= by;
        self
    }

    fn weighted(mut self, weight: f64) -> Self {
        self.weights.push(weight);
        self
    }

    fn build(self) -> Filter {
        let offset = self.weights.iter().sum();
        Filter {
            gain: self.gain,
            offset,
        }
    }
}

#[differentiate]
impl Filter {
    fn powi(&self, n: u32) -> f64 {
        if n == 0 {
            self.offset
        } else {
            self.gain * self.powi(n - 1)
        }
    }

    fn map<F: Fn(f64) -> f64>(self, f: F) -> Self {
        let Self { gain, offset } = self;
        Self {
            gain: f(gain),
            offset: f(offset),
        }
    }

    fn through(&self, f: impl Fn(f64) -> f64, x: f64) -> f64 {
        f(self.gain * x) + self.offset
    }
}

#[differentiate]
fn built(v: &[f64]) -> f64 {
    let setup = Setup::new().amplified(v[0]).weighted(v[1]);
    let other = setup.clone().amplified(v[2]).build();
    let filter: Filter = setup.build();
    let fixed = Setup::new().build();
    let mapped: Filter = filter.map(|x| x * v[3].sin());
    filter.powi(3) * mapped.powi(2)
        + other.through(|x| x * x + v[4], v[0])
        + fixed.through(|x| x * v[1], v[2])
}

#[test]
fn taken_receivers() {
    agree!(built at &POINTS);
}

/// Types of one name in different modules.
mod polar {
    use autodiff_runtime::{Differentiable, differentiate};

    #[derive(Clone, Debug, Differentiable)]
    pub struct Place {
        pub radius: f64,
        pub angle: f64,
    }

    #[differentiate]
    impl Place {
        pub fn height(&self) -> f64 {
            self.radius * self.angle.sin()
        }
    }
}

mod cartesian {
    use autodiff_runtime::{Differentiable, differentiate};

    #[derive(Clone, Debug, Differentiable)]
    pub struct Place {
        pub history: Vec<f64>,
        #[constant]
        pub scale: f64,
    }

    #[differentiate]
    impl Place {
        pub fn height(&self, offset: f64) -> f64 {
            let last = self.history.last().copied().unwrap_or(0.0);
            last * self.scale + offset
        }
    }
}

#[differentiate]
fn of_modules(v: &[f64]) -> f64 {
    let a = polar::Place {
        radius: v[0],
        angle: v[1],
    };
    let b = cartesian::Place {
        history: v[2..].to_vec(),
        scale: 0.5,
    };
    a.height() * b.height(v[0])
}

#[test]
fn modules() {
    agree!(of_modules at &POINTS);
}

/// An implementation for what is made of others, and a type that borrows.
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

#[derive(Clone, Copy, Debug, Differentiable)]
struct Samples<'a> {
    values: &'a [f64],
}

#[differentiate]
impl<'a> Samples<'a> {
    fn new(values: &'a [f64]) -> Self {
        Self { values }
    }

    fn rest(&self) -> &'a [f64] {
        &self.values[1..]
    }

    fn between(&self, k: usize, t: f64) -> f64 {
        self.values[k] * (1.0 - t) + self.values[k + 1] * t
    }
}

#[differentiate]
fn waves(v: &[f64]) -> f64 {
    let both = Both(Sine { rate: 0.7 }, Sine { rate: 1.3 });
    both.at(v[0]) + Sine { rate: v[1] }.at(v[2])
}

#[differentiate]
fn sampled(v: &[f64], samples: &Samples) -> f64 {
    samples.between(1, v[0]) * v[1] + samples.values[0]
}

#[test]
fn made_of_others() {
    agree!(waves at &POINTS);
    let values = [1.0, 2.0, 4.0];
    let samples = Samples::new(&values);
    assert_eq!(samples.rest(), [2.0, 4.0]);
    assert_eq!(samples.between_grad(1, 0.5), 2.0);
    let (gradient, of_samples) = sampled::grad(&[0.25, 3.0], &samples);
    assert_eq!(
        (gradient, of_samples.values),
        (vec![6.0, 2.5], vec![1.0, 2.25, 0.75])
    );
}

/// A helper that is not annotated: the receiver is a constant then.
#[derive(Clone, Debug, Differentiable)]
struct Gain {
    level: f64,
}

#[differentiate]
impl Gain {
    fn applied(&self, x: f64) -> f64 {
        self.factor() * x
    }
}

impl Gain {
    fn factor(&self) -> f64 {
        self.level.exp()
    }
}

#[test]
fn beside_what_is_not_annotated() {
    assert_eq!(Gain { level: 0.0 }.applied_grad(3.0), 1.0);
}
