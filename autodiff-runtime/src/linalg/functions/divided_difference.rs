//! Divided differences `f[a, b] = (f(a) - f(b)) / (a - b)`, `f[a, a] = f'(a)`, and second ones, without cancellation where values are near.

use super::norms::epsilon;
use super::quadrature::gauss_legendre;
use nalgebra::{RealField, convert};
use std::cmp::Ordering;

/// `e^((a + b) / 2) sinh(h) / h` with `h = (a - b) / 2`
pub fn of_exp<T: RealField + Copy>(a: T, b: T) -> T {
    let half: T = convert(0.5);
    let h = half * (a - b);
    if h.abs() > T::one() {
        return (a.exp() - b.exp()) / (a - b);
    }
    let sinhc = if h.is_zero() { T::one() } else { h.sinh() / h };
    (half * (a + b)).exp() * sinhc
}

/// `2 atanh((a - b) / (a + b)) / (a - b)`
pub fn of_ln<T: RealField + Copy>(a: T, b: T) -> T {
    if a == b {
        a.recip()
    } else {
        ln_ratio(a, b) / (a - b)
    }
}

/// `b^p (e^(p ln(a / b)) - 1) / (a - b)`
pub fn of_powf<T: RealField + Copy>(a: T, b: T, p: T) -> T {
    if a == b {
        p * a.powf(p - T::one())
    } else if are_near(a, b) {
        b.powf(p) * (p * ln_ratio(a, b)).exp_m1() / (a - b)
    } else {
        (a.powf(p) - b.powf(p)) / (a - b)
    }
}

/// `ln(a / b)`
fn ln_ratio<T: RealField + Copy>(a: T, b: T) -> T {
    if are_near(a, b) {
        convert::<f64, T>(2.0) * ((a - b) / (a + b)).atanh()
    } else {
        a.ln() - b.ln()
    }
}

fn are_near<T: RealField + Copy>(a: T, b: T) -> bool {
    (a - b).abs() < convert::<f64, T>(0.5) * (a + b).abs()
}

/// Of a function that is known by its values and its slopes: the mean of the slopes between a and b by two quadratures, unless the
/// quotient is sure to be better, by how much the two differ.
pub fn of_values<T: RealField + Copy>(a: (T, T), b: (T, T), slope: impl Fn(T) -> T) -> T {
    let ((a, f_a), (b, f_b)) = (a, b);
    let mean = |nodes| {
        let terms = gauss_legendre(nodes).into_iter();
        terms.fold(T::zero(), |sum, (x, w)| {
            sum + slope(b + (a - b) * convert::<f64, T>(x)) * convert::<f64, T>(w)
        })
    };
    let (coarse, fine) = (mean(5), mean(8));
    let doubt_of_quotient = epsilon::<T>() * (f_a.abs() + f_b.abs()) / (a - b).abs();
    if a == b || (fine - coarse).abs() <= doubt_of_quotient {
        fine
    } else {
        (f_a - f_b) / (a - b)
    }
}

/// The second difference `f[a, b, c] = (f[a, b] - f[b, c]) / (a - c)` of a function that is known by its values, slopes and curvatures: the mean of half the
/// curvature over the triangle of the three (Hermite and Genocchi), unless the quotient is sure to be better.
pub fn second_of_values<T: RealField + Copy>(
    mut points: [T; 3],
    [f, slope, curvature]: [&dyn Fn(T) -> T; 3],
) -> T {
    points.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
    let [a, b, c] = points;
    let (coarse, fine) = (mean(points, curvature, 5), mean(points, curvature, 8));
    if a == c {
        return fine;
    }
    let first = |a: T, b: T| of_values((a, f(a)), (b, f(b)), slope);
    let (upper, lower) = (first(c, b), first(b, a));
    let doubt_of_quotient = epsilon::<T>() * (upper.abs() + lower.abs()) / (c - a);
    if (fine - coarse).abs() <= doubt_of_quotient {
        fine
    } else {
        (upper - lower) / (c - a)
    }
}

/// The integral of a function over the triangle with these barycentric corners, whose area is one half.
fn mean<T: RealField + Copy>([a, b, c]: [T; 3], f: &dyn Fn(T) -> T, nodes: usize) -> T {
    let rule = gauss_legendre(nodes);
    let pairs = rule.iter().flat_map(|p| rule.iter().map(move |q| (p, q)));
    pairs.fold(T::zero(), |sum, ((s, v), (t, w))| {
        let x = a + (b - a) * convert(*s) + (c - b) * convert(s * t);
        sum + f(x) * convert(s * v * w)
    })
}
