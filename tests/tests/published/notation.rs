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

tests::checks! {
    calls: |X| call(X[0], X[1], X[2], X[3], X[4]), [1.0, 1.1, 0.05, 0.3, 0.9];
    stresses: |x| stress(&[[x[0], x[1]], [x[2], x[3]]], x[4], x[5]), [1.0, 0.1, -0.05, 1.3, 0.9, 0.4];
    filters: |x| { let (X, P) = kalman(x[0], x[1], x[2], x[3], x[4]); X * P }, [1.0, 1.1, 0.05, 0.3, 0.9];
    generics: |x| generic(x[0], &x[1..]), [1.0, 1.1, 0.05];
}
