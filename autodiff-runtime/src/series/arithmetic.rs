//! Power series in one variable, cut off after some coefficients: their arithmetic, and the solution of `y' = g(y)`.

use crate::batch::Lanes;
use crate::private::{chosen, times};
use crate::scalar::Real;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// `value + tail[0] t + tail[1] t^2 + ..`
#[doc(hidden)]
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Series<T, const K: usize> {
    /// The coefficient of `1`.
    pub value: T,
    /// Those of `t` to `t^K`.
    pub tail: Lanes<T, K>,
}

impl<T: Real, const K: usize> Series<T, K> {
    /// A series by its coefficients.
    #[inline]
    pub fn new(value: T, tail: Lanes<T, K>) -> Self {
        Self { value, tail }
    }

    /// One that does not vary.
    #[inline]
    pub fn constant(value: T) -> Self {
        Self::new(value, Lanes::ZERO)
    }

    /// Does it not vary?
    #[inline]
    pub fn is_constant(self) -> bool {
        self.tail == Lanes::ZERO
    }

    /// The coefficient of `t^k`.
    #[inline]
    pub fn coefficient(self, k: usize) -> T {
        match k {
            0 => self.value,
            k => self.tail.0[k - 1],
        }
    }

    /// The derivative. Its last coefficient would need one more: it is zero, and whoever integrates does not read it.
    #[inline]
    pub fn derivative(self) -> Self {
        let mut slope = Self::constant(T::__ZERO);
        for (k, x) in self.tail.0.into_iter().enumerate() {
            slope.set(k, x * count(k + 1));
        }
        slope
    }

    #[inline]
    fn set(&mut self, k: usize, x: T) {
        match k {
            0 => self.value = x,
            k => self.tail.0[k - 1] = x,
        }
    }

    /// What an argument contributes to `y'` by its slope, a coefficient of the argument that is zero winning over an infinite slope.
    #[inline]
    pub fn contribution(self, slope: impl FnOnce() -> Self) -> Self {
        if self.is_constant() {
            return Self::constant(T::__ZERO);
        }
        let (slope, change) = (slope(), self.derivative());
        convolution(|j, k| times(change.coefficient(j), slope.coefficient(k)))
    }

    /// The same by a slope that is constant. Where the function gives one of its arguments, the slope zero wins.
    #[inline]
    pub fn scaled(self, slope: T, chooses: bool) -> Self {
        let product = |x| match chooses {
            true => chosen(x, slope),
            false => times(x, slope),
        };
        let change = self.derivative();
        Self::new(product(change.value), Lanes(change.tail.0.map(product)))
    }

    /// The solution of `y' = slope(y)` that begins with `value`. Where `slope` does not read `y`, one evaluation is enough.
    #[inline]
    pub fn solution(value: T, reads_result: bool, slope: impl Fn(Self) -> Self) -> Self {
        let mut y = Self::constant(value);
        let mut change = slope(y);
        for k in 0..K {
            if reads_result && k > 0 {
                change = slope(y);
            }
            y.tail.0[k] = change.coefficient(k) / count(k + 1);
        }
        y
    }

    /// The tail of `y = a / self`, of which the value is known: `y self = a`.
    #[inline]
    pub fn quotient(self, y: T, a: Lanes<T, K>) -> Lanes<T, K> {
        let mut quotient = Self::constant(y);
        for k in 1..=K {
            let known = (1..=k).map(|j| self.coefficient(j) * quotient.coefficient(k - j));
            let rest = known.fold(a.0[k - 1], |rest, term| rest - term);
            quotient.tail.0[k - 1] = rest / self.value;
        }
        quotient.tail
    }
}

/// A number that counts.
#[inline]
pub(super) fn count<T: Real>(k: usize) -> T {
    T::__from_f64(k as f64)
}

/// The series whose coefficient of `t^n` is the sum of `term(j, n - j)`.
#[inline]
fn convolution<T: Real, const K: usize>(term: impl Fn(usize, usize) -> T) -> Series<T, K> {
    let mut product = Series::constant(T::__ZERO);
    for n in 0..=K {
        product.set(n, (0..=n).map(|j| term(j, n - j)).sum());
    }
    product
}

impl<T: Real, const K: usize> Add for Series<T, K> {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self::new(self.value + other.value, self.tail + other.tail)
    }
}

impl<T: Real, const K: usize> Sub for Series<T, K> {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self::new(self.value - other.value, self.tail - other.tail)
    }
}

impl<T: Real, const K: usize> Neg for Series<T, K> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self::new(-self.value, -self.tail)
    }
}

impl<T: Real, const K: usize> Mul for Series<T, K> {
    type Output = Self;
    #[inline]
    fn mul(self, other: Self) -> Self {
        convolution(|j, k| self.coefficient(j) * other.coefficient(k))
    }
}

impl<T: Real, const K: usize> Div for Series<T, K> {
    type Output = Self;
    #[inline]
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        Self::new(value, other.quotient(value, self.tail))
    }
}

/// What a partial that is constant in pieces reads of an argument.
#[doc(hidden)]
pub trait Value {
    /// A number.
    type Number;
    /// That at `t = 0`.
    fn at_zero(self) -> Self::Number;
}

impl<T: Real, const K: usize> Value for Series<T, K> {
    type Number = T;
    #[inline]
    fn at_zero(self) -> T {
        self.value
    }
}

impl<T: Real> Value for T {
    type Number = T;
    #[inline]
    fn at_zero(self) -> T {
        self
    }
}
