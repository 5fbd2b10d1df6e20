//! Gaussian mixture log-likelihood with a Wishart prior (ADBench; Šrajer, Kukelova and Fitzgibbon 2018, doi:10.1080/10556788.2018.1435651).
//!
//! `F = -n d / 2 ln 2 pi + sum_i lse_k(alpha_k + s_k - |L_k (x_i - mu_k)|^2 / 2) - n lse(alpha) + prior`, where `L_k` is lower triangular
//! with the diagonal `exp(q_k)` and `s_k = sum q_k`.

use autodiff_runtime::{differentiate, stop_gradient};

/// Data and parameters of a mixture of `K` Gaussians in `d` dimensions.
#[derive(Clone, Debug)]
pub struct Mixture {
    /// Dimension of the data.
    pub d: usize,
    /// Unnormalised logarithms of the weights, K.
    pub alpha: Vec<f64>,
    /// Means, K x d.
    pub means: Vec<f64>,
    /// Factors of the inverse covariances, K x d(d+1)/2: logarithms of the diagonal, then the strict lower triangle by columns.
    pub icf: Vec<f64>,
    /// Data, n x d.
    pub x: Vec<f64>,
    /// The prior's scale.
    pub gamma: f64,
    /// The prior's degrees of freedom.
    pub m: u32,
}

/// `ln sum exp v`, shifted by the maximum, through which no derivative flows: the shift cancels.
#[differentiate(order = 2)]
pub fn log_sum_exp(v: &[f64]) -> f64 {
    let largest = stop_gradient(v.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    let sum: f64 = v.iter().map(|a| (a - largest).exp()).sum();
    largest + sum.ln()
}

/// Entries of a factor: `d (d + 1) / 2`.
pub fn factor_len(d: usize) -> usize {
    d * (d + 1) / 2
}

/// The lower triangle `L` row by row, with its diagonal `exp(q)`, from `q` and the columns of `icf`.
#[differentiate(order = 2)]
pub fn unpack(icf: &[f64], d: usize, rows: &mut [f64]) {
    let mut column = d;
    for j in 0..d {
        rows[j * (j + 1) / 2 + j] = icf[j].exp();
        for i in j + 1..d {
            rows[i * (i + 1) / 2 + j] = icf[column + i - j - 1];
        }
        column += d - j - 1;
    }
}

/// `|L (x - mean)|^2`, `L` row by row.
#[differentiate(order = 2)]
pub fn squared_distance(#[constant] x: &[f64], mean: &[f64], rows: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        let start = i * (i + 1) / 2;
        let row = &rows[start..start + i + 1];
        let mut y = 0.0;
        for j in 0..i + 1 {
            y += row[j] * (x[j] - mean[j]);
        }
        sum += y * y;
    }
    sum
}

/// The log-likelihood.
#[differentiate(order = 2)]
pub fn objective(
    alpha: &[f64],
    means: &[f64],
    icf: &[f64],
    #[constant] x: &[f64],
    d: usize,
    #[constant] gamma: f64,
    m: u32,
) -> f64 {
    let k = alpha.len();
    let n = x.len() / d;
    let size = d * (d + 1) / 2;
    let mut factors = vec![0.0; k * size];
    let mut weights = vec![0.0; k];
    let mut log_determinants = 0.0;
    for c in 0..k {
        let own = &icf[c * size..(c + 1) * size];
        let s: f64 = own[..d].iter().sum();
        weights[c] = alpha[c] + s;
        log_determinants += s;
        unpack(own, d, &mut factors[c * size..(c + 1) * size]);
    }
    let mut likelihood = 0.0;
    for point in x.chunks_exact(d) {
        let mut terms = vec![0.0; k];
        for c in 0..k {
            let mean = &means[c * d..(c + 1) * d];
            let rows = &factors[c * size..(c + 1) * size];
            terms[c] = weights[c] - 0.5 * squared_distance(point, mean, rows);
        }
        likelihood += log_sum_exp(&terms);
    }
    let squares: f64 = factors.iter().map(|l| l * l).sum();
    let prior = 0.5 * gamma * gamma * squares - f64::from(m) * log_determinants;
    let constant = -0.5 * (n * d) as f64 * (2.0 * std::f64::consts::PI).ln();
    constant + likelihood - n as f64 * log_sum_exp(alpha) + prior
        - k as f64 * prior_constant(d, gamma, m)
}

/// The logarithm of the prior's normalisation for one component.
pub fn prior_constant(d: usize, gamma: f64, m: u32) -> f64 {
    let nu = d as f64 + f64::from(m) + 1.0;
    nu * d as f64 * (gamma.ln() - 0.5 * std::f64::consts::LN_2)
        - log_gamma_multivariate(0.5 * nu, d)
}

fn log_gamma_multivariate(a: f64, d: usize) -> f64 {
    let mut total = 0.25 * (d * (d - 1)) as f64 * std::f64::consts::PI.ln();
    for j in 1..=d {
        total += log_gamma(a + 0.5 * (1.0 - j as f64));
    }
    total
}

/// `ln Gamma` at positive multiples of 1/2, by recurrence from `Gamma(1/2) = sqrt(pi)` and `Gamma(1) = 1`.
fn log_gamma(a: f64) -> f64 {
    let mut total = 0.0;
    let mut a = a;
    while a > 1.0 {
        a -= 1.0;
        total += a.ln();
    }
    if a < 1.0 {
        total += 0.5 * std::f64::consts::PI.ln();
    }
    total
}
