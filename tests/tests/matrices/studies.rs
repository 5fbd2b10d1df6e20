//! Estimation, control and statistics in the words of crates with nalgebra: problems, filters, kernels, samples.
#![allow(non_snake_case)]

use autodiff_runtime::{Differentiable, differentiate};
use nalgebra::allocator::Allocator;
use nalgebra::{
    self as na, DMatrix, DVector, DefaultAllocator, Dim, DimName, Matrix2, Matrix2x3, Matrix3,
    OMatrix, OVector, PermutationSequence, RealField, RowVector3, SMatrix, SVector, U1, U3,
    Vector2, Vector3, Vector4, dmatrix, dvector, matrix, vector,
};

macro_rules! studies {
    ($($f:ident)+) => {
        mod first {
            $(
                #[test]
                fn $f() {
                    tests::agree!(super::$f at &tests::modes::POINTS);
                }
            )+
        }
        mod second {
            $(
                #[test]
                fn $f() {
                    tests::curvature!(super::$f at &tests::modes::POINTS);
                }
            )+
        }
    };
}

pub(super) use studies;

studies! {
    powell osborne steady_covariance unscented squared_exponential multitask mahalanobis lda
    riccati_step lyapunov_cost ellipse_fit generic_blend generic_filter wishart whitening
    log_euclidean markov spectral_gap information_filter ridge_path constrained
    block_tridiagonal signed_log_determinant solved_by_hand exchanged_elsewhere
}

/// The problem of the levenberg-marquardt crate's documentation for Powell's function.
#[derive(Clone, Differentiable)]
struct Powell {
    p: Vector4<f64>,
}

#[differentiate(order = 2)]
impl Powell {
    fn residuals(&self) -> Option<Vector4<f64>> {
        let [x1, x2, x3, x4] = [self.p.x, self.p.y, self.p.z, self.p.w];
        Some(vector![
            x1 + 10. * x2,
            f64::sqrt(5.) * (x3 - x4),
            (x2 - 2. * x3).powi(2),
            f64::sqrt(10.) * (x1 - x4).powi(2)
        ])
    }
}

#[differentiate(order = 2)]
fn powell(x: &[f64]) -> f64 {
    let problem = Powell {
        p: Vector4::from_column_slice(&x[..4]),
    };
    problem
        .residuals()
        .map_or(f64::INFINITY, |r| 0.5 * r.norm_squared())
}

/// Sums of exponentials at the times of a table.
#[differentiate(order = 2)]
fn osborne(x: &[f64]) -> f64 {
    let times = DVector::from_fn(8, |i, _| 0.1 * i as f64);
    let data = dvector![0.9, 0.93, 0.97, 0.92, 0.84, 0.75, 0.68, 0.6];
    let model =
        times.map(|t| x[0] + x[1] * (-x[3].abs() * t).exp() + x[2] * (-x[4] * x[4] * t).exp());
    let r = &data - &model;
    r.dot(&r) / data.len() as f64
}

/// Some steps of a filter's covariance in Joseph's form.
#[differentiate(order = 2)]
fn steady_covariance(x: &[f64]) -> f64 {
    let dt = 0.1;
    let F = matrix![1.0, dt, 0.5 * dt * dt; 0.0, 1.0, dt; 0.0, 0.0, 1.0];
    let H = matrix![1.0, x[0], 0.0];
    let Q = Matrix3::from_diagonal(&vector![0.01, 0.02 + x[1].powi(2), 0.1]);
    let R = na::matrix![0.3 + x[2] * x[2]];
    let mut P = Matrix3::identity() * 2.0;
    for _ in 0..4 {
        P = F * P * F.transpose() + Q;
        let S = H * P * H.transpose() + R;
        let K = P * H.transpose() * S.try_inverse().expect("a variance");
        let ikh = Matrix3::identity() - K * H;
        P = ikh * P * ikh.transpose() + K * R * K.transpose();
    }
    P.trace() + P.determinant().ln()
}

/// The unscented transform of a range and a bearing.
#[differentiate(order = 2)]
fn unscented(x: &[f64]) -> f64 {
    let mean = Vector2::new(2.0 + x[0], x[1]);
    let root = Matrix2::new(0.4 + x[2].abs(), 0.0, x[3], 0.6 + x[4] * x[4]);
    let cov = root * root.transpose();
    let l = (cov * 3.0).cholesky().unwrap().l();
    let mut points = vec![mean];
    for i in 0..2 {
        points.push(mean + l.column(i));
        points.push(mean - l.column(i));
    }
    let measured: Vec<Vector2<f64>> = points
        .iter()
        .map(|p| Vector2::new(p.norm(), p.y.atan2(p.x)))
        .collect();
    let w0 = 1.0 / 3.0;
    let wi = 1.0 / 6.0;
    let mut z = measured[0] * w0;
    for m in measured.iter().skip(1) {
        z += m * wi;
    }
    let mut s = (measured[0] - z) * (measured[0] - z).transpose() * w0;
    for m in &measured[1..] {
        let d = m - z;
        s += d * d.transpose() * wi;
    }
    z.sum() + s.determinant() * 10.0
}

/// The evidence of a Gaussian process with lengths of its own.
#[differentiate(order = 2)]
fn squared_exponential(x: &[f64]) -> f64 {
    let n = 5;
    let inputs = DMatrix::from_fn(n, 2, |i, j| (i as f64 * 0.4 + j as f64).sin());
    let y = DVector::from_iterator(n, (0..n).map(|i| (i as f64).cos()));
    let lengths = [x[0].exp(), x[1].exp()];
    let K = DMatrix::from_fn(n, n, |i, j| {
        let r2: f64 = (0..2)
            .map(|d| ((inputs[(i, d)] - inputs[(j, d)]) / lengths[d]).powi(2))
            .sum();
        let noise = if i == j { 0.1 + x[3] * x[3] } else { 0.0 };
        (2.0 * x[2]).exp() * (-0.5 * r2).exp() + noise
    });
    let chol = K.cholesky().expect("positive definite");
    let alpha = chol.solve(&y);
    let half_log_det: f64 = chol.l().diagonal().iter().map(|d| d.ln()).sum();
    0.5 * y.dot(&alpha) + half_log_det + 0.5 * n as f64 * (2.0 * std::f64::consts::PI).ln()
}

/// Tasks that share a kernel, by a Kronecker product.
#[differentiate(order = 2)]
fn multitask(x: &[f64]) -> f64 {
    let task = dmatrix![1.0 + x[0] * x[0], x[1]; x[1], 2.0 + x[1] * x[1]];
    let kernel = DMatrix::from_fn(3, 3, |i, j| {
        (-0.5 * ((i as f64 - j as f64) * x[2]).powi(2)).exp()
    });
    let mut full = task.kronecker(&kernel);
    for i in 0..6 {
        full[(i, i)] += 0.5;
    }
    let y = DVector::from_column_slice(&x[3..9]);
    let lu = full.clone().lu();
    let solved = lu.solve(&y).unwrap();
    y.dot(&solved) + lu.determinant().ln()
}

#[differentiate(order = 2)]
fn mahalanobis(x: &[f64]) -> f64 {
    let data = DMatrix::from_row_slice(4, 3, &x[..12]);
    let mean = data.row_mean();
    let mut centred = data.clone();
    for mut row in centred.row_iter_mut() {
        row -= &mean;
    }
    let cov = centred.transpose() * &centred / 3.0 + DMatrix::identity(3, 3) * 0.2;
    let inverse = cov.try_inverse().unwrap();
    let d = data.row(0) - &mean;
    (&d * inverse * d.transpose())[(0, 0)].sqrt()
}

/// Fisher's discriminant of two classes.
#[differentiate(order = 2)]
fn lda(x: &[f64]) -> f64 {
    let a = [
        Vector2::new(x[0], x[1]),
        Vector2::new(x[2], x[3]),
        Vector2::new(1.0, x[4]),
    ];
    let b = [Vector2::new(x[5], 2.0), Vector2::new(x[6], x[7] + 3.0)];
    let mean_a = a.iter().fold(Vector2::zeros(), |s, v| s + v) / a.len() as f64;
    let mean_b = b.iter().sum::<Vector2<f64>>() / b.len() as f64;
    let mut within = Matrix2::identity() * 0.1;
    for v in a.iter() {
        within += (v - mean_a) * (v - mean_a).transpose();
    }
    for v in b.iter() {
        within += (v - mean_b) * (v - mean_b).transpose();
    }
    let w = within.try_inverse().unwrap() * (mean_a - mean_b);
    let gap = w.dot(&(mean_a - mean_b));
    gap * gap / (w.transpose() * within * w).x
}

#[differentiate(order = 2)]
fn riccati_step(x: &[f64]) -> f64 {
    let a = Matrix2::new(1.0, 0.1, x[0] * 0.1, 0.9);
    let b = Vector2::new(0.0, 0.5 + x[1] * x[1]);
    let q = Matrix2::from_diagonal(&Vector2::new(1.0 + x[2].powi(2), 0.1));
    let r = 0.2 + x[3] * x[3];
    let mut p = q;
    for _ in 0..5 {
        let btp = b.transpose() * p;
        let gain = (btp * a) / (r + (btp * b)[0]);
        p = q + a.transpose() * p * (a - b * gain);
    }
    let s = Vector2::new(x[4], 1.0);
    s.dot(&(p * s))
}

#[differentiate(order = 2)]
fn lyapunov_cost(x: &[f64]) -> f64 {
    let a = Matrix2::new(-1.0 - x[0] * x[0], x[1], 0.2, -2.0);
    let id = Matrix2::<f64>::identity();
    let big = id.kronecker(&a) + a.kronecker(&id);
    let q = Matrix2::new(1.0, x[2], x[2], 2.0);
    let rhs = -SVector::<f64, 4>::from_column_slice(q.as_slice());
    let p = big.lu().solve(&rhs).unwrap();
    let p = Matrix2::from_column_slice(p.as_slice());
    p.trace() + p[(0, 1)]
}

#[differentiate(order = 2)]
fn ellipse_fit(x: &[f64]) -> f64 {
    let rows: Vec<RowVector3<f64>> = x
        .chunks_exact(2)
        .map(|p| RowVector3::new(p[0] * p[0], p[0] * p[1], p[1] * p[1]))
        .collect();
    let design = na::MatrixXx3::from_rows(&rows);
    let ones = DVector::repeat(rows.len(), 1.0);
    let normal = design.tr_mul(&design) + Matrix3::identity() * 0.3;
    let conic = normal.lu().solve(&design.tr_mul(&ones)).unwrap();
    4.0 * conic[0] * conic[2] - conic[1].powi(2)
}

#[differentiate(order = 2)]
fn blend<T: RealField + Copy, R: Dim, C: Dim>(
    a: &OMatrix<T, R, C>,
    b: &OMatrix<T, R, C>,
    t: T,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    a * (T::one() - t) + b * t
}

#[differentiate(order = 2)]
fn energy<T: RealField + Copy, D: DimName>(x: &OVector<T, D>, m: &OMatrix<T, D, D>) -> T
where
    DefaultAllocator: Allocator<D> + Allocator<D, D> + Allocator<U1, D>,
{
    (x.transpose() * m * x)[(0, 0)] * na::convert::<f64, T>(0.5) + x.norm()
}

#[differentiate(order = 2)]
fn generic_blend(x: &[f64]) -> f64 {
    let (a, b) = (
        Matrix3::from_row_slice(&x[..9]),
        Matrix3::from_row_slice(&x[3..12]),
    );
    let m: Matrix3<f64> = blend(&a, &b, x[0] * x[1]);
    energy(&Vector3::new(x[2], x[5], 1.0), &m)
}

#[differentiate(order = 2)]
fn predict<T: RealField + Copy, const N: usize, const U: usize>(
    f: &SMatrix<T, N, N>,
    g: &SMatrix<T, N, U>,
    state: (SVector<T, N>, SMatrix<T, N, N>),
    u: &SVector<T, U>,
) -> (SVector<T, N>, SMatrix<T, N, N>) {
    let (x, p) = state;
    (f * x + g * u, f * p * f.transpose() + g * g.transpose())
}

#[differentiate(order = 2)]
fn generic_filter(x: &[f64]) -> f64 {
    let f = Matrix2::new(1.0, x[0], 0.0, 1.0);
    let g = Matrix2x3::from_row_slice(&x[1..7]);
    let mut state = (Vector2::new(x[7], x[8]), Matrix2::identity());
    for _ in 0..3 {
        state = predict(&f, &g, state, &Vector3::new(x[9], x[10], 0.1));
    }
    state.0.norm_squared() + state.1.trace().sqrt()
}

/// The density of Wishart's distribution, but for the constant.
#[differentiate(order = 2)]
fn wishart(x: &[f64]) -> f64 {
    let a = Matrix3::new(1.5, 0.0, 0.0, x[0], 1.0 + x[1] * x[1], 0.0, x[2], x[3], 2.0);
    let w = a * a.transpose();
    let scale = Matrix3::from_diagonal(&Vector3::new(1.0, x[4].exp(), 2.0));
    let (cw, cs) = (w.cholesky().unwrap(), scale.cholesky().unwrap());
    let nu = 6.5;
    0.5 * (nu - 4.0) * cw.ln_determinant()
        - 0.5 * cs.solve(&w).trace()
        - 0.5 * nu * cs.ln_determinant()
}

/// Zero-phase whitening of a sample.
#[differentiate(order = 2)]
fn whitening(x: &[f64]) -> f64 {
    let data = DMatrix::from_row_slice(4, 3, &x[..12]);
    let cov = data.tr_mul(&data) / 4.0 + DMatrix::from_diagonal(&dvector![0.5, 1.5, 4.0]);
    let eigen = cov.symmetric_eigen();
    let scale = DMatrix::from_diagonal(&eigen.eigenvalues.map(|l| 1.0 / l.sqrt()));
    let w = &eigen.eigenvectors * scale * eigen.eigenvectors.transpose();
    (data * w).map(|v| v.powi(4)).sum()
}

/// The distance between two definite matrices in the log-Euclidean metric.
#[differentiate(order = 2)]
fn log_euclidean(x: &[f64]) -> f64 {
    let make = |k: usize| {
        let l = Matrix2::new(1.0 + x[k] * x[k], 0.0, x[k + 1], 0.7 + x[k + 2] * x[k + 2]);
        l * l.transpose()
    };
    let log = |m: Matrix2<f64>| {
        let e = m.symmetric_eigen();
        e.eigenvectors
            * Matrix2::from_diagonal(&e.eigenvalues.map(f64::ln))
            * e.eigenvectors.transpose()
    };
    (log(make(0)) - log(make(4))).norm_squared()
}

/// The stationary distribution of a chain, by a linear system.
#[differentiate(order = 2)]
fn markov(x: &[f64]) -> f64 {
    let mut p = Matrix3::from_fn(|i, j| (x[3 * i + j]).exp());
    for i in 0..3 {
        let total = p.row(i).sum();
        p.row_mut(i).unscale_mut(total);
    }
    let mut a = p.transpose() - Matrix3::identity();
    a.row_mut(2).fill(1.0);
    let pi = a.lu().solve(&Vector3::new(0.0, 0.0, 1.0)).unwrap();
    -pi.iter().map(|q| q * q.ln()).sum::<f64>()
}

/// Of a graph's Laplacian, between its second and its third eigenvalue.
#[differentiate(order = 2)]
fn spectral_gap(x: &[f64]) -> f64 {
    let n = 4;
    let mut laplacian = DMatrix::<f64>::zeros(n, n);
    let mut k = 0;
    for i in 0..n {
        for j in i + 1..n {
            let w = x[k].exp();
            laplacian[(i, j)] -= w;
            laplacian[(j, i)] -= w;
            laplacian[(i, i)] += w;
            laplacian[(j, j)] += w;
            k += 1;
        }
    }
    let mut values: Vec<f64> = laplacian.symmetric_eigenvalues().iter().cloned().collect();
    values.sort_by(|a, b| a.partial_cmp(b).unwrap());
    values[1] * (values[2] - values[1]).ln()
}

#[differentiate(order = 2)]
fn information_filter(x: &[f64]) -> f64 {
    let mut information = Matrix3::<f64>::identity();
    let mut state = Vector3::zeros();
    for (i, z) in x.iter().enumerate().take(6) {
        let h = RowVector3::new(1.0, 0.2 * i as f64, z.sin());
        information += h.transpose() * h * 0.7;
        state += h.transpose() * *z;
    }
    let mean = information.cholesky().unwrap().solve(&state);
    mean.amax() + information.cholesky().unwrap().inverse().trace()
}

/// Ridge regression for several penalties, and what is left out.
#[differentiate(order = 2)]
fn ridge_path(x: &[f64]) -> f64 {
    let design = DMatrix::from_row_slice(4, 2, &x[..8]);
    let y = DVector::from_row_slice(&x[8..12]);
    let svd = design.clone().svd(true, true);
    let u = svd.u.as_ref().unwrap();
    let v_t = svd.v_t.as_ref().unwrap();
    let uty = u.transpose() * &y;
    let mut total = 0.0;
    for penalty in [0.1, 1.0, 10.0] {
        let shrunk = DVector::from_fn(2, |i, _| {
            let s = svd.singular_values[i];
            s / (s * s + penalty) * uty[i]
        });
        let beta = v_t.transpose() * shrunk;
        total += (&y - &design * beta).norm_squared();
    }
    total
}

/// The equations of a constrained least-squares problem, put together of blocks.
#[differentiate(order = 2)]
fn constrained(x: &[f64]) -> f64 {
    let h = Matrix2::new(2.0 + x[0] * x[0], x[1], x[1], 3.0 + x[2] * x[2]);
    let a = na::RowVector2::new(1.0, x[3]);
    let system = na::stack![h, a.transpose(); a, 0];
    let rhs = na::stack![Vector2::new(x[4], x[5]); na::vector![1.0]];
    let solution = system.lu().solve(&rhs).unwrap();
    let first = solution.fixed_rows::<2>(0);
    first.norm_squared() + solution[2] * x[6]
}

/// A chain's matrix of blocks whose sizes are known at run time.
#[differentiate(order = 2)]
fn block_tridiagonal(x: &[f64]) -> f64 {
    let a = DMatrix::from_row_slice(2, 2, &x[..4]);
    let b = DMatrix::from_fn(2, 3, |i, j| x[4 + i] * x[j]);
    let c = DMatrix::from_diagonal(&dvector![2.0, x[6].exp(), 3.0]);
    let m = na::stack![&a, b, 0; 0, c, &b.transpose(); a.clone() * 2.0, 0, a.view((0, 0), (2, 2))];
    m.norm_squared() * 0.1 + (m.row(0) * m.column(2).clone_owned().rows(0, 7)).sum() + m[(3, 5)]
}

/// A log-determinant by the factors, with its sign.
#[differentiate(order = 2)]
fn signed_log_determinant(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]);
    let lu = m.lu();
    let sign: f64 = lu.p().determinant();
    let diagonal = lu.u().diagonal();
    let signs = diagonal.iter().filter(|d| **d < 0.0).count();
    let log = diagonal.map(|d| d.abs().ln()).sum();
    if signs % 2 == 1 {
        -sign * log
    } else {
        sign * log
    }
}

/// Solved by the factors, step by step.
#[differentiate(order = 2)]
fn solved_by_hand(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(3, 3, &x[..9]);
    let mut b = DMatrix::from_row_slice(3, 1, &x[9..12]);
    let (p, l, u) = m.clone().lu().unpack();
    p.permute_rows(&mut b);
    let y = l.solve_lower_triangular(&b).unwrap();
    let solution = u.solve_upper_triangular(&y).unwrap();
    let mut again = l * u;
    p.inv_permute_rows(&mut again);
    let full = m.clone().full_piv_lu();
    let mut turned = m.clone() * x[0];
    full.p().permute_rows(&mut turned);
    full.q().permute_columns(&mut turned);
    let mut columns = m;
    full.q().inv_permute_columns(&mut columns);
    let sign = full.p().determinant::<f64>() * full.q().determinant::<f64>();
    solution.norm_squared() + again[(0, 1)] * turned[(1, 2)] + sign * columns[(2, 0)].powi(3)
}

#[differentiate(order = 2)]
fn exchanged(m: &Matrix3<f64>, p: &PermutationSequence<U3>) -> f64 {
    let mut m = m * 2.0;
    p.permute_rows(&mut m);
    m[(0, 1)] * m[(2, 2)]
}

/// A permutation that is handed on.
#[differentiate(order = 2)]
fn exchanged_elsewhere(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]);
    let lu = m.lu();
    exchanged(&m, lu.p())
}
