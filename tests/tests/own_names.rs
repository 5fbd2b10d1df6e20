//! Methods of the user's types that have the names of functions of floats, and functions that have the names of types.

use autodiff_runtime::{Differentiable, differentiate};
use std::ops::{Add, AddAssign, Div, Mul, Sub};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Vec2 {
    x: f64,
    y: f64,
}

#[differentiate(self)]
impl Vec2 {
    const ZERO: Vec2 = Vec2 { x: 0.0, y: 0.0 };

    fn abs(self) -> Vec2 {
        Vec2 {
            x: self.x.abs(),
            y: self.y.abs(),
        }
    }

    fn max(self, other: Vec2) -> Vec2 {
        Vec2 {
            x: self.x.max(other.x),
            y: self.y.max(other.y),
        }
    }

    fn length(self) -> f64 {
        self.x.hypot(self.y)
    }

    fn translated<V: Into<Vec2>>(by: V) -> Vec2 {
        let by = by.into();
        Vec2 {
            x: by.x + 1.0,
            y: by.y * by.x,
        }
    }
}

#[differentiate]
impl Sub for Vec2 {
    type Output = Vec2;

    fn sub(self, other: Vec2) -> Vec2 {
        Vec2 {
            x: self.x - other.x,
            y: self.y - other.y,
        }
    }
}

#[differentiate]
impl Add for Vec2 {
    type Output = Vec2;

    fn add(self, other: Vec2) -> Vec2 {
        Vec2 {
            x: self.x + other.x,
            y: self.y + other.y,
        }
    }
}

impl AddAssign for Vec2 {
    fn add_assign(&mut self, other: Vec2) {
        *self = *self + other;
    }
}

#[differentiate]
impl Div<f64> for Vec2 {
    type Output = Vec2;

    fn div(self, by: f64) -> Vec2 {
        Vec2 {
            x: self.x / by,
            y: self.y / by,
        }
    }
}

/// `+=` of a type that is only named.
#[differentiate]
fn spread(points: &[Vec2]) -> f64 {
    let mut sum: Vec2 = Vec2::ZERO;
    for point in points {
        sum += *point;
    }
    let mean = sum / points.len() as f64;
    points.iter().map(|p| (*p - mean).length().powi(2)).sum()
}

/// The signed distance to a box.
#[differentiate]
fn distance(p: Vec2, half: Vec2) -> f64 {
    let q = p.abs() - half;
    q.max(Vec2::ZERO).length() + q.x.max(q.y).min(0.0)
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Complex {
    re: f64,
    im: f64,
}

#[differentiate(self)]
impl Complex {
    fn exp(self) -> Complex {
        let r = self.re.exp();
        Complex {
            re: r * self.im.cos(),
            im: r * self.im.sin(),
        }
    }

    fn abs(self) -> f64 {
        self.re.hypot(self.im)
    }

    fn powi(self, n: i32) -> Complex {
        let mut power = Complex { re: 1.0, im: 0.0 };
        for _ in 0..n {
            power = power * self;
        }
        power
    }
}

#[differentiate]
impl Mul for Complex {
    type Output = Complex;

    fn mul(self, other: Complex) -> Complex {
        Complex {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
        }
    }
}

#[differentiate]
impl Add for Complex {
    type Output = Complex;

    fn add(self, other: Complex) -> Complex {
        Complex {
            re: self.re + other.re,
            im: self.im + other.im,
        }
    }
}

/// No name of a type of the user's in sight but those of the parameters: `z.exp().re` tells.
#[differentiate]
fn magnitude(z: Complex, c: Complex) -> f64 {
    let u = (z * z + c).exp();
    z.exp().re * u.powi(3).abs().ln() + c.im
}

type Real = f64;

#[differentiate]
fn aliased(x: Real, y: Real) -> Real {
    let z: Real = x.abs() + Real::max(y, Real::EPSILON);
    z.ln() * Real::from(2.0_f32) + Real::sqrt(x)
}

/// Named as in a paper.
#[allow(non_snake_case)]
#[differentiate]
fn J(u: f64, v: f64, points: &[Vec2]) -> f64 {
    points
        .iter()
        .enumerate()
        .map(|(k, p)| D_k(k, p.x, u) * v.powi(k as i32))
        .sum()
}

#[allow(non_snake_case)]
#[differentiate]
fn D_k(k: usize, x: f64, u: f64) -> f64 {
    (x * u).sin() * (k + 1) as f64
}

tests::checks! {
    boxes: |x| distance(Vec2 { x: x[0], y: x[1] }, Vec2 { x: x[2], y: 1.0 }), [-3.0, 2.0, 1.0], [0.3, 0.2, 1.5];
    in_place: |x| spread(&[Vec2 { x: x[0], y: x[1] }, Vec2 { x: 0.5, y: x[0] }, Vec2 { x: 1.5, y: 0.2 }]), [-0.3, 0.2];
    complex: |x| magnitude(Complex { re: x[0], im: x[1] }, Complex { re: 0.5, im: x[2] }), [-0.3, 0.2, 0.7];
    aliases: |x| aliased(x[0], x[1]), [2.0, 3.0];
    capitals: |x| J(x[0], x[1], &[Vec2 { x: x[0], y: 1.0 }, Vec2 { x: x[1], y: 2.0 }]), [0.4, 0.7];
    conversions: |x| Vec2::translated(Vec2 { x: x[0], y: x[1] }).length(), [0.4, 0.7];
}

/// A type whose method has the name of an operator's is called by its method.
mod named_as_operators {
    use autodiff_runtime::{Differentiable, differentiate};
    use tests::agree;

    #[derive(Clone, Debug, Differentiable)]
    struct Account {
        balance: f64,
    }

    #[differentiate]
    impl Account {
        fn add(&self, x: f64) -> f64 {
            self.balance * x + x * x
        }
    }

    #[differentiate]
    fn paid(x: &[f64]) -> f64 {
        Account { balance: x[0] }.add(x[1]) * x[2]
    }

    #[test]
    fn methods_of_types() {
        agree!(paid at &[&[0.3, 0.4, 1.2]]);
    }
}

/// Other names of types of one's own, which nalgebra has too; methods named as functions of floats of what a function gives.
mod other_names {
    use autodiff_runtime::{Differentiable, differentiate};
    use tests::agree;

    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    struct Vec3 {
        e: [f64; 3],
    }

    type Point3 = Vec3;
    type Rotation3 = [f64; 3];

    #[differentiate]
    impl Vec3 {
        fn new(x: f64, y: f64, z: f64) -> Self {
            Self { e: [x, y, z] }
        }

        fn x(&self) -> f64 {
            self.e[0] + self.e[2]
        }

        fn sqrt(self) -> Self {
            Self::new(self.e[1], self.e[0] * self.e[2], self.e[0])
        }
    }

    #[differentiate]
    fn product(a: Point3, b: Rotation3) -> Point3 {
        Point3::new(a.e[0] * b[0], a.e[1] * b[1], a.e[2] * b[2])
    }

    #[differentiate]
    fn named(x: &[f64]) -> f64 {
        let p = Point3::new(x[0], x[1], x[2]);
        let sum = product(p, [x[1], 2.0, x[0]]).sqrt().x();
        sum * product(p.sqrt(), p.e).e[1]
    }

    #[test]
    fn names_of_own_types() {
        agree!(named at &[&[0.3, 0.4, 1.2]]);
    }
}
