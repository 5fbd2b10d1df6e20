//! Methods and associated functions, in `impl` blocks and alone.

use autodiff_runtime::{Differentiable, check, differentiate};

struct Quadratic {
    a: f64,
    b: f64,
}

impl Quadratic {
    #[differentiate]
    fn value(&self, x: f64) -> f64 {
        self.a * x * x + self.b * x
    }

    #[differentiate(forward)]
    fn at_all(&self, x: &[f64]) -> Vec<f64> {
        x.iter().map(|x| self.a * x + self.b).collect()
    }
}

#[test]
fn the_receiver_is_constant() {
    let f = Quadratic { a: 2.0, b: 3.0 };
    assert_eq!(f.value(2.0), 14.0);
    assert_eq!(f.value_grad(2.0), 11.0);
    assert_eq!(f.value_value_and_grad(2.0), (14.0, 11.0));
    assert_eq!(f.value_jvp(2.0, 2.0), (14.0, 22.0));
    let (value, pullback) = Quadratic::value_vjp(&f, 2.0);
    assert_eq!((value, pullback(3.0)), (14.0, 33.0));
    let mut slope = 9.0;
    assert_eq!(f.value_value_and_grad_into(2.0, &mut slope), 14.0);
    assert_eq!(slope, 11.0);
    assert_eq!(f.value_jacobian(2.0)[(0, 0)], 11.0);
    assert_eq!(f.at_all_jvp(&[1.0, 2.0], &[1.0, 0.0]).1, [2.0, 0.0]);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Circle {
    x: f64,
    y: f64,
    radius: f64,
}

impl Circle {
    const SIDES: f64 = 2.0;

    #[differentiate]
    fn area(&self) -> f64 {
        std::f64::consts::PI * self.radius.powi(2)
    }

    #[differentiate(wrt = (self, px))]
    fn distance(&self, px: f64, py: f64) -> f64 {
        (self.x - px).hypot(self.y - py) - self.radius * Self::SIDES
    }

    #[differentiate(self)]
    fn grow(&mut self, by: f64) {
        self.radius *= by;
        self.x += by * self.y;
    }

    #[differentiate(self)]
    fn scaled_radius(mut self, factor: f64) -> f64 {
        self.radius *= factor;
        self.radius * self.x
    }
}

#[test]
fn the_receiver_is_differentiated() {
    let circle = Circle {
        x: 3.0,
        y: 4.0,
        radius: 0.5,
    };
    let gradient: CircleTangent = circle.area_grad();
    assert_eq!(
        gradient,
        CircleTangent {
            x: 0.0,
            y: 0.0,
            radius: std::f64::consts::PI
        }
    );
    let (gradient, slope) = circle.distance_grad(0.0, 0.0);
    assert_eq!(
        gradient,
        CircleTangent {
            x: 0.6,
            y: 0.8,
            radius: -2.0
        }
    );
    assert_eq!(slope, -0.6);
    let direction = CircleTangent {
        x: 1.0,
        y: 1.0,
        radius: 1.0,
    };
    let (_, change) = circle.distance_jvp(0.0, 0.0, &direction, 2.0);
    assert!((change - (0.6 + 0.8 - 2.0 - 1.2)).abs() < 1e-15);
    let (gradient, slope) = circle.scaled_radius_grad(2.0);
    assert_eq!(
        gradient,
        CircleTangent {
            x: 1.0,
            y: 0.0,
            radius: 6.0
        }
    );
    assert_eq!(slope, 1.5);
}

#[test]
fn the_receiver_is_changed() {
    let mut circle = Circle {
        x: 3.0,
        y: 4.0,
        radius: 0.5,
    };
    let (_, pullback) = circle.grow_vjp(2.0);
    let (gradient, slope) = pullback(CircleTangent {
        x: 1.0,
        y: 0.0,
        radius: 10.0,
    });
    assert_eq!(
        gradient,
        CircleTangent {
            x: 1.0,
            y: 2.0,
            radius: 20.0
        }
    );
    assert_eq!(slope, 4.0 + 5.0);
}

struct Layer {
    weights: Vec<f64>,
    bias: f64,
}

#[differentiate]
#[allow(clippy::needless_range_loop)] // as numerical code counts
impl Layer {
    fn len(&self) -> usize {
        self.weights.len()
    }

    fn activation(x: f64) -> f64 {
        x.tanh()
    }

    fn linear(&self, x: &[f64]) -> f64 {
        let mut sum = self.bias;
        for i in 0..self.len() {
            sum += self.weights[i] * x[i];
        }
        sum
    }

    fn forward(&self, x: &[f64]) -> f64 {
        let y = self.linear(x);
        Self::activation(y) + Layer::activation(2.0 * y)
    }
}

#[differentiate]
fn two_layers(#[constant] second: &Layer, x: &[f64]) -> f64 {
    second.forward(&[x[0], x[1] * x[0]])
}

#[test]
fn methods_call_each_other() {
    let layer = Layer {
        weights: vec![0.5, -0.25],
        bias: 0.125,
    };
    let x = [0.3, -0.7];
    check::gradient(|x: &[f64; 2]| layer.forward(x), &x, &layer.forward_grad(&x))
        .assert_below(1e-9);
    let y = layer.forward_jvp(&x, &[1.0, 2.0]);
    let gradient = layer.forward_grad(&x);
    assert!((y.1 - gradient[0] - 2.0 * gradient[1]).abs() < 1e-14);
    assert_eq!(layer.forward(&x), y.0);
    let gradient = two_layers::grad(&layer, &x);
    check::gradient(|x: &[f64; 2]| two_layers(&layer, x), &x, &gradient).assert_below(1e-9);
}

trait Activation {
    const SLOPE: f64;
    type Output;
    fn apply(&self, x: f64) -> Self::Output;
}

struct Leaky;

#[derive(Clone, Copy, Differentiable)]
struct Swish(f64);

#[differentiate(inherent)]
impl Activation for Leaky {
    const SLOPE: f64 = 0.1;
    type Output = f64;
    fn apply(&self, x: f64) -> Self::Output {
        if x > 0.0 { x } else { Self::SLOPE * x }
    }
}

#[differentiate(self, inherent)]
impl Activation for Swish {
    const SLOPE: f64 = 1.0;
    type Output = f64;
    fn apply(&self, x: f64) -> Self::Output {
        x / (1.0 + (-self.0 * x).exp()) * Self::SLOPE
    }
}

#[differentiate]
fn activated(swish: Swish, x: f64) -> f64 {
    let y = swish.apply(x) + Leaky.apply(-x * x);
    swish.apply(y)
}

#[test]
fn methods_of_traits() {
    assert_eq!(Leaky.apply_grad(-2.0), 0.1);
    let (value, (swish, x)) = activated::value_and_grad(Swish(1.5), 0.75);
    assert_eq!(value, activated(Swish(1.5), 0.75));
    let at = |p: &(f64, f64)| activated(Swish(p.0), p.1);
    check::gradient(at, &(1.5, 0.75), &(swish.0, x)).assert_below(1e-9);
    let (_, slope) = activated::jvp(Swish(1.5), 0.75, SwishTangent(2.0), 3.0);
    assert!((slope - 2.0 * swish.0 - 3.0 * x).abs() < 1e-14);
}

#[derive(Clone, Debug, Differentiable)]
struct Table {
    times: Vec<f64>,
    values: Vec<f64>,
    last: usize,
}

/// Each has the attribute for itself; what gives integers has none.
impl Table {
    fn find(&self, t: f64) -> usize {
        let later = self.times.iter().skip(1).take_while(|&&s| s < t);
        later.count().min(self.times.len() - 2)
    }

    fn is_sorted(&self) -> bool {
        self.times.windows(2).all(|w| w[0] < w[1])
    }

    #[differentiate]
    fn at(&self, t: f64) -> f64 {
        let k = self.find(t);
        let part = Self::part(self.times[k], self.times[k + 1], t);
        self.values[k] + part * (self.values[k + 1] - self.values[k])
    }

    #[differentiate]
    fn moved(&mut self, t: f64) -> f64 {
        let scale = if self.is_sorted() { 1.0 } else { 2.0 };
        self.times[0] -= t * t;
        self.last = self.find(t);
        scale * self.values[self.last] * self.at(t)
    }

    #[differentiate]
    fn part(from: f64, to: f64, t: f64) -> f64 {
        (t - from) / (to - from)
    }
}

#[differentiate]
fn tabulated(x: &[f64]) -> f64 {
    let mut table = Table {
        times: vec![0.0, 1.0, 2.0 + 0.1 * x[0], 3.0],
        values: x.to_vec(),
        last: 0,
    };
    let first = table.moved(x[1]) * Table::part(x[0], 3.0, x[2]);
    first * table.moved(x[3]) + table.at(0.3)
}

struct Knots<'a> {
    values: &'a [f64],
}

impl<'a> Knots<'a> {
    #[differentiate]
    fn polynomial(&self, t: f64) -> f64 {
        self.values.iter().rev().fold(0.0, |sum, v| sum * t + v)
    }
}

#[test]
fn methods_alone() {
    tests::agree!(tabulated, [0.7, 1.3, 1.1, 2.2]);
    tests::agree!(tabulated, [0.2, 0.6, 1.9, 0.4]);
    let knots = Knots {
        values: &[1.0, 2.0, 3.0],
    };
    assert_eq!(knots.polynomial_value_and_grad(2.0), (17.0, 14.0));
    assert_eq!(knots.polynomial_jvp(2.0, 0.5), (17.0, 7.0));
}
