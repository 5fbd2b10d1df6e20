//! Time steps, particles, filters, linear algebra by hand.

use autodiff_runtime::differentiate;
use std::f64::consts::PI;

const G: f64 = 9.80665;

pub mod consts_mod {
    pub const ALPHA: f64 = 0.3;
    pub fn plain(n: usize) -> f64 {
        n as f64 * 0.5
    }
}

#[differentiate]
pub fn lennard_jones(x: &[f64]) -> f64 {
    let n = x.len() / 3;
    let mut e = 0.0;
    for i in 0..n {
        for j in (i + 1)..n {
            let mut r2 = 0.0;
            for d in 0..3 {
                let diff = x[3 * i + d] - x[3 * j + d] + 0.7 * (i as f64 - j as f64);
                r2 += diff * diff;
            }
            let inv6 = 1.0 / (r2 * r2 * r2);
            e += 4.0 * (inv6 * inv6 - inv6);
        }
    }
    e
}

#[differentiate]
pub fn lj_early(x: &[f64]) -> f64 {
    let mut e = 0.0;
    for (i, a) in x.chunks_exact(3).enumerate() {
        for b in x.chunks_exact(3).skip(i + 1) {
            let r2: f64 = a.iter().zip(b).map(|(p, q)| (p - q).powi(2)).sum();
            if r2 > 9.0 {
                continue;
            }
            e += 1.0 / (1.0 + r2);
        }
    }
    e
}

#[differentiate]
pub fn rk4(x: &[f64]) -> f64 {
    let f = |y: [f64; 2], t: f64| [y[1], -x[2] * y[0] - 0.1 * y[1] + t.sin()];
    let h = 0.1;
    let mut y = [x[0], x[1]];
    let mut t = 0.0;
    for _ in 0..10 {
        let k1 = f(y, t);
        let k2 = f(
            [y[0] + 0.5 * h * k1[0], y[1] + 0.5 * h * k1[1]],
            t + 0.5 * h,
        );
        let k3 = f(
            [y[0] + 0.5 * h * k2[0], y[1] + 0.5 * h * k2[1]],
            t + 0.5 * h,
        );
        let k4 = f([y[0] + h * k3[0], y[1] + h * k3[1]], t + h);
        for i in 0..2 {
            y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
        t += h;
    }
    y[0] * y[1]
}

#[differentiate]
pub fn thomas(x: &[f64]) -> f64 {
    let n = 4;
    let a = &x[0..n];
    let d = &x[n..2 * n];
    let mut c = vec![0.0; n];
    let mut g = vec![0.0; n];
    let b = 4.0;
    c[0] = 1.0 / b;
    g[0] = d[0] / b;
    for i in 1..n {
        let m = 1.0 / (b + a[i] - a[i] * c[i - 1]);
        c[i] = m;
        g[i] = (d[i] - a[i] * g[i - 1]) * m;
    }
    for i in (0..n - 1).rev() {
        let next = g[i + 1];
        g[i] -= c[i] * next;
    }
    g.iter().map(|v| v * v).sum()
}

#[differentiate]
pub fn cholesky_logdet(x: &[f64]) -> f64 {
    let n = 3;
    let mut a = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..n {
            a[i][j] = x[i] * x[j] + x[3 + i] * x[3 + j];
        }
        a[i][i] += 3.0;
    }
    let mut l = vec![vec![0.0f64; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let mut sum = a[i][j];
            for k in 0..j {
                sum -= l[i][k] * l[j][k];
            }
            if i == j {
                if sum <= 0.0 {
                    return f64::NAN;
                }
                l[i][j] = sum.sqrt();
            } else {
                l[i][j] = sum / l[j][j];
            }
        }
    }
    (0..n).map(|i| l[i][i].ln()).sum::<f64>() * 2.0
}

#[differentiate]
pub fn lu_pivot(x: &[f64]) -> f64 {
    let n = 3;
    let mut m: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            (0..n)
                .map(|j| x[i * n + j] + if i == j { 2.0 } else { 0.0 })
                .collect()
        })
        .collect();
    let mut det = 1.0;
    for c in 0..n {
        let mut p = c;
        for r in c + 1..n {
            if m[r][c].abs() > m[p][c].abs() {
                p = r;
            }
        }
        if p != c {
            m.swap(p, c);
            det = -det;
        }
        det *= m[c][c];
        for r in c + 1..n {
            let f = m[r][c] / m[c][c];
            for k in c..n {
                let t = m[c][k];
                m[r][k] -= f * t;
            }
        }
    }
    det
}

#[differentiate]
pub fn biquad(x: &[f64]) -> f64 {
    let (b0, b1, b2, a1, a2) = (0.2, 0.3, 0.1, -0.4, 0.2);
    let (mut z1, mut z2) = (0.0, 0.0);
    let mut out = Vec::with_capacity(x.len());
    for &input in x {
        let y = b0 * input + z1;
        z1 = b1 * input - a1 * y + z2;
        z2 = b2 * input - a2 * y;
        out.push(y);
    }
    out.iter()
        .enumerate()
        .map(|(i, y)| y * (i + 1) as f64)
        .sum()
}

#[differentiate]
pub fn convolution(x: &[f64]) -> f64 {
    let kernel = [0.25, 0.5, 0.25];
    let mut y = vec![0.0; x.len()];
    for i in 0..x.len() {
        for (j, k) in kernel.iter().enumerate() {
            if i + j >= 1 && i + j - 1 < x.len() {
                y[i] += k * x[i + j - 1];
            }
        }
    }
    y.iter().map(|v| v.tanh()).sum()
}

#[differentiate]
pub fn pendulum(x: &[f64]) -> f64 {
    let mut theta = x[0];
    let mut omega = x[1];
    let length = 1.0 + x[2].powi(2);
    let dt = 0.01;
    for step in 0..20 {
        let alpha = -(G / length) * theta.sin() - if step % 2 == 0 { 0.1 * omega } else { 0.0 };
        omega += alpha * dt;
        theta += omega * dt;
        if theta > 3.0 {
            theta -= 2.0 * PI;
        } else if theta < -3.0 {
            theta += 2.0 * PI;
        }
    }
    0.5 * omega * omega + G / length * (1.0 - theta.cos())
}

#[differentiate]
pub fn nbody(x: &[f64]) -> f64 {
    let masses = [1.0, 0.5];
    let mut pos = [[x[0], x[1]], [x[2] + 2.0, x[3]]];
    let mut vel = vec![[x[4], x[5]], [x[6], x[7]]];
    let dt = 0.01;
    for _ in 0..5 {
        let mut acc = [[0.0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 {
                if i == j {
                    continue;
                }
                let d: Vec<f64> = (0..2).map(|k| pos[j][k] - pos[i][k]).collect();
                let r2 = d.iter().map(|v| v * v).sum::<f64>() + 0.01;
                let inv = masses[j] / (r2 * r2.sqrt());
                for k in 0..2 {
                    acc[i][k] += d[k] * inv;
                }
            }
        }
        for (v, a) in vel.iter_mut().zip(acc.iter()) {
            for k in 0..2 {
                v[k] += dt * a[k];
            }
        }
        for (p, v) in pos.iter_mut().zip(&vel) {
            p.iter_mut().zip(v).for_each(|(p, v)| *p += dt * v);
        }
    }
    let kinetic: f64 = vel
        .iter()
        .zip(masses.iter())
        .map(|(v, m)| 0.5 * m * (v[0].powi(2) + v[1].powi(2)))
        .sum();
    kinetic + pos[0][0] * pos[1][1]
}

#[differentiate]
pub fn ode_adaptive(x: &[f64]) -> f64 {
    let f = |_t: f64, y: f64| -x[0].abs() * y + x[1];
    let (mut t, mut y, mut h) = (0.0, x[2], 0.25);
    let t_end = 1.0;
    let mut steps = 0;
    while t < t_end {
        if t + h > t_end {
            h = t_end - t;
        }
        let k1 = f(t, y);
        let k2 = f(t + h, y + h * k1);
        let err = (0.5 * h * (k2 - k1)).abs();
        if err > 0.05 && h > 0.01 {
            h *= 0.5;
            continue;
        }
        y += 0.5 * h * (k1 + k2);
        t += h;
        steps += 1;
        if steps > 1000 {
            return f64::NAN;
        }
        if err < 0.005 {
            h *= 2.0;
        }
    }
    y
}

#[differentiate]
pub fn matrix_exp(x: &[f64]) -> f64 {
    let n = 2;
    let a: Vec<Vec<f64>> = (0..n).map(|i| x[i * n..(i + 1) * n].to_vec()).collect();
    let mul = |p: &Vec<Vec<f64>>, q: &Vec<Vec<f64>>| -> Vec<Vec<f64>> {
        (0..n)
            .map(|i| {
                (0..n)
                    .map(|j| (0..n).map(|k| p[i][k] * q[k][j]).sum())
                    .collect()
            })
            .collect()
    };
    let mut term: Vec<Vec<f64>> = (0..n)
        .map(|i| (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect())
        .collect();
    let mut sum = term.clone();
    for k in 1..8 {
        term = mul(&term, &a);
        for row in term.iter_mut() {
            for v in row.iter_mut() {
                *v /= k as f64;
            }
        }
        for i in 0..n {
            for j in 0..n {
                sum[i][j] += term[i][j];
            }
        }
    }
    sum[0][0] * sum[1][1] + sum[0][1]
}

#[differentiate]
pub fn flat_matmul(x: &[f64]) -> f64 {
    fn idx(i: usize, j: usize, n: usize) -> usize {
        i * n + j
    }
    let n = 2;
    let mut c = [0.0; 4];
    for i in 0..n {
        for j in 0..n {
            let mut acc = 0.0;
            for k in 0..n {
                acc += x[idx(i, k, n)] * x[4 + idx(k, j, n)];
            }
            c[idx(i, j, n)] = acc;
        }
    }
    c.iter().zip(&x[8..12]).map(|(p, q)| p * q).sum()
}

#[differentiate]
pub fn rotation(x: &[f64]) -> f64 {
    let [rx, ry, rz] = [x[0], x[1], x[2]];
    let theta2 = rx * rx + ry * ry + rz * rz;
    let p = [x[3], x[4], x[5]];
    let cross = |a: [f64; 3], b: [f64; 3]| {
        [
            a[1] * b[2] - a[2] * b[1],
            a[2] * b[0] - a[0] * b[2],
            a[0] * b[1] - a[1] * b[0],
        ]
    };
    let out = if theta2 > f64::EPSILON {
        let theta = theta2.sqrt();
        let w = [rx / theta, ry / theta, rz / theta];
        let (s, c) = theta.sin_cos();
        let wxp = cross(w, p);
        let tmp = (w[0] * p[0] + w[1] * p[1] + w[2] * p[2]) * (1.0 - c);
        let mut r = [0.0; 3];
        for i in 0..3 {
            r[i] = p[i] * c + wxp[i] * s + w[i] * tmp;
        }
        r
    } else {
        let c = cross([rx, ry, rz], p);
        [p[0] + c[0], p[1] + c[1], p[2] + c[2]]
    };
    out[0] + 2.0 * out[1] + 3.0 * out[2]
}

#[differentiate]
pub fn quaternion(x: &[f64]) -> f64 {
    let q: [f64; 4] = [x[0], x[1], x[2], x[3]];
    let p: [f64; 4] = [x[4], x[5], x[6], x[7]];
    let [a, b, c, d] = q;
    let [e, f, g, h] = p;
    let r = [
        a * e - b * f - c * g - d * h,
        a * f + b * e + c * h - d * g,
        a * g - b * h + c * e + d * f,
        a * h + b * g - c * f + d * e,
    ];
    let norm = r.iter().map(|v| v * v).sum::<f64>().sqrt();
    r.map(|v| v / norm)
        .iter()
        .enumerate()
        .fold(0.0, |s, (i, v)| s + i as f64 * v)
}

#[differentiate]
pub fn matmul_nested(x: &[f64]) -> f64 {
    let mut a = [[0.0; 3]; 2];
    let mut b = [[0.0; 2]; 3];
    for (i, row) in a.iter_mut().enumerate() {
        for (j, v) in row.iter_mut().enumerate() {
            *v = x[i * 3 + j];
            b[j][i] = x[6 + j * 2 + i];
        }
    }
    let mut c = [[0.0f64; 2]; 2];
    for i in 0..2 {
        for j in 0..2 {
            for k in 0..3 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c[0][0] * c[1][1] - c[0][1] * c[1][0]
}

#[differentiate]
pub fn mat_inv(x: &[f64]) -> f64 {
    let mut m = [[x[0] + 3.0, x[1]], [x[2], x[3] + 2.0]];
    let mut inv = [[1.0, 0.0], [0.0, 1.0]];
    for c in 0..2 {
        let p = m[c][c];
        for k in 0..2 {
            m[c][k] /= p;
            inv[c][k] /= p;
        }
        for r in 0..2 {
            if r == c {
                continue;
            }
            let f = m[r][c];
            for k in 0..2 {
                let (a, b) = (m[c][k], inv[c][k]);
                m[r][k] -= f * a;
                inv[r][k] -= f * b;
            }
        }
    }
    inv.iter().flatten().sum::<f64>()
        + inv
            .iter()
            .map(|row| row.iter().sum::<f64>())
            .fold(0.0, |a: f64, b| a.max(b))
}

#[differentiate]
pub fn fft_like(x: &[f64]) -> f64 {
    let n = 8usize;
    let mut re: Vec<f64> = x[..n].to_vec();
    let mut im = vec![0.0f64; n];
    let bits = n.trailing_zeros();
    for i in 0..n {
        let j = i.reverse_bits() >> (usize::BITS - bits);
        if j > i {
            re.swap(i, j);
            im.swap(i, j);
        }
    }
    let mut len = 2;
    while len <= n {
        let ang = -2.0 * PI / len as f64;
        for start in (0..n).step_by(len) {
            for k in 0..len / 2 {
                let (s, c) = (ang * k as f64).sin_cos();
                let (a, b) = (start + k, start + k + len / 2);
                let tr = re[b] * c - im[b] * s;
                let ti = re[b] * s + im[b] * c;
                re[b] = re[a] - tr;
                im[b] = im[a] - ti;
                re[a] += tr;
                im[a] += ti;
            }
        }
        len <<= 1;
    }
    (0..n)
        .map(|k| (k as f64) * (re[k].powi(2) + im[k].powi(2)).sqrt())
        .sum()
}

#[differentiate]
pub fn rows_cols(x: &[f64]) -> f64 {
    let m: Vec<Vec<f64>> = x.chunks(4).map(|r| r.to_vec()).collect();
    let rows = m.len();
    let cols = m[0].len();
    let mut t = vec![vec![0.0; rows]; cols];
    for i in 0..rows {
        for j in 0..cols {
            t[j][i] = m[i][j];
        }
    }
    let v: Vec<f64> = t
        .iter()
        .map(|row| row.iter().zip(&m[0]).map(|(a, b)| a * b).sum())
        .collect();
    let col_sum = |j: usize| -> f64 { (0..rows).map(|i| m[i][j]).sum() };
    let best = m
        .iter()
        .map(|r| r.iter().sum::<f64>())
        .fold(f64::MIN, f64::max);
    v.iter().sum::<f64>() * col_sum(1) + best
}

#[differentiate]
pub fn conv2d(x: &[f64]) -> f64 {
    let (h, w) = (3usize, 3usize);
    let k = [[0.1, 0.2], [0.3, -0.4]];
    let img: Vec<&[f64]> = x[..9].chunks(w).collect();
    let mut out = Vec::new();
    for i in 0..=h - 2 {
        for j in 0..=w - 2 {
            let mut s = 0.0;
            for (di, row) in k.iter().enumerate() {
                for (dj, kv) in row.iter().enumerate() {
                    s += kv * img[i + di][j + dj];
                }
            }
            out.push(s.max(0.0));
        }
    }
    out.iter().sum::<f64>() / out.len() as f64
}

#[differentiate]
pub fn savgol_slices(x: &[f64]) -> f64 {
    let w = [-3.0, 12.0, 17.0, 12.0, -3.0];
    let norm: f64 = w.iter().sum();
    x.windows(w.len())
        .map(|win| win.iter().zip(w).map(|(a, b)| a * b).sum::<f64>() / norm)
        .map(f64::abs)
        .sum()
}

#[differentiate]
pub fn ema(x: &[f64]) -> f64 {
    let alpha = 2.0 / (5.0 + 1.0);
    let mut it = x.iter();
    let mut ema = *it.next().unwrap();
    for v in it {
        ema = alpha * v + (1.0 - alpha) * ema;
    }
    ema * consts_mod::ALPHA + consts_mod::plain(3)
}

#[differentiate]
pub fn rms_peak(x: &[f64]) -> f64 {
    let rms = (x.iter().map(|s| s.powi(2)).sum::<f64>() / x.len() as f64).sqrt();
    let peak = x.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
    let zero_cross = x
        .windows(2)
        .filter(|w| w[0].signum() != w[1].signum())
        .count();
    let first_pos = x.iter().position(|&v| v > 0.2).unwrap_or(x.len() - 1);
    20.0 * (peak / rms).log10() + zero_cross as f64 * x[first_pos]
}

#[differentiate]
pub fn trapz_nonuniform(x: &[f64]) -> f64 {
    let ts: Vec<f64> = (0..x.len()).map(|i| (i as f64).powf(1.2)).collect();
    x.iter()
        .zip(ts.iter())
        .collect::<Vec<_>>()
        .windows(2)
        .map(|p| 0.5 * (p[1].1 - p[0].1) * (p[0].0 + p[1].0))
        .sum()
}

#[differentiate]
pub fn pooling(x: &[f64]) -> f64 {
    x.chunks(5)
        .map(|c| c.iter().copied().fold(f64::MIN, f64::max))
        .zip(1..)
        .map(|(m, k)| m * k as f64)
        .sum()
}

#[differentiate]
pub fn scan_cum(x: &[f64]) -> f64 {
    let cum: Vec<f64> = x
        .iter()
        .scan(0.0, |acc, &v| {
            *acc += v;
            Some(*acc)
        })
        .collect();
    let cp: Vec<f64> = x
        .iter()
        .scan(1.0, |acc, v| {
            *acc *= 1.0 + 0.1 * v;
            if *acc > 1e6 { None } else { Some(*acc) }
        })
        .collect();
    let drawdown = cum
        .iter()
        .fold((f64::MIN, 0.0f64), |(peak, dd), &v| {
            let p = peak.max(v);
            (p, dd.max(p - v))
        })
        .1;
    cum.iter().zip(&cp).map(|(a, b)| a * b).sum::<f64>() + drawdown
}

#[differentiate]
pub fn accumulate_tuple_array(x: &[f64]) -> f64 {
    let mut state = (x[0], [x[1], x[2]]);
    for i in 3..x.len() {
        state.0 += state.1[i % 2] * x[i];
        state.1[i % 2] *= 0.5;
        let (ref a, b) = state;
        if *a > 10.0 {
            state.0 = b[0];
        }
    }
    state.0 + state.1[0]
}
