//! Types, their methods and operators made by `macro_rules!` of the same file.

use autodiff_runtime::{Differentiable, differentiate};
use std::ops::{Add, Div, Mul, Neg, Sub, SubAssign};
use tests::agree;

macro_rules! unit {
    ($(#[$meta:meta])* $vis:vis $name:ident, $scale:expr) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
        $vis struct $name($vis f64);

        #[differentiate]
        impl $name {
            fn in_base(&self) -> f64 {
                self.0 * $scale
            }

            fn root(self) -> f64 {
                self.0.sqrt()
            }
        }

        sums!($name);
    };
}

macro_rules! sums {
    ($name:ty) => {
        #[differentiate]
        impl Add for $name {
            type Output = Self;

            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        #[differentiate]
        impl Mul<f64> for $name {
            type Output = $name;

            fn mul(self, k: f64) -> $name {
                Self(self.0 * k)
            }
        }

        #[differentiate]
        impl Div<$name> for $name {
            type Output = f64;

            fn div(self, other: $name) -> f64 {
                self.0 / other.0
            }
        }
    };
}

unit!(/// In metres: {.
    pub Length, 1.0);
unit!(Time, 60.0);

#[derive(Clone, Copy, Debug, Differentiable)]
struct Leg {
    length: Length,
    time: Time,
}

#[differentiate]
impl Leg {
    fn speed(&self) -> f64 {
        self.length.in_base() / self.time.in_base()
    }
}

#[differentiate]
fn units(x: &[f64]) -> f64 {
    let length = Length(x[0]) + Length(x[1]) * 2.0;
    let leg = Leg {
        length,
        time: Time(x[1]),
    };
    leg.speed() + length.root() + Length(x[1]) / length
}

macro_rules! vectors {
    ($($name:ident => $float:ty),+) => {
        $(
            #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
            struct $name {
                x: $float,
                y: $float,
            }

            #[differentiate]
            impl $name {
                fn new(x: $float, y: $float) -> Self {
                    $name { x, y }
                }

                fn broadcast(v: $float) -> Self {
                    Self::new(v, v)
                }

                fn dot(&self, other: $name) -> $float {
                    self.x.mul_add(other.x, self.y * other.y)
                }

                fn mag(&self) -> $float {
                    self.dot(*self).sqrt()
                }

                fn normalize(&mut self) {
                    let mag = self.mag();
                    self.x /= mag;
                    self.y /= mag;
                }

                fn normalized(&self) -> Self {
                    let mut unit = *self;
                    unit.normalize();
                    unit
                }

                fn reflect(&mut self, normal: $name) {
                    *self -= normal * (2.0 * self.dot(normal));
                }

                fn map<F>(&self, f: F) -> Self
                where
                    F: Fn($float) -> $float,
                {
                    $name {
                        x: f(self.x),
                        y: f(self.y),
                    }
                }

                fn max(mut self, other: Self) -> Self {
                    self.x = self.x.max(other.x);
                    self.y = self.y.max(other.y);
                    self
                }
            }

            #[differentiate]
            impl Add for $name {
                type Output = Self;

                fn add(self, other: $name) -> Self {
                    $name::new(self.x + other.x, self.y + other.y)
                }
            }

            #[differentiate]
            impl Sub for $name {
                type Output = Self;

                fn sub(self, other: $name) -> Self {
                    $name::new(self.x - other.x, self.y - other.y)
                }
            }

            #[differentiate]
            impl SubAssign for $name {
                fn sub_assign(&mut self, other: $name) {
                    self.x -= other.x;
                    self.y -= other.y;
                }
            }

            #[differentiate]
            impl Mul for $name {
                type Output = Self;

                fn mul(self, other: $name) -> Self {
                    $name::new(self.x * other.x, self.y * other.y)
                }
            }

            #[differentiate]
            impl Mul<$float> for $name {
                type Output = $name;

                fn mul(self, k: $float) -> $name {
                    $name::new(self.x * k, self.y * k)
                }
            }

            #[differentiate]
            impl Mul<$name> for $float {
                type Output = $name;

                fn mul(self, v: $name) -> $name {
                    $name::new(self * v.x, self * v.y)
                }
            }

            #[differentiate]
            impl Neg for $name {
                type Output = $name;

                fn neg(self) -> $name {
                    self * -1.0
                }
            }
        )+
    };
}

vectors!(Vec2 => f32, DVec2 => f64);

#[derive(Clone, Copy, Debug, Differentiable)]
struct Ray {
    origin: DVec2,
    direction: DVec2,
}

#[differentiate]
impl Ray {
    fn at(&self, t: f64) -> DVec2 {
        self.origin + self.direction * t
    }
}

#[differentiate]
fn reflected(x: &[f64]) -> f64 {
    let mut a = DVec2::new(x[0], x[1]);
    let b = a.normalized();
    a.reflect(b.max(DVec2::broadcast(0.5)));
    (a + b * x[0]).mag()
}

#[differentiate]
fn mapped(x: &[f64]) -> f64 {
    let a = DVec2::broadcast(x[0]);
    let b = a.map(|v| v * x[1]).map(f64::sin);
    let mut c = x[1] * (a - b * a);
    c.normalize();
    (c * -b).mag()
}

#[differentiate]
fn along(x: &[f64]) -> f64 {
    let ray = Ray {
        origin: DVec2::new(x[0], 1.0),
        direction: DVec2::broadcast(x[1]).normalized(),
    };
    ray.at(x[0]).mag() + ray.direction.dot(ray.origin)
}

/// The other float: its derivatives are those of the same formula.
#[differentiate]
fn single(x: f32, y: f32) -> f32 {
    let mut v = Vec2::new(x, y);
    v.reflect(Vec2::new(0.0, 1.0));
    v.dot(Vec2::broadcast(x))
}

#[test]
fn made_by_macros() {
    let points: &[&[f64]] = &[&[1.3, 0.4], &[0.7, 1.9]];
    agree!(units at points);
    agree!(reflected at points);
    agree!(mapped at points);
    agree!(along at points);
}

#[test]
fn of_either_float() {
    // x x - x y
    assert_eq!(single::grad(3.0, 2.0), (4.0, -3.0));
    assert_eq!(single::jvp(3.0, 2.0, 1.0, 1.0), (3.0, 1.0));
}
