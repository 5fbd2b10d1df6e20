//! Matrix primitives called by annotated functions.

use autodiff_runtime::linalg::{matmul, slogdet, trace};
use autodiff_runtime::{check, differentiate, linalg};
use nalgebra::{DMatrix, Matrix3};

/// The trace of `A A^-1 ..`: products and traces by reference, results handed on.
#[differentiate]
fn trace_of_cube(a: &DMatrix<f64>) -> f64 {
    let square = matmul(a, a);
    let cube = linalg::matmul(&square, a);
    linalg::trace(&cube)
}

#[differentiate]
fn trace_of_product(a: &Matrix3<f64>, b: &Matrix3<f64>, c: f64) -> f64 {
    let product = matmul(a, b);
    c * trace(&product)
}

#[test]
fn through_products() {
    let a = DMatrix::from_fn(3, 3, |i, j| ((2 * i + 3 * j) as f64).sin());
    let (value, gradient) = trace_of_cube::value_and_grad(&a);
    assert_eq!(value, (&a * &a * &a).trace());
    let expected = 3.0 * (&a * &a).transpose();
    assert!((&gradient - expected).amax() < 1e-14);
    check::gradient(trace_of_cube, &a, &gradient).assert_below(1e-9);
    let da = DMatrix::from_fn(3, 3, |i, j| ((i + 5 * j) as f64).cos());
    let (_, slope) = trace_of_cube::jvp(&a, &da);
    assert!((slope - gradient.dot(&da)).abs() < 1e-13);
}

#[test]
fn through_static_matrices() {
    let a = Matrix3::from_fn(|i, j| ((2 * i + 3 * j) as f64).sin());
    let b = Matrix3::from_fn(|i, j| ((i + 4 * j) as f64).cos());
    let (a_bar, b_bar, c_bar) = trace_of_product::grad(&a, &b, 2.0);
    assert_eq!((a_bar, b_bar), (2.0 * b.transpose(), 2.0 * a.transpose()));
    assert_eq!(c_bar, (a * b).trace());
}

/// The logarithm of a Gaussian density up to a constant: a tuple, of which one part is used.
#[differentiate]
fn log_density(x: &DMatrix<f64>, covariance: &DMatrix<f64>) -> f64 {
    let (_, log) = slogdet(covariance);
    let transposed = linalg::transpose(x);
    let scatter = matmul(x, &transposed);
    let mixed = matmul(covariance, &scatter);
    -0.5 * log - 0.5 * trace(&mixed)
}

#[test]
fn parts_of_tuples() {
    let x = DMatrix::from_fn(3, 1, |i, _| (i as f64 + 0.5).sin());
    let c = DMatrix::from_fn(3, 3, |i, j| {
        if i == j {
            2.0
        } else {
            0.3 * (i as f64 - j as f64)
        }
    });
    let (value, (x_bar, c_bar)) = log_density::value_and_grad(&x, &c);
    assert_eq!(value, log_density(&x, &c));
    check::gradient(
        |(x, c)| log_density(x, c),
        &(x.clone(), c.clone()),
        &(x_bar, c_bar),
    )
    .assert_below(1e-9);
}

/// Constants, loops, scalars from matrices and into branches.
#[differentiate]
fn iterated(a: &DMatrix<f64>, steps: usize, weight: f64) -> f64 {
    let mut total = 0.0;
    for k in 0..steps {
        let square = matmul(a, a);
        let size = linalg::norm(&square);
        total += if size > 1.0 {
            weight * size.ln()
        } else {
            size * size
        };
        total += linalg::det(a) * k as f64;
    }
    let (q, r) = linalg::qr(a);
    let product = matmul(&r, &q);
    total + trace(&product)
}

#[test]
fn in_loops_and_branches() {
    for scale in [0.1, 2.0] {
        let a = DMatrix::from_fn(3, 3, |i, j| scale * ((2 * i + 3 * j) as f64).sin())
            + DMatrix::identity(3, 3) * scale;
        let (_, (a_bar, weight_bar)) = iterated::value_and_grad(&a, 3, 0.7);
        let f = |(a, w): &(DMatrix<f64>, f64)| iterated(a, 3, *w);
        check::gradient(f, &(a.clone(), 0.7), &(a_bar.clone(), weight_bar)).assert_below(1e-8);
        let da = DMatrix::from_fn(3, 3, |i, j| ((i + 5 * j) as f64).cos());
        let (_, slope) = iterated::jvp(&a, 3, 0.7, &da, 0.3);
        let expected = a_bar.dot(&da) + 0.3 * weight_bar;
        assert!((slope - expected).abs() < 1e-11 * (1.0 + expected.abs()));
    }
}

/// A singular value decomposition whose parts go on to other primitives.
#[differentiate]
fn orthogonal_factor(a: &DMatrix<f64>, y: &DMatrix<f64>) -> f64 {
    let (u, _, v_t) = linalg::svd(a);
    let factor = matmul(&u, &v_t);
    linalg::dot(y, &factor)
}

#[test]
fn through_singular_vectors() {
    let a = DMatrix::from_fn(4, 3, |i, j| ((i + 3 * j + 2 * i * j) as f64).sin());
    let y = DMatrix::from_fn(4, 3, |i, j| ((i + 5 * j) as f64).cos());
    for a in [a, DMatrix::identity(4, 3)] {
        let gradient = orthogonal_factor::grad(&a, &y);
        let f = |(a, y): &(DMatrix<f64>, DMatrix<f64>)| orthogonal_factor(a, y);
        check::gradient(f, &(a, y.clone()), &gradient).assert_below(1e-8);
    }
}
