//! Types whose definitions have attributes and forms by configuration, as those of published crates have.
#![allow(unexpected_cfgs)]

use autodiff_runtime::{Differentiable, differentiate};
use tests::agree;

#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[derive(Differentiable)]
struct Vec2 {
    x: f64,
    y: f64,
}

#[differentiate]
impl Vec2 {
    fn dot(self, other: Vec2) -> f64 {
        self.x * other.x + self.y * other.y
    }

    fn turn(&mut self, angle: f64) -> &mut Self {
        let (sin, cos) = angle.sin_cos();
        *self = Vec2 {
            x: cos * self.x - sin * self.y,
            y: sin * self.x + cos * self.y,
        };
        self
    }
}

#[differentiate]
trait Potential {
    fn at(&self, place: Vec2) -> f64;
}

#[derive(Clone, Debug, Differentiable)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
struct Well {
    depth: f64,
    center: Vec2,
}

#[differentiate]
impl Potential for Well {
    fn at(&self, place: Vec2) -> f64 {
        -self.depth / (1.0 + place.dot(self.center).exp())
    }
}

#[differentiate]
fn optional_attributes(x: &[f64]) -> f64 {
    let mut v = Vec2 { x: x[0], y: x[1] };
    v.turn(x[0]).turn(x[1] * x[0]);
    let well = Well {
        depth: x[1],
        center: Vec2 { x: x[1], y: 0.5 },
    };
    well.at(v) + v.dot(Vec2 { x: 0.3, y: x[0] })
}

#[cfg(feature = "single")]
#[derive(Clone, Copy, Debug, Differentiable)]
struct Pose([f32; 3]);

#[cfg(not(feature = "single"))]
#[derive(Clone, Copy, Debug, Differentiable)]
struct Pose([f64; 3]);

#[differentiate]
impl Pose {
    fn ahead(&self, distance: f64) -> f64 {
        self.0[0] + distance * self.0[2].cos()
    }
}

#[differentiate]
fn two_configurations(x: &[f64]) -> f64 {
    let pose = Pose([x[0], 1.0, x[1]]);
    pose.ahead(x[0] * 2.0) * x[1]
}

type Real = f64;

#[differentiate]
fn named_floats(x: &[f64]) -> f64 {
    let r: Real = Real::hypot(x[0], x[1]);
    let angle = Real::atan2(x[1], x[0]).max(Real::EPSILON);
    let powers: Real = x.iter().map(|v| Real::powi(*v, 3)).sum();
    Real::sin(r) + angle + powers + x.iter().copied().map(Real::sqrt).sum::<Real>()
}

#[test]
fn by_configuration() {
    let points: &[&[f64]] = &[&[0.3, 0.4], &[1.2, 0.1]];
    agree!(optional_attributes at points);
    agree!(two_configurations at points);
    agree!(named_floats at points);
}
