//! Signal processing, interpolation, geometry, graphics, geodesy, dynamic programming, optimisation test functions, kernels.

use autodiff_runtime::differentiate;
use std::f64::consts::{PI, TAU};

#[differentiate]
pub fn fir(x: &[f64], taps: &[f64]) -> Vec<f64> {
    (0..x.len())
        .map(|n| {
            taps.iter()
                .enumerate()
                .take(n + 1)
                .map(|(k, h)| h * x[n - k])
                .sum()
        })
        .collect()
}

#[differentiate]
pub fn biquad(x: &[f64], b: [f64; 3], a: [f64; 2]) -> Vec<f64> {
    let [mut z1, mut z2] = [0.0; 2];
    x.iter()
        .map(|&v| {
            let y = b[0] * v + z1;
            z1 = b[1] * v - a[0] * y + z2;
            z2 = b[2] * v - a[1] * y;
            y
        })
        .collect()
}

#[differentiate]
pub fn goertzel(samples: &[f64], k: usize) -> f64 {
    let n = samples.len();
    let coeff = 2.0 * (TAU * k as f64 / n as f64).cos();
    let (mut s1, mut s2) = (0.0, 0.0);
    for &x in samples {
        let s = x + coeff * s1 - s2;
        s2 = s1;
        s1 = s;
    }
    s1.powi(2) + s2.powi(2) - coeff * s1 * s2
}

#[differentiate]
pub fn power_spectrum(x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let mut out = vec![0.0; n / 2 + 1];
    for (k, p) in out.iter_mut().enumerate() {
        let (mut re, mut im) = (0.0, 0.0);
        for (t, &v) in x.iter().enumerate() {
            let (s, c) = (-TAU * (k * t) as f64 / n as f64).sin_cos();
            re += v * c;
            im += v * s;
        }
        *p = re * re + im * im;
    }
    out
}

/// Radix two, in place, on interleaved parts.
#[differentiate]
pub fn fft(re: &mut [f64], im: &mut [f64]) {
    let n = re.len();
    let mut j = 0;
    for i in 1..n {
        let mut bit = n >> 1;
        while j & bit != 0 {
            j ^= bit;
            bit >>= 1;
        }
        j |= bit;
        if i < j {
            re.swap(i, j);
            im.swap(i, j);
        }
    }
    let mut len = 2;
    while len <= n {
        let ang = -TAU / len as f64;
        for start in (0..n).step_by(len) {
            for k in 0..len / 2 {
                let (wi, wr) = (ang * k as f64).sin_cos();
                let (a, b) = (start + k, start + k + len / 2);
                let (tr, ti) = (re[b] * wr - im[b] * wi, re[b] * wi + im[b] * wr);
                re[b] = re[a] - tr;
                im[b] = im[a] - ti;
                re[a] += tr;
                im[a] += ti;
            }
        }
        len <<= 1;
    }
}

#[differentiate]
pub fn windowed_energy(x: &[f64]) -> f64 {
    let n = x.len();
    let hann = |i: usize| 0.5 * (1.0 - (TAU * i as f64 / (n - 1) as f64).cos());
    x.iter()
        .enumerate()
        .map(|(i, v)| (v * hann(i)).powi(2))
        .sum()
}

#[differentiate]
pub fn autocorrelation(x: &[f64], max_lag: usize) -> Vec<f64> {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    let c: Vec<f64> = x.iter().map(|v| v - mean).collect();
    let c0: f64 = c.iter().map(|v| v * v).sum();
    (0..=max_lag)
        .map(|lag| c[lag..].iter().zip(&c).map(|(a, b)| a * b).sum::<f64>() / c0)
        .collect()
}

#[differentiate]
pub fn levinson(r: &[f64], order: usize) -> Vec<f64> {
    let mut a = vec![0.0; order + 1];
    a[0] = 1.0;
    let mut error = r[0];
    for i in 1..=order {
        let acc: f64 = (0..i).map(|j| a[j] * r[i - j]).sum();
        let k = -acc / error;
        let prev = a.clone();
        for j in 1..=i {
            a[j] = prev[j] + k * prev[i - j];
        }
        error *= 1.0 - k * k;
    }
    a
}

#[differentiate]
pub fn lagrange(xs: &[f64], ys: &[f64], x: f64) -> f64 {
    let mut total = 0.0;
    for (i, (&xi, &yi)) in xs.iter().zip(ys.iter()).enumerate() {
        let basis: f64 = xs
            .iter()
            .enumerate()
            .filter(|&(j, _)| j != i)
            .map(|(_, &xj)| (x - xj) / (xi - xj))
            .product();
        total += yi * basis;
    }
    total
}

#[differentiate]
pub fn neville(xs: &[f64], ys: &[f64], x: f64) -> f64 {
    let n = xs.len();
    let mut p = ys.to_vec();
    for k in 1..n {
        for i in 0..n - k {
            p[i] = ((x - xs[i + k]) * p[i] + (xs[i] - x) * p[i + 1]) / (xs[i] - xs[i + k]);
        }
    }
    p[0]
}

#[differentiate]
pub fn natural_spline(xs: &[f64], ys: &[f64], x: f64) -> f64 {
    let n = xs.len();
    let mut y2 = vec![0.0; n];
    let mut u = vec![0.0; n - 1];
    for i in 1..n - 1 {
        let sig = (xs[i] - xs[i - 1]) / (xs[i + 1] - xs[i - 1]);
        let p = sig * y2[i - 1] + 2.0;
        y2[i] = (sig - 1.0) / p;
        let d =
            (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]) - (ys[i] - ys[i - 1]) / (xs[i] - xs[i - 1]);
        u[i] = (6.0 * d / (xs[i + 1] - xs[i - 1]) - sig * u[i - 1]) / p;
    }
    for k in (0..n - 1).rev() {
        y2[k] = y2[k] * y2[k + 1] + u[k];
    }
    let hi = xs.partition_point(|&v| v <= x).clamp(1, n - 1);
    let lo = hi - 1;
    let h = xs[hi] - xs[lo];
    let (a, b) = ((xs[hi] - x) / h, (x - xs[lo]) / h);
    a * ys[lo] + b * ys[hi] + ((a.powi(3) - a) * y2[lo] + (b.powi(3) - b) * y2[hi]) * h * h / 6.0
}

#[differentiate]
pub fn catmull_rom(points: &[[f64; 2]; 4], t: f64) -> [f64; 2] {
    let [p0, p1, p2, p3] = points;
    std::array::from_fn(|k| {
        0.5 * (2.0 * p1[k]
            + (p2[k] - p0[k]) * t
            + (2.0 * p0[k] - 5.0 * p1[k] + 4.0 * p2[k] - p3[k]) * t * t
            + (3.0 * p1[k] - p0[k] - 3.0 * p2[k] + p3[k]) * t.powi(3))
    })
}

#[differentiate]
pub fn linear_interp(xs: &[f64], ys: &[f64], x: f64) -> f64 {
    match xs.binary_search_by(|v| v.partial_cmp(&x).unwrap()) {
        Ok(i) => ys[i],
        Err(0) => ys[0],
        Err(i) if i >= xs.len() => ys[ys.len() - 1],
        Err(i) => {
            let t = (x - xs[i - 1]) / (xs[i] - xs[i - 1]);
            ys[i - 1] + t * (ys[i] - ys[i - 1])
        }
    }
}

#[differentiate]
pub fn de_casteljau(control: &[(f64, f64)], t: f64) -> (f64, f64) {
    let mut pts = control.to_vec();
    while pts.len() > 1 {
        pts = pts
            .windows(2)
            .map(|w| {
                (
                    w[0].0 * (1.0 - t) + w[1].0 * t,
                    w[0].1 * (1.0 - t) + w[1].1 * t,
                )
            })
            .collect();
    }
    pts[0]
}

#[differentiate]
pub fn bspline_basis(i: usize, k: usize, t: f64, knots: &[f64]) -> f64 {
    if k == 0 {
        return if knots[i] <= t && t < knots[i + 1] {
            1.0
        } else {
            0.0
        };
    }
    let mut total = 0.0;
    let d1 = knots[i + k] - knots[i];
    if d1 > 0.0 {
        total += (t - knots[i]) / d1 * bspline_basis(i, k - 1, t, knots);
    }
    let d2 = knots[i + k + 1] - knots[i + 1];
    if d2 > 0.0 {
        total += (knots[i + k + 1] - t) / d2 * bspline_basis(i + 1, k - 1, t, knots);
    }
    total
}

#[differentiate]
pub fn polygon_area(vertices: &[(f64, f64)]) -> f64 {
    let n = vertices.len();
    let twice: f64 = (0..n)
        .map(|i| {
            let (x0, y0) = vertices[i];
            let (x1, y1) = vertices[(i + 1) % n];
            x0 * y1 - x1 * y0
        })
        .sum();
    twice.abs() / 2.0
}

#[differentiate]
pub fn polygon_cycle(vertices: &[[f64; 2]]) -> f64 {
    vertices
        .iter()
        .zip(vertices.iter().cycle().skip(1))
        .map(|(p, q)| ((q[0] - p[0]).powi(2) + (q[1] - p[1]).powi(2)).sqrt())
        .sum()
}

#[differentiate]
pub fn ray_sphere(origin: [f64; 3], dir: [f64; 3], center: [f64; 3], radius: f64) -> f64 {
    let dot = |a: &[f64; 3], b: &[f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let oc = [
        origin[0] - center[0],
        origin[1] - center[1],
        origin[2] - center[2],
    ];
    let a = dot(&dir, &dir);
    let half_b = dot(&oc, &dir);
    let disc = half_b * half_b - a * (dot(&oc, &oc) - radius * radius);
    if disc < 0.0 {
        return f64::MAX;
    }
    (-half_b - disc.sqrt()) / a
}

#[differentiate]
pub fn quaternion_rotate(q: [f64; 4], v: [f64; 3]) -> [f64; 3] {
    let [w, x, y, z] = q;
    let n = (w * w + x * x + y * y + z * z).sqrt();
    let (w, x, y, z) = (w / n, x / n, y / n, z / n);
    let m = [
        [
            1.0 - 2.0 * (y * y + z * z),
            2.0 * (x * y - w * z),
            2.0 * (x * z + w * y),
        ],
        [
            2.0 * (x * y + w * z),
            1.0 - 2.0 * (x * x + z * z),
            2.0 * (y * z - w * x),
        ],
        [
            2.0 * (x * z - w * y),
            2.0 * (y * z + w * x),
            1.0 - 2.0 * (x * x + y * y),
        ],
    ];
    m.map(|row| row.iter().zip(v.iter()).map(|(a, b)| a * b).sum())
}

#[differentiate]
pub fn rodrigues(axis_angle: &[f64; 3], p: &[f64; 3]) -> [f64; 3] {
    let theta2: f64 = axis_angle.iter().map(|a| a * a).sum();
    let cross = |a: [f64; 3], b: [f64; 3]| {
        [
            a[1] * b[2] - a[2] * b[1],
            a[2] * b[0] - a[0] * b[2],
            a[0] * b[1] - a[1] * b[0],
        ]
    };
    if theta2 > 0. {
        let theta = theta2.sqrt();
        let (s, c) = theta.sin_cos();
        let w = axis_angle.map(|a| a / theta);
        let wxp = cross(w, *p);
        let tmp = w.iter().zip(p).map(|(a, b)| a * b).sum::<f64>() * (1. - c);
        let mut out = [0.; 3];
        for i in 0..3 {
            out[i] = p[i] * c + wxp[i] * s + w[i] * tmp;
        }
        out
    } else {
        let c = cross(*axis_angle, *p);
        [p[0] + c[0], p[1] + c[1], p[2] + c[2]]
    }
}

#[differentiate]
pub fn srgb_to_lab_lightness(rgb: &[f64; 3]) -> f64 {
    let linear = rgb.map(|c| {
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    });
    let y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    const DELTA: f64 = 6.0 / 29.0;
    let f = if y > DELTA.powi(3) {
        y.cbrt()
    } else {
        y / (3.0 * DELTA.powi(2)) + 4.0 / 29.0
    };
    116.0 * f - 16.0
}

#[differentiate]
pub fn rgb_to_hue(r: f64, g: f64, b: f64) -> f64 {
    let max = r.max(g).max(b);
    let min = r.min(g).min(b);
    let d = max - min;
    if d == 0.0 {
        return 0.0;
    }
    let h = if max == r {
        ((g - b) / d).rem_euclid(6.0)
    } else if max == g {
        (b - r) / d + 2.0
    } else {
        (r - g) / d + 4.0
    };
    h * 60.0
}

#[differentiate]
pub fn value_noise(x: f64, y: f64, seed: u32) -> f64 {
    fn hash(x: i32, y: i32, seed: u32) -> f64 {
        let mut h = (x as u32)
            .wrapping_mul(374_761_393)
            .wrapping_add((y as u32).wrapping_mul(668_265_263))
            ^ seed;
        h = (h ^ (h >> 13)).wrapping_mul(1_274_126_177);
        (h & 0xffff) as f64 / 65535.0
    }
    let (xi, yi) = (x.floor(), y.floor());
    let (fx, fy) = (x - xi, y - yi);
    let fade = |t: f64| t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
    let (u, v) = (fade(fx), fade(fy));
    let (ix, iy) = (xi as i32, yi as i32);
    let corner = |dx: i32, dy: i32| hash(ix + dx, iy + dy, seed);
    let lerp = |a: f64, b: f64, t: f64| a + (b - a) * t;
    lerp(
        lerp(corner(0, 0), corner(1, 0), u),
        lerp(corner(0, 1), corner(1, 1), u),
        v,
    )
}

#[differentiate]
pub fn haversine(lat1: f64, lon1: f64, lat2: f64, lon2: f64) -> f64 {
    const R: f64 = 6371.0;
    let (phi1, phi2) = (lat1.to_radians(), lat2.to_radians());
    let dphi = (lat2 - lat1).to_radians();
    let dlambda = (lon2 - lon1).to_radians();
    let a = (dphi / 2.0).sin().powi(2) + phi1.cos() * phi2.cos() * (dlambda / 2.0).sin().powi(2);
    2.0 * R * a.sqrt().atan2((1.0 - a).sqrt())
}

#[differentiate]
pub fn vincenty(lat1: f64, lon1: f64, lat2: f64, lon2: f64) -> f64 {
    let (a, f) = (6378.137, 1.0 / 298.257223563);
    let b = (1.0 - f) * a;
    let (u1, u2) = (
        ((1.0 - f) * lat1.tan()).atan(),
        ((1.0 - f) * lat2.tan()).atan(),
    );
    let l = lon2 - lon1;
    let (sin_u1, cos_u1) = u1.sin_cos();
    let (sin_u2, cos_u2) = u2.sin_cos();
    let mut lambda = l;
    let (mut sin_sigma, mut cos_sigma, mut sigma, mut cos_sq_alpha, mut cos_2sm);
    let mut i = 0;
    loop {
        let (sl, cl) = lambda.sin_cos();
        sin_sigma =
            ((cos_u2 * sl).powi(2) + (cos_u1 * sin_u2 - sin_u1 * cos_u2 * cl).powi(2)).sqrt();
        cos_sigma = sin_u1 * sin_u2 + cos_u1 * cos_u2 * cl;
        sigma = sin_sigma.atan2(cos_sigma);
        let sin_alpha = cos_u1 * cos_u2 * sl / sin_sigma;
        cos_sq_alpha = 1.0 - sin_alpha * sin_alpha;
        cos_2sm = cos_sigma - 2.0 * sin_u1 * sin_u2 / cos_sq_alpha;
        let c = f / 16.0 * cos_sq_alpha * (4.0 + f * (4.0 - 3.0 * cos_sq_alpha));
        let prev = lambda;
        lambda = l
            + (1.0 - c)
                * f
                * sin_alpha
                * (sigma
                    + c * sin_sigma * (cos_2sm + c * cos_sigma * (-1.0 + 2.0 * cos_2sm * cos_2sm)));
        i += 1;
        if (lambda - prev).abs() < 1e-13 || i == 50 {
            break;
        }
    }
    let u_sq = cos_sq_alpha * (a * a - b * b) / (b * b);
    let big_a = 1.0 + u_sq / 16384.0 * (4096.0 + u_sq * (-768.0 + u_sq * (320.0 - 175.0 * u_sq)));
    b * big_a * sigma * (1.0 + 1e-3 * cos_2sm * sin_sigma)
}

#[differentiate]
pub fn soft_dtw(a: &[f64], b: &[f64], gamma: f64) -> f64 {
    let (n, m) = (a.len(), b.len());
    let mut r = vec![vec![1e10; m + 1]; n + 1];
    r[0][0] = 0.0;
    let softmin = |x: f64, y: f64, z: f64| {
        let lo = x.min(y).min(z);
        lo - gamma
            * ((-(x - lo) / gamma).exp() + (-(y - lo) / gamma).exp() + (-(z - lo) / gamma).exp())
                .ln()
    };
    for i in 1..=n {
        for j in 1..=m {
            let cost = (a[i - 1] - b[j - 1]).powi(2);
            r[i][j] = cost + softmin(r[i - 1][j], r[i][j - 1], r[i - 1][j - 1]);
        }
    }
    r[n][m]
}

#[differentiate]
pub fn ctc_forward(log_probs: &[Vec<f64>], labels: &[usize], blank: usize) -> f64 {
    let log_add = |a: f64, b: f64| {
        let m = a.max(b);
        if m < -1e29 {
            m
        } else {
            m + ((a - m).exp() + (b - m).exp()).ln()
        }
    };
    let mut extended = vec![blank];
    for &l in labels {
        extended.push(l);
        extended.push(blank);
    }
    let s = extended.len();
    let mut alpha = vec![-1e30; s];
    alpha[0] = log_probs[0][blank];
    alpha[1] = log_probs[0][extended[1]];
    for frame in &log_probs[1..] {
        let mut next = vec![-1e30; s];
        for j in 0..s {
            let mut a = alpha[j];
            if j >= 1 {
                a = log_add(a, alpha[j - 1]);
            }
            if j >= 2 && extended[j] != blank && extended[j] != extended[j - 2] {
                a = log_add(a, alpha[j - 2]);
            }
            next[j] = a + frame[extended[j]];
        }
        alpha = next;
    }
    -log_add(alpha[s - 1], alpha[s - 2])
}

#[differentiate]
pub fn hmm_forward(init: &[f64], trans: &[Vec<f64>], emit: &[Vec<f64>], obs: &[usize]) -> f64 {
    let (&first, rest) = obs.split_first().unwrap();
    let mut alpha: Vec<f64> = init.iter().zip(emit).map(|(p, e)| p * e[first]).collect();
    let mut loglik = 0.0;
    for &o in rest {
        let scale: f64 = alpha.iter().sum();
        loglik += scale.ln();
        alpha.iter_mut().for_each(|a| *a /= scale);
        alpha = (0..alpha.len())
            .map(|j| {
                alpha
                    .iter()
                    .zip(trans)
                    .map(|(a, row)| a * row[j])
                    .sum::<f64>()
                    * emit[j][o]
            })
            .collect();
    }
    loglik + alpha.iter().sum::<f64>().ln()
}

#[differentiate]
pub fn smith_waterman_soft(scores: &[[f64; 3]; 3], gap: f64) -> f64 {
    let mut h = [[0.0f64; 4]; 4];
    let mut best = 0.0;
    for i in 1..4 {
        for j in 1..4 {
            let diag = h[i - 1][j - 1] + scores[i - 1][j - 1];
            let up = h[i - 1][j] - gap;
            let left = h[i][j - 1] - gap;
            h[i][j] = [0.0, diag, up, left]
                .iter()
                .fold(f64::NEG_INFINITY, |m, &v| m.max(v));
            if h[i][j] > best {
                best = h[i][j];
            }
        }
    }
    best
}

#[differentiate]
pub fn floyd_warshall(w: &[f64], n: usize) -> f64 {
    let mut d = w.to_vec();
    for k in 0..n {
        for i in 0..n {
            for j in 0..n {
                let through = d[i * n + k] + d[k * n + j];
                if through < d[i * n + j] {
                    d[i * n + j] = through;
                }
            }
        }
    }
    d.iter().sum()
}

#[differentiate]
pub fn page_rank(links: &[Vec<usize>], damping: f64, boost: &[f64]) -> f64 {
    let n = links.len();
    let mut rank = vec![1.0 / n as f64; n];
    for _ in 0..5 {
        let mut next = vec![(1.0 - damping) / n as f64; n];
        for (i, out) in links.iter().enumerate() {
            if out.is_empty() {
                continue;
            }
            let share = damping * rank[i] / out.len() as f64;
            for &j in out {
                next[j] += share * boost[j];
            }
        }
        rank = next;
    }
    rank[0] * rank[1]
}

#[differentiate]
pub fn rastrigin(x: &[f64]) -> f64 {
    10.0 * x.len() as f64
        + x.iter()
            .map(|&x| x * x - 10.0 * (TAU * x).cos())
            .sum::<f64>()
}

#[differentiate]
pub fn griewank(x: &[f64]) -> f64 {
    let s = x.iter().map(|v| v.powi(2)).sum::<f64>() / 4000.0;
    let p = x
        .iter()
        .enumerate()
        .map(|(i, v)| (v / ((i + 1) as f64).sqrt()).cos())
        .product::<f64>();
    s - p + 1.0
}

#[differentiate]
pub fn ackley(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let (sq, cs) = x
        .iter()
        .fold((0., 0.), |(s, c), v| (s + v * v, c + (TAU * v).cos()));
    -20. * (-0.2 * (sq / n).sqrt()).exp() - (cs / n).exp() + 20. + std::f64::consts::E
}

#[differentiate]
pub fn levy(x: &[f64]) -> f64 {
    let w: Vec<f64> = x.iter().map(|x| 1.0 + (x - 1.0) / 4.0).collect();
    let (first, last) = (w[0], w[w.len() - 1]);
    (PI * first).sin().powi(2)
        + w[..w.len() - 1]
            .iter()
            .map(|w| (w - 1.0).powi(2) * (1.0 + 10.0 * (PI * w + 1.0).sin().powi(2)))
            .sum::<f64>()
        + (last - 1.0).powi(2) * (1.0 + (TAU * last).sin().powi(2))
}

#[differentiate]
pub fn himmelblau_beale([x, y]: [f64; 2]) -> f64 {
    (x * x + y - 11.0).powi(2)
        + (x + y * y - 7.0).powi(2)
        + [1.5, 2.25, 2.625]
            .iter()
            .enumerate()
            .map(|(i, c)| (c - x + x * y.powi(i as i32 + 1)).powi(2))
            .sum::<f64>()
}

#[differentiate]
pub fn michalewicz(x: &[f64], m: i32) -> f64 {
    -(1..)
        .zip(x)
        .map(|(i, x)| x.sin() * (f64::from(i) * x * x / PI).sin().powi(2 * m))
        .sum::<f64>()
}

#[differentiate]
pub fn powell(x: &[f64]) -> f64 {
    x.chunks_exact(4)
        .map(|c| {
            let (a, b, c, d) = (c[0], c[1], c[2], c[3]);
            (a + 10.0 * b).powi(2)
                + 5.0 * (c - d).powi(2)
                + (b - 2.0 * c).powi(4)
                + 10.0 * (a - d).powi(4)
        })
        .sum()
}

#[differentiate]
pub fn matern52(a: &[f64], b: &[f64], length: f64, variance: f64) -> f64 {
    let r = a
        .iter()
        .zip(b)
        .map(|(p, q)| ((p - q) / length).powi(2))
        .sum::<f64>()
        .sqrt();
    let s = 5.0f64.sqrt() * r;
    variance * (1.0 + s + s * s / 3.0) * (-s).exp()
}

#[differentiate]
pub fn gp_nll(x: &[f64], y: &[f64], length: f64, noise: f64) -> f64 {
    let n = x.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let mut s =
                (-0.5 * ((x[i] - x[j]) / length).powi(2)).exp() + if i == j { noise } else { 0.0 };
            for k in 0..j {
                s -= l[i][k] * l[j][k];
            }
            l[i][j] = if i == j { s.sqrt() } else { s / l[j][j] };
        }
    }
    let mut z = vec![0.0; n];
    for i in 0..n {
        let dot: f64 = l[i][..i].iter().zip(&z[..i]).map(|(a, b)| a * b).sum();
        z[i] = (y[i] - dot) / l[i][i];
    }
    0.5 * z.iter().map(|v| v * v).sum::<f64>()
        + l.iter()
            .enumerate()
            .map(|(i, row)| row[i].ln())
            .sum::<f64>()
}

checks! {
    filtered: |x| fir(&x[2..], &x[..2]).iter().product::<f64>() + biquad(x, [x[0], x[1], 0.2], [-0.3, x[2]])[3], [0.4, 1.3, 0.7, 0.9, 1.1];
    tones: |x| goertzel(x, 1) + power_spectrum(x)[1] + windowed_energy(x), [0.4, 1.3, -0.7, 0.9, 1.1];
    transforms: |x| { let mut re = x[..4].to_vec(); let mut im = x[4..].to_vec(); fft(&mut re, &mut im); re[1] * im[2] + re[3] }, [0.4, 1.3, -0.7, 0.9, 1.1, 0.2, 0.6, -0.8];
    correlations: |x| autocorrelation(x, 2)[1] + levinson(&[2.0 + x[0], x[1], x[2]], 2)[1], [0.4, 0.3, -0.7, 0.9];
    interpolations: |x| lagrange(&x[..3], &x[3..6], x[6]) + neville(&x[..3], &x[3..6], x[6]) + natural_spline(&x[..3], &x[3..6], x[6]) + linear_interp(&x[..3], &x[3..6], x[6]), [0.1, 0.7, 1.9, 1.3, -0.4, 0.8, 0.9];
    curves: |x| { let p = catmull_rom(&[[x[0], x[1]], [x[2], x[3]], [x[4], x[5]], [0.5, 0.1]], x[6]); let (a, b) = de_casteljau(&[(x[0], x[1]), (x[2], x[3]), (x[4], x[5])], x[6]); p[0] * p[1] + a * b }, [0.1, 0.7, 1.9, 1.3, -0.4, 0.8, 0.3];
    bases: |x| bspline_basis(1, 2, x[0], &[0.0, 0.3, 0.5 + x[1], 1.2, 1.9]), [0.6, 0.2];
    polygons: |x| polygon_area(&[(x[0], x[1]), (x[2], x[3]), (x[4], x[5])]) + polygon_cycle(&[[x[0], x[1]], [x[2], x[3]], [x[4], x[5]]]), [0.1, 0.7, 1.9, 1.3, -0.4, 0.8];
    rays: |x| ray_sphere([0.0, 0.1, -3.0], [x[0], x[1], 1.0], [x[2], x[3], x[4]], 1.0), [0.1, 0.05, 0.1, 0.2, 0.3];
    rotations: |x| { let v = quaternion_rotate([x[0], x[1], x[2], x[3]], [x[4], x[5], x[6]]); let w = rodrigues(&[x[0], x[1], x[2]], &[x[4], x[5], x[6]]); v[0] * w[1] + v[2] }, [0.1, 0.7, 1.9, 1.3, -0.4, 0.8, 0.3];
    colours: |x| srgb_to_lab_lightness(&[x[0], x[1], x[2]]) + rgb_to_hue(x[0], x[1], x[2]) + value_noise(x[0] * 3.0, x[1], 7), [0.1, 0.7, 0.4], [0.01, 0.02, 0.9];
    earth: |x| haversine(x[0], x[1], x[2], x[3]) + vincenty(0.01 * x[0], 0.01 * x[1], 0.01 * x[2], 0.01 * x[3]), [47.0, 8.0, 52.0, 13.0];
    alignments: |x| soft_dtw(&x[..3], &x[3..], 0.3) + smith_waterman_soft(&[[x[0], x[1], x[2]], [x[3], x[4], -0.1], [0.3, 0.2, x[0]]], 0.15), [0.1, 0.7, 1.9, 1.3, 0.8];
    sequences: |x| {
        let frames: Vec<Vec<f64>> = x.chunks(2).map(|c| c.to_vec()).collect();
        ctc_forward(&frames, &[1], 0) + hmm_forward(&[0.4, 0.6], &[vec![x[0], 0.3], vec![0.6, x[1]]], &[vec![0.2, x[2]], vec![x[3], 0.7]], &[0, 1, 1])
    }, [0.1, 0.7, 0.9, 0.3, 0.4, 0.8];
    graphs: |x| floyd_warshall(x, 3) + page_rank(&[vec![1, 2], vec![0], vec![]], x[0], &x[1..4]), [0.1, 0.7, 0.9, 0.3, 0.4, 0.8, 0.05, 0.2, 0.6];
    landscapes: |x| rastrigin(x) + griewank(x) + ackley(x) + levy(x) + himmelblau_beale([x[0], x[1]]) + michalewicz(x, 3) + powell(x), [0.1, 0.7, 0.9, 0.3];
    kernels: |x| matern52(&x[..2], &x[2..4], x[4], x[5]) + gp_nll(&x[..3], &x[2..5], x[4], x[5]), [0.1, 0.7, 0.9, 0.3, 0.8, 0.6];
}
