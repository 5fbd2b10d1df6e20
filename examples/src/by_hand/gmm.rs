//! The gradient of the Gaussian mixture as an expert writes it: each data point forward and at once backward, nothing stored.
//!
//! With the responsibilities `w_k = exp(term_k - lse)` and `y = L_k (x - mu_k)`: `L_bar -= w_k y (x - mu_k)^T` (lower part),
//! `mu_bar += w_k L_k^T y`, `alpha_bar += w_k`, `s_bar += w_k`; the prior's part is added once at the end.

use crate::gmm::{Mixture, factor_len, prior_constant, unpack};

/// What all points share, and the adjoints that they accumulate.
struct Sweep {
    d: usize,
    /// `alpha + s`
    weights: Vec<f64>,
    factors: Vec<f64>,
    weights_bar: Vec<f64>,
    factors_bar: Vec<f64>,
    /// For the current point and each component: `x - mu`, `L (x - mu)`, and the term of the sum.
    centred: Vec<f64>,
    mapped: Vec<f64>,
    terms: Vec<f64>,
}

/// Value and gradients with respect to weights, means and factors, which are overwritten.
pub fn value_and_grad(p: &Mixture, ga: &mut [f64], gm: &mut [f64], gi: &mut [f64]) -> f64 {
    let (d, k, n) = (p.d, p.alpha.len(), p.x.len() / p.d);
    let (mut sweep, log_determinants) = Sweep::new(p);
    gm.fill(0.0);
    let mut likelihood = 0.0;
    for point in p.x.chunks_exact(d) {
        likelihood += sweep.forward(point, &p.means);
        sweep.backward(gm);
    }
    ga.copy_from_slice(&p.alpha);
    let normaliser = soft_max(ga);
    for (bar, own) in ga.iter_mut().zip(&sweep.weights_bar) {
        *bar = own - n as f64 * *bar;
    }
    let squares = sweep.finish(p, gi);
    let constant = -0.5 * (n * d) as f64 * (2.0 * std::f64::consts::PI).ln();
    constant + likelihood - n as f64 * normaliser + 0.5 * p.gamma * p.gamma * squares
        - f64::from(p.m) * log_determinants
        - k as f64 * prior_constant(d, p.gamma, p.m)
}

impl Sweep {
    fn new(p: &Mixture) -> (Self, f64) {
        let (d, k, len) = (p.d, p.alpha.len(), factor_len(p.d));
        let mut factors = vec![0.0; k * len];
        let mut log_determinants = 0.0;
        let mut weights = p.alpha.clone();
        for (c, own) in p.icf.chunks_exact(len).enumerate() {
            let s: f64 = own[..d].iter().sum();
            weights[c] += s;
            log_determinants += s;
            unpack(own, d, &mut factors[c * len..(c + 1) * len]);
        }
        let sweep = Sweep {
            d,
            weights,
            factors,
            weights_bar: vec![0.0; k],
            factors_bar: vec![0.0; k * len],
            centred: vec![0.0; k * d],
            mapped: vec![0.0; k * d],
            terms: vec![0.0; k],
        };
        (sweep, log_determinants)
    }

    /// Log-likelihood of a point; leaves the responsibilities in `terms`.
    fn forward(&mut self, point: &[f64], means: &[f64]) -> f64 {
        let d = self.d;
        let len = factor_len(d);
        for (c, mean) in means.chunks_exact(d).enumerate() {
            let centred = &mut self.centred[c * d..(c + 1) * d];
            for ((c, x), m) in centred.iter_mut().zip(point).zip(mean) {
                *c = x - m;
            }
            let mut rows = &self.factors[c * len..(c + 1) * len];
            let mut squared = 0.0;
            for (i, mapped) in self.mapped[c * d..(c + 1) * d].iter_mut().enumerate() {
                let (row, rest) = rows.split_at(i + 1);
                let mut y = 0.0;
                for (l, x) in row.iter().zip(&*centred) {
                    y += l * x;
                }
                *mapped = y;
                squared += y * y;
                rows = rest;
            }
            self.terms[c] = self.weights[c] - 0.5 * squared;
        }
        soft_max(&mut self.terms)
    }

    /// Accumulates the adjoints of the point that [`Sweep::forward`] has seen last.
    fn backward(&mut self, means_bar: &mut [f64]) {
        let d = self.d;
        let len = factor_len(d);
        for (c, mean_bar) in means_bar.chunks_exact_mut(d).enumerate() {
            let weight = self.terms[c];
            self.weights_bar[c] += weight;
            let centred = &self.centred[c * d..(c + 1) * d];
            let mut rows = &self.factors[c * len..(c + 1) * len];
            let mut rows_bar = &mut self.factors_bar[c * len..(c + 1) * len];
            for (i, mapped) in self.mapped[c * d..(c + 1) * d].iter().enumerate() {
                let (row, rest) = rows.split_at(i + 1);
                let (row_bar, rest_bar) = rows_bar.split_at_mut(i + 1);
                let scaled = weight * mapped;
                let entries = row_bar.iter_mut().zip(row);
                for ((bar, l), (x, m)) in entries.zip(centred.iter().zip(&mut *mean_bar)) {
                    *bar -= scaled * x;
                    *m += scaled * l;
                }
                (rows, rows_bar) = (rest, rest_bar);
            }
        }
    }

    /// Adds the prior and overwrites the gradient of the factors; returns the sum of the squares of all their entries.
    fn finish(&self, p: &Mixture, gi: &mut [f64]) -> f64 {
        let d = self.d;
        let len = factor_len(d);
        let mut squares = 0.0;
        for (c, own) in gi.chunks_exact_mut(len).enumerate() {
            let rows = &self.factors[c * len..(c + 1) * len];
            let rows_bar = &self.factors_bar[c * len..(c + 1) * len];
            let bar = |at: usize| rows_bar[at] + p.gamma * p.gamma * rows[at];
            let mut column = d;
            for j in 0..d {
                let at = factor_len(j) + j;
                own[j] = bar(at) * rows[at] - f64::from(p.m) + self.weights_bar[c];
                for i in j + 1..d {
                    own[column + i - j - 1] = bar(factor_len(i) + j);
                }
                column += d - j - 1;
            }
            squares += rows.iter().map(|l| l * l).sum::<f64>();
        }
        squares
    }
}

/// `ln sum exp v`, and `v` replaced by its gradient.
fn soft_max(v: &mut [f64]) -> f64 {
    let largest = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for a in v.iter_mut() {
        *a = (*a - largest).exp();
        sum += *a;
    }
    v.iter_mut().for_each(|a| *a /= sum);
    largest + sum.ln()
}
