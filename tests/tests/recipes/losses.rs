//! Learning.

use autodiff_runtime::differentiate;
use num_traits::{Float, FromPrimitive};
use std::ops::{AddAssign, MulAssign, SubAssign};

#[differentiate]
fn conv1d_relu_pool(x: &[f64], w: &[Vec<f64>], b: &[f64], stride: usize) -> f64 {
    let mut total = 0.0;
    for (c, kernel) in w.iter().enumerate() {
        let mut best = f64::NEG_INFINITY;
        let mut pos = 0;
        while pos + kernel.len() <= x.len() {
            let mut acc = b[c];
            for (off, wk) in kernel.iter().enumerate() {
                acc += wk * x[pos + off];
            }
            let act = if acc > 0.0 { acc } else { 0.01 * acc };
            if act > best {
                best = act;
            }
            pos += stride;
        }
        total += best * (c + 1) as f64;
    }
    total
}

#[differentiate]
fn ctc(logp: &[Vec<f64>], label: &[usize]) -> f64 {
    fn blank() -> usize {
        0
    }
    let s = 2 * label.len() + 1;
    let ext = |i: usize| if i % 2 == 0 { blank() } else { label[i / 2] };
    let mut alpha = vec![0.0f64; s];
    alpha[0] = logp[0][ext(0)].exp();
    alpha[1] = logp[0][ext(1)].exp();
    let mut ll = 0.0;
    for t in 1..logp.len() {
        let mut next = vec![0.0; s];
        for i in 0..s {
            let mut a = alpha[i];
            if i >= 1 {
                a += alpha[i - 1];
            }
            if i >= 2 && i % 2 == 1 && ext(i) != ext(i - 2) {
                a += alpha[i - 2];
            }
            next[i] = a * logp[t][ext(i)].exp();
        }
        let c: f64 = next.iter().sum();
        ll += c.ln();
        for v in &mut next {
            *v /= c;
        }
        alpha = next;
    }
    -(ll + (alpha[s - 1] + alpha[s - 2]).ln())
}

#[differentiate]
fn batchnorm_ce(x: &[Vec<f64>], gamma: &[f64], beta: &[f64], y: &[usize], eps: f64) -> f64 {
    let (n, d) = (x.len(), gamma.len());
    let mut mean = vec![0.0; d];
    let mut var = vec![0.0; d];
    for row in x {
        for (m, v) in mean.iter_mut().zip(row) {
            *m += v / n as f64;
        }
    }
    for row in x.iter() {
        for j in 0..d {
            var[j] += (row[j] - mean[j]).powi(2) / n as f64;
        }
    }
    let mut loss = 0.0;
    for (row, &label) in x.iter().zip(y.iter()) {
        let z: Vec<f64> = (0..d)
            .map(|j| gamma[j] * (row[j] - mean[j]) / (var[j] + eps).sqrt() + beta[j])
            .collect();
        let m = z.iter().cloned().fold(f64::MIN, f64::max);
        let lse = m + z.iter().map(|z| (z - m).exp()).sum::<f64>().ln();
        loss += lse - z[label];
    }
    loss / n as f64
}

#[differentiate]
fn triplet(anchor: &[f64], pos: &[f64], neg: &[f64], margin: f64) -> f64 {
    let dist = |a: &[f64], b: &[f64]| -> f64 {
        a.iter()
            .zip(b)
            .map(|(x, y)| (x - y) * (x - y))
            .sum::<f64>()
            .sqrt()
    };
    (dist(anchor, pos) - dist(anchor, neg) + margin).max(0.0)
}

#[differentiate]
fn adam(grads: &[Vec<f64>], theta0: &[f64], lr: f64, b1: f64, b2: f64) -> Vec<f64> {
    let n = theta0.len();
    let mut theta = theta0.to_vec();
    let (mut m, mut v) = (vec![0.0; n], vec![0.0; n]);
    for (t, g) in grads.iter().enumerate() {
        let t = (t + 1) as i32;
        for i in 0..n {
            m[i] = b1 * m[i] + (1.0 - b1) * g[i];
            v[i] = b2 * v[i] + (1.0 - b2) * g[i] * g[i];
            let mh = m[i] / (1.0 - b1.powi(t));
            let vh = v[i] / (1.0 - b2.powi(t));
            theta[i] -= lr * mh / (vh.sqrt() + 1e-8);
        }
    }
    theta
}

#[differentiate]
fn fm_predict<T>(w0: T, w: &[T], v: &[Vec<T>], x: &[(usize, T)]) -> T
where
    T: Float + AddAssign + SubAssign + MulAssign + FromPrimitive,
{
    let mut out = w0;
    for &(i, xi) in x {
        out += w[i] * xi;
    }
    let k = v[0].len();
    for f in 0..k {
        let mut s = T::zero();
        let mut s2 = T::zero();
        for &(i, xi) in x.iter() {
            let t = v[i][f] * xi;
            s += t;
            s2 += t * t;
        }
        out += T::from_f64(0.5).unwrap() * (s * s - s2);
    }
    out
}

#[differentiate]
fn rmsnorm_generic<F: Float + std::iter::Sum<F>>(x: &mut [F], g: &[F], eps: F) {
    let ss = x.iter().map(|&v| v * v).sum::<F>() / F::from(x.len()).unwrap();
    let scale = (ss + eps).sqrt().recip();
    x.iter_mut()
        .zip(g.iter())
        .for_each(|(x, &g)| *x = *x * scale * g);
}

#[differentiate]
fn rope(q: &mut [f64], pos: usize, head: usize, base: f64) {
    for i in (0..q.len()).step_by(2) {
        let freq = 1.0 / base.powf((i % head) as f64 / head as f64);
        let (fci, fcr) = (pos as f64 * freq).sin_cos();
        let (v0, v1) = (q[i], q[i + 1]);
        q[i] = v0 * fcr - v1 * fci;
        q[i + 1] = v0 * fci + v1 * fcr;
    }
}

#[differentiate]
fn softdtw(a: &[f64], b: &[f64], gamma: f64) -> f64 {
    let (n, m) = (a.len(), b.len());
    let mut r = vec![vec![1e10; m + 1]; n + 1];
    r[0][0] = 0.0;
    for i in 1..=n {
        for j in 1..=m {
            let d = (a[i - 1] - b[j - 1]).powi(2);
            let [x, y, z] = [r[i - 1][j - 1], r[i - 1][j], r[i][j - 1]];
            let mn = x.min(y).min(z);
            let s: f64 = [x, y, z].iter().map(|v| (-(v - mn) / gamma).exp()).sum();
            r[i][j] = d + mn - gamma * s.ln();
        }
    }
    r[n][m]
}

tests::checks! {
    conv: |x| conv1d_relu_pool(&x[..5], &[x[5..7].to_vec(), x[7..10].to_vec()], &x[10..], 1), [1.0, 0.3, -0.8, 1.1, 0.6, 0.5, -0.2, 0.9, 0.1, 0.7, 0.2, -0.3];
    ctc_: |x| ctc(&[x[0..3].to_vec(), x[3..6].to_vec(), x[6..9].to_vec(), x[9..12].to_vec()], &[1, 2]), [-1.0, -0.5, -2.0, -0.3, -1.1, -1.4, -0.9, -1.2, -0.6, -2.0, -0.7, -0.8];
    bn: |x| batchnorm_ce(&[x[0..2].to_vec(), x[2..4].to_vec(), x[4..6].to_vec()], &x[6..8], &x[8..10], &[0, 1, 1], x[10]), [1.0, 0.3, -0.8, 1.1, 0.6, 0.5, 1.2, 0.9, 0.1, 0.7, 0.01];
    triplet_: |x| triplet(&x[..2], &x[2..4], &x[4..6], x[6]), [1.0, 0.3, -0.8, 1.1, 0.6, 0.5, 1.0];
    adam_: |x| { let t = adam(&[x[0..2].to_vec(), x[2..4].to_vec(), x[4..6].to_vec()], &x[6..8], x[8], x[9], x[10]); t[0] * t[1] }, [1.0, 0.3, -0.8, 1.1, 0.6, 0.5, 1.2, 0.9, 0.1, 0.9, 0.99];
    fm: |x| fm_predict(x[0], &x[1..4], &[x[4..6].to_vec(), x[6..8].to_vec(), x[8..10].to_vec()], &[(0, x[10]), (2, x[11])]), [0.5, 1.0, 0.3, -0.8, 1.1, 0.6, 0.5, 1.2, 0.9, 0.1, 0.7, 0.3];
    rms: |x| { let mut v = x[..3].to_vec(); rmsnorm_generic(&mut v, &x[3..6], x[6]); v[0] * v[1] - v[2] }, [1.0, 0.3, -0.8, 1.1, 0.6, 0.5, 0.1];
    rope_: |x| { let mut v = x[1..].to_vec(); rope(&mut v, 3, 4, x[0]); v[0] * v[1] - v[2] * v[3] * v[3] }, [100.0, 1.0, 0.3, -0.8, 1.1];
    dtw: |x| softdtw(&x[1..4], &x[4..], x[0]), [0.5, 1.0, 0.3, -0.8, 1.1, 0.9];
}
