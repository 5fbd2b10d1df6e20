//! The singular value decomposition and what is made of singular values.

use crate::check::{SINGLE, Tolerance, complex, matrix, slope, with_singular_values};
use crate::check_rule;
use autodiff_runtime::linalg::{nuclear_norm, singular_values, spectral_norm, svd};
use nalgebra::{Complex, DMatrix, DVector, Matrix2, Matrix3, Matrix4x2};

const SHAPES: [(usize, usize); 6] = [(1, 1), (3, 1), (1, 4), (4, 4), (6, 3), (3, 5)];

const CURVED: Tolerance = Tolerance {
    differences: 1e-7,
    transpose: 1e-11,
};

/// Well apart.
fn apart(n: usize, m: usize) -> Vec<f64> {
    (0..n.min(m)).map(|i| 1.0 + i as f64).rev().collect()
}

#[test]
fn values_and_norms() {
    for (n, m) in SHAPES {
        let a = with_singular_values(n, m, &apart(n, m), 1);
        check_rule!(singular_values(a da), CURVED);
        check_rule!(spectral_norm(a da), CURVED);
        check_rule!(nuclear_norm(a da), CURVED);
        let a = a.map(|x| Complex::new(x, 0.3 * x * x));
        check_rule!(singular_values(a da), CURVED);
        check_rule!(spectral_norm(a da), CURVED);
        check_rule!(nuclear_norm(a da), CURVED);
    }
    let a = with_singular_values(4, 3, &[3.0, 2.0, 1.0], 2).cast::<f32>();
    check_rule!(singular_values(a da), SINGLE);
    let a = Matrix4x2::new(1.0, 2.0, 3.0, -1.0, 0.5, 2.0, 0.0, 1.0);
    check_rule!(singular_values(a da), CURVED);
    check_rule!(spectral_norm(a da), CURVED);
    check_rule!(nuclear_norm(a da), CURVED);
    // Differences of vectors need matrices whose vectors keep their signs.
    let a = Matrix3::new(9.0, 1.0, 0.5, -1.0, 5.0, 1.0, 0.5, 0.0, 2.0);
    check_rule!(svd(a da), CURVED);
    let a = a.fixed_columns::<2>(0).into_owned();
    check_rule!(svd(a da), CURVED);
    let a = a.transpose();
    check_rule!(svd(a da), CURVED);
}

fn recomposed(factors: &(DMatrix<f64>, DVector<f64>, DMatrix<f64>)) -> DMatrix<f64> {
    &factors.0 * DMatrix::from_diagonal(&factors.1) * &factors.2
}

/// nalgebra 0.35.0 decomposes some of these wrongly.
#[test]
fn factors_are_right() {
    let integers = |rows: usize, columns: usize, seed: u64| {
        matrix(rows, columns, seed).map(|x| (x * 2.5).round())
    };
    let known = [
        DMatrix::from_element(5, 5, 1.0),
        DMatrix::from_row_slice(3, 3, &[1.0, 2.0, 2.0, 2.0, -1.0, -1.0, 2.0, 1.0, -1.0]),
        DMatrix::zeros(3, 2),
        DMatrix::identity(4, 4) * 1e-300,
    ];
    let random = (0..300).map(|seed| {
        let n = 2 + seed as usize % 5;
        &integers(n, 2, seed) * integers(2, 2 + seed as usize % 3, seed + 1)
    });
    for a in known.into_iter().chain(random) {
        let factors = svd(&a);
        assert!(
            (recomposed(&factors) - &a).norm() <= 1e-13 * a.norm(),
            "{a}"
        );
        let k = factors.1.len();
        let one = DMatrix::identity(k, k);
        assert!((factors.0.transpose() * &factors.0 - &one).norm() < 1e-13);
        assert!((&factors.2 * factors.2.transpose() - one).norm() < 1e-13);
        assert!(factors.1.as_slice().is_sorted_by(|a, b| a >= b));
    }
    assert!(singular_values(&DMatrix::from_element(2, 2, f64::NAN))[0].is_nan());
}

/// Derivatives by `u_i v_i^H`, `u_i u_i^H`, `v_i v_i^H` and `s_i` along `A + t dA`, each identified by its overlap; a value that is zero
/// moves with a sign.
fn check_vectors(a: &DMatrix<f64>, da: &DMatrix<f64>) {
    let ((u, s, v_t), (du, ds, dv_t)) = svd::jvp(a, da);
    assert!(
        (recomposed(&(u.clone(), s.clone(), v_t.clone())) - a).norm() < 1e-13 * (1.0 + a.norm())
    );
    let moved = &du * DMatrix::from_diagonal(&s) * &v_t
        + &u * DMatrix::from_diagonal(&ds) * &v_t
        + &u * DMatrix::from_diagonal(&s) * &dv_t;
    assert!((moved - da).norm() < 1e-12 * (1.0 + da.norm()), "dA");
    for i in 0..s.len() {
        let (u, v) = (u.column(i), v_t.row(i).transpose());
        let (du, dv) = (du.column(i), dv_t.row(i).transpose());
        let along = |t: f64| {
            let (x, s, y_t) = svd(&(a + da * t));
            let overlap =
                |j: &usize| (x.column(*j).dot(&u) * y_t.row(*j).transpose().dot(&v)).abs();
            let j = (0..s.len())
                .max_by(|j, k| overlap(j).total_cmp(&overlap(k)))
                .unwrap();
            let (x, y) = (x.column(j), y_t.row(j).transpose());
            let sign = (x.dot(&u) * y.dot(&v)).signum();
            let pair = [
                x * y.transpose() * sign,
                x * x.transpose(),
                &y * y.transpose(),
            ];
            let mut all: Vec<f64> = pair.iter().flat_map(|m| m.iter().copied()).collect();
            all.push(s[j] * sign);
            DMatrix::from_vec(all.len(), 1, all)
        };
        let numeric = slope(along);
        let pair = [
            du * v.transpose() + u * dv.transpose(),
            du * u.transpose() + u * du.transpose(),
            &dv * v.transpose() + &v * dv.transpose(),
        ];
        let mut exact: Vec<f64> = pair.iter().flat_map(|m| m.iter().copied()).collect();
        exact.push(ds[i]);
        let exact = DMatrix::from_vec(exact.len(), 1, exact);
        let error = (&numeric - &exact).norm();
        assert!(
            error < 1e-8 * (1.0 + exact.norm()),
            "vector {i}: {error:e} of {a}"
        );
    }
}

#[test]
fn vectors() {
    for (n, m) in SHAPES {
        let a = with_singular_values(n, m, &apart(n, m), 1);
        check_vectors(&a, &matrix(n, m, 2));
    }
}

#[test]
fn vectors_of_equal_values() {
    for (n, m) in [(3, 3), (5, 3), (3, 5)] {
        check_vectors(
            &with_singular_values(n, m, &[2.0, 2.0, 1.0], 3),
            &matrix(n, m, 4),
        );
        check_vectors(
            &with_singular_values(n, m, &[2.0, 2.0, 2.0], 3),
            &matrix(n, m, 4),
        );
    }
    check_vectors(&DMatrix::identity(4, 4), &matrix(4, 4, 5));
}

#[test]
fn vectors_of_zero() {
    check_vectors(
        &with_singular_values(4, 4, &[2.0, 1.5, 1.0, 0.0], 3),
        &matrix(4, 4, 4),
    );
    check_vectors(
        &with_singular_values(4, 4, &[2.0, 1.0, 0.0, 0.0], 5),
        &matrix(4, 4, 6),
    );
    check_vectors(&DMatrix::zeros(3, 3), &matrix(3, 3, 6));
    // In a matrix that is not square, in directions that stay in the spaces of the thin decomposition at first order.
    for (n, m) in [(5, 3), (3, 5)] {
        let a = with_singular_values(n, m, &[2.0, 0.0, 0.0], 7);
        let (u, _, v_t) = svd(&a);
        let da = matrix(n, m, 8);
        let da = if n > m {
            let null = &v_t.rows(1, 2);
            &da - (&da - &u * u.transpose() * &da) * null.transpose() * null
        } else {
            let null = &u.columns(1, 2);
            &da - null * null.transpose() * (&da - &da * v_t.transpose() * &v_t)
        };
        check_vectors(&a, &da);
    }
}

#[test]
#[should_panic(expected = "`svd` has no derivative here: the direction moves a vector of zero out")]
fn vectors_that_leave() {
    let a = with_singular_values(5, 3, &[2.0, 1.0, 0.0], 7);
    svd::jvp(&a, &matrix(5, 3, 8));
}

/// Random cotangents, as far as the vectors are determined.
#[test]
fn vectors_in_reverse() {
    for (n, m) in SHAPES {
        let a = with_singular_values(n, m, &apart(n, m), 9);
        let k = n.min(m);
        let bars = (
            matrix(n, k, 1),
            DVector::from(matrix(k, 1, 2).column(0)),
            matrix(k, m, 3),
        );
        let (_, pullback) = svd::vjp(&a);
        let a_bar = pullback(bars.clone());
        let da = matrix(n, m, 4);
        let (_, (du, ds, dv_t)) = svd::jvp(&a, &da);
        let expected = bars.0.dot(&du) + bars.1.dot(&ds) + bars.2.dot(&dv_t);
        assert!((a_bar.dot(&da) - expected).abs() < 1e-12 * (1.0 + expected.abs()));
    }
}

/// A complex function that does not depend on the phases: `Re <Y, U diag(f(s)) V^H>`.
#[test]
fn complex_vectors_in_reverse() {
    for (n, m) in SHAPES {
        let (a, da, y) = (complex(n, m, 1), complex(n, m, 2), complex(n, m, 3));
        let ((u, s, v_t), pullback) = svd::vjp(&a);
        let diagonal = |f: fn(f64) -> f64| DMatrix::from_diagonal(&s.map(|s| Complex::from(f(s))));
        let p = u.adjoint() * &y * v_t.adjoint();
        let s_bar = p.diagonal().map(|p| p.re).component_mul(&s.map(f64::cos));
        let bars = (
            &y * v_t.adjoint() * diagonal(f64::sin),
            s_bar,
            diagonal(f64::sin) * u.adjoint() * &y,
        );
        let a_bar = pullback(bars);
        let value = |t: f64| {
            let (u, s, v_t) = svd(&(&a + &da * Complex::from(t)));
            let product = u * DMatrix::from_diagonal(&s.map(|s| Complex::from(s.sin()))) * v_t;
            DMatrix::from_element(1, 1, y.dotc(&product).re)
        };
        let error = (a_bar.dotc(&da).re - slope(value)[0]).abs();
        assert!(error < 1e-8, "{n}x{m}: {error:e}");
        let (_, (du, ds, dv_t)) = svd::jvp(&a, &da);
        let sine = s.map(f64::sin);
        let cosine = ds.component_mul(&s.map(f64::cos));
        let complex = |s: &DVector<f64>| DMatrix::from_diagonal(&s.map(Complex::from));
        let forward =
            &du * complex(&sine) * &v_t + &u * complex(&cosine) * &v_t + &u * complex(&sine) * dv_t;
        assert!((y.dotc(&forward).re - slope(value)[0]).abs() < 1e-8);
    }
}

/// The orthogonal factor `U V^T` does not notice equal singular values.
#[test]
fn orthogonal_factors_at_ties() {
    for s in [
        [2.0, 2.0, 2.0],
        [2.0, 2.0, 1.0],
        [2.0, 2.0 + 1e-13, 2.0 - 1e-12],
    ] {
        for (n, m) in [(3, 3), (5, 3), (3, 4)] {
            let a = with_singular_values(n, m, &s, 3);
            let (da, y) = (matrix(n, m, 4), matrix(n, m, 5));
            let ((u, _, v_t), pullback) = svd::vjp(&a);
            let a_bar = pullback((&y * v_t.transpose(), DVector::zeros(3), u.transpose() * &y));
            let factor = |t: f64| {
                let (u, _, v_t) = svd(&(&a + &da * t));
                u * v_t
            };
            let error = (a_bar.dot(&da) - y.dot(&slope(factor))).abs();
            assert!(error < 1e-9, "{n}x{m} {s:?}: {error:e}");
        }
    }
}

#[test]
fn values_that_split() {
    let h = 1e-7;
    for (n, m) in [(3, 3), (5, 3), (3, 5)] {
        for s in [[1.0, 1.0, 0.5], [2.0, 1.0, 0.0], [2.0, 0.0, 0.0]] {
            let (a, da) = (with_singular_values(n, m, &s, 8), matrix(n, m, 9));
            let (_, ds) = singular_values::jvp(&a, &da);
            let numeric = (singular_values(&(&a + &da * h)) - singular_values(&a)) / h;
            assert!(
                (&ds - &numeric).norm() < 1e-5,
                "{n}x{m} {s:?}: {ds} {numeric}"
            );
        }
    }
}

/// Equal singular values do not matter; of zero ones the smallest subgradient is taken.
#[test]
fn norms_at_ties_and_at_zero() {
    let a = with_singular_values(5, 3, &[2.0, 2.0, 2.0], 1);
    check_rule!(nuclear_norm(a da), CURVED);
    let a = with_singular_values(5, 3, &[2.0, 1.0, 0.0], 1);
    let gradient = nuclear_norm::grad(&a);
    let (u, _, v_t) = svd(&a);
    assert!((gradient - u.columns(0, 2) * v_t.rows(0, 2)).norm() < 1e-13);
    let zero = DMatrix::<f64>::zeros(2, 3);
    assert_eq!(nuclear_norm::value_and_grad(&zero), (0.0, zero.clone()));
    assert_eq!(spectral_norm::value_and_grad(&zero), (0.0, zero));
}

macro_rules! refused {
    ($($name:ident: $a:expr, $factors:pat => $bars:expr;)*) => {$(
        #[test]
        #[should_panic(expected = "`svd` has no derivative here: the cotangent depends on the choice")]
        fn $name() {
            let ($factors, pullback) = svd::vjp(&$a);
            pullback($bars);
        }
    )*};
}

refused! {
    // A vector of an eigenspace.
    one_vector_of_many: Matrix2::<f64>::identity(), _ => (Matrix2::new(0.0, 1.0, 0.0, 0.0), nalgebra::zero(), nalgebra::zero());
    // `U exp(S) V^T`, of which the cotangents of the values show the diagonal only.
    exponential: Matrix2::<f64>::identity(), (u, s, v_t) => {
        let (y, e) = (Matrix2::new(0.0, 1.0, 1.0, 0.0), Matrix2::from_diagonal(&s.map(f64::exp)));
        (y * v_t.transpose() * e, (u.transpose() * y * v_t.transpose() * e).diagonal(), e * u.transpose() * y)
    };
    // The matrix itself by its factors, where two singular values are zero.
    product: Matrix3::new(1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), (u, s, v_t) => {
        let (y, d) = (Matrix3::from_fn(|i, j| (1 + i + 3 * j) as f64), Matrix3::from_diagonal(&s));
        (y * v_t.transpose() * d, (u.transpose() * y * v_t.transpose()).diagonal(), d * u.transpose() * y)
    };
    // The phase of a vector.
    phase: Matrix2::new(Complex::new(2.0, 0.0), Complex::new(0.0, 0.0), Complex::new(0.0, 0.0), Complex::new(1.0, 0.0)), (u, _, _) => {
        (u * Complex::i(), nalgebra::zero(), nalgebra::zero())
    };
}
