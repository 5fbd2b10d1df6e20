//! Traits of one's own that have methods named as functions of floats: other functions than these, and the same.

use autodiff_runtime::{Differentiable, differentiate};
use num_traits::Num;

/// Without kinks.
#[differentiate(order = 2)]
pub trait Smooth: Num + Copy {
    fn max(self, other: Self) -> Self;
    fn abs(self) -> Self;
    fn floor(self) -> Self;
    fn exp(self) -> Self;
}

#[differentiate(order = 2)]
impl Smooth for f64 {
    fn max(self, other: f64) -> f64 {
        f64::ln(f64::exp(self) + f64::exp(other))
    }

    fn abs(self) -> f64 {
        (self * self + 0.1).sqrt()
    }

    fn floor(self) -> f64 {
        self - 0.5 + (self * 6.0).sin() * 0.1
    }

    fn exp(self) -> f64 {
        f64::exp(self)
    }
}

#[differentiate(order = 2)]
fn smooth<T: Smooth>(x: &[T]) -> T {
    let a = x[0].abs();
    (a * x[1]).max(x[2]) + x[1].floor() * x[2].exp()
}

#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Pair<T> {
    a: T,
    b: T,
}

#[differentiate(order = 2, self)]
impl<T: Smooth> Pair<T> {
    fn norm(&self) -> T {
        (self.a * self.a + self.b).abs() * self.b.floor()
    }
}

#[differentiate(order = 2)]
pub fn other_functions(x: &[f64]) -> f64 {
    let pair = Pair { a: x[0], b: x[1] };
    smooth(x) * pair.norm() + x[0].abs().max(x[1])
}

/// A type of one's own has such a trait.
#[differentiate]
pub trait Safe: Copy {
    fn ln(self) -> f64;
    fn recip(self) -> f64;
}

#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Positive(f64);

#[differentiate]
impl Safe for Positive {
    fn ln(self) -> f64 {
        (self.0 * self.0 + 1.0).ln()
    }

    fn recip(self) -> f64 {
        self.0 * 3.0
    }
}

#[differentiate]
fn guarded<S: Safe>(a: S, b: f64) -> f64 {
    a.ln() * a.recip() + (b * b).ln()
}

#[differentiate]
pub fn of_types(x: &[f64]) -> f64 {
    guarded(Positive(x[0]), x[1]) * x[2]
}

/// The functions of floats, without the attribute.
pub trait Scalar: Num + Copy {
    fn ln(self) -> Self;
    fn sqrt(self) -> Self;
    fn max(self, other: Self) -> Self;
    fn from_f64(x: f64) -> Self;
}

macro_rules! scalars {
    ($($float:ty)*) => {$(
        impl Scalar for $float {
            fn ln(self) -> Self {
                self.ln()
            }

            fn sqrt(self) -> Self {
                <$float>::sqrt(self)
            }

            fn max(self, other: Self) -> Self {
                self.max(other)
            }

            fn from_f64(x: f64) -> Self {
                x as $float
            }
        }
    )*};
}

scalars! { f32 f64 }

#[differentiate(order = 2)]
fn scalar<T: Scalar>(x: &[T]) -> T {
    (x[0] * x[0]).ln() * T::sqrt(x[1] * x[1] + T::from_f64(2.0)) + x[2].max(x[1] * x[0])
}

#[differentiate(order = 2)]
pub fn same_functions(x: &[f64]) -> f64 {
    scalar(x) * x[0]
}

#[test]
fn of_traits_of_numbers() {
    const POINTS: &[&[f64]] = &[&[0.71, 1.3, 2.1], &[-0.41, 0.8, 0.31], &[1.4, -1.2, 0.6]];
    tests::agree!(other_functions at POINTS);
    tests::curvature!(other_functions at POINTS);
    tests::agree!(of_types at POINTS);
    tests::agree!(same_functions at POINTS);
    tests::curvature!(same_functions at POINTS);
}
