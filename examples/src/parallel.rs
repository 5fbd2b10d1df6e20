//! Sums over data on all cores: each function with the option `parallel`, and without.

use crate::ba::{CAMERA, error};
use crate::gmm::{log_sum_exp, squared_distance};
use autodiff_runtime::differentiate;

/// The same function with and without the option.
macro_rules! twice {
    ($(#[doc = $doc:literal])* fn $name:ident, fn $plain:ident $params:tt $body:block) => {
        $(#[doc = $doc])*
        #[differentiate(parallel)]
        pub fn $name $params -> f64 $body
        $(#[doc = $doc])*
        #[differentiate]
        pub fn $plain $params -> f64 $body
    };
}

twice! {
    /// The part of the log-likelihood of a Gaussian mixture that depends on the data, see [`gmm`](crate::gmm).
    fn mixture, fn mixture_plain(
        weights: &[f64],
        means: &[f64],
        factors: &[f64],
        #[constant] x: &[f64],
        d: usize
    ) {
        let (k, size) = (weights.len(), d * (d + 1) / 2);
        let mut total = 0.0;
        for point in x.chunks_exact(d) {
            let mut terms = vec![0.0; k];
            for c in 0..k {
                let mean = &means[c * d..(c + 1) * d];
                let rows = &factors[c * size..(c + 1) * size];
                terms[c] = weights[c] - 0.5 * squared_distance(point, mean, rows);
            }
            total += log_sum_exp(&terms);
        }
        total
    }
}

twice! {
    /// Mean logistic loss with a ridge; `rows` are the features of each sample, `labels` 0 or 1.
    fn logistic, fn logistic_plain(w: &[f64], #[constant] rows: &[f64], #[constant] labels: &[f64]) {
        let mut loss = 0.0;
        for (row, &label) in rows.chunks_exact(w.len()).zip(labels) {
            let mut z = 0.0;
            for (a, b) in row.iter().zip(w) {
                z += a * b;
            }
            loss += z.max(0.0) - z * label + (-z.abs()).exp().ln_1p();
        }
        let ridge: f64 = w.iter().map(|a| a * a).sum();
        loss / labels.len() as f64 + 0.005 * ridge
    }
}

twice! {
    /// Half the sum of the squared reprojection errors, see [`ba`](crate::ba).
    fn adjustment, fn adjustment_plain(
        cameras: &[[f64; CAMERA]],
        points: &[[f64; 3]],
        #[constant] pairs: &[(usize, usize)],
        #[constant] seen: &[[f64; 2]]
    ) {
        let mut sum = 0.0;
        for (&(c, p), seen) in pairs.iter().zip(seen) {
            let missed = error(&cameras[c], &points[p], 1.0, seen);
            sum += missed[0] * missed[0] + missed[1] * missed[1];
        }
        0.5 * sum
    }
}
