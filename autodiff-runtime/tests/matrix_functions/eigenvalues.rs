//! `eig` and `eigenvalues`: by the equations that define them and their derivatives, and by differences.

use crate::subject::random;
use autodiff_runtime::linalg::{self, eig, eigenvalues, expm, trace};
use nalgebra::{Complex, DMatrix, DVector, dmatrix};

type Values = DVector<Complex<f64>>;
type Vectors = DMatrix<Complex<f64>>;

fn complex(m: &DMatrix<f64>) -> Vectors {
    m.map(|x| Complex::new(x, 0.0))
}

fn random_vectors(n: usize, seed: u64) -> Vectors {
    random(n, n, seed).zip_map(&random(n, n, seed + 1), Complex::new)
}

fn random_values(n: usize, seed: u64) -> Values {
    random_vectors(n, seed).column(0).clone_owned()
}

fn matrices() -> Vec<DMatrix<f64>> {
    let mut matrices: Vec<_> = (1..=8).map(|n| random(n, n, 20 + n as u64)).collect();
    matrices.extend([
        dmatrix![0.6, -0.8; 0.8, 0.6],
        dmatrix![0.0, 1.0; -4.0, -0.4],
        // The companion matrix of a polynomial.
        dmatrix![0.0, 0.0, 0.0, -24.0; 1.0, 0.0, 0.0, 50.0; 0.0, 1.0, 0.0, -35.0; 0.0, 0.0, 1.0, 10.0],
        random(5, 5, 1) * 1e150,
        random(5, 5, 1) * 1e-150,
        dmatrix![4.0, 1.0, 0.5; 1.0, 3.0, -0.2; 0.5, -0.2, 1.0],
    ]);
    matrices
}

/// With some that differences say nothing about: a badly scaled one, and one beside which the order of the eigenvalues changes.
fn all_matrices() -> Vec<DMatrix<f64>> {
    let mut matrices = matrices();
    matrices.push(dmatrix![1.0, 1e3; 1e-3, 2.0]);
    matrices.push(DMatrix::from_fn(6, 6, |i, j| {
        f64::from(u8::from((i + 1) % 6 == j))
    }));
    matrices
}

fn amax(m: &Vectors) -> f64 {
    m.iter().fold(0.0, |most, x| most.max(x.norm()))
}

/// `A V = V L`, `V` normalised; the tangents satisfy the derivatives of these equations, which determine them.
#[test]
fn equations_and_their_derivatives() {
    for a in all_matrices() {
        let n = a.nrows();
        let da = random(n, n, 4) * a.norm();
        let (value, tangent) = eig::jvp(&a, &da);
        let ((l, v), (dl, dv)) = (value.unwrap(), tangent.unwrap());
        let (size, a, da) = (a.norm(), complex(&a), complex(&da));
        let (diagonal, d_diagonal) = (DMatrix::from_diagonal(&l), DMatrix::from_diagonal(&dl));
        assert!(amax(&(&a * &v - &v * &diagonal)) < 1e-13 * size, "{a}");
        let rest = &da * &v + &a * &dv - &dv * &diagonal - &v * &d_diagonal;
        assert!(amax(&rest) < 1e-12 * size * (1.0 + amax(&dv)), "{a}{rest}");
        for (v, dv) in v.column_iter().zip(dv.column_iter()) {
            check_normalisation(v.clone_owned(), dv.clone_owned());
        }
    }
}

fn check_normalisation(v: Values, dv: Values) {
    let largest = v.iter().fold(0f64, |most, x| most.max(x.norm()));
    let pivot = v.iter().position(|x| x.norm() >= 0.55 * largest).unwrap();
    assert!((v.norm() - 1.0).abs() < 1e-14);
    assert!(v[pivot].im == 0.0 && v[pivot].re > 0.0, "{v}");
    let size = 1e-12 * (1.0 + dv.norm());
    assert!(v.dotc(&dv).re.abs() < size);
    assert!(dv[pivot].im.abs() < size);
}

/// `<y_bar, J E> = <J^T y_bar, E>` for every entry E.
#[test]
fn reverse_is_the_adjoint_of_forward() {
    for a in all_matrices() {
        let n = a.nrows();
        let (values_bar, vectors_bar) = (random_values(n, 8), random_vectors(n, 9));
        let gradient = eig::vjp(&a).1(Some((values_bar.clone(), vectors_bar.clone())));
        let of_values = eigenvalues::vjp(&a).1(Some(values_bar.clone()));
        let expected = DMatrix::from_fn(n, n, |i, j| {
            let mut unit = DMatrix::zeros(n, n);
            unit[(i, j)] = a.norm();
            let (dl, dv) = eig::jvp(&a, &unit).1.unwrap();
            assert_eq!(eigenvalues::jvp(&a, &unit).1.unwrap(), dl);
            let of_values = values_bar.dotc(&dl).re;
            Complex::new(of_values, of_values + vectors_bar.dotc(&dv).re) / a.norm()
        });
        let error = amax(&(complex(&gradient) - expected.map(|x| Complex::new(x.im, 0.0))));
        assert!(
            error < 1e-12 * (gradient.amax() + vectors_bar.norm()),
            "{error:e} {a}"
        );
        let error = amax(&(complex(&of_values) - expected.map(|x| Complex::new(x.re, 0.0))));
        assert!(error < 1e-12 * of_values.amax(), "{error:e} {a}");
    }
}

/// Each value of a nearby matrix, and its vector, in the place of the nearest given one: which is first may depend on rounding.
fn in_order_of(given: &Values, (values, vectors): (Values, Vectors)) -> (Values, Vectors) {
    let nearest = |x: Complex<f64>| {
        values
            .iter()
            .map(|y| (x - y).norm())
            .enumerate()
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap()
            .0
    };
    let places: Vec<usize> = given.iter().map(|x| nearest(*x)).collect();
    (values.select_rows(&places), vectors.select_columns(&places))
}

#[test]
fn differences() {
    for a in matrices() {
        let n = a.nrows();
        let da = random(n, n, 4) * a.norm();
        let (_, tangent) = eig::jvp(&a, &da);
        let (dl, dv) = tangent.unwrap();
        let (l, _) = linalg::eig(&a).unwrap();
        let central = |h: f64| {
            let at = |t: f64| in_order_of(&l, linalg::eig(&(&a + &da * t)).unwrap());
            let ((l1, v1), (l0, v0)) = (at(h), at(-h));
            let scale = Complex::new(2.0 * h, 0.0);
            ((l1 - l0) / scale, (v1 - v0) / scale)
        };
        let ((dl_1, dv_1), (dl_2, dv_2)) = (central(2e-6), central(1e-6));
        let extrapolated = |coarse: Complex<f64>, fine: Complex<f64>| (fine * 4.0 - coarse) / 3.0;
        let dl_h = dl_1.zip_map(&dl_2, extrapolated);
        let dv_h = dv_1.zip_map(&dv_2, extrapolated);
        assert!(
            (&dl_h - &dl).norm() < 1e-6 * (1e-3 + dl.norm()),
            "{a}{dl}{dl_h}"
        );
        assert!(
            (&dv_h - &dv).norm() < 1e-6 * (1e-3 + dv.norm()),
            "{a}{dv}{dv_h}"
        );
    }
}

/// The order and the bits of nalgebra's eigenvalues.
#[test]
fn values_of_nalgebra() {
    for n in 1..8 {
        let a = random(n, n, 60 + n as u64);
        assert_eq!(linalg::eigenvalues(&a).unwrap(), a.complex_eigenvalues());
    }
}

#[test]
fn single_precision() {
    for n in 1..=6 {
        let a = random(n, n, 20 + n as u64);
        let (narrow, da) = (a.map(|x| x as f32), random(n, n, 4));
        let (_, tangent) = eig::jvp(&narrow, &da.map(|x| x as f32));
        let (_, expected) = eig::jvp(&narrow.map(f64::from), &da);
        let ((dl, dv), (dl64, dv64)) = (tangent.unwrap(), expected.unwrap());
        let wide = |x: Complex<f32>| Complex::new(f64::from(x.re), f64::from(x.im));
        let error = (dl.map(wide) - &dl64).norm() / dl64.norm();
        assert!(error < 1e-4, "{error:e} {a}");
        let error = (dv.map(wide) - &dv64).norm() / (1.0 + dv64.norm());
        assert!(error < 1e-4, "{error:e} {a}");
    }
}

/// What treats coinciding eigenvalues alike has a derivative: that of the trace and of the square's.
#[test]
fn coinciding_eigenvalues_alike() {
    let basis = random(4, 4, 3) + DMatrix::identity(4, 4);
    let inverse = basis.clone().try_inverse().unwrap();
    let diagonal = DMatrix::from_diagonal(&nalgebra::dvector![2.0, 2.0, 2.0, -1.0]);
    for a in [
        &basis * &diagonal * &inverse,
        diagonal,
        DMatrix::identity(4, 4),
    ] {
        let (values, pullback) = eigenvalues::vjp(&a);
        let twice = values.unwrap() * Complex::new(2.0, 0.0);
        let gradient = pullback(Some(twice));
        let error = (gradient - a.transpose() * 2.0).amax();
        assert!(error < 1e-12, "{error:e} {a}");
    }
}

#[test]
fn multiple_of_the_identity_as_direction() {
    let a = DMatrix::<f64>::identity(3, 3);
    let (_, tangent) = eig::jvp(&a, &(&a * 5.0));
    let (dl, dv) = tangent.unwrap();
    assert!(
        dl.iter()
            .all(|x| (x - Complex::new(5.0, 0.0)).norm() < 1e-14)
    );
    assert!(amax(&dv) < 1e-14);
}

#[test]
#[should_panic(expected = "neither they nor their eigenvectors have a derivative of their own")]
fn one_of_two_equal_eigenvalues() {
    let mut bar = Values::zeros(2);
    bar[0] = Complex::new(1.0, 0.0);
    eigenvalues::vjp(&DMatrix::identity(2, 2)).1(Some(bar));
}

#[test]
#[should_panic(expected = "neither they nor their eigenvectors have a derivative of their own")]
fn equal_eigenvalues_that_part() {
    eigenvalues::jvp(&DMatrix::identity(2, 2), &dmatrix![1.0, 0.0; 0.0, 2.0]);
}

#[test]
#[should_panic(expected = "neither they nor their eigenvectors have a derivative of their own")]
fn vectors_of_equal_eigenvalues() {
    eig::vjp(&DMatrix::identity(2, 2)).1(Some((Values::zeros(2), random_vectors(2, 1))));
}

fn similar(t: DMatrix<f64>) -> DMatrix<f64> {
    let basis = random(t.nrows(), t.nrows(), 3) + DMatrix::identity(t.nrows(), t.nrows());
    let inverse = basis.clone().try_inverse().unwrap();
    basis * t * inverse
}

/// In whichever basis a defective matrix is given, its single eigenvalues are refused.
#[test]
fn defective_matrices() {
    let pair = dmatrix![1.0, 1.0; 0.0, 1.0];
    let triple = dmatrix![1.0, 1.0, 0.0; 0.0, 1.0, 1.0; 0.0, 0.0, 1.0];
    let beside = dmatrix![1.0, 1.0, 0.3; 0.0, 1.0, 0.2; 0.0, 0.0, 4.0];
    for a in [pair, triple, beside] {
        for a in [a.clone(), similar(a)] {
            let n = a.nrows();
            let refused = |f: &dyn Fn()| {
                let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f));
                let text = *caught.expect_err("refused").downcast::<String>().unwrap();
                assert!(text.contains("have one eigenvector in common"), "{text}{a}");
            };
            let da = random(n, n, 1);
            refused(&|| drop(eigenvalues::jvp(&a, &da)));
            refused(&|| drop(eig::jvp(&a, &da)));
            refused(&|| drop(eigenvalues::vjp(&a).1(Some(random_values(n, 2)))));
            refused(&|| {
                drop(eig::vjp(&a).1(Some((
                    Values::zeros(n),
                    random_vectors(n, 2),
                ))))
            });
        }
    }
}

/// `tr f(A)` has the gradient `f'(A)^T`, defective or not.
#[test]
fn trace_of_a_function() {
    let a = dmatrix![1.0, 1.0, 0.0; 0.0, 1.0, 1.0; 0.0, 0.0, 1.0];
    let (y, pullback) = expm::vjp(&a);
    let gradient = pullback(trace::grad(&y));
    assert!((gradient - y.transpose()).amax() < 1e-14);
}

#[test]
fn a_simple_eigenvalue_beside_a_defective_pair() {
    let a = dmatrix![1.0, 1.0, 0.3; 0.0, 1.0, 0.2; 0.0, 0.0, 4.0];
    let (values, pullback) = eigenvalues::vjp(&a);
    let mut bar = Values::zeros(3);
    let simple = values.unwrap().iter().position(|x| x.re > 3.0).unwrap();
    bar[simple] = Complex::new(1.0, 0.0);
    let gradient = pullback(Some(bar));
    let h = 1e-6;
    let expected = DMatrix::from_fn(3, 3, |i, j| {
        let largest = |t: f64| {
            let mut b = a.clone();
            b[(i, j)] += t;
            linalg::eigenvalues(&b)
                .unwrap()
                .iter()
                .fold(0f64, |most, x| most.max(x.re))
        };
        (largest(h) - largest(-h)) / (2.0 * h)
    });
    assert!((gradient - expected).amax() < 1e-8);
}

#[test]
fn not_finite() {
    assert_eq!(linalg::eig(&dmatrix![1.0, f64::INFINITY; 0.0, 1.0]), None);
    assert_eq!(linalg::eigenvalues(&dmatrix![f64::NAN]), None);
}
