//! Eigenvalues of matrices without symmetry, and ranks.

use autodiff_runtime::differentiate;
use nalgebra::*;

/// Three real eigenvalues, one and a pair, far apart.
const POINTS: &[&[f64]] = &[
    &[3.0, -0.2, 0.5, 0.7, -1.1, 0.9, -0.4, 0.8, 0.6],
    &[1.0, -2.2, 0.3, 1.7, 1.4, 0.2, 0.5, 0.1, -2.0],
];

macro_rules! cases {
    ($($name:ident: |$x:ident| $body:expr;)+) => {$(
        #[test]
        fn $name() {
            #[differentiate(order = 2)]
            fn f($x: &[f64]) -> f64 {
                $body
            }
            tests::agree!(f at POINTS);
            tests::curvature!(f at POINTS);
        }
    )+};
}

cases! {
    radius_and_abscissa: |x| {
        let l = Matrix3::from_row_slice(x).complex_eigenvalues();
        let radius = l.iter().map(|z| z.norm()).fold(0.0, f64::max);
        let abscissa = l.iter().map(|z| z.re).fold(f64::NEG_INFINITY, f64::max);
        radius + 2.0 * abscissa
    };
    frequencies: |x| {
        let a = DMatrix::from_row_slice(3, 3, x);
        let l = a.complex_eigenvalues();
        let mut sum = 0.0;
        for k in 0..3 {
            sum += l[k].im.abs() * (k as f64 + 1.0) + l[k].re * l[k].re;
        }
        sum
    };
    real_ones: |x| {
        let a = Matrix3::from_row_slice(x);
        match a.eigenvalues() {
            Some(l) => l[0] * l[0] * l[1] + l[2],
            None => a.trace(),
        }
    };
    of_two_rows: |x| {
        let a = Matrix2::new(x[0] * x[0] + 1.0, x[1], x[1], x[3] - 2.0);
        let l = a.eigenvalues().unwrap();
        l[0] * l[1] + l.sum() * x[4] + Matrix1::new(x[5]).complex_eigenvalues()[0].re
    };
    of_a_rank: |x| {
        let m = DMatrix::from_row_slice(3, 3, x);
        let r = m.rank(1e-9);
        m[(0, 0)] * x[r - 1] + m.svd(true, true).rank(1e-9) as f64
    };
}
