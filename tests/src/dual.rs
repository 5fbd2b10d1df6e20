//! Dual numbers: an evaluation of derivatives that shares nothing with the system under test.

use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A value and its first and second derivative in one direction.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dual {
    /// The value.
    pub v: f64,
    /// The derivative.
    pub d: f64,
    /// The second derivative.
    pub dd: f64,
}

/// A constant.
pub fn c(v: f64) -> Dual {
    Dual {
        v,
        ..Dual::default()
    }
}

impl Dual {
    /// A function with this value and these first two derivatives.
    fn chain(self, v: f64, slope: f64, curvature: f64) -> Self {
        let times = |d: f64, factor: f64| if d == 0.0 { 0.0 } else { d * factor };
        Self {
            v,
            d: times(self.d, slope),
            dd: times(self.dd, slope) + times(self.d * self.d, curvature),
        }
    }
    /// `sin`
    pub fn sin(self) -> Self {
        self.chain(self.v.sin(), self.v.cos(), -self.v.sin())
    }
    /// `cos`
    pub fn cos(self) -> Self {
        self.chain(self.v.cos(), -self.v.sin(), -self.v.cos())
    }
    /// `tanh`
    pub fn tanh(self) -> Self {
        let slope = self.v.cosh().powi(-2);
        self.chain(self.v.tanh(), slope, -2.0 * self.v.tanh() * slope)
    }
    /// `exp`
    pub fn exp(self) -> Self {
        self.chain(self.v.exp(), self.v.exp(), self.v.exp())
    }
    /// `sqrt`
    pub fn sqrt(self) -> Self {
        let root = self.v.sqrt();
        self.chain(root, 0.5 / root, -0.25 / (root * self.v))
    }
    /// `ln_1p`
    pub fn ln_1p(self) -> Self {
        let slope = 1.0 / (1.0 + self.v);
        self.chain(self.v.ln_1p(), slope, -slope * slope)
    }
    /// `atan`
    pub fn atan(self) -> Self {
        let slope = 1.0 / (1.0 + self.v * self.v);
        self.chain(self.v.atan(), slope, -2.0 * self.v * slope * slope)
    }
    /// `abs`
    pub fn abs(self) -> Self {
        let slope = match self.v.partial_cmp(&0.0) {
            Some(Ordering::Greater) => 1.0,
            Some(Ordering::Less) => -1.0,
            _ => 0.0,
        };
        self.chain(self.v.abs(), slope, 0.0)
    }
    /// `powi`
    pub fn powi(self, n: i32) -> Self {
        let degree = f64::from(n);
        let slope = degree * self.v.powi(n - 1);
        let curvature = degree * (degree - 1.0) * self.v.powi(n - 2);
        self.chain(self.v.powi(n), slope, curvature)
    }
    /// `max`
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        if self.v >= other.v { self } else { other }
    }
    /// `min`
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        if self.v <= other.v { self } else { other }
    }
    /// `mul_add`
    pub fn mul_add(self, a: Self, b: Self) -> Self {
        Self {
            v: self.v.mul_add(a.v, b.v),
            d: self.d * a.v + self.v * a.d + b.d,
            dd: self.dd * a.v + 2.0 * self.d * a.d + self.v * a.dd + b.dd,
        }
    }
    /// `hypot`
    pub fn hypot(self, other: Self) -> Self {
        let v = self.v.hypot(other.v);
        let d = (self.v * self.d + other.v * other.d) / v;
        let squares = self.d * self.d + other.d * other.d - d * d;
        let dd = (squares + self.v * self.dd + other.v * other.dd) / v;
        Self { v, d, dd }
    }
}

impl PartialEq for Dual {
    fn eq(&self, other: &Self) -> bool {
        self.v == other.v
    }
}

impl PartialOrd for Dual {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.v.partial_cmp(&other.v)
    }
}

impl Add for Dual {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self {
            v: self.v + o.v,
            d: self.d + o.d,
            dd: self.dd + o.dd,
        }
    }
}

impl Sub for Dual {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self {
            v: self.v - o.v,
            d: self.d - o.d,
            dd: self.dd - o.dd,
        }
    }
}

impl Mul for Dual {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        Self {
            v: self.v * o.v,
            d: self.d * o.v + self.v * o.d,
            dd: self.dd * o.v + 2.0 * self.d * o.d + self.v * o.dd,
        }
    }
}

impl Div for Dual {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        let v = self.v / o.v;
        let d = (self.d - v * o.d) / o.v;
        let dd = (self.dd - 2.0 * d * o.d - v * o.dd) / o.v;
        Self { v, d, dd }
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            v: -self.v,
            d: -self.d,
            dd: -self.dd,
        }
    }
}

macro_rules! assign {
    ($($trait:ident $f:ident $op:tt)*) => {$(
        impl $trait for Dual {
            fn $f(&mut self, o: Self) {
                *self = *self $op o;
            }
        }
    )*};
}
assign!(AddAssign add_assign + SubAssign sub_assign - MulAssign mul_assign * DivAssign div_assign /);

impl std::iter::Sum for Dual {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(c(-0.0), |a, b| a + b)
    }
}
