//! Types with conversions, bounds of one's own, ranges and traits that change their receivers.

use autodiff_runtime::{Conversion, Differentiable, differentiate};
use num_traits::{Float, Num};
use std::ops::{Add, Mul, Range, Sub};
use tests::agree;

/// A trait of numbers that says so only by what it asks for.
trait Base: Num + Copy + PartialOrd {}

impl<T: Num + Copy + PartialOrd> Base for T {}

trait Smooth: Base + Float {}

impl<T: Base + Float> Smooth for T {}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Coord<T: Base = f64> {
    x: T,
    y: T,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair<T: Base>(T, T);

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Segment<T: Base = f64> {
    start: Coord<T>,
    end: Coord<T>,
}

#[differentiate]
impl<T: Base> From<(T, T)> for Coord<T> {
    fn from(c: (T, T)) -> Self {
        Coord { x: c.0, y: c.1 }
    }
}

#[differentiate]
impl<T: Base> From<[T; 2]> for Coord<T> {
    fn from([x, y]: [T; 2]) -> Self {
        Self { x: x * y, y }
    }
}

#[differentiate]
impl<T: Base> From<Pair<T>> for Coord<T> {
    fn from(p: Pair<T>) -> Self {
        Coord::from((p.0, p.1 * p.0))
    }
}

#[differentiate]
impl From<i32> for Coord {
    fn from(n: i32) -> Self {
        Coord {
            x: f64::from(n),
            y: 1.0,
        }
    }
}

/// A number made of a type of one's own.
#[differentiate]
impl From<Coord> for f64 {
    fn from(c: Coord) -> f64 {
        c.x * c.y
    }
}

#[differentiate]
impl<T: Base> Sub for Coord<T> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Coord {
            x: self.x - other.x,
            y: self.y - other.y,
        }
    }
}

#[differentiate(self)]
impl<T: Base> Segment<T> {
    fn new<C: Into<Coord<T>>>(start: C, end: C) -> Self {
        Self {
            start: start.into(),
            end: end.into(),
        }
    }

    fn determinant(&self) -> T {
        self.start.x * self.end.y - self.start.y * self.end.x
    }

    /// No derivative flows through it: it is a member like any other.
    fn corner(&self, _at: T) -> T {
        T::one()
    }
}

#[differentiate]
fn length<T: Smooth, C: Into<Coord<T>>>(start: C, end: C) -> T {
    let delta = end.into() - start.into();
    delta.x.hypot(delta.y)
}

#[differentiate]
trait Curve: Sized {
    fn eval(&self, t: f64) -> f64;
    fn part(&self, range: Range<f64>) -> Self;

    fn halves(&self) -> (Self, Self) {
        (self.part(0.0..0.5), self.part(0.5..1.0))
    }
}

/// Annotated as what it extends.
#[differentiate]
trait Measured: Curve {
    /// The tolerance has no part in it.
    fn length(&self, tolerance: f64) -> f64;

    fn mean(&self) -> f64 {
        self.length(1e-3) * self.eval(0.5)
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Line {
    from: f64,
    to: f64,
}

#[differentiate]
impl Curve for Line {
    fn eval(&self, t: f64) -> f64 {
        self.from * (1.0 - t) + self.to * t * t
    }

    fn part(&self, range: Range<f64>) -> Self {
        let Range { start, end } = range.clone();
        Line {
            from: self.eval(start),
            to: self.eval(range.end) * end,
        }
    }
}

#[differentiate]
impl Measured for Line {
    fn length(&self, _tolerance: f64) -> f64 {
        (self.to - self.from).powi(2)
    }
}

#[differentiate]
fn middle(range: Range<f64>) -> f64 {
    range.start * 0.5 + range.end.sin()
}

/// A provided method that changes its receiver through another one.
#[differentiate]
trait Plant {
    fn step(&mut self, force: f64) -> f64;

    fn settle(&mut self, force: f64, steps: usize) -> f64 {
        let mut last = 0.0;
        for _ in 0..steps {
            last = self.step(force);
        }
        last
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Mass {
    x: f64,
    v: f64,
    damping: f64,
}

#[differentiate]
impl Plant for Mass {
    fn step(&mut self, force: f64) -> f64 {
        self.v += 0.1 * (force - self.damping * self.v - self.x);
        self.x += 0.1 * self.v;
        self.x * self.v
    }
}

#[differentiate]
fn run<P: Plant>(plant: &mut P, force: f64, steps: usize) -> f64 {
    let first = plant.step(force);
    first + plant.settle(force * first, steps)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Activation {
    Tanh,
    Softplus,
}

#[differentiate]
impl Activation {
    fn apply(self, x: f64) -> f64 {
        match self {
            Self::Tanh => x.tanh(),
            Self::Softplus => x.exp().ln_1p(),
        }
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Layer {
    weights: Vec<f64>,
    activation: Activation,
}

#[differentiate(self)]
impl Layer {
    fn new(weights: Vec<f64>, activation: Activation) -> Self {
        Self {
            weights,
            activation,
        }
    }

    fn outputs(&self, x: f64) -> (usize, Vec<f64>) {
        let outputs = self.weights.iter().map(|w| self.activation.apply(w * x));
        (self.weights.len(), outputs.collect())
    }

    /// An error may be a reference that lives forever.
    fn checked(&self, x: f64) -> Result<f64, &'static str> {
        if x > 0.0 {
            Ok(self.weights[0] * x.ln())
        } else {
            Err("not positive")
        }
    }

    fn rounded(&self) -> f64 {
        self.weights[0].round()
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Scaled<T> {
    value: T,
}

#[differentiate]
impl<T: std::ops::Neg> std::ops::Neg for Scaled<T> {
    type Output = Scaled<T::Output>;
    fn neg(self) -> Self::Output {
        Scaled { value: -self.value }
    }
}

#[differentiate]
impl<T: Add<Output = T> + Mul<Output = T> + Copy> Mul for Scaled<T> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Scaled {
            value: self.value * other.value + self.value,
        }
    }
}

#[differentiate]
fn conversions(x: &[f64]) -> f64 {
    let a = Coord::from((x[0], x[1] * x[0]));
    let b = Coord::from([x[1], x[2]]);
    let c = Coord::<f64>::from(Pair(x[2], x[0]));
    let mut d = Coord::from(2);
    d.x *= x[0];
    let number = f64::from(a) - d.x;
    number + (b - c).x * (b - c).y
}

#[differentiate]
fn converted_arguments(x: &[f64]) -> f64 {
    let segment = Segment::new((x[0], x[1]), (x[2], x[0] * x[1]));
    let other = Segment::new(segment.end, Coord { x: x[1], y: 2.0 });
    segment.determinant() * other.determinant()
        + length((x[0], 1.0), (x[1], x[2])) * segment.corner(x[0])
}

#[differentiate]
fn ranges(x: &[f64]) -> f64 {
    middle(x[0]..x[1] * x[0]) + middle(0.5..x[1])
}

#[differentiate]
fn parts(x: &[f64]) -> f64 {
    let line = Line {
        from: x[0],
        to: x[1],
    };
    let (left, right) = line.halves();
    left.mean() * right.eval(x[2]) + right.length(x[0])
}

#[differentiate]
fn changed(x: &[f64]) -> f64 {
    let mut mass = Mass {
        x: x[0],
        v: x[1],
        damping: x[2],
    };
    let out = run(&mut mass, x[3], 4);
    out * mass.x + mass.settle(x[0], 2)
}

#[differentiate]
fn kinds(x: &[f64]) -> f64 {
    let layer = Layer::new(vec![x[0], x[1]], Activation::Tanh);
    let (n, outputs) = layer.outputs(x[2]);
    let last = outputs.last().unwrap();
    let other = Layer {
        activation: Activation::Softplus,
        ..layer.clone()
    };
    last * n as f64
        + other.outputs(x[2]).1.iter().sum::<f64>()
        + layer.checked(x[2]).unwrap()
        + x[1] * layer.rounded()
}

#[differentiate]
fn operators(x: &[f64]) -> f64 {
    let (a, b) = (Scaled { value: x[0] }, Scaled { value: x[1] });
    (-(a * b) * a).value
}

#[test]
fn gradients() {
    agree!(conversions, [0.7, -0.4, 1.3]);
    agree!(converted_arguments, [0.7, -0.4, 1.3]);
    agree!(ranges, [0.7, -0.4]);
    agree!(parts, [0.7, -0.4, 1.3]);
    agree!(changed, [0.7, -0.4, 1.3, 0.6]);
    agree!(kinds, [0.7, -0.4, 1.3]);
    agree!(operators, [0.7, -0.4]);
}

#[test]
fn conversions_by_hand() {
    let (point, change) = Coord::from_jvp([2.0, 3.0], [1.0, 0.0]);
    assert_eq!((point.x, change.x, change.y), (6.0, 3.0, 0.0));
    let (point, pullback) = Coord::<f64>::from_vjp((2.0, 3.0));
    let mut cotangent = point.zero_tangent();
    cotangent.y = 4.0;
    assert_eq!(pullback(cotangent), (0.0, 4.0));
    let (mut mass, rest) = (
        Mass {
            x: 1.0,
            v: 0.0,
            damping: 0.5,
        },
        Activation::Softplus,
    );
    assert!(mass.settle_grad(0.5, 3) != 0.0 && rest.apply_grad(0.0) == 0.5);
}

/// A trait without a float that types with one implement.
#[differentiate]
trait Norm<T> {
    fn norm_of(&self) -> T;

    fn twice(&self, k: T) -> T;
}

#[differentiate]
impl<T: Smooth> Norm<T> for Segment<T> {
    fn norm_of(&self) -> T {
        (self.end.x - self.start.x).hypot(self.end.y - self.start.y)
    }

    fn twice(&self, k: T) -> T {
        let sum = self.norm_of() + self.norm_of();
        sum * k
    }
}

#[differentiate]
trait Inner {
    type Scalar;

    fn inner(&self, other: &Self) -> Self::Scalar;
    fn scaled_by(&self, k: Self::Scalar) -> Self;
}

#[differentiate]
impl<T: Smooth> Inner for Coord<T> {
    type Scalar = T;

    fn inner(&self, other: &Self) -> T {
        self.x * other.x + self.y * other.y * other.x
    }

    fn scaled_by(&self, k: T) -> Self {
        Coord {
            x: self.x * k,
            y: self.y * k * k,
        }
    }
}

#[differentiate]
fn energy<V: Inner<Scalar = f64>>(a: &V, b: &V, k: f64) -> f64 {
    a.inner(&b.scaled_by(k)) * b.inner(a)
}

#[differentiate]
fn norms(x: &[f64]) -> f64 {
    let segment = Segment::new((x[0], x[1]), (x[2], x[0] * x[1]));
    let other = Segment::new((x[1], x[0]), (1.0, x[2]));
    segment.twice(x[1]) * other.norm_of() + energy(&segment.start, &other.end, x[0])
}

/// Elements that are no copies are moved when they are sorted.
#[differentiate]
fn sorted(x: &[f64]) -> f64 {
    let mut layers: Vec<Layer> = x
        .iter()
        .map(|w| Layer::new(vec![*w, w * w], Activation::Tanh))
        .collect();
    layers.sort_by(|a, b| a.weights[0].partial_cmp(&b.weights[0]).unwrap());
    let mut sum = 0.0;
    for (k, layer) in layers.iter().enumerate() {
        sum += k as f64 * layer.outputs(0.5).1[1];
    }
    sum
}

#[test]
fn traits_of_generic_types() {
    agree!(norms, [0.7, -0.4, 1.3]);
    agree!(sorted, [0.7, -0.4, 1.3]);
}
