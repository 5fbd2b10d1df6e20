//! The functions that partials are made of, on series. Each solves the differential equation of its function.

use super::Series;
use super::arithmetic::count;
use crate::scalar::{Elementary, Real, Zero};

impl<T: Real, const K: usize> Zero for Series<T, K> {
    const __ZERO: Self = Self {
        value: T::__ZERO,
        tail: crate::batch::Lanes::ZERO,
    };
}

impl<T: Real, const K: usize> Elementary for Series<T, K> {
    const __ONE: Self = Self {
        value: T::__ONE,
        tail: crate::batch::Lanes::ZERO,
    };
    #[inline]
    fn __from_f64(x: f64) -> Self {
        Self::constant(T::__from_f64(x))
    }
    #[inline]
    fn __from_i32(n: i32) -> Self {
        Self::constant(T::__from_i32(n))
    }
    fn __powi(self, n: i32) -> Self {
        let power = by_squaring(self, n.unsigned_abs());
        let inverse = || Self::__ONE / power;
        if n < 0 { inverse() } else { power }
    }
    fn __powf(self, p: Self) -> Self {
        if !p.is_constant() {
            return (p * self.__ln()).exponential();
        }
        let whole = p.value.__to_f64();
        if self.value == T::__ZERO && whole >= 0.0 && whole.fract() == 0.0 && whole < 1e9 {
            return by_squaring(self, whole as u32);
        }
        self.power(p.value)
    }
    fn __hypot(self, other: Self) -> Self {
        let radius = self.value.__hypot(other.value);
        let change = self * self.derivative() + other * other.derivative();
        Self::solution(radius, true, |y| change / y)
    }
    #[inline]
    fn __is_infinite(self) -> bool {
        self.value.__is_infinite()
    }
    #[inline]
    fn __sin(self) -> Self {
        self.sine_and_cosine(self.value.__sin(), self.value.__cos(), T::__ONE)
            .0
    }
    #[inline]
    fn __cos(self) -> Self {
        self.sine_and_cosine(self.value.__sin(), self.value.__cos(), T::__ONE)
            .1
    }
    #[inline]
    fn __sinh(self) -> Self {
        self.sine_and_cosine(self.value.__sinh(), self.value.__cosh(), -T::__ONE)
            .0
    }
    #[inline]
    fn __cosh(self) -> Self {
        self.sine_and_cosine(self.value.__sinh(), self.value.__cosh(), -T::__ONE)
            .1
    }
    #[inline]
    fn __ln(self) -> Self {
        Self::solution(self.value.__ln(), false, |_| self.derivative() / self)
    }
    fn __sqrt(self) -> Self {
        let half = T::__from_f64(0.5);
        let mut y = Self::constant(self.value.__sqrt());
        for k in 1..=K {
            let known = (1..k).map(|j| y.coefficient(j) * y.coefficient(k - j));
            let rest = known.fold(self.coefficient(k), |rest, term| rest - term);
            y.tail.0[k - 1] = half * rest / y.value;
        }
        y
    }
}

impl<T: Real, const K: usize> Series<T, K> {
    /// `s' = c x'`, `c' = -sign s x'`
    fn sine_and_cosine(self, sine: T, cosine: T, sign: T) -> (Self, Self) {
        let (mut s, mut c) = (Self::constant(sine), Self::constant(cosine));
        let change = self.derivative();
        for k in 0..K {
            let sum = |y: Self| -> T {
                (0..=k)
                    .map(|j| y.coefficient(j) * change.coefficient(k - j))
                    .sum()
            };
            let (of_sine, of_cosine) = (sum(s), sum(c));
            s.tail.0[k] = of_cosine / count(k + 1);
            c.tail.0[k] = -(sign * of_sine) / count(k + 1);
        }
        (s, c)
    }

    /// `y' = y x'`
    fn exponential(self) -> Self {
        let change = self.derivative();
        Self::solution(T::__from_f64(self.value.__to_f64().exp()), true, |y| {
            y * change
        })
    }

    /// `x y' = p y x'`, solved for the highest coefficient of `y`.
    fn power(self, p: T) -> Self {
        let mut y = Self::constant(self.value.__powf(p));
        for k in 1..=K {
            let weight = |j: usize| p * count(j) - count(k - j);
            let terms = (1..=k).map(|j| weight(j) * self.coefficient(j) * y.coefficient(k - j));
            y.tail.0[k - 1] = terms.sum::<T>() / (self.value * count(k));
        }
        y
    }
}

/// `x^n`
fn by_squaring<T: Real, const K: usize>(mut x: Series<T, K>, mut n: u32) -> Series<T, K> {
    let mut power = Series::__ONE;
    while n > 0 {
        if n % 2 == 1 {
            power = power * x;
        }
        x = x * x;
        n /= 2;
    }
    power
}
