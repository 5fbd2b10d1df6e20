//! Statistics and time series.

use autodiff_runtime::differentiate;
use num_traits::Float;

#[differentiate]
fn moments<T>(data: &[T]) -> (T, T, T, T)
where
    T: Float + std::iter::Sum,
{
    let n = T::from(data.len()).unwrap();
    let mean = data.iter().copied().sum::<T>() / n;
    let (mut m2, mut m3, mut m4) = (T::zero(), T::zero(), T::zero());
    for &x in data {
        let d = x - mean;
        m2 = m2 + d * d;
        m3 = m3 + d * d * d;
        m4 = m4 + d.powi(4);
    }
    let var = m2 / (n - T::one());
    let sd = var.sqrt();
    (
        mean,
        var,
        m3 / (n * sd.powi(3)),
        m4 / (n * var * var) - T::from(3).unwrap(),
    )
}

#[differentiate]
fn pearsn(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let (mut ax, mut ay) = (0.0, 0.0);
    for j in 0..x.len() {
        ax += x[j];
        ay += y[j];
    }
    ax /= n;
    ay /= n;
    let mut sxx = 0.0;
    let mut syy = 0.0;
    let mut sxy = 0.0;
    for j in 0..x.len() {
        let xt = x[j] - ax;
        let yt = y[j] - ay;
        sxx += xt * xt;
        syy += yt * yt;
        sxy += xt * yt;
    }
    sxy / ((sxx * syy).sqrt() + 1e-20)
}

#[differentiate]
fn kalman(z: &[f64], q: f64, r: f64) -> f64 {
    let mut x = [0.0, 0.0];
    let mut p = [[1.0, 0.0], [0.0, 1.0]];
    let mut ll = 0.0;
    let dt = 0.1;
    for &zk in z {
        let xp = [x[0] + dt * x[1], x[1]];
        let p00 = p[0][0] + dt * (p[1][0] + p[0][1]) + dt * dt * p[1][1] + q;
        let p01 = p[0][1] + dt * p[1][1];
        let p10 = p[1][0] + dt * p[1][1];
        let p11 = p[1][1] + q;
        let s = p00 + r;
        let k = [p00 / s, p10 / s];
        let y = zk - xp[0];
        x = [xp[0] + k[0] * y, xp[1] + k[1] * y];
        p = [
            [(1.0 - k[0]) * p00, (1.0 - k[0]) * p01],
            [p10 - k[1] * p00, p11 - k[1] * p01],
        ];
        ll -= 0.5 * (s.ln() + y * y / s);
    }
    ll
}

#[differentiate]
fn garch(returns: &[f64], params: (f64, f64, f64)) -> f64 {
    let (omega, alpha, beta) = params;
    let mut sigma2 = omega / (1.0 - alpha - beta);
    returns.iter().fold(0.0, |ll, r| {
        let term = sigma2.ln() + r * r / sigma2;
        sigma2 = omega + alpha * r * r + beta * sigma2;
        ll + 0.5 * term
    })
}

#[differentiate]
fn kde(data: &[f64], at: &[f64], h: f64) -> Vec<f64> {
    let norm = 1.0 / (h * (2.0 * std::f64::consts::PI).sqrt() * data.len() as f64);
    at.iter()
        .map(|t| {
            norm * data
                .iter()
                .map(|d| (-0.5 * ((t - d) / h).powi(2)).exp())
                .sum::<f64>()
        })
        .collect()
}

#[differentiate]
fn welford_batches(x: &[f32], batch: usize) -> f32 {
    let (mut count, mut mean, mut m2) = (0.0f32, 0.0f32, 0.0f32);
    for chunk in x.chunks(batch) {
        let cn = chunk.len() as f32;
        let cm = chunk.iter().sum::<f32>() / cn;
        let c2: f32 = chunk.iter().map(|v| (v - cm).powi(2)).sum();
        let delta = cm - mean;
        let total = count + cn;
        m2 += c2 + delta * delta * count * cn / total;
        mean += delta * cn / total;
        count = total;
    }
    m2 / (count - 1.0)
}

#[differentiate]
fn ar_levinson(r: &[f64]) -> (Vec<f64>, f64) {
    let n = r.len() - 1;
    let mut a = vec![0.0; n + 1];
    a[0] = 1.0;
    let mut e = r[0];
    for m in 1..=n {
        let mut acc = r[m];
        for i in 1..m {
            acc += a[i] * r[m - i];
        }
        let k = -acc / e;
        let prev = a.clone();
        for i in 1..m {
            a[i] = prev[i] + k * prev[m - i];
        }
        a[m] = k;
        e *= 1.0 - k * k;
    }
    (a, e)
}

#[test]
fn batches() {
    let x = [1.0f32, 2.0, 0.5, -1.0, 3.0, 0.2, 0.7];
    let (v, g) = welford_batches::value_and_grad(&x, 3);
    let n = x.len() as f32;
    let mean = x.iter().sum::<f32>() / n;
    let var = x.iter().map(|t| (t - mean).powi(2)).sum::<f32>() / (n - 1.0);
    assert!((v - var).abs() < 1e-5);
    for (g, x) in g.iter().zip(&x) {
        assert!((g - 2.0 * (x - mean) / (n - 1.0)).abs() < 1e-5);
    }
}

tests::checks! {
    moments_: |x| { let (m, v, s, k) = moments(x); m + v * s - k }, [1.0, 2.0, 4.5, -1.0, 0.3];
    pearson: |x| pearsn(&x[..4], &x[4..]), [1.0, 2.0, 4.5, -1.0, 0.3, 0.7, 2.9, 0.1];
    kalman_: |x| kalman(&x[2..], x[0], x[1]), [0.1, 0.5, 1.0, 1.2, 0.9, 1.7];
    garch_: |x| garch(&x[3..], (x[0], x[1], x[2])), [0.1, 0.15, 0.7, 0.5, -0.8, 0.1, 1.2];
    kde_: |x| { let d = kde(&x[..3], &x[3..5], x[5]); d[0] * d[1] }, [0.0, 1.0, 0.4, 0.3, -0.2, 0.5];
    levinson: |x| { let (a, e) = ar_levinson(x); a[1] * a[2] + a[3] * e }, [2.0, 1.1, 0.3, -0.2];
}
