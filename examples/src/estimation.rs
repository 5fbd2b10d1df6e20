//! Kernels of dense matrices: a log-determinant, the likelihoods of a Gaussian process and of a Kalman filter, a layer that solves a linear system.

use autodiff_runtime::differentiate;
use nalgebra::{DMatrix, DVector, Matrix2, Vector2};

/// `ln det (B B^T + I)`, `B` with `n` rows, column by column.
#[differentiate(order = 2)]
pub fn log_determinant(b: &[f64], n: usize) -> f64 {
    let b = DMatrix::from_column_slice(n, n, b);
    let a = &b * b.transpose() + DMatrix::<f64>::identity(n, n);
    let factor = a.cholesky().expect("positive definite");
    factor.ln_determinant()
}

/// The log-likelihood of `y` at the points `t` under a squared-exponential covariance, without its constant; `p` are the logarithms of
/// length, amplitude and noise (Rasmussen and Williams 2006, algorithm 2.1).
#[differentiate(order = 2)]
pub fn gaussian_process(p: &[f64], #[constant] t: &[f64], #[constant] y: &[f64]) -> f64 {
    let (length, amplitude, noise) = (p[0].exp(), p[1].exp(), p[2].exp());
    let n = t.len();
    let covariance = DMatrix::from_fn(n, n, |i, j| {
        let r = (t[i] - t[j]) / length;
        let own = if i == j { noise } else { 0.0 };
        amplitude * (-0.5 * r * r).exp() + own
    });
    let y = DVector::from_column_slice(y);
    let factor = covariance.cholesky().expect("positive definite");
    -0.5 * (y.dot(&factor.solve(&y)) + factor.ln_determinant())
}

/// The log-likelihood of the observations `z` of the first component of a state, without its constant; `p` is the transition row by row,
/// then the logarithms of the variances of state and observation (Kalman 1960).
#[differentiate(order = 2)]
pub fn kalman(p: &[f64], #[constant] z: &[f64]) -> f64 {
    let f = Matrix2::new(p[0], p[1], p[2], p[3]);
    let (q, r) = (p[4].exp(), p[5].exp());
    let noise = Matrix2::new(q, 0.0, 0.0, q);
    let mut x: Vector2<f64> = Vector2::zeros();
    let mut c: Matrix2<f64> = Matrix2::identity();
    let mut likelihood = 0.0;
    for &z in z {
        x = f * x;
        c = f * c * f.transpose() + noise;
        let variance = c[(0, 0)] + r;
        let error = z - x[0];
        likelihood -= 0.5 * (variance.ln() + error * error / variance);
        let gain = c.column(0) / variance;
        x += gain * error;
        c -= gain * gain.transpose() * variance;
    }
    likelihood
}

/// Half the squared distance of `A^-1 b` from a target; `p` is `A` column by column, then `b`.
#[differentiate(order = 2)]
pub fn layer(p: &[f64], #[constant] target: &[f64]) -> f64 {
    let n = target.len();
    let a = DMatrix::from_column_slice(n, n, &p[..n * n]);
    let b = DVector::from_column_slice(&p[n * n..]);
    let x = a.lu().solve(&b).expect("invertible");
    let missed = x - DVector::from_column_slice(target);
    0.5 * missed.dot(&missed)
}
