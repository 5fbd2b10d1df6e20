//! First divided differences `f[a, b] = (f(a) - f(b)) / (a - b)`, `f[a, a] = f'(a)`, without cancellation where a and b are near.

use super::norms::epsilon;
use super::quadrature::gauss_legendre;
use nalgebra::{RealField, convert};

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
