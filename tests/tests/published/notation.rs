//! Names as formulas have them: capitals, Greek letters.
#![allow(non_snake_case)]

use autodiff_runtime::differentiate;

#[differentiate]
pub fn d1(S: f64, K: f64, r: f64, σ: f64, T: f64) -> f64 {
    ((S / K).ln() + (r + σ.powi(2) / 2.0) * T) / (σ * T.sqrt())
}

#[differentiate]
pub fn call(S: f64, K: f64, r: f64, σ: f64, T: f64) -> f64 {
    let N = |x: f64| 0.5 * (1.0 + (0.8 * x).tanh());
    let D1 = d1(S, K, r, σ, T);
    let D2 = D1 - σ * T.sqrt();
    S * N(D1) - K * (-r * T).exp() * N(D2)
}

#[differentiate]
pub fn stress(F: &[[f64; 2]; 2], λ: f64, μ: f64) -> f64 {
    let (J, I1);
    J = F[0][0] * F[1][1] - F[0][1] * F[1][0];
    I1 = F.iter().flatten().map(|f| f * f).sum::<f64>();
    let Δ = J - 1.0;
    let mut W = 0.5 * μ * (I1 - 2.0) - μ * J.ln();
    W += 0.5 * λ * Δ * Δ;
    W
}

#[differentiate]
pub fn kalman(x: f64, P: f64, z: f64, Q: f64, R: f64) -> (f64, f64) {
    let P = P + Q;
    let K = P / (P + R);
    let (X, P) = (x + K * (z - x), (1.0 - K) * P);
    (X, P)
}

#[differentiate]
pub fn generic<T: num_traits::Float>(A: T, B: &[T]) -> T {
    let N = B.len();
    let mut S = T::zero();
    for I in 0..N {
        S = S + A * B[I];
    }
    S
}

/// Declarations before the branches that assign, as in translations from Fortran and C.
#[differentiate]
fn declared_first(x: f64, k: usize) -> f64 {
    let s;
    let c: f64;
    let (a, b);
    let mut power: f64;
    let y: f64;
    match k {
        0 => {
            s = x.sin();
            y = s * s;
        }
        1 => {
            c = x.cos();
            s = c * x;
            y = (s * c).exp();
        }
        2 => {
            (a, b) = x.sin_cos();
            if a > 0.0 {
                power = a * x;
                power *= power;
                y = a * b + power;
            } else {
                y = b
            }
        }
        _ => y = x,
    }
    y
}

/// Dawson's integral by Rybicki's method.
#[differentiate]
fn dawson(x: f64) -> f64 {
    const STEP: f64 = 0.4;
    let n0: u64;
    let xx: f64;
    let xp: f64;
    let mut e1: f64;
    let e2: f64;
    let (mut d1, mut d2): (f64, f64);
    let x2: f64;
    let mut sum: f64;
    if x.abs() < 0.2 {
        x2 = x * x;
        return x * (1.0 - 2.0 / 3.0 * x2 * (1.0 - 0.4 * x2 * (1.0 - 2.0 / 7.0 * x2)));
    } else {
        xx = x.abs();
        n0 = 2 * (0.5 * xx / STEP + 0.5) as u64;
        xp = xx - n0 as f64 * STEP;
        e1 = (2.0 * xp * STEP).exp();
        e2 = e1 * e1;
        d1 = n0 as f64 + 1.0;
        d2 = d1 - 2.0;
        sum = 0.0;
        for i in 0..6 {
            let c = (-((2.0 * i as f64 + 1.0) * STEP).powi(2)).exp();
            sum += c * (e1 / d1 + 1.0 / (d2 * e1));
            d1 += 2.0;
            d2 -= 2.0;
            e1 *= e2;
        }
    }
    0.5641895835 * (-xp * xp).exp().copysign(x) * sum
}

checks! {
    deferred: |x| declared_first(x[0], 0) + declared_first(x[0], 1) + declared_first(x[0], 2) + declared_first(x[0], 3), [0.7], [-0.3];
    dawsons: |x| dawson(x[0]), [0.1], [0.7], [-2.3];
    calls: |X| call(X[0], X[1], X[2], X[3], X[4]), [1.0, 1.1, 0.05, 0.3, 0.9];
    stresses: |x| stress(&[[x[0], x[1]], [x[2], x[3]]], x[4], x[5]), [1.0, 0.1, -0.05, 1.3, 0.9, 0.4];
    filters: |x| { let (X, P) = kalman(x[0], x[1], x[2], x[3], x[4]); X * P }, [1.0, 1.1, 0.05, 0.3, 0.9];
    generics: |x| generic(x[0], &x[1..]), [1.0, 1.1, 0.05];
}
