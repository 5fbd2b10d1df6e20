//! Signals.

use autodiff_runtime::differentiate;

#[differentiate]
fn goertzel(x: &[f64], k: f64) -> f64 {
    let w = 2.0 * std::f64::consts::PI * k / x.len() as f64;
    let coeff = 2.0 * w.cos();
    let [mut s1, mut s2] = [0.0; 2];
    for &sample in x {
        let s0 = sample + coeff * s1 - s2;
        s2 = s1;
        s1 = s0;
    }
    s1 * s1 + s2 * s2 - coeff * s1 * s2
}

#[differentiate]
fn haar(x: &mut [f64]) {
    let mut n = x.len();
    let mut tmp = vec![0.0; n];
    while n > 1 {
        let half = n / 2;
        for i in 0..half {
            tmp[i] = (x[2 * i] + x[2 * i + 1]) / std::f64::consts::SQRT_2;
            tmp[half + i] = (x[2 * i] - x[2 * i + 1]) / std::f64::consts::SQRT_2;
        }
        x[..n].copy_from_slice(&tmp[..n]);
        n = half;
    }
}

#[differentiate]
fn biquad_cascade(x: &[f64], sos: &[[f64; 5]]) -> Vec<f64> {
    let mut y = x.to_vec();
    for &[b0, b1, b2, a1, a2] in sos {
        let (mut z1, mut z2) = (0.0, 0.0);
        for v in &mut y {
            let input = *v;
            let out = b0 * input + z1;
            z1 = b1 * input - a1 * out + z2;
            z2 = b2 * input - a2 * out;
            *v = out;
        }
    }
    y
}

#[differentiate]
fn lms(x: &[f64], d: &[f64], mu: f64, taps: usize) -> f64 {
    let mut w = vec![0.0; taps];
    let mut mse = 0.0;
    for n in taps..x.len() {
        let window = &x[n - taps..n];
        let y: f64 = w.iter().zip(window.iter().rev()).map(|(w, x)| w * x).sum();
        let e = d[n] - y;
        mse += e * e;
        for (wk, xk) in w.iter_mut().zip(window.iter().rev()) {
            *wk += 2.0 * mu * e * xk;
        }
    }
    mse / (x.len() - taps) as f64
}

#[differentiate]
fn savgol_padded(y: &[f64]) -> f64 {
    let half = 2isize;
    let k = [-3.0, 12.0, 17.0, 12.0, -3.0];
    let n = y.len() as isize;
    let mut rough = 0.0;
    for i in 0..n {
        let mut s = 0.0;
        for j in -half..=half {
            let mut idx = i + j;
            if idx < 0 {
                idx = -idx;
            }
            if idx >= n {
                idx = 2 * (n - 1) - idx;
            }
            s += k[(j + half) as usize] * y[idx as usize];
        }
        s /= 35.0;
        rough += (y[i as usize] - s).powi(2);
    }
    rough
}

tests::checks! {
    goertzel_: |x| goertzel(&x[1..], x[0]), [1.3, 0.4, -0.8, 1.1, 0.6];
    haar_: |x| { let mut d = x.to_vec(); haar(&mut d); d[0] * d[1] - d[2] * d[3].exp() }, [1.0, 0.3, 0.4, -0.8];
    biquads: |x| { let y = biquad_cascade(&x[5..], &[[x[0], x[1], x[2], x[3], x[4]], [x[4], x[3], 0.1, x[0], 0.2]]); y[3] * y[2] + y[0] }, [0.2, 0.3, 0.1, -0.4, 0.25, 1.0, 0.5, -0.3, 0.8];
    lms_: |x| lms(&x[1..7], &x[7..13], x[0], 2), [0.05, 1.0, 0.3, 0.4, -0.8, 1.1, 0.6, -0.2, 0.9, 0.5, -0.3, 0.8, 0.1];
    savgol: |x| savgol_padded(x), [1.0, 0.3, 0.4, -0.8, 1.1, 0.6];
}
