//! Operators of types of one's own, as small vector libraries have them.

use autodiff_runtime::{Differentiable, differentiate};
use num_traits::Float;
use std::ops::{Add, Div, Mul, Neg, Sub};
use tests::agree;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Vec3 {
    x: f64,
    y: f64,
    z: f64,
}

#[differentiate(self)]
impl Vec3 {
    fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }

    fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    fn unit(self) -> Self {
        self / self.length()
    }

    fn reflect(self, normal: Vec3) -> Self {
        self - 2.0 * self.dot(normal) * normal
    }
}

#[differentiate]
impl Add for Vec3 {
    type Output = Vec3;
    fn add(self, other: Vec3) -> Vec3 {
        Vec3::new(self.x + other.x, self.y + other.y, self.z + other.z)
    }
}

#[differentiate]
impl Sub for Vec3 {
    type Output = Self;
    fn sub(self, Vec3 { x, y, z }: Self) -> Self::Output {
        Self {
            x: self.x - x,
            y: self.y - y,
            z: self.z - z,
        }
    }
}

#[differentiate]
impl Neg for Vec3 {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.x, -self.y, -self.z)
    }
}

#[differentiate]
impl Mul<f64> for Vec3 {
    type Output = Vec3;
    fn mul(self, k: f64) -> Vec3 {
        Vec3::new(k * self.x, k * self.y, k * self.z)
    }
}

#[differentiate]
impl Mul<Vec3> for f64 {
    type Output = Vec3;
    fn mul(self, v: Vec3) -> Vec3 {
        v * self
    }
}

/// Component by component, as colours are mixed.
#[differentiate]
impl Mul for Vec3 {
    type Output = Vec3;
    fn mul(self, other: Vec3) -> Vec3 {
        Vec3::new(self.x * other.x, self.y * other.y, self.z * other.z)
    }
}

#[differentiate]
impl Div<f64> for Vec3 {
    type Output = Vec3;
    fn div(self, k: f64) -> Vec3 {
        (1.0 / k) * self
    }
}

#[differentiate]
fn vectors(x: &[f64]) -> f64 {
    let (a, b) = (Vec3::new(x[0], x[1], x[2]), Vec3::new(x[3], x[4], x[5]));
    let c = a * 2.0 - b / x[0] + -(a * b);
    let d = x[1] * c + b * x[2];
    d.unit().reflect(a.unit()).dot(b) + (a + b).length()
}

/// A ray and a sphere: fields and results of calls whose types nobody has written.
#[derive(Clone, Copy, Differentiable)]
struct Ray {
    origin: Vec3,
    direction: Vec3,
}

#[differentiate(self)]
impl Ray {
    fn at(&self, t: f64) -> Vec3 {
        self.origin + t * self.direction
    }
}

#[derive(Differentiable)]
struct Sphere {
    center: Vec3,
    radius: f64,
}

#[differentiate(self)]
impl Sphere {
    fn hit(&self, ray: &Ray) -> Option<f64> {
        let oc = ray.origin - self.center;
        let a = ray.direction.dot(ray.direction);
        let half_b = oc.dot(ray.direction);
        let c = oc.dot(oc) - self.radius * self.radius;
        let discriminant = half_b * half_b - a * c;
        if discriminant < 0.0 {
            None
        } else {
            Some((-half_b - discriminant.sqrt()) / a)
        }
    }

    fn normal(&self, at: Vec3) -> Vec3 {
        (at - self.center) / self.radius
    }
}

#[differentiate]
fn shade(x: &[f64]) -> f64 {
    let spheres = [
        Sphere {
            center: Vec3::new(x[0], 0.1, -3.0),
            radius: x[1],
        },
        Sphere {
            center: Vec3::new(0.3, x[2], -2.5),
            radius: 0.4,
        },
    ];
    let mut brightness = 0.0;
    for i in 0..4 {
        let direction = Vec3::new(0.1 * i as f64, x[3], -1.0).unit();
        let ray = Ray {
            origin: Vec3::new(0.0, x[4], 0.0),
            direction,
        };
        for sphere in &spheres {
            if let Some(t) = sphere.hit(&ray) {
                let normal = sphere.normal(ray.at(t));
                brightness += 0.5 * (normal + Vec3::new(1.0, 1.0, 1.0)).dot(ray.direction * t);
            }
        }
    }
    brightness
}

/// A leapfrog with states that the iterations hand on.
#[differentiate]
fn orbit(x: &[f64]) -> f64 {
    let mut position = Vec3::new(1.0 + x[0], x[1], 0.0);
    let mut velocity = Vec3::new(0.0, 1.0, x[2]);
    let dt = 0.05;
    for _ in 0..20 {
        let r = position.length();
        let acceleration = -position / (r * r * r);
        velocity = velocity + acceleration * dt;
        position = position + velocity * dt;
    }
    position.dot(velocity) + position.x
}

#[test]
fn values_with_operators() {
    agree!(vectors, [0.7, -0.3, 1.1, 0.45, 0.9, -0.6]);
    agree!(shade, [0.1, 0.8, 0.05, 0.02, -0.1]);
    agree!(orbit, [0.1, 0.2, -0.05]);
}

/// Generic ones, in terms of others, with a product whose derivative is not that of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Quaternion<T> {
    w: T,
    v: [T; 3],
}

#[differentiate]
impl<T: Float> Mul for Quaternion<T> {
    type Output = Self;
    fn mul(self, b: Self) -> Self {
        let (a, [x, y, z], [p, q, r]) = (self, self.v, b.v);
        Self {
            w: a.w * b.w - x * p - y * q - z * r,
            v: [
                a.w * p + x * b.w + y * r - z * q,
                a.w * q - x * r + y * b.w + z * p,
                a.w * r + x * q - y * p + z * b.w,
            ],
        }
    }
}

#[differentiate]
impl<T: Float> Neg for Quaternion<T> {
    type Output = Quaternion<T>;
    fn neg(self) -> Quaternion<T> {
        Quaternion::<T> {
            w: self.w,
            v: [-self.v[0], -self.v[1], -self.v[2]],
        }
    }
}

#[differentiate]
impl<T> Div<T> for Quaternion<T>
where
    T: Float,
{
    type Output = Quaternion<T>;
    fn div(self, s: T) -> Self::Output {
        Quaternion {
            w: self.w / s,
            v: [self.v[0] / s, self.v[1] / s, self.v[2] / s],
        }
    }
}

/// A quotient of two, which is no division by a number.
#[differentiate]
impl<T: Float> Div for Quaternion<T> {
    type Output = Quaternion<T>;
    fn div(self, b: Self) -> Self::Output {
        let norm = b.w * b.w + b.v[0] * b.v[0] + b.v[1] * b.v[1] + b.v[2] * b.v[2];
        self * -b / norm
    }
}

#[differentiate]
fn rotated<T: Float>(q: Quaternion<T>, p: Quaternion<T>) -> T {
    let turned = q * p / q;
    turned.v[0] + turned.v[1] * turned.v[2]
}

#[test]
fn generic_ones() {
    #[differentiate]
    fn turned(x: &[f64]) -> f64 {
        let q = Quaternion {
            w: x[0],
            v: [x[1], x[2], x[3]],
        };
        let p = Quaternion {
            w: x[4],
            v: [x[5], x[6], x[7]],
        };
        rotated(q, p)
    }
    agree!(turned, [0.9, 0.1, -0.4, 0.3, 0.2, 1.0, 0.5, -0.7]);
}

/// Operands by reference, not `Copy`, of another type than the result, with lifetimes.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Polynomial(Vec<f64>);

#[differentiate]
impl<'a> Mul<&'a Polynomial> for &'_ Polynomial {
    type Output = Polynomial;
    fn mul(self, other: &'a Polynomial) -> Polynomial {
        let mut product = vec![0.0; self.0.len() + other.0.len() - 1];
        for (i, a) in self.0.iter().enumerate() {
            for (j, b) in other.0.iter().enumerate() {
                product[i + j] += a * b;
            }
        }
        Polynomial(product)
    }
}

#[differentiate]
fn square_at(p: &Polynomial, x: f64) -> f64 {
    let square = p * p;
    let cube = &square * p;
    cube.0.iter().rev().fold(0.0, |value, c| value * x + c)
}

/// Points and the vectors between them; a sum that is not linear.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Point(f64, f64);

#[differentiate]
impl Sub for Point {
    type Output = Vec3;
    fn sub(self, other: Point) -> Vec3 {
        Vec3::new(self.0 - other.0, self.1 - other.1, 0.0)
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Colour(f64);

#[differentiate]
impl Add for Colour {
    type Output = Colour;
    fn add(self, other: Colour) -> Colour {
        Colour((self.0 + other.0).min(1.0))
    }
}

#[differentiate]
fn mixed(x: &[f64]) -> f64 {
    let (a, b) = (Point(x[0], x[1]), Point(x[1], x[2]));
    let bright = Colour(x[0]) + Colour(x[2]);
    let dark = Colour(0.1 * x[0]) + Colour(0.1 * x[1]);
    (b - a).length() + bright.0 * dark.0
}

#[test]
fn references_and_other_types() {
    let p = Polynomial(vec![0.5, -1.0, 2.0]);
    let (by_p, by_x) = square_at::grad(&p, 0.7);
    let value = |x: f64| 0.5 - x + 2.0 * x * x;
    let slope = 3.0 * value(0.7) * value(0.7);
    assert!((by_x - slope * (4.0 * 0.7 - 1.0)).abs() < 1e-12);
    for (k, by) in by_p.0.iter().enumerate() {
        assert!((by - slope * 0.7_f64.powi(k as i32)).abs() < 1e-12);
    }
    let direction = PolynomialTangent(vec![1.0, 2.0, 3.0]);
    let (_, along) = square_at::jvp(&p, 0.7, &direction, 0.0);
    assert!((along - (by_p.0[0] + 2.0 * by_p.0[1] + 3.0 * by_p.0[2])).abs() < 1e-12);
    agree!(mixed, [0.7, 0.4, 0.9]);
    assert_eq!(mixed(&[0.7, 0.4, 0.9]), mixed(&[0.7, 0.4, 0.9]));
}

/// As generic libraries write them: what an operator of a number gives is not named; a method of one's own that floats have, on a field.
mod with_their_outputs {
    use super::*;

    #[derive(Clone, Copy, Debug, Differentiable)]
    struct Vector<T> {
        x: T,
        y: T,
    }

    #[derive(Clone, Copy, Debug, Differentiable)]
    struct Segment<T> {
        from: Vector<T>,
        to: Vector<T>,
    }

    #[differentiate]
    impl<T: Add> Add for Vector<T> {
        type Output = Vector<T::Output>;
        fn add(self, other: Self) -> Vector<T::Output> {
            Vector {
                x: self.x + other.x,
                y: self.y + other.y,
            }
        }
    }

    #[differentiate]
    impl<T: Copy + Mul> Mul<T> for Vector<T> {
        type Output = Vector<<T as Mul>::Output>;
        fn mul(self, scale: T) -> Self::Output {
            Vector {
                x: self.x * scale,
                y: self.y * scale,
            }
        }
    }

    #[differentiate(self)]
    impl<T: Float> Vector<T> {
        fn midpoint(self, other: Self) -> Self {
            (self + other) * T::from(0.5).unwrap()
        }

        fn dot(self, other: Self) -> <T as Add>::Output {
            self.x * other.x + self.y * other.y
        }
    }

    #[differentiate(self)]
    impl<T: Float> Segment<T> {
        fn middle(&self) -> Vector<T> {
            self.from.midpoint(self.to)
        }
    }

    #[differentiate]
    fn length(x: &[f64]) -> f64 {
        let segment = Segment {
            from: Vector { x: x[0], y: x[1] },
            to: Vector { x: x[2], y: x[0] },
        };
        let middle = segment.middle() * x[1] + segment.from;
        middle.dot(segment.to)
    }

    #[test]
    fn lengths() {
        agree!(length, [0.7, 0.4, 0.9]);
        assert_eq!(length(&[1.0, 2.0, 3.0]), 5.0 * 3.0 + 5.0);
    }
}
