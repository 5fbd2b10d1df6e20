//! Finance.

use autodiff_runtime::differentiate;

fn is_call(kind: u8) -> bool {
    kind == b'c'
}

#[differentiate]
fn american_put(s0: f64, k: f64, r: f64, sigma: f64, t: f64, n: usize) -> f64 {
    let dt = t / n as f64;
    let u = (sigma * dt.sqrt()).exp();
    let d = u.recip();
    let disc = (-r * dt).exp();
    let p = ((r * dt).exp() - d) / (u - d);
    let mut v: Vec<f64> = (0..=n)
        .map(|i| (k - s0 * u.powi(2 * i as i32 - n as i32)).max(0.0))
        .collect();
    for step in (0..n).rev() {
        for i in 0..=step {
            let hold = disc * (p * v[i + 1] + (1.0 - p) * v[i]);
            let exercise = k - s0 * u.powi(2 * i as i32 - step as i32);
            v[i] = f64::max(hold, exercise);
        }
    }
    v[0]
}

#[differentiate]
fn heston_paths(params: &[f64; 5], z: &[[f64; 2]], dt: f64, kind: u8) -> f64 {
    let &[v0, kappa, theta, xi, rho] = params;
    let mut payoff = 0.0;
    let mut s = 100.0f64;
    let mut v = v0;
    for (i, [z1, z2]) in z.iter().enumerate() {
        let w = rho * z1 + (1.0 - rho * rho).sqrt() * z2;
        let vp = v.max(0.0);
        s *= ((-0.5 * vp) * dt + (vp * dt).sqrt() * z1).exp();
        v += kappa * (theta - vp) * dt + xi * (vp * dt).sqrt() * w;
        if i % 2 == 1 {
            payoff += if is_call(kind) {
                (s - 100.0).max(0.0)
            } else {
                (100.0 - s).max(0.0)
            };
        }
    }
    payoff
}

#[differentiate]
fn nelson_siegel_bond(beta: [f64; 4], tau: f64, flows: &[(f64, f64)]) -> f64 {
    flows
        .iter()
        .map(|&(t, c)| {
            let x = t / tau;
            let e = (-x).exp();
            let y = beta[0] + beta[1] * (1.0 - e) / x + beta[2] * ((1.0 - e) / x - e) + beta[3] * e;
            c * (-y * t).exp()
        })
        .sum()
}

#[differentiate]
fn xirr(cash: &[f64], days: &[u32]) -> f64 {
    let mut rate = 0.1;
    for _ in 0..50 {
        let (f, df) = cash.iter().zip(days).fold((0.0, 0.0), |(f, df), (&c, &d)| {
            let t = (d - days[0]) as f64 / 365.0;
            let v = (1.0f64 + rate).powf(-t);
            (f + c * v, df - t * c * v / (1.0 + rate))
        });
        let next = rate - f / df;
        if (next - rate as f64).abs() < 1e-13 {
            rate = next;
            break;
        }
        rate = next;
    }
    rate
}

#[differentiate]
fn sabr(f: f64, k: f64, t: f64, alpha: f64, beta: f64, rho: f64, nu: f64) -> f64 {
    let fk = (f * k).powf((1.0 - beta) / 2.0);
    let logfk = (f / k).ln();
    let z = nu / alpha * fk * logfk;
    let x = (((1.0 - 2.0 * rho * z + z * z).sqrt() + z - rho) / (1.0 - rho)).ln();
    let omb2 = (1.0 - beta).powi(2);
    let den = fk * (1.0 + omb2 / 24.0 * logfk.powi(2) + omb2.powi(2) / 1920.0 * logfk.powi(4));
    let cor = 1.0
        + t * (omb2 / 24.0 * alpha.powi(2) / fk.powi(2)
            + 0.25 * rho * beta * nu * alpha / fk
            + (2.0 - 3.0 * rho * rho) / 24.0 * nu * nu);
    let ratio = if z.abs() < 1e-12 { 1.0 } else { z / x };
    alpha / den * ratio * cor
}

tests::checks! {
    put: |x| american_put(x[0], x[1], x[2], x[3], x[4], 6), [100.0, 103.0, 0.05, 0.2, 1.0];
    heston: |x| heston_paths(&[x[0], x[1], x[2], x[3], x[4]], &[[x[5], x[6]], [x[7], 0.3], [0.2, x[5]], [0.9, -0.1]], 0.25, b'c'), [0.04, 1.5, 0.05, 0.3, -0.6, 0.4, -0.2, 0.8];
    bond: |x| nelson_siegel_bond([x[0], x[1], x[2], x[3]], x[4], &[(0.5, 3.0), (1.0, x[5]), (x[6], 103.0)]), [0.04, -0.01, 0.02, 0.003, 1.5, 3.0, 1.7];
    irr: |x| xirr(x, &[0, 200, 410, 800]), [-100.0, 40.0, 30.0, 60.0];
    sabr_: |x| sabr(x[0], x[1], x[2], x[3], x[4], x[5], x[6]), [0.03, 0.035, 1.5, 0.04, 0.6, -0.3, 0.5];
}
