//! Losses, networks, dynamic programming over sequences.

use autodiff_runtime::differentiate;

#[differentiate]
pub fn scale(v: &mut [f64], a: f64) {
    for e in v.iter_mut() {
        *e *= a;
    }
}

static COEFFS: &[f64] = &[0.5, -0.25, 0.125, 1.0];

#[differentiate]
pub fn logsumexp(x: &[f64]) -> f64 {
    let m = x.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
    m + x.iter().map(|v| (v - m).exp()).sum::<f64>().ln()
}

#[differentiate]
pub fn softmax_entropy(x: &[f64]) -> f64 {
    let max = x.iter().copied().fold(f64::NAN, |a, b| a.max(b));
    let exps: Vec<f64> = x.iter().map(|v| (v - max).exp()).collect();
    let total: f64 = exps.iter().sum();
    let p = exps.iter().map(|e| e / total).collect::<Vec<_>>();
    -p.iter()
        .filter(|&&q| q > 1e-12)
        .map(|q| q * q.ln())
        .sum::<f64>()
}

#[differentiate]
pub fn variance_welford(x: &[f64]) -> f64 {
    let mut mean = 0.0;
    let mut m2 = 0.0;
    let mut count = 0usize;
    for value in x {
        count += 1;
        let delta = value - mean;
        mean += delta / count as f64;
        m2 += delta * (value - mean);
    }
    if count < 2 {
        f64::NAN
    } else {
        m2 / (count - 1) as f64
    }
}

#[differentiate]
pub fn huber(x: &[f64]) -> f64 {
    let delta = 0.5;
    x.iter()
        .map(|r| {
            let a = r.abs();
            if a <= delta {
                0.5 * r * r
            } else {
                delta * (a - 0.5 * delta)
            }
        })
        .sum::<f64>()
        / x.len() as f64
}

#[differentiate]
pub fn windows_tv(x: &[f64]) -> f64 {
    let mut tv = 0.0;
    for w in x.windows(2) {
        if let [a, b] = w {
            tv += ((b - a).powi(2) + 1e-6).sqrt();
        }
    }
    tv
}

#[differentiate]
pub fn cosine(x: &[f64]) -> f64 {
    let (a, b) = x.split_at(x.len() / 2);
    let dot: f64 = a.iter().zip(b.iter()).map(|(p, q)| p * q).sum();
    let na = a.iter().map(|v| v.powi(2)).sum::<f64>().sqrt();
    let nb = b.iter().map(|v| v.powi(2)).sum::<f64>().sqrt();
    if na == 0.0 || nb == 0.0 {
        return 0.0;
    }
    dot / (na * nb)
}

#[differentiate]
pub fn logistic(x: &[f64]) -> f64 {
    let sigmoid = |z: f64| {
        if z >= 0.0 {
            1.0 / (1.0 + (-z).exp())
        } else {
            let e = z.exp();
            e / (1.0 + e)
        }
    };
    let (w, b) = (&x[..3], x[3]);
    let data = [([1.0, 2.0, 0.5], 1.0), ([0.2, -1.0, 0.3], 0.0)];
    let mut loss = 0.0;
    for (f, y) in data.iter() {
        let z = w.iter().zip(f.iter()).map(|(a, b)| a * b).sum::<f64>() + b;
        let p = sigmoid(z);
        loss -= y * p.ln() + (1.0 - y) * (1.0 - p).ln();
    }
    loss / data.len() as f64
}

#[differentiate]
pub fn mlp(x: &[f64]) -> f64 {
    let sizes = [2, 2, 1];
    let mut act = vec![0.3, -0.2];
    let mut off = 0;
    for l in 0..sizes.len() - 1 {
        let (n_in, n_out) = (sizes[l], sizes[l + 1]);
        let mut next = Vec::with_capacity(n_out);
        for o in 0..n_out {
            let w = &x[off + o * n_in..off + (o + 1) * n_in];
            let z: f64 = w.iter().zip(act.iter()).map(|(w, a)| w * a).sum();
            next.push((z + x[off + n_in * n_out + o]).tanh());
        }
        off += n_in * n_out + n_out;
        act = next;
    }
    act[0]
}

#[differentiate]
pub fn gru_cell(x: &[f64]) -> f64 {
    let sigm = |v: f64| 1.0 / (1.0 + (-v).exp());
    let mut h = vec![0.0; 2];
    for step in 0..3 {
        let inp = x[step];
        let prev = h.clone();
        for (i, hi) in h.iter_mut().enumerate() {
            let z = sigm(x[3 + i] * inp + x[5] * prev[i]);
            let r = sigm(x[6 + i] * inp + x[8] * prev[1 - i]);
            let n = (x[9] * inp + r * prev[i] * x[10]).tanh();
            *hi = (1.0 - z) * n + z * prev[i];
        }
    }
    h.iter().sum()
}

#[differentiate]
pub fn layer_norm(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let var = x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    let inv = (var + 1e-5).sqrt().recip();
    let y: Vec<f64> = x.iter().map(|v| (v - mean) * inv).collect();
    y.iter()
        .enumerate()
        .map(|(i, v)| v * COEFFS[i % COEFFS.len()])
        .sum()
}

#[differentiate]
pub fn attention(x: &[f64]) -> f64 {
    let d = 2;
    let q: Vec<&[f64]> = x[0..4].chunks_exact(d).collect();
    let k: Vec<&[f64]> = x[4..8].chunks_exact(d).collect();
    let v: Vec<&[f64]> = x[8..12].chunks_exact(d).collect();
    let scale = 1.0 / (d as f64).sqrt();
    let mut out = 0.0;
    for qi in &q {
        let scores: Vec<f64> = k
            .iter()
            .map(|kj| qi.iter().zip(kj.iter()).map(|(a, b)| a * b).sum::<f64>() * scale)
            .collect();
        let max = scores.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
        let e: Vec<f64> = scores.iter().map(|s| (s - max).exp()).collect();
        let z: f64 = e.iter().sum();
        for (w, vj) in e.iter().zip(v.iter()) {
            out += w / z * (vj[0] + 2.0 * vj[1]);
        }
    }
    out
}

#[differentiate]
pub fn elastic_net(x: &[f64]) -> f64 {
    let l1_ratio = 0.3;
    let (l1, l2) = x
        .iter()
        .fold((0.0, 0.0), |acc, w| (acc.0 + w.abs(), acc.1 + w * w));
    let penalty = l1_ratio * l1 + 0.5 * (1.0 - l1_ratio) * l2;
    let pinball = |y: f64, q: f64| if y >= 0.0 { q * y } else { (q - 1.0) * y };
    penalty + x.iter().map(|&r| pinball(r, 0.7)).sum::<f64>()
}

#[differentiate]
pub fn focal(x: &[f64]) -> f64 {
    let labels = [true, false, true];
    let mut loss = 0.;
    for (i, &label) in labels.iter().enumerate() {
        let p = 1. / (1. + (-x[i]).exp());
        let pt = if label { p } else { 1. - p };
        let w = if label { 0.25 } else { 0.75 };
        loss += -w * (1. - pt).powf(2.) * pt.max(1e-7).ln();
    }
    loss / labels.iter().filter(|&&l| l).count() as f64
}

#[differentiate]
pub fn kl_div(x: &[f64]) -> f64 {
    let norm = |v: &[f64]| -> Vec<f64> {
        let s: f64 = v.iter().map(|t| t.exp()).sum();
        v.iter().map(|t| t.exp() / s).collect()
    };
    let p = norm(&x[..6]);
    let q = norm(&x[6..]);
    p.iter()
        .zip(q.iter())
        .filter(|(a, _)| **a > 0.0)
        .map(|(a, b)| a * (a / b).ln())
        .sum()
}

#[differentiate]
pub fn kmeans_cost(x: &[f64]) -> f64 {
    let centers = [[x[0], x[1]], [x[2], x[3]]];
    let mut cost = 0.0;
    for p in x[4..].chunks_exact(2) {
        let best = centers
            .iter()
            .map(|c| (c[0] - p[0]).powi(2) + (c[1] - p[1]).powi(2))
            .min_by(|a, b| a.partial_cmp(b).unwrap())
            .unwrap();
        cost += best;
    }
    let nearest = centers
        .iter()
        .enumerate()
        .min_by(|(_, a), (_, b)| a[0].partial_cmp(&b[0]).unwrap())
        .map(|(i, _)| i)
        .unwrap();
    cost + nearest as f64 * x[0]
}

#[differentiate]
pub fn viterbi(x: &[f64]) -> f64 {
    let k = 2;
    let mut v = vec![x[0], x[1]];
    for t in 1..4 {
        let mut nv = vec![f64::NEG_INFINITY; k];
        for s in 0..k {
            for p in 0..k {
                let score = v[p] + x[2 * t + s] * (1.0 + p as f64 * 0.1);
                if score > nv[s] {
                    nv[s] = score;
                }
            }
        }
        v = nv;
    }
    v.iter().cloned().fold(f64::MIN, f64::max)
}

#[differentiate]
pub fn forward_hmm(x: &[f64]) -> f64 {
    let lse = |v: &[f64]| {
        let m = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        m + v.iter().map(|t| (t - m).exp()).sum::<f64>().ln()
    };
    let mut alpha = [x[0], x[1]];
    for t in 1..5 {
        let mut next = [0.0; 2];
        for j in 0..2 {
            let terms: Vec<f64> = alpha
                .iter()
                .enumerate()
                .map(|(i, a)| a + x[(i + j + t) % 12])
                .collect();
            next[j] = lse(&terms) + x[t + j];
        }
        alpha = next;
    }
    lse(&alpha)
}

#[differentiate]
pub fn dtw(x: &[f64]) -> f64 {
    let (a, b) = x.split_at(6);
    let (n, m) = (a.len(), b.len());
    let mut d = vec![vec![f64::INFINITY; m + 1]; n + 1];
    d[0][0] = 0.0;
    for i in 1..=n {
        for j in 1..=m {
            let cost = (a[i - 1] - b[j - 1]).powi(2);
            d[i][j] = cost + d[i - 1][j].min(d[i][j - 1]).min(d[i - 1][j - 1]);
        }
    }
    d[n][m].sqrt()
}

#[differentiate]
pub fn graph_paths(x: &[f64]) -> f64 {
    let adj: Vec<Vec<usize>> = vec![vec![1, 2], vec![3], vec![3], vec![]];
    let order = [0usize, 1, 2, 3];
    let mut cost = vec![f64::INFINITY; 4];
    cost[0] = 0.0;
    for &u in order.iter() {
        for &v in &adj[u] {
            let alt = cost[u] + x[u * 2 + v % 2].exp();
            if alt < cost[v] {
                cost[v] = alt;
            }
        }
    }
    cost[3]
}

#[differentiate]
pub fn dp_min(x: &[f64]) -> f64 {
    let n = x.len();
    let mut dp = vec![f64::INFINITY; n + 1];
    dp[0] = 0.0;
    for i in 0..n {
        for j in i.saturating_sub(2)..=i {
            let cost = dp[j] + (x[i] - 0.3 * j as f64).powi(2);
            if cost < dp[i + 1] {
                dp[i + 1] = cost;
            }
        }
    }
    dp[n]
}

#[differentiate]
pub fn gini(x: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = x.iter().map(|v| v.abs()).collect();
    let n = sorted.len();
    // insertion sort
    for i in 1..n {
        let key = sorted[i];
        let mut j = i;
        while j > 0 && sorted[j - 1] > key {
            sorted[j] = sorted[j - 1];
            j -= 1;
        }
        sorted[j] = key;
    }
    let mut num = 0.0;
    for (i, v) in sorted.iter().enumerate() {
        num += (2 * (i + 1)) as f64 * v - (n as f64 + 1.0) * v;
    }
    num / (n as f64 * sorted.iter().sum::<f64>())
}

/// The comparison reads variables of the function, whatever they are called.
#[differentiate]
pub fn sorts_by_others(x: &[f64]) -> f64 {
    let values = [3.0, 1.0, 2.0, 0.0];
    let mut pairs: Vec<(usize, f64)> = x[..4].iter().copied().enumerate().collect();
    pairs.sort_by(|a, b| f64::total_cmp(&values[a.0], &values[b.0]));
    let order = [3, 1, 0, 2];
    let mut others: Vec<(usize, f64)> = x[..4].iter().copied().enumerate().collect();
    others.sort_by_key(|a| order[a.0]);
    let mut sum = pairs[0].1 * pairs[1].1.exp() + others[1].1 * others[2].1;
    let mut rows: Vec<Vec<f64>> = x[..6].chunks(2).map(|row| row.to_vec()).collect();
    for i in 0..2 {
        let j = 1 - i;
        rows.sort_by(|a, b| (a[i] - a[j]).total_cmp(&(b[i] - b[j])));
        sum += rows[0][i] * rows[1][j];
    }
    sum
}

#[differentiate]
pub fn sorts_by_key(x: &[f64]) -> f64 {
    let mut ranked: Vec<(usize, f64)> =
        x.iter().enumerate().map(|(k, v)| (5 * k % 3, *v)).collect();
    ranked.sort_by_key(|r| r.0);
    let first = ranked[0].1 * ranked[1].1;
    ranked.sort_unstable_by_key(|&(k, v)| (std::cmp::Reverse(k), (v * 8.0) as i64));
    first + ranked[0].1 * ranked[2].1.exp()
}

#[differentiate]
pub fn sorts(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let n = v.len();
    let median = if n % 2 == 0 {
        (v[n / 2 - 1] + v[n / 2]) / 2.0
    } else {
        v[n / 2]
    };
    let mut w: Vec<f64> = x.iter().map(|t| t * t).collect();
    w.sort_by(f64::total_cmp);
    median + w[0] * 3.0
}

#[differentiate]
pub fn median_sorted(x: &[f64]) -> f64 {
    let mut idx: Vec<usize> = (0..x.len()).collect();
    idx.sort_by(|&i, &j| x[i].partial_cmp(&x[j]).unwrap());
    let mut s = 0.0;
    for (rank, &i) in idx.iter().enumerate() {
        s += rank as f64 * x[i];
    }
    s + x[idx[2]]
}
