//! Prices, rates and time series.

use autodiff_runtime::differentiate;
use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Call,
    Put,
}

/// Hart's rational approximation in the form of West.
#[differentiate]
pub fn norm_cdf(x: f64) -> f64 {
    let xabs = x.abs();
    let build;
    if xabs > 37.0 {
        build = 0.0;
    } else {
        let e = (-xabs * xabs / 2.0).exp();
        if xabs < 7.07106781186547 {
            let num = [
                220.206867912376,
                221.213596169931,
                112.079291497871,
                33.912866078383,
                6.37396220353165,
                0.700383064443688,
                0.0352624965998911,
            ];
            let den = [
                440.413735824752,
                793.826512519948,
                637.333633378831,
                296.564248779674,
                86.7807322029461,
                16.064177579207,
                1.75566716318264,
                0.0883883476483184,
            ];
            let horner = |c: &[f64]| c.iter().rev().fold(0.0, |acc, &k| acc * xabs + k);
            build = e * horner(&num) / horner(&den);
        } else {
            let b = xabs + 0.65;
            let b = xabs + 4.0 / b;
            let b = xabs + 3.0 / b;
            let b = xabs + 2.0 / b;
            let b = xabs + 1.0 / b;
            build = e / b / 2.506628274631;
        }
    }
    if x > 0.0 { 1.0 - build } else { build }
}

#[differentiate]
pub fn black_scholes(
    #[constant] kind: Kind,
    s: f64,
    k: f64,
    t: f64,
    r: f64,
    q: f64,
    vol: f64,
) -> f64 {
    let sd = vol * t.sqrt();
    let d1 = ((s / k).ln() + (r - q + 0.5 * vol * vol) * t) / sd;
    let d2 = d1 - sd;
    let sign = match kind {
        Kind::Call => 1.0,
        Kind::Put => -1.0,
    };
    sign * (s * (-q * t).exp() * norm_cdf(sign * d1) - k * (-r * t).exp() * norm_cdf(sign * d2))
}

#[differentiate]
pub fn implied_vol(price: f64, s: f64, k: f64, t: f64) -> f64 {
    let mut sigma = 0.3_f64;
    for _ in 0..30 {
        let d1 = ((s / k).ln() + 0.5 * sigma * sigma * t) / (sigma * t.sqrt());
        let vega = s * (-0.5 * d1 * d1).exp() / (2.0 * PI).sqrt() * t.sqrt();
        let diff = black_scholes(Kind::Call, s, k, t, 0.0, 0.0, sigma) - price;
        if diff.abs() < 1e-13 {
            break;
        }
        sigma -= diff / vega;
    }
    sigma
}

#[differentiate]
pub fn crr_american(s: f64, k: f64, r: f64, vol: f64, t: f64, n: usize, is_put: bool) -> f64 {
    let dt = t / n as f64;
    let u = (vol * dt.sqrt()).exp();
    let d = 1.0 / u;
    let p = ((r * dt).exp() - d) / (u - d);
    let disc = (-r * dt).exp();
    let payoff = |price: f64| {
        if is_put {
            (k - price).max(0.0)
        } else {
            (price - k).max(0.0)
        }
    };
    let mut values: Vec<f64> = (0..=n)
        .map(|i| payoff(s * u.powi(i as i32) * d.powi((n - i) as i32)))
        .collect();
    for step in (0..n).rev() {
        for i in 0..=step {
            let spot = s * u.powi(i as i32) * d.powi((step - i) as i32);
            let hold = disc * (p * values[i + 1] + (1.0 - p) * values[i]);
            values[i] = hold.max(payoff(spot));
        }
    }
    values[0]
}

#[differentiate]
pub fn bond_price(face: f64, coupon: f64, ytm: f64, periods: i32) -> f64 {
    let pv: f64 = (1..=periods).map(|i| coupon / (1.0 + ytm).powi(i)).sum();
    pv + face / (1.0 + ytm).powi(periods)
}

#[differentiate]
pub fn macaulay_duration(cashflows: &[(f64, f64)], y: f64) -> f64 {
    let (weighted, price) = cashflows.iter().fold((0.0, 0.0), |(w, p), (t, c)| {
        let pv = c * (-y * t).exp();
        (w + t * pv, p + pv)
    });
    weighted / price
}

#[differentiate]
pub fn irr(flows: &[f64], guess: f64) -> f64 {
    let mut r = guess;
    let mut iter = 0;
    loop {
        let (mut npv, mut dnpv) = (0.0, 0.0);
        for (i, &cf) in flows.iter().enumerate() {
            let t = i as i32;
            npv += cf / (1.0 + r).powi(t);
            if t > 0 {
                dnpv -= f64::from(t) * cf / (1.0 + r).powi(t + 1);
            }
        }
        let step = npv / dnpv;
        r -= step;
        iter += 1;
        if step.abs() < 1e-15 || iter > 40 {
            return r;
        }
    }
}

#[differentiate]
pub fn nelson_siegel(t: f64, beta: [f64; 3], tau: f64) -> f64 {
    let x = t / tau;
    let slope = if x.abs() < 1e-8 {
        1.0 - x / 2.0
    } else {
        (1.0 - (-x).exp()) / x
    };
    beta[0] + beta[1] * slope + beta[2] * (slope - (-x).exp())
}

#[differentiate]
pub fn sabr(f: f64, k: f64, t: f64, alpha: f64, beta: f64, rho: f64, nu: f64) -> f64 {
    let fk = (f * k).powf((1. - beta) / 2.);
    let log_fk = (f / k).ln();
    let z = nu / alpha * fk * log_fk;
    let x = (((1. - 2. * rho * z + z * z).sqrt() + z - rho) / (1. - rho)).ln();
    let term = 1.
        + ((1. - beta).powi(2) / 24. * alpha * alpha / (fk * fk)
            + 0.25 * rho * beta * nu * alpha / fk
            + (2. - 3. * rho * rho) / 24. * nu * nu)
            * t;
    let ratio = if z.abs() < 1e-12 { 1. } else { z / x };
    alpha / fk * ratio * term
}

#[differentiate]
pub fn monte_carlo_asian(s0: f64, r: f64, vol: f64, normals: &[Vec<f64>], strike: f64) -> f64 {
    let mut total = 0.0;
    for path in normals {
        let dt = 1.0 / path.len() as f64;
        let mut s = s0;
        let mut avg = 0.0;
        for z in path {
            s *= ((r - 0.5 * vol * vol) * dt + vol * dt.sqrt() * z).exp();
            avg += s;
        }
        total += (avg / path.len() as f64 - strike).max(0.0);
    }
    (-r).exp() * total / normals.len() as f64
}

#[differentiate]
pub fn portfolio_variance(w: &[f64], cov: &[Vec<f64>]) -> f64 {
    w.iter()
        .enumerate()
        .map(|(i, wi)| {
            w.iter()
                .zip(&cov[i])
                .map(|(wj, c)| wi * wj * c)
                .sum::<f64>()
        })
        .sum::<f64>()
        .sqrt()
}

#[differentiate]
pub fn sharpe(returns: &[f64], risk_free: f64) -> f64 {
    let excess: Vec<f64> = returns.iter().map(|r| r - risk_free).collect();
    let n = excess.len() as f64;
    let mean = excess.iter().sum::<f64>() / n;
    let sd = (excess.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    mean / sd * 252f64.sqrt()
}

#[differentiate]
pub fn garch_likelihood(returns: &[f64], omega: f64, alpha: f64, beta: f64) -> f64 {
    let mut variance = returns.iter().map(|r| r * r).sum::<f64>() / returns.len() as f64;
    let mut ll = 0.0;
    for (t, &r) in returns.iter().enumerate() {
        if t > 0 {
            let prev = returns[t - 1];
            variance = omega + alpha * prev * prev + beta * variance;
        }
        ll -= 0.5 * ((2.0 * PI).ln() + variance.ln() + r * r / variance);
    }
    ll
}

#[differentiate]
pub fn arma_residuals(y: &[f64], phi: &[f64], theta: &[f64]) -> f64 {
    let p = phi.len();
    let mut e: Vec<f64> = vec![0.0; y.len()];
    for t in p..y.len() {
        let ar: f64 = phi.iter().enumerate().map(|(i, c)| c * y[t - 1 - i]).sum();
        let ma: f64 = theta
            .iter()
            .enumerate()
            .filter(|(j, _)| t > *j)
            .map(|(j, c)| c * e[t - 1 - j])
            .sum();
        e[t] = y[t] - ar - ma;
    }
    e[p..].iter().map(|v| v * v).sum()
}

#[differentiate]
pub fn holt_winters(y: &[f64], season: usize, alpha: f64, beta: f64, gamma: f64) -> f64 {
    let mut level = y[0];
    let mut trend = (y[season] - y[0]) / season as f64;
    let mut seasonal: Vec<f64> = y.iter().take(season).map(|v| v - level).collect();
    let mut sse = 0.0;
    for (i, &obs) in y.iter().enumerate().skip(season) {
        let s = seasonal[i % season];
        let forecast = level + trend + s;
        sse += (obs - forecast).powi(2);
        let last = level;
        level = alpha * (obs - s) + (1.0 - alpha) * (level + trend);
        trend = beta * (level - last) + (1.0 - beta) * trend;
        seasonal[i % season] = gamma * (obs - level) + (1.0 - gamma) * s;
    }
    sse
}

#[differentiate]
pub fn kalman_loglik(obs: &[f64], q: f64, r: f64) -> f64 {
    let (mut m, mut p) = (0.0, 1.0);
    obs.iter().fold(0.0, |ll, &z| {
        let p_pred = p + q;
        let s = p_pred + r;
        let gain = p_pred / s;
        let innovation = z - m;
        m += gain * innovation;
        p = (1.0 - gain) * p_pred;
        ll - 0.5 * (s.ln() + innovation * innovation / s)
    })
}

#[differentiate]
pub fn rsi(prices: &[f64], period: usize) -> f64 {
    let deltas = prices.windows(2).map(|w| w[1] - w[0]);
    let (mut gain, mut loss) = (0.0, 0.0);
    for (i, d) in deltas.enumerate() {
        let (g, l) = if d > 0.0 { (d, 0.0) } else { (0.0, -d) };
        if i < period {
            gain += g / period as f64;
            loss += l / period as f64;
        } else {
            gain = (gain * (period - 1) as f64 + g) / period as f64;
            loss = (loss * (period - 1) as f64 + l) / period as f64;
        }
    }
    100.0 - 100.0 / (1.0 + gain / loss)
}

#[differentiate]
pub fn max_drawdown(equity: &[f64]) -> f64 {
    let mut peak = equity[0];
    let mut worst = 0.0_f64;
    for &e in equity {
        if e > peak {
            peak = e;
        }
        let dd = (peak - e) / peak;
        worst = worst.max(dd);
    }
    worst
}

#[differentiate]
pub fn var_historical(pnl: &[f64], level: f64) -> f64 {
    let mut sorted = pnl.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).expect("no NaN"));
    let pos = level * (sorted.len() - 1) as f64;
    let (lo, hi) = (pos.floor() as usize, pos.ceil() as usize);
    let frac = pos - lo as f64;
    sorted[lo] * (1.0 - frac) + sorted[hi] * frac
}

#[differentiate]
pub fn cds_spread(hazard: &[f64], tenor: &[f64], recovery: f64, r: f64) -> f64 {
    let mut survival = 1.0;
    let (mut protection, mut annuity) = (0.0, 0.0);
    let mut prev = 0.0;
    for (h, &t) in hazard.iter().zip(tenor) {
        let dt = t - prev;
        let next = survival * (-h * dt).exp();
        let df = (-r * t).exp();
        protection += (1.0 - recovery) * (survival - next) * df;
        annuity += dt * df * next;
        survival = next;
        prev = t;
    }
    protection / annuity
}

#[differentiate]
pub fn heston_cf_real(
    u: f64,
    kappa: f64,
    theta: f64,
    sigma: f64,
    rho: f64,
    v0: f64,
    t: f64,
) -> f64 {
    let mul = |a: (f64, f64), b: (f64, f64)| (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0);
    let sqrt = |a: (f64, f64)| {
        let m = a.0.hypot(a.1);
        (
            ((m + a.0) / 2.0).sqrt(),
            ((m - a.0) / 2.0).sqrt().copysign(a.1),
        )
    };
    let exp = |a: (f64, f64)| (a.0.exp() * a.1.cos(), a.0.exp() * a.1.sin());
    let xi = (kappa, -sigma * rho * u);
    let d2 = mul(xi, xi);
    let d = sqrt((d2.0 + sigma * sigma * u * u, d2.1 + sigma * sigma * u));
    let e = exp((-d.0 * t, -d.1 * t));
    let c = (xi.0 - d.0, xi.1 - d.1);
    let s = (kappa * theta / sigma.powi(2)) * (c.0 * t)
        + v0 / sigma.powi(2) * (c.0 * (1.0 - e.0) + c.1 * e.1);
    s.exp()
}

#[differentiate]
pub fn erf_like(x: f64) -> f64 {
    2.0 * norm_cdf(x * SQRT_2) - 1.0 + FRAC_1_SQRT_2 * x
}

checks! {
    cdf: |x| norm_cdf(x[0]) + norm_cdf(x[1]) + erf_like(x[0]), [0.4, -1.2], [-3.0, 8.0];
    options: |x| black_scholes(Kind::Put, x[0], x[1], x[2], x[3], x[4], x[5]) + black_scholes(Kind::Call, x[0], x[1], x[2], x[3], x[4], x[5]), [1.1, 1.0, 0.7, 0.05, 0.02, 0.3];
    vols: |x| implied_vol(x[0], x[1], x[2], x[3]), [0.15, 1.0, 1.05, 0.7];
    trees: |x| crr_american(x[0], x[1], x[2], x[3], x[4], 6, true) + crr_american(x[0], x[1], x[2], x[3], x[4], 4, false), [1.02, 1.07, 0.05, 0.3, 0.9];
    bonds: |x| bond_price(x[0], x[1], x[2], 5) + macaulay_duration(&[(1.0, x[0]), (x[1], 2.0)], x[2]), [1.02, 0.07, 0.05];
    returns: |x| irr(x, 0.1), [-10.0, 3.0, 4.0, 5.5];
    curves: |x| nelson_siegel(x[0], [x[1], x[2], x[3]], x[4]), [2.0, 0.03, -0.02, 0.01, 1.5];
    smiles: |x| sabr(x[0], x[1], x[2], x[3], x[4], x[5], x[6]), [1.0, 1.2, 0.8, 0.3, 0.5, -0.2, 0.4];
    paths: |x| monte_carlo_asian(x[0], x[1], x[2], &[vec![0.3, -0.4], vec![1.2, 0.1]], x[3]), [1.0, 0.05, 0.3, 0.9];
    portfolios: |x| portfolio_variance(&x[..2], &[x[2..4].to_vec(), x[3..5].to_vec()]) + sharpe(x, 0.01), [0.4, 0.6, 0.3, 0.1, 0.5];
    garch: |x| garch_likelihood(&x[3..], x[0], x[1], x[2]), [0.1, 0.2, 0.6, 0.4, -0.6, 0.3, 0.9];
    arma: |x| arma_residuals(&x[3..], &x[..2], &x[2..3]), [0.1, 0.2, 0.6, 0.4, -0.6, 0.3, 0.9, 1.2];
    seasons: |x| holt_winters(&x[3..], 2, x[0], x[1], x[2]), [0.1, 0.2, 0.6, 0.4, -0.6, 0.3, 0.9, 1.2];
    filters: |x| kalman_loglik(&x[2..], x[0], x[1]), [0.1, 0.2, 0.6, 0.4, -0.6];
    indicators: |x| rsi(x, 2) + max_drawdown(x) + var_historical(x, 0.3), [1.1, 1.2, 0.8, 0.9, 1.25, 1.0];
    credit: |x| cds_spread(&x[..3], &[1.0, 2.0, 3.5], x[3], x[4]), [0.01, 0.02, 0.03, 0.4, 0.05];
    heston: |x| heston_cf_real(x[0], x[1], x[2], x[3], x[4], x[5], 1.0), [1.5, 1.2, 0.04, 0.5, -0.6, 0.05];
}
