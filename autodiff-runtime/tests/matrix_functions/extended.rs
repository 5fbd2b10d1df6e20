//! Numbers of about 32 digits that carry a derivative: the sum of two doubles, and a dual number of two such sums.
//!
//! What is computed in them by field operations has its derivative to some 30 digits, by arithmetic that has nothing in common with the
//! rules under test.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// An unevaluated sum `high + low` with `|low| <= ulp(high) / 2`.
#[derive(Clone, Copy, Debug)]
pub struct Extended {
    high: f64,
    low: f64,
}

impl Extended {
    fn exact_sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let part = high - a;
        let low = (a - (high - part)) + (b - part);
        Extended { high, low }
    }

    fn exact_product(a: f64, b: f64) -> Self {
        let high = a * b;
        let low = a.mul_add(b, -high);
        Extended { high, low }
    }
}

impl Extended {
    /// A step of Newton's from the root in double precision.
    fn sqrt(self) -> Self {
        let root = Extended::from(self.high.sqrt());
        root + (self - root * root) / (root + root)
    }
}

impl From<f64> for Extended {
    fn from(high: f64) -> Self {
        Extended { high, low: 0.0 }
    }
}

impl From<Extended> for f64 {
    fn from(x: Extended) -> f64 {
        x.high + x.low
    }
}

impl Neg for Extended {
    type Output = Self;
    fn neg(self) -> Self {
        Extended {
            high: -self.high,
            low: -self.low,
        }
    }
}

impl Add for Extended {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let high = Self::exact_sum(self.high, other.high);
        let low = Self::exact_sum(self.low, other.low);
        let sum = Self::exact_sum(high.high, high.low + low.high);
        Self::exact_sum(sum.high, sum.low + low.low)
    }
}

impl Sub for Extended {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Extended {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let product = Self::exact_product(self.high, other.high);
        let cross = self.high * other.low + self.low * other.high;
        Self::exact_sum(product.high, product.low + cross)
    }
}

impl Div for Extended {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let first = self.high / other.high;
        let rest = self - other * first.into();
        let second = rest.high / other.high;
        let rest = rest - other * second.into();
        Self::exact_sum(first, second) + (rest.high / other.high).into()
    }
}

/// A number and its derivative.
#[derive(Clone, Copy, Debug)]
pub struct Dual {
    pub value: Extended,
    pub slope: Extended,
}

impl Dual {
    pub fn new(value: f64, slope: f64) -> Self {
        Dual {
            value: value.into(),
            slope: slope.into(),
        }
    }

    pub fn sqrt(self) -> Self {
        let value = self.value.sqrt();
        Dual {
            value,
            slope: self.slope / (value + value),
        }
    }

    /// The larger of the moduli of value and derivative.
    pub fn size(self) -> f64 {
        f64::from(self.value).abs().max(f64::from(self.slope).abs())
    }
}

impl From<f64> for Dual {
    fn from(value: f64) -> Self {
        Dual::new(value, 0.0)
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Dual {
            value: -self.value,
            slope: -self.slope,
        }
    }
}

impl Add for Dual {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Dual {
            value: self.value + other.value,
            slope: self.slope + other.slope,
        }
    }
}

impl Sub for Dual {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Dual {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let slope = self.value * other.slope + self.slope * other.value;
        Dual {
            value: self.value * other.value,
            slope,
        }
    }
}

impl Div for Dual {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        Dual {
            value,
            slope: (self.slope - value * other.slope) / other.value,
        }
    }
}

#[test]
fn thirty_digits() {
    let third = Dual::new(1.0, 1.0) / Dual::new(3.0, 0.0);
    let rest = third * 3.0.into() - Dual::new(1.0, 1.0);
    assert!(rest.size() < 1e-31, "{rest:?}");
    let small = Extended::from(1e-20);
    assert_eq!(
        f64::from((Extended::from(1.0) + small) - Extended::from(1.0)),
        1e-20
    );
}
