//! Blocks annotated without the option `self`: for users the receiver is a constant, callers may give one that has a derivative.

mod traits;

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

#[test]
fn receivers() {
    agree!(active at &POINTS);
    agree!(constant at &POINTS);
    agree!(of_series at &POINTS);
}

#[test]
fn second_order() {
    hessians(of_series::hessian, of_series::grad);
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

/// A type that borrows.
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
fn sampled(v: &[f64], samples: &Samples) -> f64 {
    samples.between(1, v[0]) * v[1] + samples.values[0]
}

#[test]
fn of_what_borrows() {
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
