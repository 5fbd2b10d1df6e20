//! The problems about decompositions: spectra (S1), singular values (S2, S3), skeletons and sums of products of vectors (S4), factors of low rank found by
//! descent (S5).

use super::{Matrix, Problem, problem, sample};
use autodiff_runtime::{differentiate, linalg};
use nalgebra::{Complex, DMatrix, DVector};

#[differentiate]
fn largest(a: &DMatrix<f64>) -> f64 {
    let l: DVector<f64> = linalg::symmetric_eigenvalues(a);
    l[2]
}

#[differentiate]
fn product_of_eigenvalues(a: &DMatrix<f64>) -> f64 {
    let l: DVector<f64> = linalg::symmetric_eigenvalues(a);
    l[0] * l[1] * l[2]
}

#[differentiate]
fn rayleigh(a: &DMatrix<f64>, x: &DVector<f64>) -> f64 {
    x.dot(&(a * x)) / x.norm_squared()
}

#[differentiate]
fn condition(a: &DMatrix<f64>) -> f64 {
    let s: DVector<f64> = linalg::singular_values(a);
    s[0] / s[2]
}

/// S1.
pub fn spectra() -> Vec<Problem> {
    let m = sample(3, 3, 1);
    let a = &m + m.transpose() + Matrix::from_diagonal(&DVector::from_vec(vec![1.0, 3.0, 7.0]));
    let (l, v) = linalg::symmetric_eigen(&a);
    let (first, last) = (v.column(0), v.column(2));
    let x = DVector::from_vec(vec![0.5, -1.5, 0.8]);
    let (xx, ratio) = (x.norm_squared(), rayleigh(&a, &x));
    let (u, s, v_t) = linalg::svd(&a);
    let outer = |k: usize| u.column(k) * v_t.row(k);
    vec![
        problem(
            "S1",
            "lambda_max",
            "v v^T",
            largest::grad(&a),
            last * last.transpose(),
        ),
        problem(
            "S1",
            "prod lambda",
            "det(A) A^-1",
            product_of_eigenvalues::grad(&a),
            a.clone().try_inverse().expect("regular") * a.determinant(),
        ),
        problem(
            "S1",
            "prod lambda",
            "det A",
            [product_of_eigenvalues(&a)],
            [a.determinant()],
        ),
        problem(
            "S1",
            "<x, A x> / <x, x>",
            "2 (A x - rho x) / <x, x>",
            rayleigh::grad(&a, &x).1,
            (&a * &x - &x * ratio) * (2.0 / xx),
        ),
        problem(
            "S1",
            "the same at an eigenvector",
            "0",
            rayleigh::grad(&a, &first.into_owned()).1,
            DVector::<f64>::zeros(3),
        ),
        problem(
            "S1",
            "sigma_1 / sigma_n",
            "(u_1 v_1^T - c u_n v_n^T) / sigma_n",
            condition::grad(&a),
            (outer(0) - outer(2) * (s[0] / s[2])) / s[2],
        ),
        problem("S1", "tr A", "sum lambda", [a.trace()], [l.sum()]),
    ]
}

#[differentiate]
fn reconstruction(a: &DMatrix<f64>) -> f64 {
    let (u, s, v_t): (DMatrix<f64>, DVector<f64>, DMatrix<f64>) = linalg::svd(a);
    let scaled = &u * DMatrix::from_diagonal(&s);
    (scaled * v_t).norm_squared()
}

/// What the best approximation of rank `r` leaves.
#[differentiate]
fn rest_of_low_rank(a: &DMatrix<f64>, r: usize) -> f64 {
    let b: DMatrix<f64> = linalg::low_rank(a, r);
    (a - b).norm_squared() * 0.5
}

/// The error of a factorisation in two parts.
#[differentiate]
fn factored(u: &DMatrix<f64>, v: &DMatrix<f64>, #[constant] a: &DMatrix<f64>) -> f64 {
    (a - u * v.transpose()).norm_squared() * 0.5
}

/// `A = C B^-1 R` of chosen columns and rows.
#[differentiate]
fn skeleton(c: &DMatrix<f64>, b: &DMatrix<f64>, r: &DMatrix<f64>) -> DMatrix<f64> {
    let inner = b.clone().lu().solve(r).unwrap();
    c * inner
}

#[differentiate]
fn inverted(a: &DMatrix<f64>, #[constant] w: &DMatrix<f64>) -> f64 {
    let pinv: DMatrix<f64> = linalg::pinv(a, 1e-12);
    w.dot(&pinv)
}

/// The variance along the first principal component of the rows.
#[differentiate]
fn explained(x: &DMatrix<f64>) -> f64 {
    let (n, mean) = (x.nrows() as f64, x.row_mean());
    let centred = DMatrix::from_fn(x.nrows(), x.ncols(), |i, j| x[(i, j)] - mean[j]);
    let covariance = centred.tr_mul(&centred) / (n - 1.0);
    let l: DVector<f64> = linalg::symmetric_eigenvalues(&covariance);
    l[x.ncols() - 1]
}

/// The largest eigenvalues of `A^T A` and of `A A^T`.
#[differentiate]
fn of_products(a: &DMatrix<f64>) -> (f64, f64) {
    let (inner, outer) = (a.tr_mul(a), a * a.transpose());
    let (l, m): (DVector<f64>, DVector<f64>) = (
        linalg::symmetric_eigenvalues(&inner),
        linalg::symmetric_eigenvalues(&outer),
    );
    (l[a.ncols() - 1], m[a.nrows() - 1])
}

/// What the sum of `rank` products of three vectors leaves of a tensor: `E_ijk = T_ijk - sum_r A_ir B_jr C_kr`.
#[differentiate]
pub fn tensor_rest(
    a: &DMatrix<f64>,
    b: &DMatrix<f64>,
    c: &DMatrix<f64>,
    #[constant] tensor: &[f64],
) -> Vec<f64> {
    let (p, q) = (b.nrows(), c.nrows());
    let mut rest = tensor.to_vec();
    for i in 0..a.nrows() {
        for j in 0..p {
            for k in 0..q {
                for r in 0..a.ncols() {
                    rest[(i * p + j) * q + k] -= a[(i, r)] * b[(j, r)] * c[(k, r)];
                }
            }
        }
    }
    rest
}

#[differentiate]
fn tensor_error(
    a: &DMatrix<f64>,
    b: &DMatrix<f64>,
    c: &DMatrix<f64>,
    #[constant] tensor: &[f64],
) -> f64 {
    let rest = tensor_rest(a, b, c, tensor);
    rest.iter().map(|e| e * e).sum::<f64>() * 0.5
}

type Factors = [Matrix; 3];

/// A tensor of rank two by its factors, and factors near them.
fn tensor() -> (Vec<f64>, Factors) {
    let factors = [sample(4, 2, 5), sample(3, 2, 6), sample(3, 2, 7)];
    let [a, b, c] = &factors;
    let minus: Vec<f64> = tensor_rest(a, b, c, &[0.0; 36]);
    let tensor = minus.iter().map(|x| -x).collect();
    let near = |(k, m): (usize, &Matrix)| m + sample(m.nrows(), m.ncols(), 11 + k) * 0.2;
    let [a, b, c] = [0, 1, 2].map(|k| near((k, &factors[k])));
    (tensor, [a, b, c])
}

/// Steps of Levenberg and Marquardt with the generated Jacobian. The factors are not unique: the damping takes one of them.
pub fn fitted(tensor: &[f64], [mut a, mut b, mut c]: Factors) -> Factors {
    let mut damping = 1e-2;
    for _ in 0..60 {
        let rest = DVector::from_vec(tensor_rest(&a, &b, &c, tensor));
        let jacobian = tensor_rest::jacobian(&a, &b, &c, tensor);
        let n = jacobian.ncols();
        let normal = jacobian.tr_mul(&jacobian) + Matrix::identity(n, n) * damping;
        let right = -jacobian.tr_mul(&rest);
        let Some(step) = normal.cholesky().map(|factor| factor.solve(&right)) else {
            break;
        };
        let mut next = [a.clone(), b.clone(), c.clone()];
        let entries = next.iter_mut().flat_map(|m| m.iter_mut());
        entries.zip(&step).for_each(|(entry, d)| *entry += *d);
        let [x, y, z] = next;
        let left = DVector::from_vec(tensor_rest(&x, &y, &z, tensor)).norm();
        if left < rest.norm() {
            (a, b, c) = (x, y, z);
            damping *= 0.1;
        } else {
            damping *= 10.0;
        }
    }
    [a, b, c]
}

/// The factorisation in two parts found by gradient descent: `U += l E V`, `V += l E^T U`.
pub fn descended(a: &DMatrix<f64>, rank: usize) -> DMatrix<f64> {
    let (mut u, mut v) = (sample(a.nrows(), rank, 5), sample(a.ncols(), rank, 6));
    let rate = 0.1 / a.norm();
    for _ in 0..50_000 {
        let (u_bar, v_bar) = factored::grad(&u, &v, a);
        u -= u_bar * rate;
        v -= v_bar * rate;
    }
    u * v.transpose()
}

/// S2 to S5.
pub fn problems() -> Vec<Problem> {
    let all = [truncations(), skeletons(), descents()];
    all.into_iter().flatten().collect()
}

/// S2 and S3: what singular values and vectors give.
fn truncations() -> Vec<Problem> {
    let a = sample(4, 3, 2);
    let rest = &a - linalg::low_rank(&a, 2);
    let complex = a.zip_map(&sample(4, 3, 3), Complex::new);
    let (complex_s, pullback) = linalg::singular_values::vjp(&complex);
    let parts = |m: DMatrix<Complex<f64>>| [m.map(|z| z.re), m.map(|z| z.im)];
    let (p, w) = (linalg::pinv(&a, 1e-12), sample(3, 4, 8));
    let mean = a.row_mean();
    let centred = Matrix::from_fn(4, 3, |i, j| a[(i, j)] - mean[j]);
    let first = linalg::svd(&centred).2.row(0).transpose();
    let (left, values, right) = linalg::svd(&a);
    vec![
        problem(
            "S2",
            "|U S V^T|^2",
            "2 A",
            reconstruction::grad(&a),
            &a * 2.0,
        ),
        problem(
            "S2",
            "|A - A_r|^2 / 2",
            "A - A_r",
            rest_of_low_rank::grad(&a, 2),
            rest.clone(),
        ),
        problem(
            "S2",
            "<W, A^+>",
            "-P^T W P^T + (I - A P) W^T P P^T, P = A^+",
            inverted::grad(&a, &w),
            (Matrix::identity(4, 4) - &a * &p) * w.transpose() * &p * p.transpose()
                - p.transpose() * &w * p.transpose(),
        ),
        problem(
            "S2",
            "variance of the first component",
            "2 (X - mean) v v^T / (n - 1)",
            explained::grad(&a),
            &centred * &first * first.transpose() * (2.0 / 3.0),
        ),
        problem(
            "S2",
            "lambda_max of A^T A and of A A^T",
            "2 sigma_1 u_1 v_1^T, twice",
            of_products::vjp(&a).1((1.0, 1.0)),
            left.column(0) * right.row(0) * (4.0 * values[0]),
        ),
        problem(
            "S3",
            "sum sigma^2 of a complex matrix",
            "2 A",
            parts(pullback(&complex_s * 2.0)),
            parts(complex.map(|z| z * 2.0)),
        ),
    ]
}

/// S4: factors that are parts of the matrix, and factors of a tensor.
fn skeletons() -> Vec<Problem> {
    let low = sample(4, 2, 5) * sample(3, 2, 6).transpose();
    let (c, b, r) = (
        low.columns(0, 2).into_owned(),
        low.view((0, 0), (2, 2)).into_owned(),
        low.rows(0, 2).into_owned(),
    );
    let (tensor, start) = tensor();
    let fit = fitted(&tensor, start.clone());
    let inverse = b.clone().try_inverse().expect("regular");
    let (inner, outer, weight) = (&inverse * &r, &c * &inverse, sample(4, 3, 9));
    vec![
        problem(
            "S4",
            "C B^-1 R at the true rank",
            "A",
            skeleton(&c, &b, &r),
            low.clone(),
        ),
        problem(
            "S4",
            "C B^-1 R by C, B and R",
            "W (B^-1 R)^T, -(C B^-1)^T W (B^-1 R)^T, (C B^-1)^T W",
            skeleton::vjp(&c, &b, &r).1(weight.clone()),
            (
                &weight * inner.transpose(),
                -outer.tr_mul(&weight) * inner.transpose(),
                outer.tr_mul(&weight),
            ),
        ),
        problem(
            "S4",
            "|T - sum a b c|^2 / 2 by A",
            "-sum over j, k of E_ijk B_jr C_kr",
            tensor_error::grad(&start[0], &start[1], &start[2], &tensor).0,
            by_first_factor(&tensor, &start),
        ),
        problem(
            "S4",
            "T less what is fitted, rank 2",
            "0",
            tensor_rest(&fit[0], &fit[1], &fit[2], &tensor),
            vec![0.0; tensor.len()],
        ),
    ]
}

/// S5: factors found by gradient descent.
fn descents() -> Vec<Problem> {
    let a = sample(4, 3, 2);
    let (u, v) = (sample(4, 2, 5), sample(3, 2, 6));
    let error = &a - &u * v.transpose();
    let (u_bar, v_bar) = factored::grad(&u, &v, &a);
    vec![
        problem(
            "S5",
            "U V^T after the descent",
            "A_r",
            descended(&a, 2),
            linalg::low_rank(&a, 2),
        ),
        problem(
            "S5",
            "|A - U V^T|^2 / 2 by U",
            "-E V",
            u_bar,
            -(&error * &v),
        ),
        problem("S5", "the same by V", "-E^T U", v_bar, -(error.tr_mul(&u))),
    ]
}

fn by_first_factor(tensor: &[f64], [a, b, c]: &Factors) -> Matrix {
    let rest = tensor_rest(a, b, c, tensor);
    let (p, q) = (b.nrows(), c.nrows());
    let pairs = || (0..p).flat_map(|j| (0..q).map(move |k| (j, k)));
    let entry = |i: usize, r: usize, (j, k)| rest[(i * p + j) * q + k] * b[(j, r)] * c[(k, r)];
    Matrix::from_fn(a.nrows(), a.ncols(), |i, r| {
        -pairs().map(|at| entry(i, r, at)).sum::<f64>()
    })
}
