//! `into` where the type that it gives is told by what it is for: a variable, a result, an argument.

use autodiff_runtime::{Differentiable, differentiate};
use tests::agree;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Polar {
    r: f64,
    t: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Meters(f64);

#[differentiate]
impl From<[f64; 2]> for Point {
    fn from([x, y]: [f64; 2]) -> Self {
        Point { x, y }
    }
}

#[differentiate]
impl From<Point> for [f64; 2] {
    fn from(p: Point) -> Self {
        [p.x, p.y]
    }
}

#[differentiate]
impl From<Point> for (f64, f64) {
    fn from(p: Point) -> Self {
        (p.x, p.y * p.x)
    }
}

#[differentiate]
impl From<Point> for Polar {
    fn from(p: Point) -> Self {
        Polar {
            r: p.x.hypot(p.y),
            t: p.y.atan2(p.x),
        }
    }
}

#[differentiate]
impl From<Polar> for Point {
    fn from(p: Polar) -> Self {
        Point {
            x: p.r * p.t.cos(),
            y: p.r * p.t.sin(),
        }
    }
}

#[differentiate]
impl From<Meters> for f64 {
    fn from(length: Meters) -> Self {
        length.0 * length.0
    }
}

#[differentiate]
impl From<f64> for Meters {
    fn from(x: f64) -> Self {
        Meters(2.0 * x)
    }
}

#[differentiate]
impl Point {
    fn dot(self, o: Point) -> f64 {
        self.x * o.x + self.y * o.y
    }

    fn distance(&self, o: impl Into<Point>) -> f64 {
        let o: Point = o.into();
        (self.x - o.x).hypot(self.y - o.y)
    }

    fn polar(self) -> Polar {
        self.into()
    }

    fn parts(&self) -> [f64; 2] {
        if self.x > 5.0 {
            return (*self).into();
        }
        (*self).into()
    }
}

#[differentiate]
fn scaled(length: Meters, p: Point) -> f64 {
    let k: f64 = length.into();
    k * p.x
}

#[differentiate]
fn polar(x: f64, y: f64) -> Option<Polar> {
    if x > 10.0 {
        return None;
    }
    Some(Point { x, y }.into())
}

#[differentiate]
fn told(x: &[f64]) -> f64 {
    let (x, y) = (x[0], x[1]);
    let p: Point = [x, y].into();
    let q: Polar = p.into();
    let list: [f64; 2] = p.into();
    let (s, t): (f64, f64) = p.into();
    let back: Point = q.into();
    let fixed: Point = [1.0, 2.0].into();
    let sum = back.dot([list[0], s * t].into()) + p.distance([y, 2.0]);
    let sum = sum + scaled(x.into(), [y, x].into()) + p.polar().t + p.parts()[1] + fixed.dot(p);
    sum + polar(x, y).map_or(0.0, |p| p.r * p.t)
}

/// What is converted is evaluated once, in order.
#[differentiate]
fn in_order(x: &[f64]) -> f64 {
    let mut k = x[0];
    let mut next = || {
        k = k * k + x[1];
        k
    };
    let length = scaled(next().into(), [next(), next()].into());
    length + k
}

#[test]
fn into_what_is_told() {
    let at: [&[f64]; 2] = [&[0.3, 0.4], &[-0.5, 0.2]];
    agree!(told at &at);
    agree!(in_order at &at);
}
