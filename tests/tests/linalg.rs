//! Matrix primitives called by annotated functions.

use autodiff_runtime::linalg::{matmul, slogdet, trace};
use autodiff_runtime::operators::Jacobian;
use autodiff_runtime::{check, differentiate, linalg};
use nalgebra::{DMatrix, DVector, Matrix3};

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

/// The functions are constants: closures without types, paths. First derivatives do not look at the curvature.
fn steepness(x: f64) -> f64 {
    1.0 - x.tanh().powi(2)
}

#[differentiate]
fn of_given_functions(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 3, x);
    let y = linalg::symmetric_function(&a, f64::atan, |x| 1.0 / (1.0 + x.powi(2)), |_| f64::NAN);
    let z = linalg::singular_function(&(&a * x[0]), |x| x.tanh(), steepness, |_| f64::NAN);
    y[(0, 1)] * y[(2, 2)] + z.column(1).sum()
}

#[test]
fn functions_of_matrices_take_functions() {
    let x = [3.0, -1.2, 0.5, 0.7, 2.1, 1.9, -0.4, 0.8, -2.6];
    tests::agree!(of_given_functions at &[&x]);
}

/// The traits by which other code takes functions.
fn newton<F>(mut x: DVector<f64>, steps: usize) -> DVector<f64>
where
    F: for<'a> Jacobian<(&'a DVector<f64>, f64), DVector<f64>, Number = f64>,
{
    for _ in 0..steps {
        let (value, jacobian) = F::value_and_jacobian((&x, 3.0));
        let columns = x.len();
        x -= jacobian
            .columns(0, columns)
            .into_owned()
            .lu()
            .solve(&value)
            .unwrap();
    }
    x
}

#[differentiate]
fn equations(x: &DVector<f64>, sum: f64) -> DVector<f64> {
    DVector::from_vec(vec![x[0] * x[0] + x[1] - sum, x[0] - x[1] + 1.0])
}

/// Structs, tuples and generic numbers have Jacobians too.
#[differentiate]
fn turned<T: num_traits::Float>(x: [T; 2], angle: T) -> ([T; 2], T) {
    let (sin, cos) = angle.sin_cos();
    ([cos * x[0] - sin * x[1], sin * x[0] + cos * x[1]], angle)
}

/// A type that others cannot see, of a function that they can.
mod hidden {
    use autodiff_runtime::{Differentiable, differentiate};

    #[derive(Clone, Differentiable)]
    pub(crate) struct Spring {
        pub rest: f64,
    }

    #[differentiate]
    pub fn stretched(x: f64) -> Spring {
        Spring { rest: x * x }
    }
}

#[test]
fn jacobians_by_a_trait() {
    assert_eq!(
        <hidden::stretched as Jacobian<(f64,), hidden::Spring>>::jacobian((3.0,))[0],
        6.0
    );
    let x = newton::<equations>(DVector::from_vec(vec![1.5, 1.5]), 8);
    assert!((x - DVector::from_vec(vec![1.0, 2.0])).norm() < 1e-14);
    let args = ([1.0_f32, 2.0], 0.5);
    let (value, jacobian) = <turned as Jacobian<_, _>>::value_and_jacobian(args);
    assert_eq!(value, turned(args.0, args.1));
    assert_eq!(jacobian, turned::jacobian(args.0, args.1));
}
