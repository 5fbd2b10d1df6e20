//! The gradient of the Gaussian mixture as an expert writes it: one pass over the data, nothing stored.

use crate::gmm::{Mixture, prior_constant};

/// Value and gradient (alpha, means, factors); the gradient is overwritten.
pub fn value_and_grad(p: &Mixture, g: &mut (Vec<f64>, Vec<f64>, Vec<f64>)) -> f64 {
    let (d, k, n) = (p.d, p.alpha.len(), p.x.len() / p.d);
    let size = d * (d + 1) / 2;
    let (ga, gm, gi) = (&mut g.0, &mut g.1, &mut g.2);
    for part in [&mut *ga, &mut *gm, &mut *gi] {
        part.fill(0.0);
    }
    let mut exps = vec![0.0; k * d];
    let mut logs = vec![0.0; k];
    let mut prior = 0.0;
    let g2 = p.gamma * p.gamma;
    for c in 0..k {
        let q = &p.icf[c * size..(c + 1) * size];
        for i in 0..d {
            let e = q[i].exp();
            exps[c * d + i] = e;
            logs[c] += q[i];
            prior += 0.5 * g2 * e * e;
            gi[c * size + i] += g2 * e * e - f64::from(p.m);
        }
        for i in d..size {
            prior += 0.5 * g2 * q[i] * q[i];
            gi[c * size + i] += g2 * q[i];
        }
        prior -= f64::from(p.m) * logs[c];
    }
    let mut likelihood = 0.0;
    let mut terms = vec![0.0; k];
    let mut y = vec![0.0; k * d];
    for x in p.x.chunks_exact(d) {
        for c in 0..k {
            let (mean, lower) = (&p.means[c * d..(c + 1) * d], &p.icf[c * size + d..]);
            let mut distance = 0.0;
            for i in 0..d {
                let mut s = exps[c * d + i] * (x[i] - mean[i]);
                for j in 0..i {
                    s += lower[j * (2 * d - j - 1) / 2 + i - j - 1] * (x[j] - mean[j]);
                }
                y[c * d + i] = s;
                distance += s * s;
            }
            terms[c] = p.alpha[c] + logs[c] - 0.5 * distance;
        }
        likelihood += soft_max(&mut terms);
        for c in 0..k {
            let t = terms[c];
            ga[c] += t;
            let (mean, lower) = (&p.means[c * d..(c + 1) * d], &p.icf[c * size + d..]);
            for i in 0..d {
                let s = -t * y[c * d + i];
                let e = exps[c * d + i];
                gi[c * size + i] += t + s * (x[i] - mean[i]) * e;
                gm[c * d + i] -= s * e;
                for j in 0..i {
                    let at = j * (2 * d - j - 1) / 2 + i - j - 1;
                    gi[c * size + d + at] += s * (x[j] - mean[j]);
                    gm[c * d + j] -= s * lower[at];
                }
            }
        }
    }
    let mut weights = p.alpha.clone();
    let normaliser = soft_max(&mut weights);
    for c in 0..k {
        ga[c] -= n as f64 * weights[c];
    }
    let constant = -0.5 * (n * d) as f64 * (2.0 * std::f64::consts::PI).ln();
    constant + likelihood - n as f64 * normaliser + prior
        - k as f64 * prior_constant(d, p.gamma, p.m)
}

/// `ln sum exp v`, and `v` replaced by its gradient.
fn soft_max(v: &mut [f64]) -> f64 {
    let largest = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for a in v.iter_mut() {
        *a = (*a - largest).exp();
        sum += *a;
    }
    for a in v.iter_mut() {
        *a /= sum;
    }
    largest + sum.ln()
}
