//! Functions as numerical programmers write them.
#![allow(clippy::all)]

use autodiff_runtime::differentiate;
use std::f64::consts::PI;
use tests::agree;

mod all {
    use super::*;

    /// Abramowitz and Stegun 26.2.17.
    #[differentiate]
    fn normal_cdf(x: f64) -> f64 {
        let k = 1.0 / (1.0 + 0.2316419 * x.abs());
        let poly = k
            * (0.319381530
                + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
        let tail = (-0.5 * x * x).exp() / (2.0 * PI).sqrt() * poly;
        if x >= 0.0 { 1.0 - tail } else { tail }
    }

    #[differentiate]
    pub fn black_scholes(p: &[f64]) -> f64 {
        let [spot, strike, rate, vol, time] = [p[0], p[1], p[2], p[3], p[4]];
        let d1 = ((spot / strike).ln() + (rate + vol.powi(2) / 2.0) * time) / (vol * time.sqrt());
        let d2 = d1 - vol * time.sqrt();
        spot * normal_cdf(d1) - strike * (-rate * time).exp() * normal_cdf(d2)
    }

    #[differentiate]
    pub fn thomas(x: &[f64]) -> f64 {
        let n = x.len() / 2;
        let (b, d) = x.split_at(n);
        let mut c = vec![0.0; n];
        let mut y = vec![0.0; n];
        c[0] = -1.0 / b[0];
        y[0] = d[0] / b[0];
        for i in 1..n {
            let m = b[i] + c[i - 1];
            c[i] = -1.0 / m;
            y[i] = (d[i] + y[i - 1]) / m;
        }
        for i in (0..n - 1).rev() {
            let next = y[i + 1];
            y[i] -= c[i] * next;
        }
        y.iter().map(|v| v * v).sum()
    }

    #[differentiate]
    pub fn log_det_by_cholesky(x: &[f64]) -> f64 {
        let n = 3;
        let mut a = vec![vec![0.0; n]; n];
        for i in 0..n {
            for j in 0..n {
                a[i][j] = x[i] * x[j] + if i == j { 2.0 } else { 0.1 * x[i.max(j)] };
            }
        }
        let mut l = vec![vec![0.0; n]; n];
        for i in 0..n {
            for j in 0..=i {
                let mut sum = a[i][j];
                for k in 0..j {
                    sum -= l[i][k] * l[j][k];
                }
                if i == j {
                    l[i][i] = sum.sqrt();
                } else {
                    l[i][j] = sum / l[j][j];
                }
            }
        }
        let mut log_det = 0.0;
        for i in 0..n {
            log_det += 2.0 * l[i][i].ln();
        }
        log_det
    }

    #[differentiate]
    pub fn gauss(x: &[f64]) -> f64 {
        const N: usize = 3;
        let mut a = [[0.0; N]; N];
        let mut b = [0.0; N];
        for i in 0..N {
            for j in 0..N {
                a[i][j] = (x[i] * (j as f64 + 1.0)).cos() + if i == j { 0.3 } else { 0.0 };
            }
            b[i] = x[i];
        }
        for col in 0..N {
            let mut pivot = col;
            for row in col + 1..N {
                if a[row][col].abs() > a[pivot][col].abs() {
                    pivot = row;
                }
            }
            if pivot != col {
                a.swap(pivot, col);
                b.swap(pivot, col);
            }
            for row in (col + 1)..N {
                let factor = a[row][col] / a[col][col];
                for k in col..N {
                    a[row][k] -= factor * a[col][k];
                }
                b[row] -= factor * b[col];
            }
        }
        let mut y = [0.0; N];
        for i in (0..N).rev() {
            let mut sum = b[i];
            for j in i + 1..N {
                sum -= a[i][j] * y[j];
            }
            y[i] = sum / a[i][i];
        }
        y[0] + 2.0 * y[1] * y[2]
    }

    /// Rows of lists: a pivot that stands where it should changes places with itself.
    #[differentiate]
    pub fn gauss_of_rows(x: &[f64]) -> Option<f64> {
        let mut a = vec![vec![x[0], x[1]], vec![x[2], x[3]]];
        let mut b = vec![x[1], x[2]];
        let n = b.len();
        for col in 0..n {
            let pivot = (col..n).max_by(|&i, &j| a[i][col].abs().total_cmp(&a[j][col].abs()))?;
            a.swap(col, pivot);
            b.swap(col, pivot);
            let (top, bottom) = a.split_at_mut(col + 1);
            let first = &top[col];
            for (k, row) in bottom.iter_mut().enumerate() {
                let factor = row[col] / first[col];
                row.iter_mut()
                    .zip(first)
                    .skip(col)
                    .for_each(|(r, p)| *r -= factor * p);
                b[col + 1 + k] -= factor * b[col];
            }
        }
        let y = b[1] / a[1][1];
        Some((b[0] - a[0][1] * y) / a[0][0] + y * y)
    }

    #[differentiate]
    pub fn gauss_solved(x: &[f64]) -> f64 {
        gauss_of_rows(x).unwrap()
    }

    #[differentiate]
    pub fn simpson(p: &[f64]) -> f64 {
        let f = |t: f64| (p[0] * t).sin() * (-p[1] * t * t).exp();
        let (a, b, n) = (0.0, p[2], 20);
        let h = (b - a) / n as f64;
        let mut sum = f(a) + f(b);
        for i in 1..n {
            let weight = if i % 2 == 0 { 2.0 } else { 4.0 };
            sum += weight * f(a + i as f64 * h);
        }
        sum * h / 3.0
    }

    #[differentiate]
    pub fn hmm(x: &[f64]) -> f64 {
        let observed = [0usize, 1, 1, 0, 1];
        let stay = 1.0 / (1.0 + (-x[0]).exp());
        let emit = [[x[1].exp(), 1.0], [1.0, x[2].exp()]];
        let mut alpha = [0.5, 0.5];
        let mut total = 0.0;
        for &o in observed.iter() {
            let mut next = [0.0; 2];
            for s in 0..2 {
                let from = stay * alpha[s] + (1.0 - stay) * alpha[1 - s];
                next[s] = from * emit[s][o] / (emit[s][0] + emit[s][1]);
            }
            let norm = next[0] + next[1];
            total += norm.ln();
            alpha = [next[0] / norm, next[1] / norm];
        }
        total
    }

    #[differentiate]
    pub fn softmax_loss(x: &[f64]) -> f64 {
        let max = x.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
        let exps: Vec<f64> = x.iter().map(|v| (v - max).exp()).collect();
        let total: f64 = exps.iter().sum();
        let probs: Vec<f64> = exps.iter().map(|e| e / total).collect();
        -probs[1].ln() + 0.1 * probs.iter().map(|p| p * p.ln()).sum::<f64>()
    }

    #[differentiate]
    pub fn dtw(x: &[f64]) -> f64 {
        let (a, b) = x.split_at(x.len() / 2);
        let mut d = vec![vec![f64::INFINITY; b.len() + 1]; a.len() + 1];
        d[0][0] = 0.0;
        for i in 1..=a.len() {
            for j in 1..=b.len() {
                let cost = (a[i - 1] - b[j - 1]).powi(2);
                d[i][j] = cost + d[i - 1][j].min(d[i][j - 1]).min(d[i - 1][j - 1]);
            }
        }
        d[a.len()][b.len()]
    }

    #[differentiate]
    pub fn nbody(x: &[f64]) -> f64 {
        let mut pos = [[x[0], x[1]], [x[2], x[3]], [0.0, 0.5]];
        let mut vel = [[0.0; 2]; 3];
        let mass = [1.0, 2.0, x[4]];
        let dt = 0.05;
        for _ in 0..5 {
            for i in 0..3 {
                for j in 0..3 {
                    if i == j {
                        continue;
                    }
                    let dx = pos[j][0] - pos[i][0];
                    let dy = pos[j][1] - pos[i][1];
                    let r2 = dx * dx + dy * dy + 0.01;
                    let inv = mass[j] / (r2 * r2.sqrt());
                    vel[i][0] += dx * inv * dt;
                    vel[i][1] += dy * inv * dt;
                }
            }
            for i in 0..3 {
                for k in 0..2 {
                    pos[i][k] += vel[i][k] * dt;
                }
            }
        }
        let mut kinetic = 0.0;
        for (m, v) in mass.iter().zip(vel.iter()) {
            kinetic += 0.5 * m * (v[0] * v[0] + v[1] * v[1]);
        }
        kinetic
    }

    #[differentiate]
    pub fn legendre(x: &[f64]) -> f64 {
        let t = x[0].tanh();
        let (mut p0, mut p1) = (1.0, t);
        let mut sum = x[1];
        for k in 2..8 {
            let p2 = ((2 * k - 1) as f64 * t * p1 - (k - 1) as f64 * p0) / k as f64;
            p0 = p1;
            p1 = p2;
            sum += p2 / k as f64;
        }
        sum
    }

    #[differentiate]
    pub fn secant(x: &[f64]) -> f64 {
        let f = |t: f64| t * t * t - x[0] * t - x[1];
        let mut a = 1.0;
        let mut b = 2.0;
        let mut fa = f(a);
        for _ in 0..30 {
            let fb = f(b);
            if (fb - fa).abs() < 1e-14 {
                break;
            }
            let c = b - fb * (b - a) / (fb - fa);
            a = b;
            fa = fb;
            b = c;
            if (b - a).abs() < 1e-10 {
                return b;
            }
        }
        b
    }

    #[differentiate]
    pub fn convolution(x: &[f64]) -> f64 {
        let (signal, kernel) = x.split_at(x.len() - 3);
        let out: Vec<f64> = signal
            .windows(kernel.len())
            .map(|w| {
                w.iter()
                    .zip(kernel)
                    .map(|(a, b)| a * b)
                    .sum::<f64>()
                    .max(0.0)
            })
            .collect();
        out.iter()
            .enumerate()
            .map(|(i, v)| (i + 1) as f64 * v * v)
            .sum()
    }

    #[differentiate]
    pub fn kalman(x: &[f64]) -> f64 {
        let (q, r) = (x[0].exp(), x[1].exp());
        let mut state = 0.0;
        let mut p = 1.0;
        let mut likelihood = 0.0;
        for &z in &x[2..] {
            p += q;
            let s = p + r;
            let innovation = z - state;
            likelihood -= 0.5 * (innovation * innovation / s + (2.0 * PI * s).ln());
            let gain = p / s;
            state += gain * innovation;
            p *= 1.0 - gain;
        }
        likelihood
    }

    #[differentiate]
    pub fn haversine(x: &[f64]) -> f64 {
        let (lat1, lon1, lat2, lon2) = (
            x[0].to_radians(),
            x[1].to_radians(),
            x[2].to_radians(),
            x[3].to_radians(),
        );
        let h = ((lat2 - lat1) / 2.0).sin().powi(2)
            + lat1.cos() * lat2.cos() * ((lon2 - lon1) / 2.0).sin().powi(2);
        2.0 * 6371.0 * h.sqrt().asin()
    }

    #[differentiate]
    pub fn mean_and_variance(x: &[f64]) -> f64 {
        let (mut mean, mut m2, mut n) = (0.0, 0.0, 0.0);
        for &v in x {
            n += 1.0;
            let delta = v - mean;
            mean += delta / n;
            m2 += delta * (v - mean);
        }
        if n < 2.0 {
            return f64::NAN;
        }
        mean / (m2 / (n - 1.0)).sqrt()
    }

    #[differentiate]
    fn derivative(y: &[f64; 2], p: &[f64]) -> [f64; 2] {
        [p[0] * y[0] - p[1] * y[0] * y[1], y[0] * y[1] - p[2] * y[1]]
    }

    #[differentiate]
    pub fn lotka_volterra(p: &[f64]) -> f64 {
        let mut y = [1.0, 0.5];
        let dt = 0.1;
        for _ in 0..20 {
            let k1 = derivative(&y, p);
            let mid = [y[0] + 0.5 * dt * k1[0], y[1] + 0.5 * dt * k1[1]];
            let k2 = derivative(&mid, p);
            for i in 0..2 {
                y[i] += dt * k2[i];
            }
        }
        y.iter().sum::<f64>()
    }

    #[differentiate]
    fn relu(v: &mut [f64]) {
        for x in v.iter_mut() {
            if *x < 0.0 {
                *x *= 0.01;
            }
        }
    }

    #[differentiate]
    fn dense(w: &[f64], input: &[f64], out: &mut Vec<f64>) {
        out.clear();
        for row in w.chunks_exact(input.len()) {
            out.push(row.iter().zip(input.iter()).map(|(a, b)| a * b).sum());
        }
        relu(out);
    }

    #[differentiate]
    pub fn mlp(x: &[f64]) -> f64 {
        let input = [0.3, -0.8];
        let mut hidden = Vec::with_capacity(3);
        dense(&x[..6], &input, &mut hidden);
        let mut out = Vec::new();
        dense(&x[6..], &hidden, &mut out);
        let mut loss = 0.0;
        for (o, t) in out.iter().zip([0.5, -0.5].iter()) {
            loss += (o - t) * (o - t);
        }
        loss
    }

    #[differentiate]
    pub fn bubble_sorted(x: &[f64]) -> f64 {
        let mut v = x.to_vec();
        let n = v.len();
        let mut swapped = true;
        while swapped {
            swapped = false;
            for i in 1..n {
                if v[i - 1] > v[i] {
                    v.swap(i - 1, i);
                    swapped = true;
                }
            }
        }
        v.iter()
            .enumerate()
            .map(|(i, a)| (i as f64 + 1.0) * a * a)
            .sum()
    }

    #[differentiate]
    pub fn ends(x: &[f64]) -> f64 {
        let some = Some(x[0] * x[1]);
        let none: Option<f64> = None;
        let Some(last) = x.last() else { return 0.0 };
        let first = x.first().copied().unwrap_or(1.0);
        some.unwrap_or(0.0) * none.unwrap_or(x[1]) + last * first
    }

    #[differentiate]
    pub fn running_max(x: &[f64]) -> f64 {
        let mut best = f64::NEG_INFINITY;
        let mut at = 0;
        for (i, &v) in x.iter().enumerate() {
            if v > best {
                best = v;
                at = i;
            }
        }
        best * x[(at + 1) % x.len()]
    }

    #[differentiate]
    pub fn stack_machine(x: &[f64]) -> f64 {
        let program = [0, 1, 2, 0, 3];
        let mut stack: Vec<f64> = vec![1.0];
        for (k, op) in program.iter().enumerate() {
            match op {
                0 => stack.push(x[k % x.len()]),
                1 => {
                    let a = stack.pop().unwrap();
                    let b = stack.pop().unwrap();
                    stack.push(a * b + a);
                }
                2 => {
                    let top = stack.len() - 1;
                    stack[top] = stack[top].sin();
                }
                _ => {
                    let a = stack.pop().unwrap();
                    stack.push(a.exp());
                }
            }
        }
        let mut s = 0.0;
        for v in &stack {
            s += v;
        }
        s
    }
}

#[test]
fn finance_and_statistics() {
    agree!(all::black_scholes, [100.0, 110.0, 0.05, 0.2, 1.5]);
    agree!(all::black_scholes, [120.0, 110.0, 0.05, 0.2, 1.5]);
    agree!(all::mean_and_variance, [1.0, 2.5, 0.3, 4.0]);
    agree!(all::hmm, [0.4, 1.2, -0.3]);
    agree!(all::kalman, [-1.0, 0.5, 0.3, 0.8, 1.2]);
}

#[test]
fn linear_systems() {
    agree!(all::thomas, [4.0, 4.5, 5.0, 4.2, 1.0, 2.0, -1.0, 0.5]);
    agree!(all::log_det_by_cholesky, [0.5, -0.7, 1.1]);
    agree!(all::gauss, [0.5, -0.7, 1.1]);
}

#[test]
fn integration_and_dynamics() {
    agree!(all::simpson, [2.0, 0.3, 1.5]);
    agree!(all::nbody, [1.0, 0.2, -0.5, 0.3, 0.7]);
    agree!(all::lotka_volterra, [1.1, 0.4, 0.4]);
    agree!(all::legendre, [0.3, 0.5]);
    agree!(all::secant, [1.0, 2.0]);
}

#[test]
fn learning() {
    agree!(all::softmax_loss, [0.3, 1.2, -0.4, 0.9]);
    agree!(all::convolution, [0.3, 1.2, -0.4, 0.9, 0.5, 0.7, -0.2]);
    agree!(
        all::mlp,
        [
            0.5, -0.2, 0.8, 0.1, -0.7, 0.4, 0.9, 0.3, -0.6, 0.2, 0.1, 0.5
        ]
    );
}

#[test]
fn sequences_and_geometry() {
    agree!(all::dtw, [0.3, 1.2, -0.4, 0.9, 0.5, 0.7]);
    agree!(all::haversine, [52.5, 13.4, 48.9, 2.35]);
    agree!(all::bubble_sorted, [0.3, 1.2, -0.4, 0.9, 0.5]);
    agree!(all::ends, [0.3, 1.2, -0.4]);
    agree!(all::gauss_solved at &[&[3.0, 1.1, 0.5, 2.0], &[0.5, 1.1, 3.0, 2.0]]);
    agree!(all::running_max, [0.3, 1.2, -0.4, 0.9, 0.5]);
    agree!(all::stack_machine, [0.3, 1.2]);
}

/// Where something between overflows, zero times an infinite slope is not taken for zero: the slope of `softplus` is one.
#[test]
fn what_overflows_between_has_no_derivative() {
    #[differentiate]
    fn falling(t: f64) -> f64 {
        1.0 / (1.0 + t.exp())
    }
    #[differentiate]
    fn softplus(t: f64) -> f64 {
        (1.0 + t.exp()).ln()
    }
    #[differentiate]
    fn falling_safely(t: f64) -> f64 {
        0.5 - 0.5 * (0.5 * t).tanh()
    }
    assert!(falling::grad(900.0).is_nan() && falling::jvp(900.0, 1.0).1.is_nan());
    assert!(softplus::grad(900.0).is_nan() && softplus::jvp(900.0, 1.0).1.is_nan());
    assert_eq!(falling_safely::grad(900.0), 0.0);
    let near = falling_safely::grad(0.7) - falling::grad(0.7);
    assert!(near.abs() < 1e-15);
}
