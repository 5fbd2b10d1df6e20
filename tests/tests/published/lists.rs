//! Lists, deques and arrays: sorted, turned, cut, joined, collected and changed in place.

use autodiff_runtime::differentiate;
use std::collections::VecDeque;

#[differentiate]
pub fn collect_options(x: &[f64]) -> f64 {
    let logs: Option<Vec<f64>> = x
        .iter()
        .map(|&v| {
            if v > -10.0 {
                Some((v + 10.0).ln())
            } else {
                None
            }
        })
        .collect();
    match logs {
        Some(v) => v.iter().sum(),
        None => x[0],
    }
}

#[differentiate]
pub fn collect_array(x: &[f64]) -> f64 {
    let a: [f64; 3] = x[..3].try_into().unwrap();
    let v: Vec<f64> = x.iter().skip(1).map(|v| v * 2.0).collect();
    let [p, q, r] = a;
    let b: [f64; 3] = v.try_into().unwrap();
    p * b[0] + q * b[1] - r * b[2]
}

#[differentiate]
pub fn rows(m: &[Vec<f64>]) -> f64 {
    let mut trace = 0.0;
    for (i, row) in m.iter().enumerate() {
        for (j, v) in row.iter().enumerate() {
            if i == j {
                trace += v;
            } else {
                trace -= v * v / (i + j) as f64;
            }
        }
    }
    let col_sums: Vec<f64> = (0..m[0].len())
        .map(|j| m.iter().map(|row| row[j]).sum())
        .collect();
    trace * col_sums.iter().product::<f64>()
}

#[differentiate]
pub fn zip_mut(x: &[f64]) -> f64 {
    let mut y = vec![0.0; x.len()];
    y.iter_mut().zip(x.iter()).for_each(|(o, i)| *o = i.sin());
    for (i, (o, v)) in y.iter_mut().zip(x).enumerate() {
        *o += v * i as f64;
    }
    y.iter_mut().rev().take(2).for_each(|v| *v *= *v);
    y.iter_mut().skip(1).step_by(2).for_each(|v| *v = -*v);
    y.into_iter().sum()
}

#[differentiate]
pub fn chunked_in_place(x: &[f64]) -> f64 {
    let mut y = x.to_vec();
    for pair in y.chunks_exact_mut(2) {
        let (a, b) = (pair[0], pair[1]);
        pair[0] = a + b;
        pair[1] = a * b;
    }
    for c in y.chunks_mut(3) {
        c.reverse();
    }
    for quad in y.chunks_exact(4) {
        if let [a, b, c, d] = quad {
            return a * d - b * c;
        }
    }
    let (l, r) = y.split_at_mut(1);
    l[0] * r[0]
}

#[differentiate]
pub fn sorted_median(x: &[f64]) -> f64 {
    let mut s = x.to_vec();
    s.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let n = s.len();
    if n % 2 == 0 {
        (s[n / 2 - 1] + s[n / 2]) / 2.0
    } else {
        s[n / 2]
    }
}

#[differentiate]
pub fn sorted_others(x: &[f64]) -> f64 {
    let mut s = x.to_vec();
    s.sort_unstable_by(|a, b| b.total_cmp(a));
    let mut t: Vec<f64> = x.iter().map(|v| v.abs()).collect();
    t.sort_by(f64::total_cmp);
    let mut pairs: Vec<(usize, f64)> = x.iter().copied().enumerate().collect();
    pairs.sort_by(|a, b| b.1.partial_cmp(&a.1).unwrap());
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&i, &j| x[i].partial_cmp(&x[j]).unwrap());
    s[0] * t[1] + pairs.iter().map(|(i, v)| *i as f64 * v).sum::<f64>() + x[order[1]] * x[order[0]]
}

#[differentiate]
pub fn rotations(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.rotate_left(1);
    v[0] *= v[1];
    v.rotate_right(2);
    v.swap(0, 2);
    v.reverse();
    v.iter().enumerate().map(|(i, e)| e * (i + 1) as f64).sum()
}

#[differentiate]
pub fn drained(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let head: Vec<f64> = v.drain(..2).collect();
    let tail: f64 = v.drain(1..).map(|e| e * e).sum();
    head[0] * head[1] + tail * v[0]
}

#[differentiate]
pub fn retained(x: &[f64]) -> f64 {
    let mut v: Vec<f64> = x.to_vec();
    v.retain(|e| *e > 0.0);
    v.iter().map(|e| e.ln()).sum::<f64>() * v.len() as f64
}

#[differentiate]
pub fn vec_edits(x: &[f64]) -> f64 {
    let mut v = Vec::new();
    v.extend(x.iter().map(|e| e * e));
    v.extend_from_slice(&x[..2]);
    v.insert(1, x[0] * x[1]);
    let removed = v.remove(0);
    let swapped = v.swap_remove(1);
    v.resize(8, x[2]);
    v.dedup();
    v.truncate(6);
    let popped = v.pop().unwrap();
    removed * swapped + popped * v.iter().sum::<f64>()
}

/// What is looked at by code without derivative, and resized afterwards.
#[differentiate]
pub fn looked_at_and_resized(x: &[f64]) -> f64 {
    let mut v = vec![x[0] * x[1]];
    let known = v.contains(&3.0);
    v.push(x[2]);
    let sorted = v.is_sorted();
    v.insert(0, x[1]);
    if known || sorted {
        v.truncate(1);
    }
    v.iter().sum::<f64>() * v[0]
}

#[differentiate]
pub fn moved_and_made_again(x: &[f64]) -> f64 {
    let mut v = vec![x[0]];
    let w = v;
    v = vec![x[1], x[2] * w[0], x[0]];
    v.push(x[1]);
    v.iter().map(|a| a * a).sum::<f64>() * w[0]
}

#[differentiate]
pub fn fold_exchanges_lists(x: &[f64]) -> f64 {
    let (a, b) = x.iter().fold((vec![1.0], vec![2.0]), |(mut a, b), v| {
        a.push(v * b[0]);
        (b, a)
    });
    a.iter().sum::<f64>() + 3.0 * b.iter().sum::<f64>()
}

#[differentiate]
pub fn deque(x: &[f64]) -> f64 {
    let mut window: VecDeque<f64> = VecDeque::with_capacity(3);
    let mut sum = 0.0;
    let mut total = 0.0;
    for &v in x {
        if window.len() == 2 {
            sum -= window.pop_front().unwrap();
        }
        window.push_back(v);
        sum += v;
        total += sum * sum;
    }
    total
}

#[differentiate]
pub fn nested_collect(x: &[f64]) -> f64 {
    let n = 3;
    let m: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            (0..n)
                .map(|j| x[i] * x[j] + (i == j) as u8 as f64)
                .collect()
        })
        .collect();
    let t: Vec<Vec<f64>> = (0..n)
        .map(|j| m.iter().map(|row| row[j]).collect::<Vec<_>>())
        .collect();
    m.iter()
        .zip(t.iter())
        .map(|(a, b)| a.iter().zip(b).map(|(p, q)| p * q).sum::<f64>())
        .sum()
}

#[differentiate]
pub fn concatenated(x: &[f64]) -> f64 {
    let parts = vec![x[..2].to_vec(), vec![x[2] * x[0]]];
    let all = parts.concat();
    let both = [&x[..1], &x[2..]].concat();
    all.iter().zip(both.iter()).map(|(a, b)| a * b).sum()
}

#[differentiate]
pub fn lengths_and_ends(x: &[f64]) -> f64 {
    let mut out = 0.0;
    if let (Some(first), Some(last)) = (x.first(), x.last()) {
        out += first * last;
    }
    if let Some((head, rest)) = x.split_first() {
        out += head * rest.iter().sum::<f64>();
    }
    if let [a, .., b] = x {
        out += a / b;
    }
    if let Some(w) = x.get(1..3) {
        out += w[0] * w[1];
    }
    for c in x.rchunks(2) {
        out += c[0] * out;
    }
    for (a, b) in x.iter().zip(x.iter().rev()).take(2) {
        out -= a * b;
    }
    out
}

#[differentiate]
pub fn array_methods(a: [f64; 3], b: &[f64; 3]) -> f64 {
    let c = a.map(|v| v * 2.0);
    let d = b.map(f64::sin);
    let s: f64 = c.iter().zip(d).map(|(x, y)| x * y).sum();
    let [x, y, z] = a.map(|v| v.powi(2));
    let t = a.into_iter().zip(*b).fold(0.0, |acc, (p, q)| acc + p / q);
    s + x * y - z + t
}

#[differentiate]
pub fn both_ends(x: &[f64]) -> f64 {
    let mut queue = VecDeque::from(vec![x[0]]);
    for (i, v) in x.iter().enumerate() {
        if i % 2 == 0 {
            queue.push_front(v * v);
        } else {
            queue.push_back(v + queue[0]);
        }
    }
    let (first, last) = (*queue.front().unwrap(), *queue.back().unwrap());
    let mut s = 0.0;
    while let Some(v) = queue.pop_back() {
        s = s * 0.5 + v;
    }
    s + first * last
}

#[differentiate]
pub fn listed(x: &[f64]) -> f64 {
    let (a, b) = x.split_at(2);
    let mut s = 0.0;
    for (i, part) in [a, b].iter().enumerate() {
        for v in part.iter() {
            s += v * (i + 1) as f64;
        }
        if s > 100.0 {
            break;
        }
    }
    for (p, q) in [a, b].into_iter().zip([b, a]) {
        s += p[0] * q[1];
    }
    s
}

#[differentiate]
fn softmax_of<const N: usize>(z: [f64; N]) -> [f64; N] {
    let m = z.iter().copied().fold(f64::MIN, f64::max);
    let e = z.map(|v| (v - m).exp());
    let s: f64 = e.iter().sum();
    e.map(|v| v / s)
}

#[differentiate]
fn attention(x: &[f64]) -> f64 {
    let q: [f64; 3] = x[..3].try_into().unwrap();
    let v: [f64; 3] = std::array::from_fn(|i| x[3 + i] * (i + 1) as f64);
    softmax_of(q).iter().zip(v).map(|(a, b)| a * b).sum()
}

checks! {
    arrays_of_slices: |x| attention(x), [0.3, 0.5, -0.2, 0.8, 0.4, 0.1];
    deque_ends: |x| both_ends(x), [0.4, 1.3, 2.7, -0.55];
    lists: |x| listed(x), [0.4, 1.3, 2.7, -0.55];
    collected: |x| collect_options(x), [0.4, 1.3, 2.7, -0.55];
    collected_array: |x| collect_array(x), [0.4, 1.3, 2.7, -0.55];
    of_rows: |x| rows(&[x[..2].to_vec(), x[2..].to_vec()]), [0.4, 1.3, 2.7, -0.55];
    mutated: |x| zip_mut(x), [0.4, 1.3, 2.7, -0.55];
    chunks_changed: |x| chunked_in_place(x), [0.4, 1.3, 2.7, -0.55, 0.3];
    medians: |x| sorted_median(x) * sorted_median(&x[1..]), [0.4, 1.3, 2.7, -0.55, 0.3];
    sorts: |x| sorted_others(x), [0.4, 1.3, 2.7, -0.55, 0.3];
    rotated: |x| rotations(x), [0.4, 1.3, 2.7, -0.55, 0.3];
    drains: |x| drained(x), [0.4, 1.3, 2.7, -0.55, 0.3];
    retains: |x| retained(x), [0.4, 1.3, 2.7, -0.55, 0.3];
    edits: |x| vec_edits(x), [0.4, 1.3, 2.7, -0.55, 0.3];
    resized: |x| looked_at_and_resized(x) + moved_and_made_again(x), [0.4, 1.3, 2.7];
    exchanged: |x| fold_exchanges_lists(x), [0.4, 1.3, 2.7];
    deques: |x| deque(x), [0.4, 1.3, 2.7, -0.55, 0.3];
    matrices: |x| nested_collect(x) + concatenated(x), [0.4, 1.3, 2.7];
    ends: |x| lengths_and_ends(x), [0.4, 1.3, 2.7, -0.55, -0.3];
    arrays: |x| array_methods([x[0], x[1], x[2]], &[x[3], x[4], x[5]]), [0.4, 1.3, 2.7, -0.55, -0.3, 0.8];
}
