//! Losses, layers and classic models on slices, nested vectors and arrays.

use autodiff_runtime::differentiate;

#[differentiate]
pub fn relu(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

#[differentiate]
pub fn leaky_relu(x: f64, slope: f64) -> f64 {
    x.max(0.0) + slope * x.min(0.0)
}

#[differentiate]
pub fn sigmoid(x: f64) -> f64 {
    match x >= 0.0 {
        true => 1.0 / (1.0 + (-x).exp()),
        false => {
            let z = x.exp();
            z / (1.0 + z)
        }
    }
}

#[differentiate]
pub fn softmax_inplace(row: &mut [f64]) {
    let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for v in row.iter_mut() {
        *v = (*v - max).exp();
        sum += *v;
    }
    for v in row.iter_mut() {
        *v /= sum;
    }
}

#[differentiate]
pub fn log_softmax(x: &[f64]) -> Vec<f64> {
    let m = x.iter().fold(f64::MIN, |a, &b| a.max(b));
    let lse = m + x.iter().map(|&v| (v - m).exp()).sum::<f64>().ln();
    x.iter().map(|v| v - lse).collect()
}

#[differentiate]
pub fn nll(log_probs: &[f64], classes: usize, targets: &[usize]) -> f64 {
    let total: f64 = targets
        .iter()
        .enumerate()
        .map(|(i, &t)| -log_probs[i * classes + t])
        .sum();
    total / targets.len() as f64
}

#[differentiate]
pub fn binary_cross_entropy(p: &[f64], y: &[u8]) -> f64 {
    const EPS: f64 = 1e-12;
    -p.iter()
        .zip(y)
        .map(|(&p, &y)| {
            let p = p.clamp(EPS, 1.0 - EPS);
            if y == 1 { p.ln() } else { (1.0 - p).ln() }
        })
        .sum::<f64>()
        / p.len() as f64
}

#[differentiate]
pub fn dense(input: &[f64], weights: &[Vec<f64>], bias: &[f64]) -> Vec<f64> {
    weights
        .iter()
        .zip(bias.iter())
        .map(|(row, b)| row.iter().zip(input).map(|(w, x)| w * x).sum::<f64>() + b)
        .collect()
}

#[differentiate]
pub fn forward(x: &[f64], layers: &[(Vec<Vec<f64>>, Vec<f64>)]) -> Vec<f64> {
    let mut activation = x.to_vec();
    for (i, (w, b)) in layers.iter().enumerate() {
        let z = dense(&activation, w, b);
        activation = if i + 1 < layers.len() {
            z.iter().map(|&v| relu(v)).collect()
        } else {
            z
        };
    }
    activation
}

#[differentiate]
pub fn mlp_flat(params: &[f64], x: &[f64], sizes: &[usize]) -> f64 {
    let mut offset = 0;
    let mut h = x.to_vec();
    for pair in sizes.windows(2) {
        let (n_in, n_out) = (pair[0], pair[1]);
        let w = &params[offset..offset + n_in * n_out];
        let b = &params[offset + n_in * n_out..offset + n_in * n_out + n_out];
        offset += n_in * n_out + n_out;
        let mut next = Vec::with_capacity(n_out);
        for o in 0..n_out {
            let mut s = b[o];
            for i in 0..n_in {
                s += w[o * n_in + i] * h[i];
            }
            next.push(s.tanh());
        }
        h = next;
    }
    h.iter().map(|v| v * v).sum::<f64>()
}

#[differentiate]
pub fn batch_norm(x: &mut [Vec<f64>], gamma: &[f64], beta: &[f64]) {
    let n = x.len() as f64;
    for j in 0..gamma.len() {
        let mean = x.iter().map(|r| r[j]).sum::<f64>() / n;
        let var = x.iter().map(|r| (r[j] - mean).powi(2)).sum::<f64>() / n;
        let inv = 1.0 / (var + 1e-5).sqrt();
        x.iter_mut()
            .for_each(|r| r[j] = gamma[j] * (r[j] - mean) * inv + beta[j]);
    }
}

#[differentiate]
pub fn layer_norm(x: &[f64], eps: f64) -> Vec<f64> {
    let n = x.len() as f64;
    let mu = x.iter().sum::<f64>() / n;
    let sd = (x.iter().map(|v| (v - mu) * (v - mu)).sum::<f64>() / n + eps).sqrt();
    x.iter().map(|v| (v - mu) / sd).collect::<Vec<_>>()
}

#[differentiate]
pub fn attention(q: &[Vec<f64>], k: &[Vec<f64>], v: &[Vec<f64>], causal: bool) -> Vec<Vec<f64>> {
    let scale = (k[0].len() as f64).sqrt().recip();
    let mut out = Vec::with_capacity(q.len());
    for (i, qi) in q.iter().enumerate() {
        let mut scores: Vec<f64> = k
            .iter()
            .map(|kj| qi.iter().zip(kj).map(|(a, b)| a * b).sum::<f64>() * scale)
            .collect();
        if causal {
            for s in scores.iter_mut().skip(i + 1) {
                *s = f64::NEG_INFINITY;
            }
        }
        softmax_inplace(&mut scores);
        let mut row = vec![0.0; v[0].len()];
        for (s, vj) in scores.iter().zip(v) {
            for (r, x) in row.iter_mut().zip(vj) {
                *r += s * x;
            }
        }
        out.push(row);
    }
    out
}

#[differentiate]
pub fn gru(x: f64, h: f64, w: &[f64; 9]) -> f64 {
    let [wz, uz, bz, wr, ur, br, wh, uh, bh] = *w;
    let z = sigmoid(wz * x + uz * h + bz);
    let r = sigmoid(wr * x + ur * h + br);
    let c = (wh * x + uh * (r * h) + bh).tanh();
    (1.0 - z) * h + z * c
}

#[differentiate]
pub fn rnn_loss(xs: &[f64], targets: &[f64], w: &[f64; 9]) -> f64 {
    let mut h = 0.0;
    let mut loss = 0.0;
    for (&x, t) in xs.iter().zip(targets) {
        h = gru(x, h, w);
        loss += (h - t).powi(2);
    }
    loss / xs.len() as f64
}

#[differentiate]
pub fn lstm_step(gates: &[f64], c: &mut [f64], h: &mut [f64]) {
    let n = c.len();
    for j in 0..n {
        let (i, f, g, o) = (gates[j], gates[n + j], gates[2 * n + j], gates[3 * n + j]);
        c[j] = sigmoid(f) * c[j] + sigmoid(i) * g.tanh();
        h[j] = sigmoid(o) * c[j].tanh();
    }
}

#[differentiate]
pub fn lstm(gates: &[f64], n: usize) -> f64 {
    let mut c = vec![0.1; n];
    let mut h = vec![0.0; n];
    for step in gates.chunks_exact(4 * n) {
        lstm_step(step, &mut c, &mut h);
    }
    h.iter().sum::<f64>() + c[0]
}

#[differentiate]
pub fn conv2d_valid(image: &[Vec<f64>], kernel: &[[f64; 2]; 2]) -> Vec<Vec<f64>> {
    let (h, w) = (image.len() - 1, image[0].len() - 1);
    let mut out = vec![vec![0.0; w]; h];
    for i in 0..h {
        for j in 0..w {
            for (di, krow) in kernel.iter().enumerate() {
                for (dj, kv) in krow.iter().enumerate() {
                    out[i][j] += image[i + di][j + dj] * kv;
                }
            }
        }
    }
    out
}

#[differentiate]
pub fn max_pool(x: &[Vec<f64>], size: usize) -> Vec<f64> {
    let mut pooled = vec![];
    for rows in x.chunks(size) {
        for j in (0..x[0].len()).step_by(size) {
            let best = rows
                .iter()
                .flat_map(|r| r[j..(j + size).min(r.len())].iter())
                .fold(f64::NEG_INFINITY, |a, &b| if b > a { b } else { a });
            pooled.push(best);
        }
    }
    pooled
}

#[differentiate]
pub fn contrastive(a: &[f64], b: &[f64], same: bool, margin: f64) -> f64 {
    let d = a
        .iter()
        .zip(b)
        .map(|(x, y)| (x - y).powi(2))
        .sum::<f64>()
        .sqrt();
    if same {
        0.5 * d * d
    } else {
        0.5 * (margin - d).max(0.0).powi(2)
    }
}

#[differentiate]
pub fn triplet(anchor: &[f64], positive: &[f64], negative: &[f64]) -> f64 {
    let dist = |p: &[f64], q: &[f64]| -> f64 {
        p.iter().zip(q.iter()).map(|(a, b)| (a - b) * (a - b)).sum()
    };
    (dist(anchor, positive) - dist(anchor, negative) + 1.0).max(0.)
}

#[differentiate]
pub fn focal_loss(p: f64, y: bool, alpha: f64, gamma: f64) -> f64 {
    let (pt, at) = if y {
        (p, alpha)
    } else {
        (1.0 - p, 1.0 - alpha)
    };
    -at * (1.0 - pt).powf(gamma) * pt.ln()
}

#[differentiate]
pub fn gmm_nll(data: &[[f64; 2]], logits: &[f64], means: &[[f64; 2]], log_sd: &[f64]) -> f64 {
    let lse = |v: &[f64]| {
        let m = v.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
        m + v.iter().map(|x| (x - m).exp()).sum::<f64>().ln()
    };
    let norm = lse(logits);
    let mut nll = 0.0;
    for point in data {
        let terms: Vec<f64> = (0..logits.len())
            .map(|k| {
                let q: f64 = point
                    .iter()
                    .zip(&means[k])
                    .map(|(x, m)| (x - m).powi(2))
                    .sum();
                logits[k] - norm - 0.5 * q * (-2.0 * log_sd[k]).exp() - 2.0 * log_sd[k]
            })
            .collect();
        nll -= lse(&terms);
    }
    nll
}

#[differentiate]
pub fn svm_hinge(w: &[f64], b: f64, xs: &[Vec<f64>], ys: &[i32], c: f64) -> f64 {
    let reg = 0.5 * w.iter().map(|v| v * v).sum::<f64>();
    let hinge: f64 = xs
        .iter()
        .zip(ys.iter())
        .map(|(x, &y)| {
            let margin = y as f64 * (w.iter().zip(x.iter()).map(|(w, x)| w * x).sum::<f64>() + b);
            if margin < 1.0 { 1.0 - margin } else { 0.0 }
        })
        .sum();
    reg + c * hinge
}

#[differentiate]
pub fn adam_unrolled(start: f64, lr: f64, steps: i32) -> f64 {
    let (beta1, beta2, eps) = (0.9f64, 0.999f64, 1e-8);
    let (mut x, mut m, mut v) = (start, 0.0, 0.0);
    for t in 1..=steps {
        let g = 2.0 * (x - 3.0);
        m = beta1 * m + (1.0 - beta1) * g;
        v = beta2 * v + (1.0 - beta2) * g * g;
        let m_hat = m / (1.0 - beta1.powi(t));
        let v_hat = v / (1.0 - beta2.powi(t));
        x -= lr * m_hat / (v_hat.sqrt() + eps);
    }
    x
}

#[differentiate]
pub fn matrix_factorisation(
    u: &[Vec<f64>],
    v: &[Vec<f64>],
    ratings: &[(usize, usize, f64)],
    lambda: f64,
) -> f64 {
    let mut loss = 0.0;
    for &(i, j, r) in ratings {
        let pred: f64 = u[i].iter().zip(v[j].iter()).map(|(a, b)| a * b).sum();
        loss += (r - pred).powi(2);
    }
    for row in u.iter().chain(v.iter()) {
        loss += lambda * row.iter().map(|e| e * e).sum::<f64>();
    }
    loss
}

#[differentiate]
pub fn positional(x: &mut Vec<f64>, pos: usize, d: usize) {
    for i in 0..d {
        let angle = pos as f64 / 10000f64.powf((2 * (i / 2)) as f64 / d as f64);
        x[i] += if i % 2 == 0 { angle.sin() } else { angle.cos() };
    }
    x.truncate(d);
}

#[differentiate]
pub fn dropout_masked(x: &[f64], mask: &[bool], keep: f64) -> Vec<f64> {
    x.iter()
        .zip(mask)
        .map(|(v, &m)| if m { v / keep } else { 0.0 })
        .collect()
}

#[differentiate]
pub fn kl_vae(mu: &[f64], logvar: &[f64], noise: &[f64]) -> f64 {
    let z: Vec<f64> = mu
        .iter()
        .zip(logvar)
        .zip(noise)
        .map(|((m, lv), e)| m + (0.5 * lv).exp() * e)
        .collect();
    let kl = -0.5
        * mu.iter()
            .zip(logvar.iter())
            .map(|(m, lv)| 1.0 + lv - m * m - lv.exp())
            .sum::<f64>();
    kl + z.iter().map(|z| z.powi(2)).sum::<f64>()
}

checks! {
    relus: |x| relu(x[0]) + leaky_relu(x[1], x[2]) + sigmoid(x[0]) + sigmoid(x[1]), [0.4, -1.3, 0.1];
    softmaxes: |x| { let mut r = x.to_vec(); softmax_inplace(&mut r); r[0] * r[1] + nll(&log_softmax(x), 2, &[1, 0]) }, [0.4, -1.3, 0.1, 0.9];
    entropies: |x| binary_cross_entropy(x, &[1, 0, 1]), [0.4, 0.3, 0.1];
    networks: |x| {
        let layers = vec![
            (vec![x[..2].to_vec(), x[2..4].to_vec()], vec![x[4], x[5]]),
            (vec![vec![x[6], x[7]]], vec![x[8]]),
        ];
        forward(&[0.5, -0.8], &layers)[0]
    }, [0.4, 0.3, 0.1, -0.7, 0.2, 0.9, 1.1, -0.4, 0.6];
    flat: |x| mlp_flat(x, &[0.3, 0.9], &[2, 2, 1]), [0.4, 0.3, 0.1, -0.7, 0.2, 0.9, 1.1, -0.4, 0.6];
    norms: |x| {
        let mut rows = vec![x[..2].to_vec(), x[2..4].to_vec(), x[4..6].to_vec()];
        batch_norm(&mut rows, &x[6..8], &x[7..9]);
        rows[0][0] * rows[1][1] + layer_norm(x, 1e-6)[2]
    }, [0.4, 0.3, 0.1, -0.7, 0.2, 0.9, 1.1, -0.4, 0.6];
    attentions: |x| {
        let rows: Vec<Vec<f64>> = x.chunks(2).map(|c| c.to_vec()).collect();
        let y = attention(&rows, &rows[1..], &rows[..2], true);
        y[0][0] * y[1][1] + y[2][0]
    }, [0.4, 0.3, 0.1, -0.7, 0.2, 0.9];
    recurrent: |x| rnn_loss(&x[9..], &[0.3, 0.2], &[x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8]]) + lstm(&x[..8], 1), [0.4, 0.3, 0.1, -0.7, 0.2, 0.9, 1.1, -0.4, 0.6, 0.8, -0.2];
    convolutions: |x| {
        let rows: Vec<Vec<f64>> = x.chunks(3).map(<[f64]>::to_vec).collect();
        let y = conv2d_valid(&rows, &[[x[0], x[1]], [x[2], x[3]]]);
        y[0][0] * y[1][1] + max_pool(&rows, 2).iter().sum::<f64>()
    }, [0.4, 0.3, 0.1, -0.7, 0.2, 0.9, 1.1, -0.4, 0.6];
    metric: |x| contrastive(&x[..2], &x[2..4], false, x[4]) + contrastive(&x[..2], &x[2..4], true, 1.0) + triplet(&x[..2], &x[2..4], &x[3..5]), [0.4, 0.3, 0.1, -0.7, 2.2];
    focal: |x| focal_loss(x[0], true, x[1], x[2]) + focal_loss(x[0], false, x[1], x[2]), [0.4, 0.3, 1.1];
    mixtures: |x| gmm_nll(&[[0.1, 0.5], [1.0, -0.4]], &x[..2], &[[x[2], x[3]], [x[4], x[5]]], &x[6..8]), [0.4, 0.3, 0.1, -0.7, 0.2, 0.9, 1.1, -0.4];
    machines: |x| svm_hinge(&x[..2], x[2], &[vec![0.5, 1.0], vec![-1.0, 0.3]], &[1, -1], 0.7), [0.4, 0.3, 0.1];
    unrolled: |x| adam_unrolled(x[0], x[1], 5), [0.4, 0.3];
    factors: |x| matrix_factorisation(&[x[..2].to_vec(), x[2..4].to_vec()], &[x[4..6].to_vec()], &[(0, 0, 1.0), (1, 0, x[6])], x[7]), [0.4, 0.3, 0.1, -0.7, 0.2, 0.9, 1.1, 0.4];
    positions: |x| { let mut v = x.to_vec(); positional(&mut v, 3, 2); v[0] * v[1] }, [0.4, 0.3, 0.1];
    dropped: |x| dropout_masked(x, &[true, false, true], 0.5).iter().product::<f64>() + dropout_masked(x, &[true, true, true], x[0])[1], [0.4, 0.3, 0.1];
    variational: |x| kl_vae(&x[..2], &x[2..4], &[0.3, -0.6]), [0.4, 0.3, 0.1, -0.7];
}
