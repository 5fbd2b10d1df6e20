//! Functions of matrices of any real numbers, as crates write them: factorisations, eigenvalues, singular values, exponentials.

use autodiff_runtime::{differentiate, linalg};
use nalgebra::*;

const POINTS: &[&[f64]] = &[
    &[3.0, -1.2, 0.5, 0.7, 2.1, 1.9, -0.4, 0.8, -2.6],
    &[-1.5, 0.2, 2.5, 0.3, 2.6, -0.9, 1.4, 0.1, 0.6],
];

/// A generic function of a matrix and a vector; against differences in both orders, and in `f32` against `f64`.
macro_rules! generic {
    ($($name:ident[$($bound:tt)*]: |$a:ident, $b:ident| $body:expr;)+) => {$(
        #[test]
        fn $name() {
            #[differentiate(order = 2)]
            fn f<T: $($bound)*>($a: &Matrix3<T>, $b: &Vector3<T>) -> Option<T> {
                $body
            }
            #[differentiate(order = 2)]
            fn driver(x: &[f64]) -> f64 {
                f(&Matrix3::from_row_slice(x), &Vector3::new(x[4], 1.0, x[0])).unwrap()
            }
            tests::agree!(driver at POINTS);
            tests::curvature!(driver at POINTS);
            for x in POINTS {
                let (a, b) = (Matrix3::from_row_slice(x), Vector3::new(x[4], 1.0, x[0]));
                let (by_a, by_b) = f::grad(&a, &b).unwrap();
                let (a, b) = (a.map(|x| x as f32), b.map(|x| x as f32));
                let (short_a, short_b) = f::grad(&a, &b).unwrap();
                let off = (short_a.map(f64::from) - by_a).norm() + (short_b.map(f64::from) - by_b).norm();
                assert!(off < 2e-4 * (1.0 + by_a.norm() + by_b.norm()), "{off}");
            }
        }
    )+};
}

generic! {
    determinants[RealField + Copy]: |a, b| Some(a.determinant() * b.norm_squared() + a.lu().determinant());
    inverses[RealField + Copy]: |a, b| {
        let inverse = a.try_inverse()?;
        Some((inverse * b).norm_squared() + a.lu().try_inverse()?.trace())
    };
    eigenvalues[RealField + Copy]: |a, b| {
        let eigen = (a + a.transpose()).symmetric_eigen();
        let turned = eigen.eigenvectors.transpose() * b;
        Some(turned.component_mul(&turned).dot(&eigen.eigenvalues.map(|l| l.sin())))
    };
    orthogonal_factors[RealField + Copy]: |a, b| {
        let qr = a.qr();
        Some(qr.solve(b)?.norm_squared() + (qr.q() * b)[0] + qr.r()[(0, 1)])
    };
    singular_values[RealField + Copy]: |a, b| {
        let svd = a.svd(true, true);
        let (u, v_t) = (svd.u?, svd.v_t?);
        let sharpness = svd.singular_values[0] / svd.singular_values[2];
        Some((u * v_t * b).sum() + sharpness + a.singular_values().sum())
    };
    exponentials[RealField + Copy]: |a, b| Some(((a * T::from_f64(0.3)?).exp() * b).sum());
    pseudo_inverses[RealField + Copy]: |a, b| Some((a.pseudo_inverse(convert(1e-6)).ok()? * b).norm_squared());
    cholesky_factors[RealField + Copy]: |a, b| {
        let definite = a * a.transpose() + Matrix3::identity();
        let factor = definite.cholesky()?;
        Some(b.dot(&factor.solve(b)) + factor.ln_determinant() + factor.l()[(1, 0)])
    };
    free_functions[linalg::RealNumber]: |a, b| {
        Some(linalg::det(a) + linalg::solve(a, b)?.norm_squared() + linalg::nuclear_norm(a))
    };
}

/// The update of a Kalman filter of any dimensions.
#[differentiate(order = 2)]
fn updated<T: RealField + Copy, const N: usize, const M: usize>(
    state: &SVector<T, N>,
    covariance: &SMatrix<T, N, N>,
    measured: &SVector<T, M>,
    sensor: &SMatrix<T, M, N>,
    noise: &SMatrix<T, M, M>,
) -> Option<(SVector<T, N>, SMatrix<T, N, N>)> {
    let innovation = measured - sensor * state;
    let spread = sensor * covariance * sensor.transpose() + noise;
    let gain = covariance * sensor.transpose() * spread.try_inverse()?;
    let left = SMatrix::<T, N, N>::identity() - gain * sensor;
    Some((state + gain * innovation, left * covariance))
}

#[differentiate(order = 2)]
fn filtered(x: &[f64]) -> f64 {
    let factor = Matrix3::from_row_slice(x);
    let covariance = factor * factor.transpose() + Matrix3::identity();
    let sensor = Matrix2x3::new(1.0, x[2], 0.0, 0.5, x[3], 2.0);
    let noise = Matrix2::new(0.5 + x[0] * x[0], 0.1, 0.1, 0.4);
    let (state, measured) = (Vector3::new(x[1], x[2], 1.0), Vector2::new(1.0, x[5]));
    let (state, covariance) = updated(&state, &covariance, &measured, &sensor, &noise).unwrap();
    state.norm_squared() + covariance.trace()
}

#[test]
fn kalman_filter() {
    tests::agree!(filtered at POINTS);
    tests::curvature!(filtered at POINTS);
}
