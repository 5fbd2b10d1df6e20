//! Special functions, distributions, root finding, quadrature.

use autodiff_runtime::differentiate;
use num_traits::{Float, FromPrimitive};
use std::f64::consts;
use std::f64::consts::{E, PI};

const LANCZOS: [f64; 9] = [
    0.99999999999980993,
    676.5203681218851,
    -1259.1392167224028,
    771.32342877765313,
    -176.61502916214059,
    12.507343278686905,
    -0.13857109526572012,
    9.9843695780195716e-6,
    1.5056327351493116e-7,
];

#[differentiate]
pub fn sq(a: f64) -> f64 {
    a * a
}

const TOL: f64 = 1e-12;

const MAX_ITER: usize = 100;

#[differentiate]
pub fn gamma_ln(x: f64) -> f64 {
    const R: f64 = 10.900511;
    const DK: &[f64] = &[
        2.48574089138753565546e-5,
        1.05142378581721974210,
        -3.45687097222016235469,
        4.51227709466894823700,
    ];
    if x < 0.5 {
        let s = DK
            .iter()
            .enumerate()
            .skip(1)
            .fold(DK[0], |s, t| s + t.1 / (t.0 as f64 - x));
        consts::PI.ln()
            - (consts::PI * x).sin().ln()
            - s.ln()
            - (0.5 - x) * ((0.5 - x + R) / consts::E).ln()
    } else {
        let s = DK
            .iter()
            .enumerate()
            .skip(1)
            .fold(DK[0], |s, t| s + t.1 / (x + t.0 as f64 - 1.0));
        s.ln() + (x - 0.5) * ((x - 0.5 + R) / consts::E).ln()
    }
}

#[differentiate]
pub fn beta_reg(a: f64, b: f64, x: f64) -> f64 {
    let bt = if x == 0.0 || x == 1.0 {
        0.0
    } else {
        (gamma_ln(a + b) - gamma_ln(a) - gamma_ln(b) + a * x.ln() + b * (1.0 - x).ln()).exp()
    };
    let symm = x >= (a + 1.0) / (a + b + 2.0);
    let (a, b, x) = if symm { (b, a, 1.0 - x) } else { (a, b, x) };
    let qab = a + b;
    let qap = a + 1.0;
    let qam = a - 1.0;
    let fpmin = f64::MIN_POSITIVE / f64::EPSILON;
    let mut c = 1.0;
    let mut d = 1.0 - qab * x / qap;
    if d.abs() < fpmin {
        d = fpmin;
    }
    d = 1.0 / d;
    let mut h = d;
    for m in 1..141 {
        let m = f64::from(m);
        let m2 = m * 2.0;
        let mut aa = m * (b - m) * x / ((qam + m2) * (a + m2));
        d = 1.0 + aa * d;
        if d.abs() < fpmin {
            d = fpmin;
        }
        c = 1.0 + aa / c;
        if c.abs() < fpmin {
            c = fpmin;
        }
        d = 1.0 / d;
        h = h * d * c;
        aa = -(a + m) * (qab + m) * x / ((a + m2) * (qap + m2));
        d = 1.0 + aa * d;
        if d.abs() < fpmin {
            d = fpmin;
        }
        c = 1.0 + aa / c;
        if c.abs() < fpmin {
            c = fpmin;
        }
        d = 1.0 / d;
        let del = d * c;
        h *= del;
        if (del - 1.0).abs() <= f64::EPSILON {
            return if symm { 1.0 - bt * h / a } else { bt * h / a };
        }
    }
    if symm { 1.0 - bt * h / a } else { bt * h / a }
}

#[differentiate]
pub fn gen_var<T>(x: &[T]) -> T
where
    T: Float + FromPrimitive + std::iter::Sum<T>,
{
    let n = T::from_usize(x.len()).unwrap();
    let mean = x.iter().cloned().sum::<T>() / n;
    let var = x
        .iter()
        .map(|&v| {
            let d = v - mean;
            d * d
        })
        .sum::<T>()
        / (n - T::one());
    var.sqrt().max(T::epsilon())
}

#[differentiate]
pub fn gen_softplus<F: Float>(x: F, beta: F) -> F {
    let threshold = F::from(20.0).unwrap();
    let z = x * beta;
    if z > threshold {
        x
    } else {
        (F::one() + z.exp()).ln() / beta
    }
}

#[differentiate]
pub fn gen_minmax<F: Float>(x: &[F]) -> (F, F) {
    let mut min = F::infinity();
    let mut max = F::neg_infinity();
    for v in x.iter().copied() {
        if v < min {
            min = v;
        }
        if v > max {
            max = v;
        }
    }
    (min, max)
}

#[differentiate]
pub fn gen_poly<T: Float>(c: &[T], x: T) -> T {
    c.iter().rev().fold(T::zero(), |acc, &ci| acc * x + ci)
}

#[differentiate]
pub fn ackley(x: &[f64]) -> f64 {
    let a = 20.0;
    let b = 0.2;
    let c = 2.0 * PI;
    let n = x.len() as f64;
    let sum_sq = x.iter().map(|v| v * v).sum::<f64>();
    let sum_cos: f64 = x.iter().map(|&v| (c * v).cos()).sum();
    -a * (-b * (sum_sq / n).sqrt()).exp() - (sum_cos / n).exp() + a + E
}

#[differentiate]
pub fn levy(x: &[f64]) -> f64 {
    let w = |v: f64| 1.0 + (v - 1.0) / 4.0;
    let n = x.len();
    let w1 = w(x[0]);
    let wn = w(x[n - 1]);
    let head = (PI * w1).sin().powi(2);
    let tail = (wn - 1.0).powi(2) * (1.0 + (2.0 * PI * wn).sin().powi(2));
    let mid: f64 = x[..n - 1]
        .iter()
        .map(|&xi| {
            let wi = w(xi);
            (wi - 1.0).powi(2) * (1.0 + 10.0 * (PI * wi + 1.0).sin().powi(2))
        })
        .sum();
    head + mid + tail
}

#[differentiate]
pub fn rosenbrock_fold(x: &[f64]) -> f64 {
    x.iter().zip(x.iter().skip(1)).fold(0.0, |acc, (xi, xi1)| {
        acc + 100.0 * (xi1 - xi.powi(2)).powi(2) + (1.0 - xi).powi(2)
    })
}

#[differentiate]
pub fn ln_gamma_sum(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for &z in x.iter().take(3) {
        let z = z.abs() + 1.5;
        let z = z - 1.0;
        let mut s = LANCZOS[0];
        for (i, c) in LANCZOS.iter().enumerate().skip(1) {
            s += c / (z + i as f64);
        }
        let t = z + 7.5;
        total += 0.5 * (2.0 * PI).ln() + (z + 0.5) * t.ln() - t + s.ln();
    }
    total
}

#[differentiate]
pub fn erf_poly(x: &[f64]) -> f64 {
    const A1: f64 = 0.254829592;
    const A2: f64 = -0.284496736;
    const A3: f64 = 1.421413741;
    const P: f64 = 0.3275911;
    let z = x[0];
    let sign = if z < 0.0 { -1.0 } else { 1.0 };
    let z = z.abs();
    let t = 1.0 / (1.0 + P * z);
    let y = 1.0 - ((A3 * t + A2) * t + A1) * t * (-z * z).exp();
    sign * y
}

#[differentiate]
pub fn black_scholes(x: &[f64]) -> f64 {
    fn unused() -> usize {
        3
    }
    let (s, k, r, v, t) = (
        x[0].exp(),
        x[1].exp(),
        x[2],
        x[3].abs() + 0.2,
        x[4].abs() + 0.5,
    );
    let n = |z: f64| 0.5 * (1.0 + (0.7978845608 * (z + 0.044715 * z.powi(3))).tanh());
    let sq = t.sqrt();
    let d1 = ((s / k).ln() + (r + v * v / 2.0) * t) / (v * sq);
    let d2 = d1 - v * sq;
    let _ = unused();
    s * n(d1) - k * (-r * t).exp() * n(d2)
}

#[differentiate]
pub fn horner(x: &[f64]) -> f64 {
    let t = x[0];
    x[1..].iter().rev().fold(0.0, |acc, &c| acc * t + c)
}

#[differentiate]
pub fn kepler(x: &[f64]) -> f64 {
    let m = x[0];
    let e = 0.3 + 0.1 * x[1].sin();
    let mut ea = m;
    let mut iterations = 0;
    loop {
        let delta = (ea - e * ea.sin() - m) / (1.0 - e * ea.cos());
        ea -= delta;
        iterations += 1;
        if delta.abs() < 1e-13 || iterations > 50 {
            break;
        }
    }
    ea.sin() + 2.0 * ea
}

#[differentiate]
pub fn newton_sqrt(x: &[f64]) -> f64 {
    let a = x[0].abs() + 1.0;
    let mut r = a;
    while (r * r - a).abs() > 1e-14 * a {
        r = 0.5 * (r + a / r);
    }
    r
}

#[differentiate]
pub fn interp(x: &[f64]) -> f64 {
    let xs = [0.0, 0.5, 1.0, 2.0];
    let ys = &x[1..5];
    let q = x[0].abs().min(1.9);
    let mut i = 0;
    while i + 2 < xs.len() && q > xs[i + 1] {
        i += 1;
    }
    let t = (q - xs[i]) / (xs[i + 1] - xs[i]);
    ys[i] * (1.0 - t) + ys[i + 1] * t
}

#[differentiate]
pub fn bisection(x: &[f64]) -> f64 {
    let f = |t: f64| t * t * t + x[0].abs() * t - 2.0;
    let (mut lo, mut hi) = (0.0, 3.0);
    for _ in 0..60 {
        let mid = 0.5 * (lo + hi);
        if f(mid) < 0.0 { lo = mid } else { hi = mid }
    }
    let mut t = 0.5 * (lo + hi);
    t -= f(t) / (3.0 * t * t + x[0].abs());
    t
}

#[differentiate]
pub fn use_beta(x: &[f64]) -> f64 {
    beta_reg(x[0].abs() + 1.0, x[1].abs() + 0.6, 0.3) + gamma_ln(x[2].abs() + 0.7)
}

#[differentiate]
pub fn normal_cdf_inv(x: &[f64]) -> f64 {
    let p = 0.5 + 0.3 * x[0].sin();
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * (((2509.08 * r + 33430.5) * r + 67265.7) * r + 45921.9)
            / (((5226.49 * r + 28729.0) * r + 39307.8) * r + 21213.7);
    }
    let r = (-(if q < 0.0 { p } else { 1.0 - p }).ln()).sqrt();
    let v = match r {
        r if r <= 5.0 => {
            let r = r - 1.6;
            (0.0227 * r + 0.2417) * r + 1.27
        }
        r => r - 5.0,
    };
    if q < 0.0 { -v } else { v }
}

#[differentiate]
pub fn brent(x: &[f64]) -> f64 {
    let k = x[0].abs() + 0.5;
    let f = |t: f64| t.cos() - k * t;
    let (mut a, mut b) = (0.0_f64, 2.0_f64);
    let (mut fa, mut fb) = (f(a), f(b));
    let mut iter = 0;
    while (b - a).abs() > TOL && iter < MAX_ITER {
        let mut m = b - fb * (b - a) / (fb - fa);
        if !(m > a.min(b) && m < a.max(b)) || iter % 3 == 2 {
            m = 0.5 * (a + b);
        }
        let fm = f(m);
        if fm == 0.0 {
            a = m;
            b = m;
            break;
        }
        if fm.signum() == fa.signum() {
            a = m;
            fa = fm;
        } else {
            b = m;
            fb = fm;
        }
        iter += 1;
    }
    let t = 0.5 * (a + b);
    t - f(t) / (-t.sin() - k)
}

#[differentiate]
pub fn simpson(x: &[f64]) -> f64 {
    let integrand = |t: f64| (x[0] * t).sin() * t.exp() + x[1];
    let n = 10;
    let (a, b) = (0.0, 1.0 + x[2] * x[2]);
    let h = (b - a) / n as f64;
    let odd: f64 = (1..n).step_by(2).map(|i| integrand(a + i as f64 * h)).sum();
    let even: f64 = (2..n).step_by(2).map(|i| integrand(a + i as f64 * h)).sum();
    h / 3.0 * (integrand(a) + 4.0 * odd + 2.0 * even + integrand(b))
}

#[differentiate]
pub fn adaptive_stack(x: &[f64]) -> f64 {
    let f = |t: f64| (x[0] * t).exp();
    let mut stack = vec![(0.0, 1.0, 0)];
    let mut total = 0.0;
    while let Some((a, b, depth)) = stack.pop() {
        let m = 0.5 * (a + b);
        if depth >= 3 {
            total += (b - a) * f(m);
            continue;
        }
        stack.push((a, m, depth + 1));
        stack.push((m, b, depth + 1));
    }
    total
}

#[differentiate]
pub fn const_tables(x: &[f64]) -> f64 {
    const NODES: [f64; 3] = [-0.7745966692414834, 0.0, 0.7745966692414834];
    const WEIGHTS: [f64; 3] = [5.0 / 9.0, 8.0 / 9.0, 5.0 / 9.0];
    let (a, b) = (x[0], x[1] + 4.0);
    let half = (b - a) / 2.0;
    let mid = (a + b) / 2.0;
    NODES
        .iter()
        .zip(WEIGHTS.iter())
        .map(|(n, w)| w * (mid + half * n).sin())
        .sum::<f64>()
        * half
}

#[differentiate]
pub fn irr(x: &[f64]) -> f64 {
    let flows = [-10.0 - x[0].abs(), 4.0 + x[1], 5.0, 6.0];
    let mut rate = 0.1;
    for _ in 0..50 {
        let (npv, dnpv) = flows
            .iter()
            .enumerate()
            .fold((0.0, 0.0), |(v, dv), (t, c)| {
                let t = t as i32;
                (
                    v + c / (1.0 + rate as f64).powi(t),
                    dv - t as f64 * c / (1.0 + rate).powi(t + 1),
                )
            });
        let step = npv / dnpv;
        rate -= step;
        if step.abs() < 1e-14 {
            break;
        }
    }
    rate
}

#[differentiate]
pub fn binomial_tree(x: &[f64]) -> f64 {
    let steps = 4;
    let (s0, k, r, sigma) = (1.0 + x[0].abs(), 1.1, 0.05, 0.2 + x[1] * 0.05);
    let dt = 1.0 / steps as f64;
    let u = (sigma * dt.sqrt()).exp();
    let d = 1.0 / u;
    let p = ((r * dt).exp() - d) / (u - d);
    let mut values = vec![0.0; steps + 1];
    for (i, v) in values.iter_mut().enumerate() {
        *v = (s0 * u.powi((steps - i) as i32) * d.powi(i as i32) - k).max(0.0);
    }
    for step in (0..steps).rev() {
        for i in 0..=step {
            let cont = (-r * dt).exp() * (p * values[i] + (1.0 - p) * values[i + 1]);
            let exercise = s0 * u.powi((step - i) as i32) * d.powi(i as i32) - k;
            values[i] = f64::max(cont, exercise);
        }
    }
    values[0]
}

#[differentiate]
pub fn monte_paths(x: &[f64]) -> f64 {
    let mut seed: u64 = 12345;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut payoff = 0.0;
    for _ in 0..4 {
        let mut s = x[0].exp();
        for _ in 0..3 {
            let z = next() - 0.5;
            s *= (x[1] * 0.1 + x[2] * z).exp();
        }
        payoff += (s - 1.0).max(0.0);
    }
    payoff / 4.0
}

#[differentiate]
pub fn newton_2d(x: &[f64]) -> f64 {
    let (mut u, mut v) = (1.0, 1.0);
    for _ in 0..20 {
        let f1 = u * u + v * v - 4.0 - x[0] * 0.1;
        let f2 = u * v - 1.0 - x[1] * 0.1;
        let (j11, j12, j21, j22) = (2.0 * u, 2.0 * v, v, u + 0.5);
        let det = j11 * j22 - j12 * j21;
        if det.abs() < 1e-14 {
            break;
        }
        let (du, dv) = ((f1 * j22 - f2 * j12) / det, (j11 * f2 - j21 * f1) / det);
        u -= du;
        v -= dv;
    }
    u + 2.0 * v
}

#[differentiate]
pub fn partition_search(x: &[f64]) -> f64 {
    let knots = [0.0, 0.5, 1.0, 2.0, 4.0];
    let t = x[0].abs();
    let k = knots.partition_point(|&k| k <= t).clamp(1, 4) - 1;
    let j = match knots.binary_search_by(|p| p.partial_cmp(&t).unwrap()) {
        Ok(i) => i,
        Err(i) => i - 1,
    };
    let u = (t - knots[k]) / (knots[k + 1] - knots[k]);
    x[1 + k] * (1.0 - u) + x[2 + j] * u
}

#[differentiate]
pub fn mixed_int_float(x: &[f64]) -> f64 {
    let n = x.len() as i32;
    let mut sign = 1;
    let mut fact = 1u64;
    let mut s = 0.0;
    for k in 0..6i32 {
        if k > 0 {
            fact *= k as u64;
        }
        s += sign as f64 * x[0].powi(2 * k + 1) / (fact as f64 * (2 * k + 1) as f64);
        sign = -sign;
    }
    s * (n - 1) as f64 + f64::from(n) * x[1]
}

#[differentiate]
pub fn use_gen(x: &[f64]) -> f64 {
    let (lo, hi) = gen_minmax(x);
    gen_var(x) * gen_softplus(x[0], 2.0) + hi - lo + gen_poly(&x[1..5], x[0])
}
