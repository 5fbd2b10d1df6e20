//! Densities and distribution functions.

use autodiff_runtime::differentiate;
use std::f64::consts::{E, LN_2, PI};

/// ln(sqrt(2 pi))
pub const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;

mod gamma {
    use super::*;

    const GAMMA_R: f64 = 10.900511;
    const GAMMA_DK: &[f64] = &[
        2.48574089138753565546e-5,
        1.05142378581721974210,
        -3.45687097222016235469,
        4.51227709466894823700,
        -2.98285225323576655721,
        1.05639711577126713077,
        -1.95428773191645869583e-1,
        1.70970543404441224307e-2,
        -5.71926117404305781283e-4,
        4.63399473359905636708e-6,
        -2.71994908488607703910e-9,
    ];

    #[differentiate]
    pub fn ln_gamma(x: f64) -> f64 {
        if x < 0.5 {
            let s = GAMMA_DK
                .iter()
                .enumerate()
                .skip(1)
                .fold(GAMMA_DK[0], |s, t| s + t.1 / (t.0 as f64 - x));
            PI.ln()
                - (PI * x).sin().ln()
                - s.ln()
                - (2.0 * (E / PI).sqrt()).ln()
                - (0.5 - x) * ((0.5 - x + GAMMA_R) / E).ln()
        } else {
            let s = GAMMA_DK
                .iter()
                .enumerate()
                .skip(1)
                .fold(GAMMA_DK[0], |s, t| s + t.1 / (x + t.0 as f64 - 1.0));
            s.ln() + (2.0 * (E / PI).sqrt()).ln() + (x - 0.5) * ((x - 0.5 + GAMMA_R) / E).ln()
        }
    }

    #[differentiate]
    pub fn ln_beta(a: f64, b: f64) -> f64 {
        ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
    }
}
use gamma::{ln_beta, ln_gamma};

#[differentiate]
pub fn normal_pdf(x: f64, mean: f64, std_dev: f64) -> f64 {
    let d = (x - mean) / std_dev;
    (-0.5 * d * d).exp() / ((2.0 * PI).sqrt() * std_dev)
}

#[differentiate]
pub fn normal_ln_pdf(x: f64, mean: f64, std_dev: f64) -> f64 {
    let d = (x - mean) / std_dev;
    (-0.5 * d * d) - LN_SQRT_2PI - std_dev.ln()
}

#[differentiate]
pub fn gamma_ln_pdf(x: f64, shape: f64, rate: f64) -> f64 {
    if x < 0.0 {
        f64::NEG_INFINITY
    } else if ulps_eq(shape, 1.0) {
        rate.ln() - rate * x
    } else if x.is_infinite() {
        f64::NEG_INFINITY
    } else {
        shape * rate.ln() + (shape - 1.0) * x.ln() - rate * x - ln_gamma(shape)
    }
}

fn ulps_eq(a: f64, b: f64) -> bool {
    (a - b).abs() < 4.0 * f64::EPSILON
}

#[differentiate]
pub fn beta_pdf(x: f64, shape_a: f64, shape_b: f64) -> f64 {
    if !(0.0..=1.0).contains(&x) {
        return 0.0;
    }
    ((shape_a - 1.0) * x.ln() + (shape_b - 1.0) * (1.0 - x).ln() - ln_beta(shape_a, shape_b)).exp()
}

#[differentiate]
pub fn students_t_pdf(x: f64, location: f64, scale: f64, freedom: f64) -> f64 {
    let d = (x - location) / scale;
    (ln_gamma((freedom + 1.0) / 2.0) - ln_gamma(freedom / 2.0)).exp()
        * (1.0 + d * d / freedom).powf(-0.5 * (freedom + 1.0))
        / (freedom * PI).sqrt()
        / scale
}

#[differentiate]
pub fn cauchy_cdf(x: f64, location: f64, scale: f64) -> f64 {
    (1.0 / PI) * ((x - location) / scale).atan() + 0.5
}

#[differentiate]
pub fn weibull_ln_pdf(x: f64, k: f64, lambda: f64) -> f64 {
    match x {
        x if x < 0.0 => f64::NEG_INFINITY,
        _ => {
            let z = x / lambda;
            (k / lambda).ln() + (k - 1.0) * z.ln() - z.powf(k)
        }
    }
}

#[differentiate]
pub fn dirichlet_ln_pdf(x: &[f64], alpha: &[f64]) -> f64 {
    assert_eq!(x.len(), alpha.len());
    let (sum_alpha, log_terms) = x
        .iter()
        .zip(alpha.iter())
        .fold((0.0, 0.0), |acc, (&xi, &ai)| {
            (acc.0 + ai, acc.1 + (ai - 1.0) * xi.ln() - ln_gamma(ai))
        });
    log_terms + ln_gamma(sum_alpha)
}

#[differentiate]
pub fn multivariate_normal_diag(x: &[f64], mu: &[f64], log_sigma: &[f64]) -> f64 {
    let k = x.len() as f64;
    let quad: f64 = x
        .iter()
        .zip(mu)
        .zip(log_sigma)
        .map(|((x, m), ls)| ((x - m) * (-ls).exp()).powi(2))
        .sum();
    -0.5 * (quad + k * (2.0 * PI).ln()) - log_sigma.iter().sum::<f64>()
}

#[differentiate]
pub fn pareto_sf(x: f64, scale: f64, shape: f64) -> f64 {
    if x <= scale {
        1.0
    } else {
        (scale / x).powf(shape)
    }
}

#[differentiate]
pub fn triangular_pdf(x: f64, min: f64, max: f64, mode: f64) -> f64 {
    let a = min;
    let b = max;
    let c = mode;
    if a <= x && x <= c {
        2.0 * (x - a) / ((b - a) * (c - a))
    } else if c < x && x <= b {
        2.0 * (b - x) / ((b - a) * (b - c))
    } else {
        0.0
    }
}

#[differentiate]
pub fn laplace_entropy(scale: f64) -> f64 {
    (2. * scale).ln() + 1.
}

#[differentiate]
pub fn gumbel_log_likelihood(data: &[f64], mu: f64, beta: f64) -> f64 {
    data.iter()
        .map(|&x| {
            let z = (x - mu) / beta;
            -(z + (-z).exp()) - beta.ln()
        })
        .sum()
}

#[differentiate]
pub fn poisson_ln_pmf(k: u64, lambda: f64) -> f64 {
    let ln_fact: f64 = (1..=k).map(|i| (i as f64).ln()).sum();
    -lambda + k as f64 * lambda.ln() - ln_fact
}

#[differentiate]
pub fn neg_binomial_pmf(x: u64, r: f64, p: f64) -> f64 {
    let k = ln_gamma(r + x as f64) - ln_gamma(r) - ln_gamma(x as f64 + 1.0);
    k.exp() * p.powf(r) * (1.0 - p).powi(x as i32)
}

#[differentiate]
pub fn categorical_cdf(probs: &[f64], x: u64) -> f64 {
    let total: f64 = probs.iter().sum();
    let cdf: Vec<f64> = probs
        .iter()
        .scan(0.0, |acc, p| {
            *acc += p;
            Some(*acc)
        })
        .collect();
    *cdf.get(x as usize).unwrap_or(&total) / total
}

#[differentiate]
pub fn skew_normal(x: f64, xi: f64, omega: f64, alpha: f64) -> f64 {
    let z = (x - xi) / omega;
    let phi = (-z.powi(2) / 2.).exp() / (2. * PI).sqrt();
    let erf = |x: f64| -> f64 {
        let t = 1.0 / (1.0 + 0.3275911 * x.abs());
        let y = 1.0
            - (((((1.061405429 * t - 1.453152027) * t) + 1.421413741) * t - 0.284496736) * t
                + 0.254829592)
                * t
                * (-x * x).exp();
        if x >= 0.0 { y } else { -y }
    };
    2. / omega * phi * 0.5 * (1. + erf(alpha * z / std::f64::consts::SQRT_2))
}

#[differentiate]
pub fn mixture_ln_pdf(x: f64, weights: &[f64], means: &[f64], sds: &[f64]) -> f64 {
    let logs: Vec<f64> = weights
        .iter()
        .zip(means.iter().zip(sds.iter()))
        .map(|(w, (&m, &s))| w.ln() + normal_ln_pdf(x, m, s))
        .collect();
    let max = logs.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
    max + logs.iter().map(|l| (l - max).exp()).sum::<f64>().ln()
}

#[differentiate]
pub fn von_mises_ln(x: f64, mu: f64, kappa: f64) -> f64 {
    let mut term = 1.0;
    let mut bessel = 1.0;
    let mut k = 1;
    while term > 1e-17 * bessel {
        term *= (kappa / (2.0 * k as f64)).powi(2);
        bessel += term;
        k += 1;
    }
    kappa * (x - mu).cos() - (2.0 * PI * bessel).ln()
}

#[differentiate]
pub fn inverse_gaussian_cdf_like(x: f64, mu: f64, lambda: f64) -> f64 {
    let cdf = |z: f64| 1.0 / (1.0 + (-1.702 * z).exp());
    let r = (lambda / x).sqrt();
    let u = x / mu;
    cdf(r * (u - 1.)) + (2. * lambda / mu).exp() * cdf(-r * (u + 1.))
}

#[differentiate]
pub fn kl_normal(p: (f64, f64), q: (f64, f64)) -> f64 {
    let (mu1, sigma1) = p;
    let (mu2, sigma2) = q;
    (sigma2 / sigma1).ln() + (sigma1.powi(2) + (mu1 - mu2).powi(2)) / (2.0 * sigma2.powi(2)) - 0.5
}

#[differentiate]
pub fn exponential_half_life(rate: f64, time: f64) -> f64 {
    let half_life = LN_2 / rate;
    0.5f64.powf(time / half_life)
}

/// The value, but not too near zero to divide by.
#[differentiate]
fn lifted(x: f64) -> f64 {
    if x.abs() < 1e-300 { 1e-300 } else { x }
}

/// The regularised lower incomplete gamma function: a series up to `a + 1`, a continued fraction by Lentz beyond.
#[differentiate]
pub fn lower_gamma(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let scale = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut k) = (1.0 / a, a);
        let mut sum = term;
        while term.abs() > 1e-16 * sum {
            k += 1.0;
            term *= x / k;
            sum += term;
        }
        return scale * sum;
    }
    let mut b = x + 1.0 - a;
    let mut c = 1e300;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for i in 1..200 {
        let step = -(i as f64) * (i as f64 - a);
        b += 2.0;
        d = 1.0 / lifted(step * d + b);
        c = lifted(b + step / c);
        let change = c * d;
        fraction *= change;
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    1.0 - scale * fraction
}

#[differentiate]
fn single_precision(x: f32) -> f32 {
    x.powi(2)
}

checks! {
    widened: |x| f64::from(single_precision(x[0] as f32)) * x[0] + f64::from(3), [0.5];
    ln_gammas: |x| ln_gamma(x[0]) + ln_beta(x[1], x[2]), [2.3, 0.7, 1.9], [0.3, 4.1, 0.2];
    normals: |x| normal_pdf(x[0], x[1], x[2]) + normal_ln_pdf(x[1], x[0], x[2]), [0.3, -0.2, 1.4];
    gammas: |x| gamma_ln_pdf(x[0], x[1], x[2]), [1.3, 2.2, 0.4], [0.4, 1.0001, 2.0];
    betas: |x| beta_pdf(x[0], x[1], x[2]), [0.3, 2.2, 1.4];
    students: |x| students_t_pdf(x[0], x[1], x[2], x[3]), [0.3, -0.2, 1.4, 4.5];
    cauchys: |x| cauchy_cdf(x[0], x[1], x[2]), [0.3, -0.2, 1.4];
    weibulls: |x| weibull_ln_pdf(x[0], x[1], x[2]), [0.3, 1.2, 1.4];
    dirichlets: |x| dirichlet_ln_pdf(&x[..3], &x[3..]), [0.2, 0.3, 0.5, 1.2, 2.4, 0.8];
    diagonals: |x| multivariate_normal_diag(&x[..2], &x[2..4], &x[4..6]), [0.2, 0.3, 0.5, 1.2, 0.4, -0.8];
    paretos: |x| pareto_sf(x[0], x[1], x[2]), [2.3, 1.1, 1.4];
    triangulars: |x| triangular_pdf(x[0], x[1], x[2], x[3]), [0.3, 0.0, 2.0, 0.9], [1.3, 0.0, 2.0, 0.9];
    laplaces: |x| laplace_entropy(x[0]), [0.3];
    gumbels: |x| gumbel_log_likelihood(&x[2..], x[0], x[1]), [0.3, 1.2, 0.4, 2.0, -0.3];
    poissons: |x| poisson_ln_pmf(4, x[0]) + neg_binomial_pmf(3, x[1], x[2]), [2.5, 1.5, 0.4];
    categoricals: |x| categorical_cdf(x, 1) + categorical_cdf(&x[1..], 1), [2.5, 1.5, 0.4];
    skews: |x| skew_normal(x[0], x[1], x[2], x[3]), [0.5, 0.1, 1.4, 2.0], [-0.5, 0.1, 1.4, 2.0];
    mixtures: |x| mixture_ln_pdf(x[0], &x[1..3], &x[3..5], &x[5..7]), [0.5, 0.1, 0.9, 2.0, 0.3, 0.4, 1.5];
    von_mises: |x| von_mises_ln(x[0], x[1], x[2]), [0.5, 0.1, 1.4];
    inverse_gaussians: |x| inverse_gaussian_cdf_like(x[0], x[1], x[2]), [0.5, 0.8, 1.4];
    divergences: |x| kl_normal((x[0], x[1]), (x[2], x[3])), [0.5, 0.8, 1.4, 0.7];
    half_lives: |x| exponential_half_life(x[0], x[1]), [0.5, 0.8];
    incomplete_gammas: |x| lower_gamma(x[0], x[1]), [2.5, 0.8], [1.5, 3.8];
}
