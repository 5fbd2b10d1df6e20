//! Second derivatives of factorisations, of functions of a matrix, and of the functions of `linalg`, against differences of the gradient
//! and closed forms.

use super::second_order::check_hessian;
use autodiff_runtime::linalg::Triangle;
use autodiff_runtime::{differentiate, linalg};
use nalgebra::*;

macro_rules! hessians {
    ($($f:ident)+) => {
        mod against_differences {
            use super::*;
            $(
                #[test]
                fn $f() {
                    check_hessian(stringify!($f), super::$f::grad, super::$f::hessian);
                }
            )+
        }
    };
}

hessians! {
    orthogonal wide_orthogonal eigen eigenvalues singular singular_values exponential pseudo_inverse
    free_products free_systems free_definite free_orthogonal free_spectral free_singular free_functions free_symmetric
    free_equations free_least_squares free_polar_tall free_polar_wide free_low_rank free_real_powers
    free_triangular_tall free_triangular_wide free_eigenvalues free_eigenvectors free_threshold
    free_given_symmetric free_given_singular
}

/// A symmetric matrix with separate eigenvalues.
#[differentiate(order = 2)]
fn symmetric(x: &[f64]) -> DMatrix<f64> {
    let m = DMatrix::from_row_slice(3, 3, &x[..9]) * 0.2;
    &m + m.transpose() + DMatrix::from_diagonal(&DVector::from_vec(vec![1.0, 3.0, 6.0]))
}

/// A definite one.
#[differentiate(order = 2)]
fn definite(x: &[f64]) -> DMatrix<f64> {
    let m = DMatrix::from_row_slice(3, 3, &x[..9]) * 0.5;
    &m * m.transpose() + DMatrix::from_diagonal(&DVector::from_vec(vec![1.0, 2.0, 3.0]))
}

#[differentiate(order = 2)]
fn orthogonal(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 3, x);
    let qr = a.qr();
    let (q, r) = (qr.q(), qr.r());
    q[(3, 2)] * q[(0, 1)]
        + r[(0, 2)] * r[(1, 1)]
        + q.column(0).dot(&q.column(2).component_mul(&q.column(1)))
}

#[differentiate(order = 2)]
fn wide_orthogonal(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 4, x);
    let qr = a.qr();
    let (q, r) = (qr.q(), qr.r());
    let b = DMatrix::from_row_slice(3, 3, &x[..9]) + DMatrix::identity(3, 3) * 2.0;
    let y = b.qr().solve(&DVector::from_column_slice(&x[9..])).unwrap();
    q[(2, 2)] * q[(0, 1)] + r[(0, 3)] * r[(1, 3)] + r[(2, 2)] + y.norm_squared()
}

#[differentiate(order = 2)]
fn eigen(x: &[f64]) -> f64 {
    let a: DMatrix<f64> = symmetric(x);
    let eigen = a.clone().symmetric_eigen();
    let v = eigen.eigenvectors.column(0);
    let w = v.component_mul(&v);
    w.dot(&DVector::from_column_slice(&x[9..])) + eigen.eigenvalues.map(|l| l * l * l).sum() * 0.1
}

#[differentiate(order = 2)]
fn eigenvalues(x: &[f64]) -> f64 {
    let a: DMatrix<f64> = symmetric(x);
    let l = a.symmetric_eigenvalues();
    l.map(|l| l.ln()).sum() + l.max() * x[9] * x[10] * x[11]
}

#[differentiate(order = 2)]
fn singular(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 3, x);
    let svd = a.clone().svd(true, true);
    let (u, v_t) = (svd.u.unwrap(), svd.v_t.unwrap());
    let turned = &u * &v_t;
    turned[(0, 1)] * turned[(3, 2)]
        + svd.singular_values[0] * u[(1, 0)] * u[(1, 0)]
        + v_t[(2, 1)] * v_t[(2, 1)]
}

#[differentiate(order = 2)]
fn singular_values(x: &[f64]) -> f64 {
    let s = DMatrix::from_row_slice(3, 4, x).singular_values();
    s[0] * s[1] + s[2].ln()
}

#[differentiate(order = 2)]
fn exponential(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 3, &x[..9]);
    let v = DVector::from_column_slice(&x[9..]);
    (a.exp() * &v).dot(&v)
}

#[differentiate(order = 2)]
fn pseudo_inverse(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 3, x);
    let y = a.clone().pseudo_inverse(1e-9).unwrap();
    y.map(|v| v.sin()).sum()
        + (&y * &a).trace()
        + a.svd(true, true).pseudo_inverse(1e-9).unwrap()[(1, 2)]
}

#[differentiate(order = 2)]
fn free_products(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(2, 3, &x[..6]);
    let b = DMatrix::from_row_slice(3, 2, &x[6..]);
    let ab: DMatrix<f64> = linalg::matmul(&a, &b);
    let t: DMatrix<f64> = linalg::transpose(&b);
    let k: DMatrix<f64> = linalg::kron(&a, &t);
    let size = linalg::norm(&k);
    let (u, v) = (a.column(0).clone_owned(), t.column(2).clone_owned());
    let o: DMatrix<f64> = linalg::outer(&u, &v);
    linalg::trace(&ab) * linalg::dot(&a, &t) + size + linalg::dot(&o, &ab)
}

#[differentiate(order = 2)]
fn free_systems(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 3, &x[..9]) + DMatrix::identity(3, 3) * 2.0;
    let b = DVector::from_column_slice(&x[9..]);
    let y: DVector<f64> = linalg::solve(&a, &b).unwrap();
    let z: DMatrix<f64> = linalg::inverse(&a).unwrap();
    let t: DVector<f64> = linalg::solve_triangular(&a, &b, Triangle::Lower, false).unwrap();
    let s: DVector<f64> = linalg::solve_triangular(&a, &b, Triangle::Upper, true).unwrap();
    let (_, log) = linalg::slogdet(&a);
    let square: DMatrix<f64> = linalg::matmul(&z, &z);
    linalg::dot(&y, &b)
        + linalg::trace(&square)
        + log * linalg::det(&a)
        + t.norm_squared()
        + s.dot(&y)
}

#[differentiate(order = 2)]
fn free_definite(x: &[f64]) -> f64 {
    let a: DMatrix<f64> = definite(x);
    let b = DVector::from_column_slice(&x[9..]);
    let l: DMatrix<f64> = linalg::cholesky(&a).unwrap();
    let y: DVector<f64> = linalg::cholesky_solve(&a, &b).unwrap();
    l[(2, 0)] * l[(1, 1)] + l[(2, 2)] + linalg::logdet(&a).unwrap() * linalg::dot(&y, &b)
}

#[differentiate(order = 2)]
fn free_orthogonal(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 3, x);
    let (q, r): (DMatrix<f64>, DMatrix<f64>) = linalg::qr(&a);
    q[(3, 2)] * q[(0, 1)] + r[(0, 2)] * r[(1, 1)]
}

#[differentiate(order = 2)]
fn free_spectral(x: &[f64]) -> f64 {
    let a: DMatrix<f64> = symmetric(x);
    let (l, v): (DVector<f64>, DMatrix<f64>) = linalg::symmetric_eigen(&a);
    let m: DVector<f64> = linalg::symmetric_eigenvalues(&a);
    l[0] * l[2] + v[(0, 1)] * v[(0, 1)] * x[9] + m[1].ln() * x[10] * x[11]
}

#[differentiate(order = 2)]
fn free_singular(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 4, x);
    let (u, s, v_t): (DMatrix<f64>, DVector<f64>, DMatrix<f64>) = linalg::svd(&a);
    let turned: DMatrix<f64> = linalg::matmul(&u, &v_t);
    let values: DVector<f64> = linalg::singular_values(&a);
    let norms = linalg::nuclear_norm(&a) * linalg::spectral_norm(&a);
    turned[(0, 1)] * turned[(2, 3)] * s[1] + values[2].ln() + norms
}

#[differentiate(order = 2)]
fn free_functions(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 3, &x[..9]) * 0.5;
    let b = &a + DMatrix::identity(3, 3) * 3.0;
    let e: DMatrix<f64> = linalg::expm(&a);
    let l: DMatrix<f64> = linalg::logm(&b).unwrap();
    let r: DMatrix<f64> = linalg::sqrtm(&b).unwrap();
    let p: DMatrix<f64> = linalg::pow(&a, 5);
    e[(0, 1)] * e[(2, 0)] + l[(1, 0)] * l[(2, 2)] + r[(0, 2)] * x[9] + p[(1, 1)] * x[10] * x[11]
}

#[differentiate(order = 2)]
fn free_symmetric(x: &[f64]) -> f64 {
    let a: DMatrix<f64> = definite(x);
    let e: DMatrix<f64> = linalg::symmetric_exp(&a);
    let l: DMatrix<f64> = linalg::symmetric_ln(&a).unwrap();
    let r: DMatrix<f64> = linalg::symmetric_sqrt(&a).unwrap();
    e[(0, 1)] * 0.1 + l[(1, 0)] * l[(2, 2)] * x[9] + r[(0, 2)] * x[10] * x[11]
}

#[differentiate(order = 2)]
fn free_equations(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(2, 2, &x[..4]) + DMatrix::identity(2, 2) * 3.0;
    let b = DMatrix::from_row_slice(2, 2, &x[4..8]) + DMatrix::identity(2, 2) * 3.0;
    let c = DMatrix::from_row_slice(2, 2, &x[8..]);
    let y: DMatrix<f64> = linalg::sylvester(&a, &b, &c).unwrap();
    let z: DMatrix<f64> = linalg::lyapunov(&a, &c).unwrap();
    linalg::dot(&y, &z) + y[(0, 1)] * z[(1, 0)] + (&y * &y)[(1, 0)]
}

#[differentiate(order = 2)]
fn free_least_squares(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 2, &x[..8]);
    let b = DVector::from_column_slice(&x[8..]);
    let y: DVector<f64> = linalg::lstsq(&a, &b).unwrap();
    let z: DMatrix<f64> = linalg::pinv(&a, 1e-9);
    let t = a.transpose();
    let w: DVector<f64> = linalg::lstsq(&t, &y).unwrap();
    y.norm_squared() + z[(0, 3)] * z[(1, 1)] + w[2] * w[0]
}

/// `tr e^A`: the Hessian in the direction of the identity is the gradient, also at equal eigenvalues and where there are too few eigenvectors.
#[differentiate(order = 2)]
fn trace_of_exponential(a: &DMatrix<f64>) -> f64 {
    let e: DMatrix<f64> = linalg::expm(a);
    linalg::trace(&e)
}

#[test]
fn at_equal_eigenvalues() {
    for corner in [0.0, 1.0] {
        let a = DMatrix::from_row_slice(2, 2, &[0.5, corner, 0.0, 0.5]);
        let gradient = trace_of_exponential::grad(&a);
        let product = trace_of_exponential::hvp(&a, &DMatrix::identity(2, 2));
        assert!((product - &gradient).amax() < 1e-13 * gradient.amax());
    }
}

#[differentiate(order = 2)]
fn free_triangular_tall(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 3, x) + DMatrix::from_diagonal_element(4, 3, 4.0);
    let (_, l, u): (DMatrix<f64>, DMatrix<f64>, DMatrix<f64>) = linalg::lu(&a);
    l[(3, 0)] * l[(2, 1)] + l[(3, 2)] * u[(1, 2)] + u[(2, 2)].sin() * u[(0, 1)] + l[(1, 0)]
}

#[differentiate(order = 2)]
fn free_triangular_wide(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 4, x) + DMatrix::from_diagonal_element(3, 4, 4.0);
    let (_, l, u): (DMatrix<f64>, DMatrix<f64>, DMatrix<f64>) = linalg::lu(&a);
    l[(2, 0)] * l[(2, 1)] + l[(1, 0)] * u[(1, 3)] + u[(2, 2)].sin() * u[(2, 3)] + u[(0, 3)]
}

#[differentiate(order = 2)]
fn free_polar_tall(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 3, x) + DMatrix::identity(4, 3);
    let (w, h): (DMatrix<f64>, DMatrix<f64>) = linalg::polar_right(&a);
    let (g, v): (DMatrix<f64>, DMatrix<f64>) = linalg::polar_left(&a);
    w[(3, 0)] * w[(0, 1)] + h[(0, 1)] * h[(2, 2)] + g[(0, 3)] * v[(1, 2)] + g[(1, 0)]
}

#[differentiate(order = 2)]
fn free_polar_wide(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(3, 4, x) + DMatrix::identity(3, 4);
    let (w, h): (DMatrix<f64>, DMatrix<f64>) = linalg::polar_right(&a);
    let (g, v): (DMatrix<f64>, DMatrix<f64>) = linalg::polar_left(&a);
    w[(0, 3)] * w[(1, 0)] + h[(0, 3)] * h[(2, 2)] + g[(0, 1)] * v[(2, 1)] + g[(1, 2)]
}

#[differentiate(order = 2)]
fn free_low_rank(x: &[f64]) -> f64 {
    let tall = DMatrix::from_row_slice(4, 3, x) + DMatrix::from_diagonal_element(4, 3, 2.0);
    let wide = tall.transpose()
        + DMatrix::from_row_slice(
            3,
            4,
            &[3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0],
        );
    let y: DMatrix<f64> = linalg::low_rank(&tall, 2);
    let z: DMatrix<f64> = linalg::low_rank(&wide, 1);
    let all: DMatrix<f64> = linalg::low_rank(&tall, 3);
    y[(3, 0)] * y[(0, 1)] + z[(0, 3)] * z[(1, 1)] + y[(1, 2)] * all[(2, 2)]
}

#[differentiate(order = 2)]
fn free_real_powers(x: &[f64]) -> f64 {
    let a = definite(x);
    let p = DMatrix::from_element(1, 1, x[11] * 0.5 - 0.7);
    let y: DMatrix<f64> = linalg::symmetric_powf(&a, &p).unwrap();
    y[(0, 1)] * y[(2, 2)] + y[(1, 2)]
}

#[differentiate(order = 2)]
fn free_given_symmetric(x: &[f64]) -> f64 {
    let slope = |x: f64| 1.0 / (1.0 + x * x);
    let y = linalg::symmetric_function(&symmetric(x), f64::atan, slope, |x| {
        -2.0 * x / (1.0 + x * x).powi(2)
    });
    y[(0, 1)] * y[(2, 2)] + x[10] * y[(1, 2)]
}

#[differentiate(order = 2)]
fn free_given_singular(x: &[f64]) -> f64 {
    let tall = DMatrix::from_row_slice(4, 3, x) + DMatrix::from_diagonal_element(4, 3, 2.0);
    let wide = tall.transpose();
    let y = linalg::singular_function(&tall, f64::sin, f64::cos, |s| -s.sin());
    let z = linalg::singular_function(
        &wide,
        f64::asinh,
        |s| 1.0 / (1.0 + s * s).sqrt(),
        |s| -s / (1.0 + s * s).powf(1.5),
    );
    y[(3, 0)] * y[(0, 1)] + z[(0, 3)] * y[(1, 1)] * x[4]
}

/// `A A^T A` by its singular values, and the exponential by its values.
#[differentiate(order = 2)]
fn cubed(a: &DMatrix<f64>, w: &DMatrix<f64>) -> f64 {
    linalg::singular_function(a, |s| s.powi(3), |s| 3.0 * s * s, |s| 6.0 * s).dot(w)
}

#[differentiate(order = 2)]
fn product_cubed(a: &DMatrix<f64>, w: &DMatrix<f64>) -> f64 {
    (a * a.transpose() * a).dot(w)
}

#[differentiate(order = 2)]
fn by_exponentials(a: &DMatrix<f64>, w: &DMatrix<f64>) -> f64 {
    linalg::symmetric_function(a, f64::exp, f64::exp, f64::exp).dot(w)
}

#[differentiate(order = 2)]
fn symmetric_exponential(a: &DMatrix<f64>, w: &DMatrix<f64>) -> f64 {
    linalg::symmetric_exp(a).dot(w)
}

type Product = (DMatrix<f64>, DMatrix<f64>);

fn assert_near(got: &Product, expected: &Product) {
    let size = expected.0.amax().max(expected.1.amax());
    let error = (&got.0 - &expected.0)
        .amax()
        .max((&got.1 - &expected.1).amax());
    assert!(error <= 1e-12 * size, "{error:e} of {size:e}");
}

/// Matrices of these values on the diagonal, turned.
fn of_values(rows: usize, columns: usize, values: &[f64]) -> DMatrix<f64> {
    let turn = |n: usize, k: f64| {
        DMatrix::from_fn(n, n, |i, j| (k + (3 * i + 5 * j + i * j) as f64).sin())
            .qr()
            .q()
    };
    let mut middle = DMatrix::zeros(rows, columns);
    values
        .iter()
        .enumerate()
        .for_each(|(i, s)| middle[(i, i)] = *s);
    turn(rows, 0.3) * middle * turn(columns, 1.7).transpose()
}

/// Equal, neighbouring and zero values are like any other.
#[test]
fn given_functions_at_ties() {
    let spectra: [[f64; 3]; 6] = [
        [1.0, 1.0, 1.0],
        [0.7, 0.7, 0.2],
        [1.0, 1.0 + 1e-9, 1.0 - 1e-5],
        [0.0, 0.0, 0.0],
        [2.0, 0.0, 0.0],
        [1.5, 1.4999, 1e-8],
    ];
    let some = |m, n, k: f64| DMatrix::from_fn(m, n, |i, j| (k + (2 * i + 7 * j) as f64).cos());
    for values in spectra {
        for (m, n) in [(3, 3), (5, 3), (3, 4)] {
            let a = of_values(m, n, &values);
            let [w, da, dw] = [0.1, 1.2, 2.3].map(|k| some(m, n, k));
            let got = cubed::hvp(&a, &w, &da, &dw);
            assert_near(&got, &product_cubed::hvp(&a, &w, &da, &dw));
        }
        let turn = of_values(3, 3, &[1.0; 3]);
        let a =
            &turn * DMatrix::from_diagonal(&DVector::from_row_slice(&values)) * turn.transpose();
        let [w, da, dw] = [0.1, 1.2, 2.3].map(|k| some(3, 3, k));
        let got = by_exponentials::hvp(&a, &w, &da, &dw);
        assert_near(&got, &symmetric_exponential::hvp(&a, &w, &da, &dw));
    }
}

/// Of `s I + t J`, with `J` the quarter turn, it is `1 / sqrt(1 + t^2 / s^2)`: equal singular values are like any other.
#[differentiate(order = 2)]
fn nearest_rotation(a: &DMatrix<f64>) -> f64 {
    let (w, _): (DMatrix<f64>, DMatrix<f64>) = linalg::polar_right(a);
    w[(0, 0)]
}

#[test]
fn hessian_of_the_nearest_rotation() {
    let turn = DMatrix::from_row_slice(2, 2, &[0.0, -1.0, 1.0, 0.0]);
    for size in [1.0, 2.0] {
        let a = DMatrix::from_diagonal_element(2, 2, size);
        let product = nearest_rotation::hvp(&a, &turn);
        assert!((product - &turn * (-0.5 / (size * size))).amax() < 1e-14);
        assert!(nearest_rotation::hvp(&a, &DMatrix::identity(2, 2)).amax() < 1e-14);
    }
}

/// The Hessian of the nuclear norm of `diag(s)`: a turn `E` costs `2 |E|^2 / (s_1 + s_2)`, a change of the values nothing. Equal values are
/// like any other.
#[differentiate(order = 2)]
fn nuclear(a: &DMatrix<f64>) -> f64 {
    linalg::nuclear_norm(a)
}

#[test]
fn hessian_of_the_nuclear_norm() {
    let turn = DMatrix::from_row_slice(2, 2, &[0.0, -1.0, 1.0, 0.0]);
    for (s, t) in [(3.0, 1.0), (2.0, 2.0)] {
        let a = DMatrix::from_diagonal(&DVector::from_vec(vec![s, t]));
        let product = nuclear::hvp(&a, &turn);
        assert!((product - &turn * (2.0 / (s + t))).amax() < 1e-14);
        assert!(nuclear::hvp(&a, &DMatrix::identity(2, 2)).amax() < 1e-14);
    }
}

/// Of a matrix of rank one the nuclear and the spectral norm are both `|u| |v|`, and of a tall, a wide and a square one alike.
#[differentiate(order = 2)]
fn nuclear_of_rank_one(u: &DVector<f64>, v: &DVector<f64>) -> f64 {
    linalg::nuclear_norm(&(u * v.transpose()))
}

#[differentiate(order = 2)]
fn spectral_of_rank_one(u: &DVector<f64>, v: &DVector<f64>) -> f64 {
    linalg::spectral_norm(&(u * v.transpose()))
}

#[differentiate(order = 2)]
fn product_of_norms(u: &DVector<f64>, v: &DVector<f64>) -> f64 {
    u.norm() * v.norm()
}

#[test]
fn norms_of_rank_one() {
    let vector = |n: usize, k: f64| DVector::from_fn(n, |i, _| (k + i as f64 * 1.7).sin());
    for (n, m) in [(3, 3), (4, 2), (2, 4), (1, 1), (1, 3)] {
        let (u, v, du, dv) = (
            vector(n, 1.0),
            vector(m, 2.0),
            vector(n, 3.0),
            vector(m, 4.0),
        );
        let (right_u, right_v) = product_of_norms::hvp(&u, &v, &du, &dv);
        for (got_u, got_v) in [
            nuclear_of_rank_one::hvp(&u, &v, &du, &dv),
            spectral_of_rank_one::hvp(&u, &v, &du, &dv),
        ] {
            assert!((got_u - &right_u).amax() < 1e-13 && (got_v - &right_v).amax() < 1e-13);
        }
    }
}

/// The largest value alone is apart from the others, of which two are equal and one is zero.
#[differentiate(order = 2)]
fn spectral(a: &DMatrix<f64>) -> f64 {
    linalg::spectral_norm(a)
}

#[test]
fn spectral_norm_beside_equal_values() {
    let a = DMatrix::from_diagonal(&DVector::from_vec(vec![3.0, 1.0, 1.0, 0.0]));
    let da = DMatrix::from_fn(4, 4, |i, j| (1.0 + i as f64 * 1.3 + j as f64 * 0.7).cos());
    // sum over k > 0 of (s_0 (p_0k^2 + p_k0^2) + 2 s_k p_0k p_k0) / (s_0^2 - s_k^2)
    let curvature: f64 = (1..4)
        .map(|k| {
            let (p, q, s) = (da[(0, k)], da[(k, 0)], a[(k, k)]);
            (3.0 * (p * p + q * q) + 2.0 * s * p * q) / (9.0 - s * s)
        })
        .sum();
    assert!((spectral::hvp(&a, &da).dot(&da) - curvature).abs() < 1e-13);
}

/// A second derivative of the nuclear norm is infinite where the direction raises the rank.
#[test]
#[should_panic(expected = "`nuclear_norm` has no derivative here")]
fn no_second_derivative_out_of_the_rank() {
    let a = DMatrix::from_diagonal(&DVector::from_vec(vec![3.0, 0.0, 0.0]));
    nuclear::hvp(&a, &DMatrix::identity(3, 3));
}

#[test]
#[should_panic(expected = "`spectral_norm` has no derivative here")]
fn no_second_derivative_of_equal_largest_values() {
    spectral::hvp(&DMatrix::identity(2, 2), &DMatrix::identity(2, 2));
}

#[differentiate(order = 2)]
fn first_vector(a: &DMatrix<f64>) -> f64 {
    let (_, v) = linalg::symmetric_eigen(a);
    v[(0, 0)] * v[(0, 0)]
}

#[test]
#[should_panic(expected = "has no derivative here")]
fn no_second_derivative_of_arbitrary_vectors() {
    let direction = DMatrix::from_row_slice(2, 2, &[1.0, 0.5, 0.5, -1.0]);
    first_vector::hvp(&DMatrix::identity(2, 2), &direction);
}

/// A real eigenvalue and a pair of complex ones.
#[differentiate(order = 2)]
fn turning(x: &[f64]) -> DMatrix<f64> {
    let fixed = DMatrix::from_row_slice(3, 3, &[1.0, 2.0, 0.0, -3.0, 1.5, 0.3, 0.1, 0.0, 5.0]);
    fixed + DMatrix::from_row_slice(3, 3, &x[..9]) * 0.3
}

#[differentiate(order = 2)]
fn free_eigenvalues(x: &[f64]) -> f64 {
    let values: DVector<Complex<f64>> = linalg::eigenvalues(&turning(x)).unwrap();
    values[0].re * values[2].re + values[1].im * values[0].re + values[2].im
}

#[differentiate(order = 2)]
fn free_eigenvectors(x: &[f64]) -> f64 {
    let pair: (DVector<Complex<f64>>, DMatrix<Complex<f64>>) = linalg::eig(&turning(x)).unwrap();
    let (values, vectors) = (&pair.0, &pair.1);
    values[0].re * vectors[(2, 1)].im
        + vectors[(0, 0)].re * vectors[(1, 2)].re
        + vectors[(1, 1)].re * vectors[(1, 0)].im
}

#[differentiate(order = 2)]
fn free_threshold(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(4, 3, x) * 2.0;
    let t = DMatrix::from_element(1, 1, 0.6 + 0.2 * x[0] * x[0]);
    let y = linalg::soft_threshold(&a, &t);
    let z = linalg::soft_threshold(&a.transpose(), &t);
    y[(0, 0)] * y[(3, 2)] + y[(1, 1)] + z[(2, 0)] * y[(0, 1)]
}
