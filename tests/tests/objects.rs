//! Types with methods as published crates have them.

use autodiff_runtime::{Differentiable, check, differentiate};
use num_traits::Float;
use tests::agree;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Complex<T> {
    re: T,
    im: T,
}

#[differentiate(self)]
impl<T: Float> Complex<T> {
    fn new(re: T, im: T) -> Self {
        Complex { re, im }
    }

    fn times(self, other: Self) -> Self {
        Self::new(
            self.re * other.re - self.im * other.im,
            self.re * other.im + self.im * other.re,
        )
    }

    fn norm_sqr(&self) -> T {
        self.re * self.re + self.im * self.im
    }

    fn exp(self) -> Self {
        let r = self.re.exp();
        Complex {
            re: r * self.im.cos(),
            im: r * self.im.sin(),
        }
    }
}

#[differentiate]
fn mandelbrot<T: Float>(x: T, y: T, steps: usize) -> T {
    let c = Complex::new(x, y);
    let mut z = Complex { re: x, im: x };
    for _ in 0..steps {
        z = z.times(z);
        z.re = z.re + c.re;
        z.im = z.im + c.im;
    }
    z.norm_sqr() + c.exp().re
}

#[test]
fn generic_numbers() {
    let (x, y) = mandelbrot::grad(0.25, 0.125, 3);
    check::gradient(
        |p: &(f64, f64)| mandelbrot(p.0, p.1, 3),
        &(0.25, 0.125),
        &(x, y),
    )
    .assert_below(1e-9);
    let slope = mandelbrot::jvp(0.25, 0.125, 3, 1.0, 2.0).1;
    assert!((slope - x - 2.0 * y).abs() < 1e-14);
}

#[derive(Clone, Debug, Differentiable)]
struct Pendulum {
    angle: f64,
    speed: f64,
    length: f64,
}

#[differentiate(self)]
impl Pendulum {
    const GRAVITY: f64 = 9.81;

    fn with_length(mut self, length: f64) -> Self {
        self.length = length;
        self
    }

    fn acceleration(&self) -> f64 {
        -Self::GRAVITY / self.length * self.angle.sin()
    }

    fn step(&mut self, dt: f64) {
        self.speed += dt * self.acceleration();
        self.angle += dt * self.speed;
    }

    fn energy(&self) -> f64 {
        let v = self.length * self.speed;
        0.5 * v.powi(2) - Self::GRAVITY * self.length * self.angle.cos()
    }

    fn parts(&self, weight: f64) -> (f64, f64) {
        (weight * self.angle, self.speed)
    }
}

#[differentiate]
fn swing(x: &[f64]) -> f64 {
    let mut p = Pendulum {
        angle: x[0],
        speed: x[1],
        length: 1.0,
    }
    .with_length(x[2]);
    let mut total = 0.0;
    for _ in 0..10 {
        p.step(0.01);
        total += p.energy();
    }
    let (a, b) = p.parts(x[0]);
    total * a + b
}

#[test]
fn states_that_change() {
    agree!(swing, [0.5, 0.1, 1.5]);
}

#[derive(Clone, Debug, Differentiable)]
struct Layer {
    weights: Vec<Vec<f64>>,
    biases: Vec<f64>,
}

#[derive(Clone, Debug, Differentiable)]
struct Network {
    layers: Vec<Layer>,
    scale: f64,
}

#[differentiate(self)]
impl Layer {
    fn forward(&self, x: &[f64]) -> Vec<f64> {
        self.weights
            .iter()
            .zip(&self.biases)
            .map(|(row, b)| {
                let z: f64 = row.iter().zip(x).map(|(w, x)| w * x).sum();
                (z + b).tanh()
            })
            .collect()
    }
}

#[differentiate(self)]
impl Network {
    fn predict(&self, x: &[f64]) -> f64 {
        let mut h = x.to_vec();
        for layer in &self.layers {
            h = layer.forward(&h);
        }
        self.scale * h[0]
    }

    fn loss(&self, xs: &[Vec<f64>], ys: &[f64]) -> f64 {
        xs.iter()
            .zip(ys)
            .map(|(x, y)| (self.predict(x) - y).powi(2))
            .sum::<f64>()
            / ys.len() as f64
    }
}

fn network(p: &[f64]) -> Network {
    Network {
        layers: vec![
            Layer {
                weights: vec![vec![p[0], p[1]], vec![p[2], p[3]]],
                biases: vec![p[4], p[5]],
            },
            Layer {
                weights: vec![vec![p[6], p[7]]],
                biases: vec![p[8]],
            },
        ],
        scale: p[9],
    }
}

#[test]
fn networks() {
    let p = [0.5, -0.25, 0.75, 1.0, 0.1, -0.2, 0.3, 0.6, -0.4, 1.5];
    let (xs, ys) = (vec![vec![1.0, 2.0], vec![-0.5, 0.25]], [0.5, -1.0]);
    let n = network(&p);
    let (value, (gradient, _, _)) = n.loss_value_and_grad(&xs, &ys);
    assert_eq!(value.to_bits(), n.loss(&xs, &ys).to_bits());
    check::gradient(|p: &[f64; 10]| network(p).loss(&xs, &ys), &p, &gradient).assert_below(1e-8);
    let direction = gradient.clone();
    let zeros = (vec![vec![0.0; 2]; 2], vec![0.0; 2]);
    let (_, slope) = n.loss_jvp(&xs, &ys, &direction, &zeros.0, &zeros.1);
    let mut square = 0.0;
    autodiff_runtime::Coordinates::<f64>::visit_coordinates(&gradient, &mut |g| square += g * g);
    assert!((slope - square).abs() < 1e-12 * square);
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Camera {
    rotation: [f64; 3],
    center: [f64; 3],
    focal: f64,
    distortion: (f64, f64),
}

#[differentiate]
fn rotate(r: &[f64; 3], p: &[f64; 3]) -> [f64; 3] {
    let theta = (r[0] * r[0] + r[1] * r[1] + r[2] * r[2]).sqrt();
    let (s, c) = theta.sin_cos();
    let k = [r[0] / theta, r[1] / theta, r[2] / theta];
    let dot = k[0] * p[0] + k[1] * p[1] + k[2] * p[2];
    let mut out = [0.0; 3];
    for i in 0..3 {
        let cross = k[(i + 1) % 3] * p[(i + 2) % 3] - k[(i + 2) % 3] * p[(i + 1) % 3];
        out[i] = p[i] * c + cross * s + k[i] * dot * (1.0 - c);
    }
    out
}

#[differentiate(self)]
impl Camera {
    fn project(&self, point: &[f64; 3]) -> [f64; 2] {
        let Camera {
            rotation,
            center,
            focal,
            distortion: (k1, k2),
        } = self;
        let moved = [
            point[0] - center[0],
            point[1] - center[1],
            point[2] - center[2],
        ];
        let q = rotate(rotation, &moved);
        let (x, y) = (q[0] / q[2], q[1] / q[2]);
        let r2 = x * x + y * y;
        let d = focal * (1.0 + k1 * r2 + k2 * r2 * r2);
        [d * x, d * y]
    }

    fn error(&self, points: &[[f64; 3]], seen: &[[f64; 2]]) -> f64 {
        let mut sum = 0.0;
        for (point, seen) in points.iter().zip(seen) {
            let p = self.project(point);
            sum += (p[0] - seen[0]).powi(2) + (p[1] - seen[1]).powi(2);
        }
        sum
    }
}

#[differentiate]
fn reprojection(x: &[f64]) -> f64 {
    let camera = Camera {
        rotation: [x[0], x[1], 0.2],
        center: [0.1, x[2], -3.0],
        focal: x[3],
        distortion: (x[4], 0.01),
    };
    camera.error(
        &[[0.1, 0.2, 1.0], [x[2], -0.5, 0.5]],
        &[[0.0, 0.1], [0.3, -0.2]],
    )
}

#[test]
fn cameras() {
    agree!(reprojection, [0.1, -0.2, 0.3, 1.2, 0.05]);
}

#[differentiate]
fn longer(mut p: Pendulum, l: f64) -> Pendulum {
    p.length = l * p.angle;
    p
}

#[test]
fn values_that_are_handed_through() {
    let p = Pendulum {
        angle: 2.0,
        speed: 1.0,
        length: 3.0,
    };
    let (value, pullback) = longer::vjp(p, 0.5);
    assert_eq!(value.length, 1.0);
    let (p, l) = pullback(PendulumTangent {
        angle: 1.0,
        speed: 2.0,
        length: 4.0,
    });
    assert_eq!((p.angle, p.speed, p.length, l), (3.0, 2.0, 0.0, 8.0));
}
