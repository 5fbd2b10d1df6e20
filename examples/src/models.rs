//! Models from physics and learning as they are commonly written: pairs of bodies, a wave on a grid, a hidden Markov model, attention.

use autodiff_runtime::differentiate;

/// Potential energy of bodies that attract each other; `x` holds the coordinates of each.
#[differentiate(order = 2)]
pub fn potential(x: &[f64], #[constant] masses: &[f64]) -> f64 {
    let n = masses.len();
    let mut energy = 0.0;
    for i in 0..n {
        for j in i + 1..n {
            let dx = x[3 * i] - x[3 * j];
            let dy = x[3 * i + 1] - x[3 * j + 1];
            let dz = x[3 * i + 2] - x[3 * j + 2];
            let r = (dx * dx + dy * dy + dz * dz + 0.01).sqrt();
            energy -= masses[i] * masses[j] / r;
        }
    }
    energy
}

/// Half the squared final displacement of an n x n membrane that grows stiffer with it, after `steps` steps from `x` at rest.
#[differentiate(order = 2)]
pub fn wave(x: &[f64], n: usize, steps: usize) -> f64 {
    let mut before = x.to_vec();
    let mut now = x.to_vec();
    for _ in 0..steps {
        let mut next = vec![0.0; n * n];
        for i in 1..n - 1 {
            for j in 1..n - 1 {
                let here = now[i * n + j];
                let around = now[(i - 1) * n + j]
                    + now[(i + 1) * n + j]
                    + now[i * n + j - 1]
                    + now[i * n + j + 1];
                let stiffness = 0.2 * (1.0 + 0.1 * here * here);
                next[i * n + j] =
                    2.0 * here - before[i * n + j] + stiffness * (around - 4.0 * here);
            }
        }
        before = now;
        now = next;
    }
    0.5 * now.iter().map(|u| u * u).sum::<f64>()
}

/// Log-likelihood of observations under a hidden Markov model; `x` is the matrix of the transitions between its `k` states, `emissions` what
/// each state gives to each observation.
#[differentiate(order = 2)]
pub fn markov(x: &[f64], #[constant] emissions: &[f64], k: usize) -> f64 {
    let mut state = vec![1.0 / k as f64; k];
    let mut likelihood = 0.0;
    for seen in emissions.chunks(k) {
        let mut next = vec![0.0; k];
        for (i, p) in state.iter().enumerate() {
            for j in 0..k {
                next[j] += p * x[i * k + j];
            }
        }
        let mut total = 0.0;
        for (p, e) in next.iter_mut().zip(seen) {
            *p *= *e;
            total += *p;
        }
        for p in next.iter_mut() {
            *p /= total;
        }
        likelihood += total.ln();
        state = next;
    }
    likelihood
}

/// The squared norm of what each of `n` queries takes from the values; `x` is queries, keys and values, each n x d.
#[differentiate(order = 2)]
pub fn attention(x: &[f64], n: usize, d: usize) -> f64 {
    let (queries, rest) = x.split_at(n * d);
    let (keys, values) = rest.split_at(n * d);
    let scale = 1.0 / (d as f64).sqrt();
    let mut loss = 0.0;
    for query in queries.chunks(d) {
        let scores: Vec<f64> = keys
            .chunks(d)
            .map(|key| scale * query.iter().zip(key).map(|(a, b)| a * b).sum::<f64>())
            .collect();
        let most = scores.iter().copied().fold(f64::MIN, f64::max);
        let weights: Vec<f64> = scores.iter().map(|s| (s - most).exp()).collect();
        let total: f64 = weights.iter().sum();
        let mut taken = vec![0.0; d];
        for (weight, value) in weights.iter().zip(values.chunks(d)) {
            for (t, v) in taken.iter_mut().zip(value) {
                *t += weight / total * v;
            }
        }
        loss += taken.iter().map(|t| t * t).sum::<f64>();
    }
    loss
}
