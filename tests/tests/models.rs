//! Programs over models of the user's own, as they are written: enums and structs by value, constants of types, errors of any kind, closures typed by what they are handed to.

use autodiff_runtime::{Differentiable, differentiate};
use std::error::Error;
use tests::agree;

/// Values of types that are not `Copy`, taken apart and consumed.
mod by_value {
    use super::*;

    #[derive(Clone, Debug, Differentiable)]
    pub enum Shape {
        Disc { r: f64 },
        Box(f64, f64),
        Polygon(Vec<(f64, f64)>),
        Table { at: Vec<f64>, values: Vec<f64> },
    }

    #[differentiate(self)]
    impl Shape {
        pub fn area(self) -> f64 {
            match self {
                Shape::Disc { r } => std::f64::consts::PI * r * r,
                Self::Box(w, h) => w * h,
                Shape::Polygon(points) => {
                    let n = points.len();
                    let cross = |i: usize| {
                        let ((a, b), (c, d)) = (points[i], points[(i + 1) % n]);
                        a * d - c * b
                    };
                    0.5 * (0..n).map(cross).sum::<f64>().abs()
                }
                Shape::Table { at, values } => {
                    let k = at.partition_point(|&x| x < 0.5).clamp(1, at.len() - 1);
                    values[k] * at[k]
                }
            }
        }

        pub fn scaled(self, k: f64) -> Self {
            match self {
                Shape::Disc { r } => Shape::Disc { r: k * r },
                Shape::Box(w, h) => Shape::Box(k * w, k * h),
                Shape::Polygon(points) => {
                    Shape::Polygon(points.into_iter().map(|(x, y)| (k * x, k * y)).collect())
                }
                other => other,
            }
        }

        pub fn reach(&self) -> Option<f64> {
            match *self {
                Shape::Disc { r } => Some(r),
                Shape::Box(w, ..) => Some(w),
                Shape::Polygon(_) => None,
                Shape::Table { ref values, .. } => values.last().copied(),
            }
        }
    }

    #[differentiate]
    pub fn areas(x: &[f64]) -> f64 {
        let shapes = [
            Shape::Disc { r: x[0] },
            Shape::Box(x[1], x[2]),
            Shape::Polygon(vec![(x[0], 0.1), (1.0, x[1]), (x[2], 1.5)]),
            Shape::Table {
                at: vec![x[0], x[1], x[2]],
                values: vec![x[2], x[0], x[1]],
            },
        ];
        let areas: f64 = shapes.iter().map(|s| s.clone().area()).sum();
        let reach: f64 = shapes.iter().filter_map(|s| s.reach()).sum();
        areas * reach + shapes[2].clone().scaled(x[1]).area()
    }
}

/// Constants of a type, and a method of a field without derivative.
mod constants {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Law {
        Ideal,
        Stiff(u8),
    }

    impl Law {
        #[differentiate]
        pub fn factor(self, x: f64) -> f64 {
            match self {
                Law::Ideal => x,
                Law::Stiff(n) => x * x * f64::from(n),
            }
        }
    }

    #[derive(Clone, Copy, Debug, Differentiable)]
    pub struct Gas {
        pub t: f64,
        pub gamma: f64,
        #[constant]
        pub law: Law,
    }

    #[differentiate(self)]
    impl Gas {
        const R: f64 = 2.87;
        pub const CELLS: usize = 3;

        pub fn sound(&self) -> f64 {
            (self.gamma * Self::R * self.t).sqrt()
        }

        pub fn all(&self, weights: &[f64]) -> f64 {
            let factors = weights.iter().map(|w| self.law.factor(w * self.t));
            factors.take(Self::CELLS).sum::<f64>() * (Gas::R * self.gamma).ln()
        }
    }

    #[differentiate]
    pub fn gases(x: &[f64]) -> f64 {
        let [law, stiff] = [Law::Ideal, Law::Stiff(2)];
        let gas = Gas {
            t: x[0],
            gamma: x[1],
            law,
        };
        let other = Gas {
            t: x[2],
            gamma: gas.gamma,
            law: stiff,
        };
        gas.sound() + gas.all(x) * other.all(&x[1..])
    }
}

/// Closures get the types of their parameters from what they are handed to.
mod handed {
    use super::*;

    #[differentiate]
    fn euler(rhs: impl Fn(f64, &[f64], &mut [f64]), y: &mut [f64], h: f64, n: usize) {
        let mut slope = vec![0.0; y.len()];
        for k in 0..n {
            rhs(k as f64 * h, y, &mut slope);
            for (y, s) in y.iter_mut().zip(slope.iter()) {
                *y += h * s;
            }
        }
    }

    #[differentiate]
    fn weighted<T, F>(n: usize, values: &[T], weight: F) -> T
    where
        T: num_traits::Float,
        F: Fn(usize, T) -> T,
    {
        (0..n).fold(T::zero(), |sum, k| sum + weight(k, values[k]))
    }

    #[derive(Clone, Debug, Differentiable)]
    struct Spring {
        k: f64,
    }

    #[differentiate(self)]
    impl Spring {
        fn settled(&self, force: impl Fn(&Spring, f64) -> f64, x: f64) -> f64 {
            x - 0.1 * self.k * force(self, x)
        }
    }

    #[differentiate]
    pub fn lorenz(x: &[f64]) -> f64 {
        let (sigma, rho, beta) = (x[0], x[1], x[2]);
        let mut y = [1.0, 0.5, x[0]];
        euler(
            |t, y, dy| {
                dy[0] = sigma * (y[1] - y[0]) + t;
                dy[1] = y[0] * (rho - y[2]) - y[1];
                dy[2] = y[0] * y[1] - beta * y[2];
            },
            &mut y,
            0.01,
            12,
        );
        let mean = weighted(3, &y, |k, v| v * x[k] / (k + 1) as f64);
        let spring = Spring { k: x[1] };
        mean + spring.settled(|s, at| s.k * at.sin(), x[2])
    }
}

/// Errors of any type, and `?` in code that is kept.
mod errors {
    use super::*;
    use num_traits::{Float, FromPrimitive};

    #[derive(Debug)]
    struct Empty;

    impl std::fmt::Display for Empty {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "nothing")
        }
    }

    impl Error for Empty {}

    #[differentiate]
    fn variance<T: Float + FromPrimitive>(data: &[T], off: usize) -> Option<T> {
        let n = T::from_usize(data.len())?;
        let mean = data.iter().fold(T::zero(), |s, &x| s + x) / n;
        let square = |s: T, x: &T| s + (*x - mean) * (*x - mean);
        let sum = data.iter().fold(T::zero(), square);
        Some(sum / T::from_usize(data.len().checked_sub(off)?)?)
    }

    #[differentiate]
    fn root(x: f64) -> Result<f64, Empty> {
        if x > 0.0 { Ok(x.sqrt()) } else { Err(Empty) }
    }

    #[differentiate]
    fn any(x: &[f64]) -> Result<f64, Box<dyn Error>> {
        let spread = variance(x, 1).ok_or("too few")?;
        let first = root(spread)?;
        if first.is_nan() {
            return Err(Box::new(Empty));
        }
        Ok(first * x[0])
    }

    #[differentiate]
    pub fn sure(x: &[f64]) -> f64 {
        any(x).unwrap_or(0.0) + variance(&x[1..], 0).unwrap()
    }

    #[test]
    fn errors_stay() {
        assert!(any::value_and_grad(&[1.0]).is_err());
        assert!(variance::grad(&[1.0], 2).is_none());
    }
}

/// A list of lists that is read before anything is added to it.
#[differentiate]
fn gram_schmidt(x: &[f64]) -> f64 {
    let rows = [[x[0], x[1], 1.0], [0.5, x[2], x[0]], [x[1], 2.0, x[2]]];
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for row in &rows {
        let mut w = row.to_vec();
        for b in &basis {
            let along: f64 = w.iter().zip(b).map(|(x, y)| x * y).sum();
            w.iter_mut()
                .zip(b.iter())
                .for_each(|(x, y)| *x -= along * y);
        }
        let norm = w.iter().map(|x| x * x).sum::<f64>().sqrt();
        if norm > 1e-10 {
            basis.push(w.iter().map(|x| x / norm).collect());
        }
    }
    basis.iter().enumerate().map(|(k, b)| b[k] * b[0]).sum()
}

#[derive(Clone, Debug, Differentiable)]
struct Table {
    at: Vec<f64>,
    values: Vec<f64>,
}

#[differentiate(self)]
impl Table {
    fn value(&self, x: f64) -> f64 {
        let k = match self.at.binary_search_by(|v| v.partial_cmp(&x).unwrap()) {
            Ok(k) => return self.values[k],
            Err(k) => k.clamp(1, self.at.len() - 1),
        };
        let t = (x - self.at[k - 1]) / (self.at[k] - self.at[k - 1]);
        self.values[k - 1] * (1.0 - t) + self.values[k] * t
    }
}

#[differentiate]
fn looked_up(x: &[f64]) -> f64 {
    let at = vec![0.0, x[0], 2.0];
    let table = Table {
        at,
        values: vec![x[1], x[2], x[0]],
    };
    let k = table.at.partition_point(|&v| v < 1.0);
    table.value(0.3) + table.value(1.2) * table.value(7.0) + table.values[k]
}

#[test]
fn models() {
    let x = [0.6, 1.3, 0.9];
    agree!(by_value::areas, x);
    agree!(constants::gases, x);
    agree!(handed::lorenz, x);
    agree!(errors::sure, x);
    agree!(gram_schmidt, x);
    agree!(looked_up, x);
}
