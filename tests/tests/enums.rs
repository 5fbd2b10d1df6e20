//! Enums: values with variants, `match`, `if let`, methods.

use autodiff_runtime::{Differentiable, differentiate};
use tests::agree;

#[derive(Clone, Debug, PartialEq, Differentiable)]
enum Shape {
    Empty,
    Circle(f64),
    Rectangle { width: f64, height: f64 },
    Polygon(Vec<[f64; 2]>),
}

#[differentiate(self)]
impl Shape {
    fn area(&self) -> f64 {
        match self {
            Shape::Empty => 0.0,
            Shape::Circle(radius) => std::f64::consts::PI * radius * radius,
            Self::Rectangle { width, height } => width * height,
            Shape::Polygon(points) => {
                let mut sum = 0.0;
                for i in 0..points.len() {
                    let (p, q) = (&points[i], &points[(i + 1) % points.len()]);
                    sum += p[0] * q[1] - q[0] * p[1];
                }
                0.5 * sum
            }
        }
    }

    fn scaled(&self, k: f64) -> Shape {
        match self {
            Shape::Circle(radius) => Shape::Circle(k * radius),
            Shape::Rectangle { width, .. } if k > 100.0 => Shape::Rectangle {
                width: *width,
                height: 1.0,
            },
            Shape::Rectangle { width, height } => Shape::Rectangle {
                width: k * width,
                height: k * height,
            },
            other => other.clone(),
        }
    }
}

#[differentiate]
fn areas(x: &[f64]) -> f64 {
    let shapes = vec![
        Shape::Circle(x[0]),
        Shape::Rectangle {
            width: x[0] * x[1],
            height: x[1].exp(),
        },
        Shape::Polygon(vec![[0.0, x[0]], [x[1], 0.5], [1.0, 2.0]]),
        Shape::Empty,
    ];
    let mut total = 0.0;
    for shape in &shapes {
        total += shape.area() * x[1];
    }
    total + shapes[1].scaled(x[0]).area()
}

#[test]
fn shapes() {
    agree!(areas, [0.75, -0.5]);
    let gradient = Shape::Rectangle {
        width: 2.0,
        height: 3.0,
    }
    .area_grad();
    assert_eq!(
        gradient,
        ShapeTangent::Rectangle {
            width: 3.0,
            height: 2.0
        }
    );
    assert_eq!(Shape::Empty.area_grad(), ShapeTangent::Empty);
}

#[derive(Clone, Copy, Debug, Differentiable)]
enum Kernel {
    Gaussian { length: f64 },
    Linear,
}

#[differentiate]
fn kernel(k: &Kernel, r: f64) -> f64 {
    if let Kernel::Gaussian { length } = k {
        return (-0.5 * (r / length).powi(2)).exp();
    }
    r
}

#[differentiate]
fn chosen(x: &[f64]) -> f64 {
    let mut k = Kernel::Linear;
    let before = kernel(&k, x[0]);
    if x[0] > 0.0 {
        k = Kernel::Gaussian { length: x[1] };
    }
    let both = match k {
        Kernel::Gaussian { length } => length * before,
        Kernel::Linear => before,
    };
    kernel(&k, x[0] * x[1]) + both
}

#[test]
fn variants_that_change() {
    agree!(chosen, [0.75, 1.5]);
    agree!(chosen, [-0.75, 1.5]);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
enum Right {
    Call,
    Put,
}

#[differentiate]
fn payoff(right: Right, spot: f64, strike: f64) -> f64 {
    match right {
        Right::Call => (spot - strike).max(0.0),
        Right::Put => (strike - spot).max(0.0),
    }
}

#[test]
fn without_values() {
    assert_eq!(payoff::grad(Right::Call, 2.0, 1.0), ((), 1.0, -1.0));
    assert_eq!(payoff::grad(Right::Put, 1.0, 2.0), ((), -1.0, 1.0));
}
