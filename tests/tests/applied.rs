//! Functions as applications have them, structs, matrices and lists together: one coordinate of each gradient against differences.
#![allow(clippy::all)]

use autodiff_runtime::nalgebra::{DMatrix, DVector, Matrix2, SMatrix, Vector2, Vector3};
use autodiff_runtime::{Differentiable, differentiate};
use num_traits::{Float, FromPrimitive};
use std::iter::Sum;
use std::ops::AddAssign;

#[derive(Clone, Debug, Differentiable)]
struct Layer {
    w: DMatrix<f64>,
    b: DVector<f64>,
}

#[differentiate]
fn mlp(layers: &[Layer], x: &DVector<f64>, y: &DVector<f64>) -> f64 {
    let mut h = x.clone();
    for layer in layers {
        h = (&layer.w * &h + &layer.b).map(|v| v.tanh());
    }
    (h - y).norm_squared() / 2.0
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Body {
    pos: Vector3<f64>,
    vel: Vector3<f64>,
    mass: f64,
}

#[differentiate]
fn energy(bodies: &[Body], g: f64) -> f64 {
    let mut e = 0.0;
    for (i, a) in bodies.iter().enumerate() {
        let v: Vector3<f64> = a.vel;
        e += 0.5 * a.mass * v.norm_squared();
        for b in &bodies[i + 1..] {
            let d: Vector3<f64> = a.pos - b.pos;
            let r = d.norm();
            e -= g * a.mass * b.mass / r;
        }
    }
    e
}

#[differentiate]
fn kalman(f: &Matrix2<f64>, q: f64, r: f64, zs: &[f64]) -> f64 {
    let mut x = Vector2::new(0.0, 1.0);
    let mut p = Matrix2::identity();
    let h = Vector2::new(1.0, 0.0).transpose();
    let mut ll = 0.0;
    for &z in zs {
        x = f * x;
        p = f * p * f.transpose() + Matrix2::identity() * q;
        let s = (h * p * h.transpose())[(0, 0)] + r;
        let y = z - (h * x)[0];
        let k = p * h.transpose() / s;
        x += k * y;
        p = (Matrix2::identity() - k * h) * p;
        ll -= 0.5 * (s.ln() + y * y / s);
    }
    ll
}

#[differentiate]
fn weighted_variance<T: Float + FromPrimitive + Sum + AddAssign>(xs: &[T], ws: &[T]) -> T {
    let total: T = ws.iter().copied().sum();
    let mean = xs.iter().zip(ws).map(|(&x, &w)| x * w).sum::<T>() / total;
    let mut acc = T::zero();
    for (&x, &w) in xs.iter().zip(ws.iter()) {
        let d = x - mean;
        acc += w * d * d;
    }
    acc / (total - T::from_f64(0.5).unwrap())
}

enum Kernel {
    Rbf,
    Matern32,
}

#[differentiate]
fn kernel_sum(#[constant] kind: &Kernel, xs: &[Vec<f64>], ell: f64) -> f64 {
    let mut s = 0.0;
    for (i, a) in xs.iter().enumerate() {
        for b in xs.iter().take(i) {
            let d2: f64 = a.iter().zip(b.iter()).map(|(u, v)| (u - v).powi(2)).sum();
            s += match kind {
                Kernel::Rbf => (-0.5 * d2 / (ell * ell)).exp(),
                Kernel::Matern32 => {
                    let r = 3f64.sqrt() * d2.sqrt() / ell;
                    (1.0 + r) * (-r).exp()
                }
            };
        }
    }
    s
}

#[differentiate]
fn dtw(a: &[f64], b: &[f64], gamma: f64) -> f64 {
    let (n, m) = (a.len(), b.len());
    let mut r = vec![vec![f64::INFINITY; m + 1]; n + 1];
    r[0][0] = 0.0;
    for i in 1..=n {
        for j in 1..=m {
            let cost = (a[i - 1] - b[j - 1]).powi(2);
            let v = [r[i - 1][j - 1], r[i - 1][j], r[i][j - 1]];
            let mn = v.iter().cloned().fold(f64::INFINITY, f64::min);
            let s: f64 = v.iter().map(|x| (-(x - mn) / gamma).exp()).sum();
            r[i][j] = cost + mn - gamma * s.ln();
        }
    }
    r[n][m]
}

#[differentiate]
fn det3(m: &SMatrix<f64, 3, 3>) -> f64 {
    m.determinant() * m.trace()
}

#[differentiate]
fn fir(x: &[f64], h: &[f64]) -> Vec<f64> {
    (0..x.len())
        .map(|n| {
            h.iter()
                .enumerate()
                .filter(|(k, _)| n >= *k)
                .map(|(k, hk)| hk * x[n - k])
                .sum()
        })
        .collect()
}

/// A slope against a central difference.
fn near(slope: f64, f: impl Fn(f64) -> f64) {
    let difference = (f(1e-6) - f(-1e-6)) / 2e-6;
    assert!(
        (slope - difference).abs() < 1e-7 * slope.abs().max(1.0),
        "{slope}, {difference}"
    );
}

#[test]
fn network() {
    let w = DMatrix::from_row_slice(2, 2, &[0.1, 0.2, -0.3, 0.4]);
    let b = DVector::from_vec(vec![0.1, 0.0]);
    let layers = vec![Layer { w, b }; 2];
    let (x, y) = (
        DVector::from_vec(vec![1.0, 2.0]),
        DVector::from_vec(vec![0.0, 0.5]),
    );
    let (_, (gradient, _, _)) = mlp::value_and_grad(&layers, &x, &y);
    near(gradient[0].w[(0, 1)], |step| {
        let mut layers = layers.clone();
        layers[0].w[(0, 1)] += step;
        mlp(&layers, &x, &y)
    });
}

#[test]
fn bodies() {
    let body = |x: f64, mass: f64| Body {
        pos: Vector3::new(x, 0.1 * mass, 0.5 * x),
        vel: Vector3::new(0.3, 0.0, 0.1),
        mass,
    };
    let bodies = [body(0.0, 2.0), body(1.0, 1.0), body(-0.7, 0.5)];
    let (_, (gradient, _)) = energy::value_and_grad(&bodies, 1.0);
    near(gradient[1].pos.z, |step| {
        let mut bodies = bodies;
        bodies[1].pos.z += step;
        energy(&bodies, 1.0)
    });
    near(gradient[2].mass, |step| {
        let mut bodies = bodies;
        bodies[2].mass += step;
        energy(&bodies, 1.0)
    });
}

#[test]
fn filter() {
    let (f, z) = (Matrix2::new(1.0, 0.1, 0.0, 1.0), [0.1, 0.3, 0.2]);
    let (_, (by_f, by_q, by_r, by_z)) = kalman::value_and_grad(&f, 0.1, 0.5, &z);
    near(by_q, |step| kalman(&f, 0.1 + step, 0.5, &z));
    near(by_r, |step| kalman(&f, 0.1, 0.5 + step, &z));
    near(by_f[(0, 1)], |step| {
        kalman(&(f + Matrix2::new(0.0, step, 0.0, 0.0)), 0.1, 0.5, &z)
    });
    near(by_z[1], |step| {
        kalman(&f, 0.1, 0.5, &[0.1, 0.3 + step, 0.2])
    });
}

#[test]
fn statistics() {
    let (x, w) = ([1.0, 2.0, 4.0], [0.5, 1.0, 0.2]);
    let (_, (by_x, by_w)) = weighted_variance::value_and_grad(&x, &w);
    near(by_x[2], |step| {
        weighted_variance(&[1.0, 2.0, 4.0 + step], &w)
    });
    near(by_w[0], |step| {
        weighted_variance(&x, &[0.5 + step, 1.0, 0.2])
    });
}

#[test]
fn kernels() {
    let points = vec![vec![0.0, 1.0], vec![0.5, 0.2], vec![1.0, 1.0]];
    for kind in [Kernel::Rbf, Kernel::Matern32] {
        let (_, (by_points, by_ell)) = kernel_sum::value_and_grad(&kind, &points, 0.7);
        near(by_ell, |step| kernel_sum(&kind, &points, 0.7 + step));
        near(by_points[1][0], |step| {
            let mut points = points.clone();
            points[1][0] += step;
            kernel_sum(&kind, &points, 0.7)
        });
    }
}

#[test]
fn alignment() {
    let (a, b) = ([0.1, 0.5, 0.9], [0.2, 0.4]);
    let (_, (by_a, by_b, _)) = dtw::value_and_grad(&a, &b, 0.3);
    near(by_a[1], |step| dtw(&[0.1, 0.5 + step, 0.9], &b, 0.3));
    near(by_b[0], |step| dtw(&a, &[0.2 + step, 0.4], 0.3));
}

#[test]
fn determinants() {
    let m = SMatrix::<f64, 3, 3>::new(1.0, 2.0, 0.5, 0.3, -1.0, 0.2, 0.7, 0.1, 2.0);
    near(det3::grad(&m)[(1, 2)], |step| {
        let mut m = m;
        m[(1, 2)] += step;
        det3(&m)
    });
}

#[test]
fn filters() {
    let (x, h) = ([1.0, 2.0, 3.0], [0.5, 0.25]);
    let jacobian = fir::jacobian(&x, &h);
    assert_eq!(jacobian.shape(), (3, 5));
    near(jacobian[(2, 1)], |step| fir(&[1.0, 2.0 + step, 3.0], &h)[2]);
    near(jacobian[(1, 4)], |step| fir(&x, &[0.5, 0.25 + step])[1]);
}
