//! Types of any parameter, as crates of vectors have them: `Plane<T, U>` of a `T` that need be no number, with the attribute on single methods.

// As crates have them that are older than the tools' own attributes.
#![allow(clippy::deprecated_cfg_attr)]

use autodiff_runtime::{Differentiable, differentiate};
use std::marker::PhantomData;
use std::ops::{Add, Mul};

#[derive(Debug, Differentiable)]
pub struct Plane<T, U> {
    pub x: T,
    pub y: T,
    #[doc(hidden)]
    pub unit: PhantomData<U>,
}

impl<T: Copy, U> Copy for Plane<T, U> {}

impl<T: Clone, U> Clone for Plane<T, U> {
    fn clone(&self) -> Self {
        Self {
            x: self.x.clone(),
            y: self.y.clone(),
            unit: PhantomData,
        }
    }
}

impl<T, U> Plane<T, U> {
    #[differentiate]
    pub fn new(x: T, y: T) -> Self {
        Self {
            x,
            y,
            unit: PhantomData,
        }
    }

    #[differentiate]
    pub fn splat(v: T) -> Self
    where
        T: Clone,
    {
        Plane::new(v.clone(), v)
    }
}

impl<T: Copy, U> Plane<T, U> {
    #[differentiate]
    pub fn yx(&self) -> Self {
        Plane::new(self.y, self.x)
    }

    #[differentiate]
    pub fn to_tuple(&self) -> (T, T) {
        (self.x, self.y)
    }

    #[differentiate]
    pub fn extend(self, z: T) -> [T; 3] {
        [self.x, self.y, z]
    }
}

impl<T: Copy + num_traits::Zero, U> Plane<T, U> {
    #[differentiate]
    pub fn flat(&self) -> Self {
        Plane::new(self.x, T::zero())
    }
}

impl<T: PartialOrd + Copy, U> Plane<T, U> {
    #[differentiate]
    pub fn largest(&self) -> T {
        if self.x > self.y { self.x } else { self.y }
    }
}

impl<T: Copy + Add<T, Output = T> + Mul<T, Output = T>, U> Plane<T, U> {
    #[differentiate]
    pub fn dot(self, other: Self) -> T {
        self.x * other.x + self.y * other.y
    }
}

/// The same with the attribute on the blocks.
#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Pair<T>(T, T);

#[differentiate]
impl<T: Copy> Pair<T> {
    pub fn of(a: T, b: T) -> Self {
        Pair(a, b)
    }

    pub fn swapped(&self) -> Self {
        Pair(self.1, self.0)
    }

    pub fn first(self) -> T {
        self.0
    }
}

pub struct World;

#[differentiate]
pub fn of_vectors(x: &[f64]) -> f64 {
    let v: Plane<f64, World> = Plane::new(x[0] * x[1], x[2]);
    let w = v.yx();
    let (a, b) = w.to_tuple();
    let parts = w.extend(a * x[1]);
    v.dot(w) + a * b * parts[2] + w.largest() * v.flat().x + Plane::<f64, World>::splat(x[0]).y
}

#[differentiate]
pub fn of_pairs(x: &[f64]) -> f64 {
    let pair = Pair::of(x[0] * x[1], x[1].sin()).swapped();
    pair.first() * pair.swapped().first()
}

/// Attributes that hold under a condition and say nothing of what is computed.
#[differentiate]
pub fn formatted(x: &[f64]) -> f64 {
    #[cfg_attr(rustfmt, rustfmt_skip)]
    let m = [[x[0], x[1]],
             [x[1], x[2]]];
    #[cfg_attr(debug_assertions, allow(clippy::many_single_char_names))]
    let d = m[0][0] * m[1][1] - m[0][1] * m[1][0];
    #[cfg_attr(rustfmt, rustfmt_skip)]
    [d, d * x[2]].iter().sum()
}

checks! {
    vectors_of_anything: |x| of_vectors(x), [0.7, -1.2, 1.9], [1.4, 0.6, 0.2];
    pairs_of_anything: |x| of_pairs(x), [0.7, -1.2], [1.4, 0.6];
    attributes_under_conditions: |x| formatted(x), [0.7, -1.2, 1.9];
}
