//! Dual numbers: an evaluation of derivatives that shares nothing with the system under test.

use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A value and its derivative in one direction.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dual {
    /// The value.
    pub v: f64,
    /// The derivative.
    pub d: f64,
}

/// A constant.
pub fn c(v: f64) -> Dual {
    Dual { v, d: 0.0 }
}

impl Dual {
    fn chain(self, v: f64, slope: f64) -> Self {
        let d = if self.d == 0.0 { 0.0 } else { self.d * slope };
        Self { v, d }
    }
    /// `sin`
    pub fn sin(self) -> Self {
        self.chain(self.v.sin(), self.v.cos())
    }
    /// `cos`
    pub fn cos(self) -> Self {
        self.chain(self.v.cos(), -self.v.sin())
    }
    /// `tanh`
    pub fn tanh(self) -> Self {
        self.chain(self.v.tanh(), self.v.cosh().powi(-2))
    }
    /// `exp`
    pub fn exp(self) -> Self {
        self.chain(self.v.exp(), self.v.exp())
    }
    /// `sqrt`
    pub fn sqrt(self) -> Self {
        self.chain(self.v.sqrt(), 0.5 / self.v.sqrt())
    }
    /// `ln_1p`
    pub fn ln_1p(self) -> Self {
        self.chain(self.v.ln_1p(), 1.0 / (1.0 + self.v))
    }
    /// `atan`
    pub fn atan(self) -> Self {
        self.chain(self.v.atan(), 1.0 / (1.0 + self.v * self.v))
    }
    /// `abs`
    pub fn abs(self) -> Self {
        let slope = match self.v.partial_cmp(&0.0) {
            Some(Ordering::Greater) => 1.0,
            Some(Ordering::Less) => -1.0,
            _ => 0.0,
        };
        self.chain(self.v.abs(), slope)
    }
    /// `powi`
    pub fn powi(self, n: i32) -> Self {
        self.chain(self.v.powi(n), f64::from(n) * self.v.powi(n - 1))
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
        }
    }
    /// `hypot`
    pub fn hypot(self, other: Self) -> Self {
        let v = self.v.hypot(other.v);
        let d = (self.v * self.d + other.v * other.d) / v;
        Self { v, d }
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
        }
    }
}

impl Sub for Dual {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self {
            v: self.v - o.v,
            d: self.d - o.d,
        }
    }
}

impl Mul for Dual {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        Self {
            v: self.v * o.v,
            d: self.d * o.v + self.v * o.d,
        }
    }
}

impl Div for Dual {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        let v = self.v / o.v;
        Self {
            v,
            d: (self.d - v * o.d) / o.v,
        }
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            v: -self.v,
            d: -self.d,
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
