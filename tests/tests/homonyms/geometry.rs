//! A small library of vectors, as many crates have one of their own.

use autodiff_runtime::{Differentiable, differentiate};
use num_traits::Float;
use std::ops::{Add, Div, Mul, Neg, Sub};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Vector3<T> {
    pub x: T,
    pub y: T,
    pub z: T,
}

#[differentiate(self)]
impl<T: Float> Vector3<T> {
    pub fn new(x: T, y: T, z: T) -> Self {
        Self { x, y, z }
    }

    pub fn zero() -> Self {
        Vector3 {
            x: T::zero(),
            y: T::zero(),
            z: T::zero(),
        }
    }

    pub fn dot(&self, other: &Self) -> T {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    pub fn cross(&self, other: &Vector3<T>) -> Vector3<T> {
        Vector3::new(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )
    }

    pub fn norm(&self) -> T {
        self.dot(self).sqrt()
    }

    pub fn normalize(self) -> Self {
        let norm = self.norm();
        self / norm
    }

    pub fn sum(&self) -> T {
        self.x + self.y + self.z
    }
}

#[differentiate]
impl<T: Float> Add for Vector3<T> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Vector3::new(self.x + other.x, self.y + other.y, self.z + other.z)
    }
}

#[differentiate]
impl<T: Float> Sub for Vector3<T> {
    type Output = Vector3<T>;

    fn sub(self, other: Vector3<T>) -> Vector3<T> {
        Vector3 {
            x: self.x - other.x,
            y: self.y - other.y,
            z: self.z - other.z,
        }
    }
}

#[differentiate]
impl<T: Float> Mul<T> for Vector3<T> {
    type Output = Self;

    fn mul(self, k: T) -> Self {
        Self::new(self.x * k, self.y * k, self.z * k)
    }
}

#[differentiate]
impl Mul<Vector3<f64>> for f64 {
    type Output = Vector3<f64>;

    fn mul(self, v: Vector3<f64>) -> Vector3<f64> {
        v * self
    }
}

#[differentiate]
impl<T: Float> Div<T> for Vector3<T> {
    type Output = Self;

    fn div(self, k: T) -> Self {
        Self::new(self.x / k, self.y / k, self.z / k)
    }
}

#[differentiate]
impl<T: Float> Neg for Vector3<T> {
    type Output = Self;

    fn neg(self) -> Self {
        Self::new(-self.x, -self.y, -self.z)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Ray<T> {
    pub origin: Vector3<T>,
    pub direction: Vector3<T>,
}

#[differentiate(self)]
impl<T: Float> Ray<T> {
    pub fn at(&self, t: T) -> Vector3<T> {
        self.origin + self.direction * t
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Point<T> {
    pub x: T,
    pub y: T,
}

/// Without parameters, and with methods that are named as functions of floats.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Vector2 {
    pub x: f64,
    pub y: f64,
}

#[differentiate(self)]
impl Vector2 {
    pub const ZERO: Self = Self { x: 0.0, y: 0.0 };

    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub fn abs(self) -> Self {
        Self::new(self.x.abs(), self.y.abs())
    }

    pub fn max(self, other: Self) -> Self {
        Self::new(self.x.max(other.x), self.y.max(other.y))
    }

    pub fn length(self) -> f64 {
        self.x.hypot(self.y)
    }
}

#[differentiate]
impl Sub for Vector2 {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}
