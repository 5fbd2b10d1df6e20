//! Losses.

use super::models::polynomial;

/// The sum of the squared residuals of a polynomial with the coefficients `c`.
#[ad::differentiate(crate = ad, reverse)]
pub fn squares(c: &[f64], #[constant] x: &[f64], #[constant] y: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (x, y) in x.iter().zip(y) {
        let residual = y - polynomial(c, *x);
        sum += residual * residual;
    }
    sum
}

/// The euclidean norm.
#[ad::differentiate(crate = ad, name = derivatives)]
pub fn norm(x: &[f64]) -> f64 {
    x.iter().map(|a| a * a).sum::<f64>().sqrt()
}
