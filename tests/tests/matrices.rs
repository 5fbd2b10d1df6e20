//! Functions of matrices and vectors as published crates have them: reverse against forward against differences, and the primal bit-equal.
#![allow(clippy::all)]

use autodiff_runtime::differentiate;
use nalgebra as na;
use nalgebra::{
    DMatrix, DVector, Matrix2, Matrix3, Matrix4, Point3, SMatrix, Vector2, Vector3, Vector4,
};

/// Where nothing is on a kink.
const POINTS: [[f64; 12]; 2] = [
    [
        0.71, -0.3, 1.1, 0.45, 0.9, -0.6, 0.25, 1.3, -0.8, 0.55, 0.15, 0.35,
    ],
    [
        -0.41, 0.8, 0.31, -1.2, 0.6, 0.72, -0.11, 0.93, 1.4, -0.5, 0.66, 2.1,
    ],
];

type Reverse = fn(&[f64]) -> (f64, Vec<f64>);
type Forward = fn(&[f64], &[f64]) -> (f64, f64);

fn check(name: &str, f: fn(&[f64]) -> f64, reverse: Reverse, forward: Forward) {
    for x in &POINTS {
        let value = f(x);
        let (again, gradient) = reverse(x);
        assert_eq!(
            again.to_bits(),
            value.to_bits(),
            "{name}: primal in reverse"
        );
        for k in 0..x.len() {
            let mut direction = [0.0; 12];
            direction[k] = 1.0;
            let (again, slope) = forward(x, &direction);
            assert_eq!(
                again.to_bits(),
                value.to_bits(),
                "{name}: primal in forward"
            );
            let reverse = gradient[k];
            let near = (slope - reverse).abs() <= 1e-10 * slope.abs().max(1.0);
            assert!(near, "{name}: at {k} forward {slope}, reverse {reverse}");
            let difference = difference(f, x, k);
            let near = (slope - difference).abs() <= 2e-7 * difference.abs().max(1.0);
            assert!(
                near,
                "{name}: at {k} slope {slope}, difference {difference}"
            );
        }
        assert!(gradient.iter().any(|g| *g != 0.0), "{name}: all zero");
    }
}

/// Central differences, extrapolated.
fn difference(f: fn(&[f64]) -> f64, x: &[f64], k: usize) -> f64 {
    let moved = |by: f64| {
        let mut x = x.to_vec();
        x[k] += by;
        f(&x)
    };
    let slope = |h: f64| (moved(h) - moved(-h)) / (2.0 * h);
    (4.0 * slope(5e-4) - slope(1e-3)) / 3.0
}

macro_rules! checks {
    ($($theme:ident: $($f:ident)+;)+) => {$(
        #[test]
        fn $theme() {
            $(check(stringify!($f), $f, $f::value_and_grad, $f::jvp);)+
        }
    )+};
}

#[differentiate]
fn operators(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(2, 3, &x[..6]);
    let b = DMatrix::from_row_slice(3, 2, &x[6..]);
    let c = &a * &b;
    let d = c * 2.0 - &a * &b / x[0];
    let e = x[1] * &d + d.transpose();
    (-e).sum() + (a * b).trace()
}

#[differentiate]
fn used_twice(x: &[f64]) -> f64 {
    let a = Matrix3::new(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8]);
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = a * v;
    let u = a * w + v;
    u.dot(&w) / u.norm()
}

#[differentiate]
fn updates(x: &[f64]) -> f64 {
    let mut m = Matrix2::new(x[0], x[1], x[2], x[3]);
    let v = Vector2::new(x[4], x[5]);
    m += v * v.transpose();
    m *= x[6];
    m -= Matrix2::identity() * x[7];
    m /= x[8].exp();
    for k in 0..3 {
        m += &m * x[9 + k];
    }
    (m * v).norm_squared()
}

#[differentiate]
fn elements(x: &[f64]) -> f64 {
    let n = 3;
    let mut m = DMatrix::zeros(n, n);
    for i in 0..n {
        for j in 0..n {
            m[(i, j)] = x[i] * x[3 + j] + x[6 + (i + j) % 6].sin();
        }
    }
    let mut v = DVector::zeros(n);
    for i in 0..n {
        v[i] = m[(i, 0)] * m[(0, i)];
    }
    v.dot(&(&m * &v)) + m[4]
}

#[differentiate]
fn coordinates(x: &[f64]) -> f64 {
    let mut p = Vector3::new(x[0], x[1], x[2]);
    let q = Vector4::new(x[3], x[4], x[5], x[6]);
    p.x *= q.w;
    p.y = p.x * q.z + q.y;
    p.z += p.cross(&Vector3::new(x[7], x[8], x[9])).x;
    p.x * p.y * p.z + q.x
}

#[differentiate]
fn maps(x: &[f64]) -> f64 {
    let w = DMatrix::from_row_slice(3, 3, &x[..9]);
    let b = DVector::from_vec(vec![x[9], x[10], x[11]]);
    let h = (&w * &b).map(|z| z.tanh());
    let g = h.zip_map(&b, |p, q| p * q + p.sin());
    let s = w.map(|z| z * z).sum() + g.iter().map(|v| v.cos()).sum::<f64>();
    s * g.add_scalar(x[0]).component_mul(&h).mean()
}

#[differentiate]
fn parts(x: &[f64]) -> f64 {
    let m = DMatrix::from_column_slice(3, 4, x);
    let r = m.row(1);
    let c = m.column(2);
    let block = m.view((0, 1), (2, 2));
    let top = m.rows(0, 2);
    let fixed = m.fixed_view::<2, 3>(1, 0);
    (r * m.transpose()).sum() + c.norm() + block.trace() * top.sum() + fixed.norm_squared()
}

#[differentiate]
fn blocks(x: &[f64]) -> f64 {
    let mut m = DMatrix::<f64>::zeros(3, 4);
    let r = DMatrix::from_row_slice(1, 4, &x[..4]);
    m.set_row(0, &r.row(0));
    m.row_mut(1).copy_from(&(&r * x[4]));
    m.column_mut(2).fill(x[5]);
    m.view_mut((1, 0), (2, 2))
        .copy_from(&DMatrix::from_row_slice(2, 2, &x[6..10]));
    let mut last = m.row_mut(2);
    last *= x[10];
    last[3] = x[11];
    m.norm_squared()
}

checks! {
    arithmetic: operators used_twice updates;
    access: elements coordinates maps parts blocks;
}
