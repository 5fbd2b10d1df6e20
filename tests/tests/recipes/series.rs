//! Series, iterations to a tolerance, interpolation.

use autodiff_runtime::differentiate;
use num_traits::Float;

#[differentiate]
fn ellip_k(m: f64) -> f64 {
    let (mut a, mut g) = (1.0f64, (1.0 - m).sqrt());
    loop {
        let an = 0.5 * (a + g);
        g = (a * g).sqrt();
        a = an;
        if (a - g).abs() < 1e-15 * a {
            break std::f64::consts::FRAC_PI_2 / a;
        }
    }
}

#[differentiate]
fn zeta<T: Float>(s: T) -> T {
    let n = 12usize;
    let one = T::one();
    let two = one + one;
    let mut d = vec![T::zero(); n + 1];
    let mut acc = T::zero();
    let mut term = one / T::from(n).unwrap();
    for i in 0..=n {
        acc = acc + term;
        d[i] = T::from(n).unwrap() * acc;
        let ni = T::from(n + i).unwrap() * T::from(n - i).unwrap() * T::from(4.0).unwrap();
        let den = T::from((2 * i + 1) * (2 * i + 2)).unwrap();
        term = term * ni / den;
    }
    let mut sum = T::zero();
    for k in 0..n {
        let sign = if k % 2 == 0 { one } else { -one };
        sum = sum + sign * (d[k] - d[n]) / T::from(k + 1).unwrap().powf(s);
    }
    -sum / (d[n] * (one - two.powf(one - s)))
}

#[differentiate]
fn lambert_w(x: f64) -> f64 {
    let mut w = if x < 1.0 {
        x
    } else {
        x.ln() - x.ln().ln().max(0.0)
    };
    let mut iter = 0;
    let w = loop {
        let ew = w.exp();
        let f = w * ew - x;
        let wn = w - f / (ew * (w + 1.0) - (w + 2.0) * f / (2.0 * w + 2.0));
        iter += 1;
        if (wn - w).abs() < 1e-14 || iter > 50 {
            break wn;
        }
        w = wn;
    };
    w
}

#[differentiate]
fn clenshaw(c: &[f64], x: f64) -> f64 {
    let (mut d, mut dd) = (0.0, 0.0);
    let y2 = 2.0 * x;
    for j in (1..c.len()).rev() {
        let sv = d;
        d = y2 * d - dd + c[j];
        dd = sv;
    }
    x * d - dd + 0.5 * c[0]
}

#[differentiate]
fn barycentric<const N: usize>(nodes: [f64; N], values: &[f64; N], t: f64) -> f64 {
    let mut w = [1.0; N];
    for j in 0..N {
        for k in 0..N {
            if k == j {
                continue;
            }
            w[j] /= nodes[j] - nodes[k];
        }
    }
    let (mut num, mut den) = (0., 0.);
    for j in 0..N {
        let diff = t - nodes[j];
        let q = w[j] / diff;
        num += q * values[j];
        den += q;
    }
    num / den
}

tests::checks! {
    elliptic: |x| ellip_k(x[0]), [0.3], [-0.8];
    zeta_: |x| zeta(x[0]), [2.5], [4.1];
    lambert: |x| lambert_w(x[0]), [0.4], [3.0];
    chebyshev: |x| clenshaw(&x[1..], x[0]), [0.3, 1.0, -0.4, 0.7, 0.2];
    bary: |x| barycentric([x[1], x[2], x[3]], &[x[4], x[5], x[6]], x[0]), [0.33, 0.0, 0.5, 1.1, 1.0, 2.0, -1.0];
}
