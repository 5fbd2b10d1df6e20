//! Patterns, options, strings and enums beside the numbers.

use autodiff_runtime::differentiate;
use std::collections::{BTreeMap, HashMap};

#[differentiate]
pub fn scale(v: &mut [f64], a: f64) {
    for e in v.iter_mut() {
        *e *= a;
    }
}

#[differentiate]
pub fn sq(a: f64) -> f64 {
    a * a
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Lin,
    Quad,
    Exp(i32),
}

#[differentiate]
pub fn partial_cmp_match(x: &[f64]) -> f64 {
    use std::cmp::Ordering;
    match x[0].partial_cmp(&x[1]) {
        Some(Ordering::Less) => x[0] * 2.0,
        Some(Ordering::Equal) => 0.0,
        _ => x[1] * x[0],
    }
}

#[differentiate]
pub fn if_let_opt(x: &[f64]) -> f64 {
    let mut s = 0.0;
    if let Some(v) = x.get(1) {
        s += v * v;
    }
    if let Some(&v) = x.get(100) {
        s += v;
    } else {
        s *= 3.0;
    }
    let Some(last) = x.last() else { return 0.0 };
    s + last
}

#[differentiate]
pub fn first_last(x: &[f64]) -> f64 {
    let f = x.first().unwrap();
    let l = *x.last().unwrap();
    let g = x.get(2).copied().unwrap_or(0.0);
    let h = x.get(200).unwrap_or(&1.5);
    f * l + g * h
}

#[differentiate]
pub fn option_flow(x: &[f64]) -> f64 {
    let best: Option<f64> = x
        .iter()
        .copied()
        .filter(|v| *v < 1.0)
        .max_by(|a, b| a.total_cmp(b));
    let v = best.unwrap_or(0.0);
    let mut last = None;
    for &t in x {
        if t > 0.5 {
            last = Some(t * 2.0);
        }
    }
    let w = match last {
        Some(q) => q,
        None => 1.0,
    };
    let first = x
        .iter()
        .find(|v| **v > 0.81)
        .map(|v| v * 3.0)
        .unwrap_or_else(|| x[0]);
    let m = x.iter().position(|v| *v > 0.81).map_or(0, |p| p + 1);
    v * w + first + m as f64
}

#[differentiate]
pub fn nested_opt(x: &[f64]) -> f64 {
    let pick = |i: usize| if i < x.len() { Some(x[i]) } else { None };
    let a = pick(1).unwrap_or(0.5);
    let b = pick(100).unwrap_or(0.5);
    let c = pick(2).and_then(|v| if v > 0.0 { Some(v.ln()) } else { None });
    let d = match (pick(0), pick(3)) {
        (Some(p), Some(q)) => p * q,
        (Some(p), None) => p,
        _ => 0.0,
    };
    let checked_div = |p: f64, q: f64| -> Option<f64> {
        if q == 0.0 {
            return None;
        }
        Some(p / q)
    };
    let e = if let Some(r) = checked_div(a, x[4]) {
        r
    } else {
        0.0
    };
    let f = checked_div(a, 0.0).map_or(1.0, |r| r * 2.0);
    a * b + c.unwrap_or(0.0) + d + e + f
}

#[differentiate]
pub fn while_some(x: &[f64]) -> f64 {
    let mut best = None;
    let mut best_i = 0;
    for (i, &v) in x.iter().enumerate() {
        match best {
            None => {
                best = Some(v);
                best_i = i;
            }
            Some(b) if v > b => {
                best = Some(v);
                best_i = i;
            }
            _ => {}
        }
    }
    best.unwrap() * 2.0 + x[best_i] + best.map(|b: f64| b.powi(2)).unwrap_or_default()
}

#[differentiate]
pub fn slices_split(x: &[f64]) -> f64 {
    let (head, tail) = x.split_first().unwrap();
    let mut s = *head;
    if let Some((last, mid)) = tail.split_last() {
        s += last * mid.len() as f64;
    }
    if let [a, b, rest @ ..] = tail {
        s += a * b + rest.iter().sum::<f64>();
    }
    let arr: [f64; 3] = x[0..3].try_into().unwrap();
    let [p, q, r] = arr;
    s + p * q * r
}

#[differentiate]
pub fn string_match(x: &[f64]) -> f64 {
    let mode = "abs";
    let kind = if x.len() > 5 { "long" } else { "short" };
    let base = match mode {
        "abs" => x[0].abs(),
        "sq" => x[0] * x[0],
        _ => 0.0,
    };
    match kind {
        "long" => base * x[1],
        _ => base,
    }
}

#[differentiate]
pub fn char_loop(x: &[f64]) -> f64 {
    let code = "aab+c";
    let mut s = 0.0;
    for (i, c) in code.chars().enumerate() {
        match c {
            'a' => s += x[i],
            'b' | 'c' => s *= x[i],
            _ => s -= 1.0,
        }
    }
    s
}

#[differentiate]
pub fn enum_const(x: &[f64]) -> f64 {
    let kinds = [Kind::Lin, Kind::Quad, Kind::Exp(2), Kind::Lin];
    let mut s = 0.0;
    for (k, kind) in kinds.iter().enumerate() {
        s += match kind {
            Kind::Lin => x[k],
            Kind::Quad => x[k] * x[k],
            Kind::Exp(n) => x[k].powi(*n).exp(),
        };
    }
    if kinds[0] == Kind::Lin { s } else { 0.0 }
}

#[differentiate]
pub fn hash_weights(x: &[f64]) -> f64 {
    let mut w: HashMap<usize, usize> = HashMap::new();
    for i in 0..x.len() {
        *w.entry(i % 3).or_insert(0) += i;
    }
    let mut b: BTreeMap<String, usize> = BTreeMap::new();
    b.insert("a".to_string(), 2);
    let names = ["a", "b"];
    let mut s = 0.0;
    for i in 0..3 {
        s += w[&i] as f64 * x[i];
    }
    for (k, n) in names.iter().enumerate() {
        if let Some(v) = b.get(*n) {
            s += x[k] * (*v as f64);
        }
        s += x[k] * *b.get(*n).unwrap_or(&1) as f64;
    }
    s
}

#[differentiate]
pub fn tuples(x: &[f64]) -> f64 {
    let p = (x[0], x[1] * 2.0);
    let q = (x[2], (x[3], x[4]));
    let (a, (b, c)) = q;
    let (mut u, mut v) = (p.0 + a, p.1 * b);
    (u, v) = (v, u + c);
    std::mem::swap(&mut u, &mut v);
    let arr = [(u, v), (v, u * u)];
    arr.iter().map(|&(s, t)| s * t).sum::<f64>() + arr[1].0
}

#[differentiate]
pub fn unused_and_underscore(x: &[f64]) -> f64 {
    let _unused = x[3].exp();
    let _ = x[2];
    let (a, _) = (x[0], x[1].ln_1p());
    let ref b = x[1];
    let c @ d = x[4];
    let mut v;
    v = a * *b;
    v += c * d;
    {
        let a = 5;
        v *= a as f64;
    }
    v
}

#[differentiate]
pub fn ops_refs(x: &[f64]) -> f64 {
    let a = &x[0];
    let b = &x[1];
    let c = a * b + *a - b;
    let d = -a;
    let v = [a, b];
    let e = v[0] * v[1];
    let t = (a, &x[2]);
    let (p, q) = t;
    c + d + e + p * q
}

#[differentiate]
pub fn struct_free(x: &[f64]) -> f64 {
    struct Opts {
        n: usize,
        scale: f64,
    }
    let o = Opts { n: 3, scale: 0.5 };
    let mut s = 0.0;
    for i in 0..o.n {
        s += x[i] * o.scale;
    }
    s
}

#[differentiate]
pub fn const_arrays_2d(x: &[f64]) -> f64 {
    const A: [[f64; 3]; 2] = [[1.0, 2.0, 3.0], [0.5, 0.25, 0.125]];
    const B: &[f64] = &[1.0, -1.0];
    static C: [(usize, f64); 2] = [(0, 2.0), (3, 4.0)];
    let mut s = 0.0;
    for i in 0..2 {
        for j in 0..3 {
            s += A[i][j] * x[i * 3 + j] * B[i];
        }
    }
    for row in A.iter() {
        s += row.iter().zip(x.iter()).map(|(a, b)| a * b).sum::<f64>();
    }
    for (i, c) in C {
        s += x[i] * c;
    }
    for &(i, c) in C.iter() {
        s += x[i] * c;
    }
    s
}
