//! Nodes and weights of Gauss and Legendre on the interval from zero to one.

use std::f64::consts::PI;

/// The nodes and weights with which polynomials of a degree below `2 n` are integrated exactly.
pub fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    (0..n)
        .map(|k| {
            let (x, slope) = legendre_root(n, k);
            (0.5 * (1.0 + x), 1.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

/// The k-th root of the Legendre polynomial of degree n by Newton's method, and the slope there.
fn legendre_root(n: usize, k: usize) -> (f64, f64) {
    let mut x = -(PI * (k as f64 + 0.75) / (n as f64 + 0.5)).cos();
    for _ in 0..8 {
        let (value, slope) = legendre(n, x);
        x -= value / slope;
    }
    (x, legendre(n, x).1)
}

/// The Legendre polynomial of degree n and its derivative.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, x);
    for k in 2..=n {
        let k = k as f64;
        (before, value) = (
            value,
            ((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k,
        );
    }
    (value, n as f64 * (x * value - before) / (x * x - 1.0))
}

#[cfg(test)]
mod tests {
    use super::gauss_legendre;

    #[test]
    fn polynomials_are_integrated_exactly() {
        for n in 1..=9 {
            for degree in 0..2 * n as i32 {
                let sum: f64 = gauss_legendre(n)
                    .iter()
                    .map(|(x, w)| w * x.powi(degree))
                    .sum();
                approx::assert_relative_eq!(sum, 1.0 / f64::from(degree + 1), max_relative = 1e-14);
            }
        }
    }
}
