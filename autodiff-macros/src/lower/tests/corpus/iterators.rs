//! Iterator chains.

use autodiff_runtime::differentiate;

#[differentiate]
pub fn max_by_value(x: &[f64]) -> f64 {
    let m = x.iter().max_by(|a, b| a.partial_cmp(b).unwrap()).unwrap();
    let lo = x.iter().copied().reduce(f64::min).unwrap();
    m * m - lo
}

#[differentiate]
pub fn argmax(x: &[f64]) -> f64 {
    let (idx, best) = x
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1))
        .unwrap();
    best * idx as f64
}

#[differentiate]
pub fn flat_maps(x: &[f64]) -> f64 {
    let grid: Vec<Vec<f64>> = x.chunks(3).map(|c| c.to_vec()).collect();
    let a: f64 = grid.iter().flatten().map(|v| v * v).sum();
    let b: f64 = grid
        .iter()
        .flat_map(|row| row.iter().map(|v| v.sin()))
        .sum();
    let c: f64 = grid.iter().map(|row| row.iter().product::<f64>()).sum();
    a + b * c
}

#[differentiate]
pub fn takes(x: &[f64]) -> f64 {
    let a: f64 = x.iter().take_while(|v| v.abs() < 50.0).sum();
    let b: f64 = x.iter().skip_while(|v| **v < 0.0).map(|v| v * v).sum();
    let c: f64 = x
        .iter()
        .step_by(2)
        .zip(x.iter().skip(1).step_by(2))
        .map(|(a, b)| a * b)
        .sum();
    let d: f64 = x
        .iter()
        .scan(0.0, |state, &v| {
            *state += v;
            Some(*state * 0.5)
        })
        .sum();
    let e: f64 = x
        .iter()
        .filter_map(|&v| if v > 0.0 { Some(v.ln()) } else { None })
        .sum();
    let f: f64 = x.iter().chain([1.0, 2.0].iter()).map(|v| v * 0.1).sum();
    let g: f64 = x
        .iter()
        .chain(x[..2].iter())
        .enumerate()
        .map(|(i, v)| v * i as f64)
        .sum();
    a + b + c + d + e + f + g
}

#[differentiate]
pub fn rev_enumerate(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (i, v) in x.iter().enumerate().rev() {
        s = s * 0.5 + v * i as f64;
    }
    for (i, v) in x.iter().rev().enumerate() {
        s += v * (i * i) as f64;
    }
    for i in (0..x.len()).rev().step_by(2) {
        s -= x[i];
    }
    for i in (1..x.len()).step_by(3) {
        s += x[i].sin();
    }
    s
}

#[differentiate]
pub fn iter_mut_ops(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    for e in v.iter_mut() {
        *e = e.sin() + 1.0;
    }
    v.iter_mut().enumerate().for_each(|(i, e)| *e *= i as f64);
    for (a, b) in v.iter_mut().zip(x) {
        *a += b * b;
    }
    for c in v.chunks_mut(4) {
        let head = c[0];
        for e in c.iter_mut().skip(1) {
            *e -= head;
        }
    }
    let (l, r) = v.split_at_mut(5);
    for (a, b) in l.iter_mut().zip(r.iter()) {
        *a *= *b;
    }
    l[0] += r[1];
    v.iter().sum()
}

#[differentiate]
pub fn any_all(x: &[f64]) -> f64 {
    if x.iter().any(|&v| v > 1e6) || x.is_empty() {
        return f64::INFINITY;
    }
    if !x.iter().all(|v| v.is_finite()) {
        return f64::NAN;
    }
    let pos = x.iter().filter(|v| **v > 0.0).count();
    let idx = x.iter().position(|&v| v < 0.0);
    let k = match idx {
        Some(i) => i,
        None => 0,
    };
    x[k] * pos as f64 + x.iter().map(|v| v * v).sum::<f64>()
}

#[differentiate]
pub fn sum_nested_ranges(x: &[f64]) -> f64 {
    let n = x.len();
    let total: f64 = (0..n)
        .map(|i| {
            (0..=i)
                .map(|j| x[i] * x[j] / (1 + i - j) as f64)
                .sum::<f64>()
        })
        .sum();
    let alt = (0..n)
        .filter(|i| i % 2 == 1)
        .map(|i| x[i])
        .fold(1.0, |a, b| a + b * b);
    total - alt
}

#[differentiate]
pub fn filter_forms(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (i, v) in x.iter().enumerate().filter(|(_, v)| **v > 0.0) {
        s += v * i as f64;
    }
    for v in x.iter().filter(|&&v| v < 0.5).take(3) {
        s += v * v;
    }
    for v in x.iter().skip_while(|v| **v > -0.5).skip(1).step_by(2) {
        s -= v;
    }
    for (a, b) in x.iter().filter(|v| **v > 0.3).zip(x.iter().rev()) {
        s += a * b;
    }
    let k = x.iter().filter(|v| v.abs() > 0.4).count();
    let m = x
        .iter()
        .filter(|v| **v > 0.0)
        .map(|v| v.sqrt())
        .fold(0.0, f64::max);
    let first = x
        .iter()
        .enumerate()
        .find(|(_, v)| **v > 1.0)
        .map(|(i, v)| v * i as f64)
        .unwrap_or(0.0);
    s + k as f64 * m + first
}

#[differentiate]
pub fn ranges_odd(x: &[f64]) -> f64 {
    let n = x.len();
    let mut s = 0.0;
    for (i, j) in (0..n).zip((0..n).rev()) {
        s += x[i] * x[j] * 0.1;
    }
    for (k, i) in (2..n).step_by(3).enumerate() {
        s += x[i] * k as f64;
    }
    for i in (0..=n - 1).rev().skip(2).take(3) {
        s += x[i].cos();
    }
    for w in (0..n - 1).map(|i| x[i + 1] - x[i]) {
        s += w * w;
    }
    for i in [3usize, 1, 4] {
        s -= x[i];
    }
    for (i, c) in "abc".chars().enumerate() {
        if c != 'b' {
            s += x[i];
        }
    }
    for i in (-2i32..=2).filter(|i| *i != 0) {
        s += x[0].powi(i + 3) / i as f64;
    }
    s += (1..=5)
        .map(|k| x[1].powi(k) / (1..=k).product::<i32>() as f64)
        .sum::<f64>();
    s
}

#[differentiate]
pub fn iter_state(x: &[f64]) -> f64 {
    let mut it = x.iter();
    let a = *it.next().unwrap();
    let b = it.next().copied().unwrap_or(0.0);
    let mut s = a * b;
    while let Some(v) = it.next() {
        if *v > 1.2 {
            break;
        }
        s = s * 0.9 + v;
    }
    let rest: f64 = it.map(|v| v * v).sum();
    let mut pk = x.iter().peekable();
    let mut runs = 0.0;
    while let Some(v) = pk.next() {
        if let Some(n) = pk.peek() {
            runs += v * **n;
        }
    }
    s + rest + runs
}

#[differentiate]
pub fn vec_fold(x: &[f64]) -> f64 {
    let cum = x.iter().fold(Vec::new(), |mut acc, v| {
        let last = acc.last().copied().unwrap_or(0.0);
        acc.push(last + v);
        acc
    });
    let (s, p) = x
        .iter()
        .fold((0.0, 1.0), |(s, p), &v| (s + v, p * (1.0 + 0.1 * v)));
    let (lo, hi) = x
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), &v| {
            (lo.min(v), hi.max(v))
        });
    cum.iter().sum::<f64>() + s * p + (hi - lo)
}

#[differentiate]
pub fn map_windows(x: &[f64]) -> f64 {
    let d: Vec<f64> = x.windows(2).map(|w| w[1] - w[0]).collect();
    let d2: Vec<_> = d.iter().zip(d.iter().skip(1)).map(|(a, b)| b - a).collect();
    let m = d2.iter().map(|v| v.abs()).fold(0.0f64, |a, b| a.max(b));
    let (pos, neg): (Vec<f64>, Vec<f64>) = x.iter().partition(|v| **v > 0.0);
    let (aa, bb): (Vec<f64>, Vec<f64>) = x.iter().map(|v| (v * 2.0, v * v)).unzip();
    let last = x.iter().rev().take(3).map(|v| v * v).last().unwrap();
    m + pos.iter().sum::<f64>() * neg.len() as f64 + aa[1] * bb[2] + last + x.iter().nth(3).unwrap()
}

#[differentiate]
pub fn zip_many(x: &[f64]) -> f64 {
    let a = &x[..4];
    let b = &x[4..8];
    let c = &x[8..];
    let t: f64 = a
        .iter()
        .zip(b.iter())
        .zip(c.iter())
        .map(|((p, q), r)| p * q * r)
        .sum();
    let mut out = vec![0.0; 4];
    for (o, (p, q)) in out.iter_mut().zip(a.iter().zip(b)) {
        *o = p - q;
    }
    out.iter()
        .zip(c)
        .enumerate()
        .filter(|(i, _)| i % 2 == 0)
        .map(|(i, (o, r))| o * r * i as f64)
        .sum::<f64>()
        + t
}

#[differentiate]
pub fn sum_of_refs(x: &[f64]) -> f64 {
    let total: f64 = [x[0], x[1] * 2.0, x[2].sin()].iter().sum();
    let m = [x[3], x[4], x[5]].into_iter().fold(f64::MAX, f64::min);
    let s: f64 = vec![x[0], x[1]].iter().map(|v| v * v).sum();
    let d = (x[6] - x[7]).abs().max((x[8] - x[9]).abs()).max(1e-3);
    total * m + s / d
}

#[differentiate]
pub fn array_from_fn(x: &[f64]) -> f64 {
    let a: [f64; 4] = std::array::from_fn(|i| x[i] * x[i + 1]);
    let b = a.map(|v| v.sin());
    let c: Vec<f64> = a.iter().zip(b.iter()).map(|(p, q)| p + q).rev().collect();
    c[0] * c[3] + b.iter().product::<f64>()
}

#[differentiate]
pub fn index_maps(x: &[f64]) -> f64 {
    let order: Vec<usize> = vec![3, 1, 2, 0];
    let mut seen = vec![false; x.len()];
    let mut s = 0.0;
    for &i in &order {
        if !seen[i] {
            seen[i] = true;
            s = s * x[i] + x[i];
        }
    }
    let pairs = [(0usize, 1usize), (2, 3), (4, 5)];
    for &(i, j) in pairs.iter() {
        s += x[i] * x[j];
    }
    let weights: Vec<(usize, f64)> = vec![(0, 0.5), (3, 1.5)];
    for (i, w) in &weights {
        s += w * x[*i];
    }
    let total: usize = order.iter().sum();
    let biggest = order.iter().max().unwrap();
    let evens = (0..x.len()).filter(|i| i % 2 == 0).collect::<Vec<usize>>();
    s + total as f64 * x[*biggest] + evens.iter().map(|&i| x[i]).sum::<f64>()
}
