//! Linear algebra as loops over elements.

use autodiff_runtime::differentiate;
use num_traits::Float;
use std::array;
use std::iter::Sum;
use std::ops::{AddAssign, MulAssign};

#[differentiate]
fn jacobi_eigen(a: &[Vec<f64>], sweeps: usize) -> Vec<f64> {
    let n = a.len();
    let mut m: Vec<Vec<f64>> = a.to_vec();
    for _ in 0..sweeps {
        for p in 0..n {
            for q in (p + 1)..n {
                if m[p][q].abs() < 1e-300 {
                    continue;
                }
                let theta = (m[q][q] - m[p][p]) / (2.0 * m[p][q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for k in 0..n {
                    let (akp, akq) = (m[k][p], m[k][q]);
                    m[k][p] = c * akp - s * akq;
                    m[k][q] = s * akp + c * akq;
                }
                for k in 0..n {
                    let (apk, aqk) = (m[p][k], m[q][k]);
                    m[p][k] = c * apk - s * aqk;
                    m[q][k] = s * apk + c * aqk;
                }
            }
        }
    }
    (0..n).map(|i| m[i][i]).collect()
}

#[differentiate]
fn gram_schmidt(v: &mut Vec<Vec<f64>>) {
    let n = v.len();
    for i in 0..n {
        for j in 0..i {
            let mut dot = 0.0;
            for k in 0..v[i].len() {
                dot += v[i][k] * v[j][k];
            }
            for k in 0..v[i].len() {
                v[i][k] -= dot * v[j][k];
            }
        }
        let norm = v[i].iter().map(|x| x * x).sum::<f64>().sqrt();
        for x in v[i].iter_mut() {
            *x /= norm;
        }
    }
}

#[differentiate]
fn conjugate_gradient(a: &[f64], b: &[f64], iterations: usize) -> Vec<f64> {
    let n = b.len();
    let mut x = vec![0.0; n];
    let mut r = b.to_vec();
    let mut p = r.clone();
    let mut rs: f64 = r.iter().map(|r| r * r).sum();
    for _ in 0..iterations {
        let mut ap = vec![0.0; n];
        for i in 0..n {
            for j in 0..n {
                ap[i] += a[i * n + j] * p[j];
            }
        }
        let pap: f64 = p.iter().zip(ap.iter()).map(|(p, q)| p * q).sum();
        let alpha = rs / pap;
        for i in 0..n {
            x[i] += alpha * p[i];
            r[i] -= alpha * ap[i];
        }
        let new: f64 = r.iter().map(|r| r * r).sum();
        if new < 1e-20 {
            break;
        }
        let beta = new / rs;
        for (p, r) in p.iter_mut().zip(&r) {
            *p = r + beta * *p;
        }
        rs = new;
    }
    x
}

#[differentiate]
fn householder_norm(a: &[[f64; 3]; 3]) -> f64 {
    let mut r = *a;
    let mut prod = 1.0;
    for k in 0..3 {
        let mut scale: f64 = 0.0;
        for i in k..3 {
            scale = scale.max(r[i][k].abs());
        }
        if scale == 0.0 {
            return 0.0;
        }
        for row in r.iter_mut().skip(k) {
            row[k] /= scale;
        }
        let sum: f64 = (k..3).map(|i| r[i][k] * r[i][k]).sum();
        let sigma = if r[k][k] >= 0.0 {
            sum.sqrt()
        } else {
            -sum.sqrt()
        };
        r[k][k] += sigma;
        let c = sigma * r[k][k];
        prod *= -scale * sigma;
        for j in k + 1..3 {
            let tau = (k..3).fold(0.0, |acc, i| acc + r[i][k] * r[i][j]) / c;
            for i in k..3 {
                let h = r[i][k];
                r[i][j] -= tau * h;
            }
        }
    }
    prod
}

#[differentiate]
fn power_iter<const N: usize, T: Float + MulAssign + AddAssign>(
    a: &[[T; N]; N],
    iters: usize,
) -> T {
    let mut v = [T::one(); N];
    let mut lambda = T::zero();
    for _ in 0..iters {
        let mut w = [T::zero(); N];
        for (wi, row) in w.iter_mut().zip(a) {
            for (aij, vj) in row.iter().zip(v.iter()) {
                *wi += *aij * *vj;
            }
        }
        let norm = w.iter().fold(T::zero(), |s, &x| s + x * x).sqrt();
        lambda = norm;
        for i in 0..N {
            v[i] = w[i] / norm;
        }
    }
    lambda
}

#[differentiate]
fn tri_storage(l: &[f64], n: usize) -> f64 {
    let idx = |i: usize, j: usize| i * (i + 1) / 2 + j;
    let mut out = vec![0.0; n * (n + 1) / 2];
    for i in 0..n {
        for j in 0..=i {
            let mut s = l[idx(i, j)];
            for k in 0..j {
                s -= out[idx(i, k)] * out[idx(j, k)];
            }
            out[idx(i, j)] = if i == j { s.sqrt() } else { s / out[idx(j, j)] };
        }
    }
    2.0 * (0..n).map(|i| out[idx(i, i)].ln()).sum::<f64>() + out[idx(n - 1, 0)]
}

#[differentiate]
fn sinkhorn(c: &[[f64; 3]; 3], a: &[f64; 3], eps: f64, iters: usize) -> f64 {
    let k: [[f64; 3]; 3] = std::array::from_fn(|i| std::array::from_fn(|j| (-c[i][j] / eps).exp()));
    let mut u = [1.0; 3];
    let mut v = [1.0; 3];
    for _ in 0..iters {
        for i in 0..3 {
            u[i] = a[i] / (0..3).map(|j| k[i][j] * v[j]).sum::<f64>();
        }
        for j in 0..3 {
            v[j] = (1.0 / 3.0) / (0..3).map(|i| k[i][j] * u[i]).sum::<f64>();
        }
    }
    let mut cost = 0.0;
    for i in 0..3 {
        for j in 0..3 {
            cost += u[i] * k[i][j] * v[j] * c[i][j];
        }
    }
    cost
}

#[differentiate]
fn gauss_seidel(f: &[[f64; 4]; 4], omega: f64) -> f64 {
    let mut u = [[0.0f64; 6]; 6];
    let mut it = 0;
    let mut change = 1.0;
    while change > 1e-3 && it < 20 {
        change = 0.0;
        for i in 1..5 {
            for j in 1..5 {
                let old = u[i][j];
                let new = 0.25
                    * (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1] - f[i - 1][j - 1]);
                u[i][j] = old + omega * (new - old);
                change += (u[i][j] - old).abs();
            }
        }
        it += 1;
    }
    let mut s = 0.0;
    for row in &u {
        for v in row {
            s += v * v;
        }
    }
    s
}

#[differentiate]
fn product<T: Float + Sum, const N: usize, const M: usize, const K: usize>(
    a: &[[T; M]; N],
    b: &[[T; K]; M],
) -> [[T; K]; N] {
    array::from_fn(|i| array::from_fn(|j| (0..M).map(|k| a[i][k] * b[k][j]).sum()))
}

#[differentiate]
fn halves(x: &[f64]) -> ([(f64, usize); 2], f64) {
    let pairs: [(f64, usize); 2] = array::from_fn(|i| {
        let part = &x[2 * i..2 * i + 2];
        (part[0] * part[1], i)
    });
    (pairs, x[0])
}

tests::checks! {
    products: |x| { let c = product(&[[x[0], x[1]]], &[[x[2], x[3], x[4]], [x[5], x[0], x[1]]]); c[0][0] * c[0][1] + c[0][2] }, [0.1, 0.9, 0.4, 0.8, 0.2, 0.6];
    pairs: |x| { let (p, w) = halves(x); p[0].0 * w + p[1].0 * p[1].1 as f64 }, [0.1, 0.9, 0.4, 0.8];
    jacobi: |x| {
        let a = vec![vec![x[0], x[1], x[2]], vec![x[1], x[3], x[4]], vec![x[2], x[4], x[5]]];
        let e = jacobi_eigen(&a, 6);
        e[0] + 2.0 * e[1] * e[2].sin()
    }, [2.0, 0.5, 0.3, 3.0, -0.4, 1.0];
    schmidt: |x| {
        let mut v = vec![x[0..3].to_vec(), x[3..6].to_vec(), x[6..9].to_vec()];
        gram_schmidt(&mut v);
        v[0][1] + v[1][2] * v[2][0] - v[2][2]
    }, [1.0, 0.4, -0.3, 0.2, 2.0, 0.1, 0.6, -0.7, 1.5];
    cg: |x| { let s = conjugate_gradient(&x[..9], &x[9..], 3); s[0] + s[1] * s[2] }, [4.0, 1.0, 0.2, 1.0, 3.0, -0.3, 0.2, -0.3, 2.0, 1.0, 2.0, -1.0];
    householder: |x| householder_norm(&[[x[0], x[1], x[2]], [x[3], x[4], x[5]], [x[6], x[7], x[8]]]), [1.0, 2.0, 1.0, 3.0, -1.0, 0.5, 1.2, 0.7, -2.0];
    sor: |x| gauss_seidel(&[[x[1], x[2], x[3], x[4]], [x[4], x[3], x[2], x[1]], [0.2, x[1], x[1] * x[2], 0.1], [x[3], 1.0, x[4], 0.5]], x[0]), [1.3, 0.4, -0.8, 1.1, 0.6];
    sink: |x| sinkhorn(&[[x[0], x[1], x[2]], [x[3], x[4], x[5]], [x[1], x[0], x[5]]], &[x[6], x[7], x[8]], x[9], 4), [0.1, 0.9, 0.4, 0.8, 0.2, 0.6, 0.3, 0.5, 0.2, 0.7];
    tri: |x| tri_storage(x, 3), [2.0, 0.3, 1.5, 0.1, -0.2, 1.2];
    power: |x| power_iter(&[[x[0], x[1]], [x[1], x[2]]], 5), [2.0, 0.3, 1.5];
}
