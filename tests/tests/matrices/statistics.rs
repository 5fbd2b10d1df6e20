//! Processes, components, discriminants and mixtures as crates write them: structs of matrices, sorted spectra, comparisons.
#![allow(dead_code)]

use autodiff_runtime::{Differentiable, differentiate};
use nalgebra::*;
use tests::modes::POINTS;

/// Gaussian process with a trait of kernels.
#[differentiate]
pub trait Covariance<T: RealField + Copy> {
    fn kernel(&self, a: &DVector<T>, b: &DVector<T>) -> T;
}
#[derive(Clone, Differentiable)]
pub struct SquaredExp<T> {
    pub ls: T,
    pub ampl: T,
}
#[differentiate]
impl<T: RealField + Copy> Covariance<T> for SquaredExp<T> {
    fn kernel(&self, a: &DVector<T>, b: &DVector<T>) -> T {
        let distance_squared = (a - b).norm_squared();
        let x = -distance_squared / (nalgebra::convert::<f64, T>(2.0) * self.ls * self.ls);
        self.ampl * self.ampl * x.exp()
    }
}
#[differentiate]
fn covariance<K: Covariance<f64>>(k: &K, a: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    DMatrix::from_fn(a.nrows(), b.nrows(), |r, c| {
        let x = a.row(r).transpose();
        let y = b.row(c).transpose();
        k.kernel(&x, &y)
    })
}
#[differentiate]
fn gp_predict(x: &[f64]) -> f64 {
    let inputs = DMatrix::from_row_slice(4, 2, &[0.0, 0.1, 0.3, 0.2, 0.6, 0.9, 1.0, 0.4]);
    let outputs = DVector::from_vec(vec![0.1, 0.4, 0.2, x[3]]);
    let kernel = SquaredExp {
        ls: 0.7 + x[0] * x[0],
        ampl: 1.0 + 0.1 * x[1],
    };
    let mut cov = covariance(&kernel, &inputs, &inputs);
    let noise = 0.1 + x[2] * x[2];
    for i in 0..cov.nrows() {
        cov[(i, i)] += noise * noise;
    }
    let chol = Cholesky::new(cov).expect("cov is not PD");
    let at = DMatrix::from_row_slice(2, 2, &[0.5, 0.5, x[0], x[1]]);
    let cross = covariance(&kernel, &inputs, &at);
    let mean = cross.tr_mul(&chol.solve(&outputs));
    let kl = chol.l().solve_lower_triangular(&cross).unwrap();
    let mut variance = covariance(&kernel, &at, &at) - kl.transpose() * &kl;
    variance.fill_lower_triangle_with_upper_triangle();
    let var: f64 = kl.column_iter().map(|c| c.norm_squared()).sum();
    mean.sum() + variance.diagonal().sum() + 0.1 * var
}

/// Principal components.
#[derive(Clone, Differentiable)]
pub struct Pca {
    mean: RowDVector<f64>,
    components: DMatrix<f64>,
    values: DVector<f64>,
}
#[differentiate]
impl Pca {
    pub fn fit(data: &DMatrix<f64>, k: usize) -> Pca {
        let mean = data.row_mean();
        let mut centered = data.clone();
        for mut row in centered.row_iter_mut() {
            row -= &mean;
        }
        let cov = centered.transpose() * &centered / (data.nrows() as f64 - 1.0);
        let eig = SymmetricEigen::new(cov);
        let mut order: Vec<usize> = (0..eig.eigenvalues.len()).collect();
        order.sort_by(|&a, &b| eig.eigenvalues[b].partial_cmp(&eig.eigenvalues[a]).unwrap());
        let columns: Vec<DVector<f64>> = order
            .iter()
            .take(k)
            .map(|&i| eig.eigenvectors.column(i).into_owned())
            .collect();
        let components = DMatrix::from_columns(&columns);
        let values = DVector::from_iterator(k, order.iter().take(k).map(|&i| eig.eigenvalues[i]));
        Pca {
            mean,
            components,
            values,
        }
    }
    pub fn transform(&self, data: &DMatrix<f64>) -> DMatrix<f64> {
        let mut out = data.clone();
        for i in 0..out.nrows() {
            let r = out.row(i) - &self.mean;
            out.set_row(i, &r);
        }
        out * &self.components
    }
}
#[differentiate]
fn explained(x: &[f64]) -> f64 {
    let data = DMatrix::from_fn(5, 3, |i, j| {
        (i as f64 * 0.7 + j as f64).sin() + x[(i + j) % 4] * 0.3 + (i * j) as f64 * 0.2
    });
    let pca = Pca::fit(&data, 2);
    let scores = pca.transform(&data);
    scores.map(|v| v * v * v * v).sum() + pca.values[0] / pca.values.sum()
}

/// Linear discriminant.
#[differentiate]
fn fisher(x: &[f64]) -> f64 {
    let data = DMatrix::from_row_slice(
        6,
        2,
        &[
            1.0,
            2.0 + x[0],
            1.5,
            1.8,
            2.0 * x[1],
            2.2,
            4.0,
            5.0,
            4.5 + x[2],
            5.2,
            5.0,
            4.6 + x[3],
        ],
    );
    let labels = [0usize, 0, 0, 1, 1, 1];
    let (n, d) = data.shape();
    let overall = data.row_mean().transpose();
    let mut sw = DMatrix::<f64>::zeros(d, d);
    let mut sb = DMatrix::<f64>::zeros(d, d);
    for class in 0..2 {
        let rows: Vec<usize> = (0..n).filter(|&i| labels[i] == class).collect();
        let sub = data.select_rows(&rows);
        let mean = sub.row_mean().transpose();
        for row in sub.row_iter() {
            let dev = row.transpose() - &mean;
            sw += &dev * dev.transpose();
        }
        let diff = &mean - &overall;
        sb.ger(rows.len() as f64, &diff, &diff, 1.0);
    }
    sw += DMatrix::identity(d, d).scale(1e-2);
    let j = sw.lu().solve(&sb).expect("regular");
    j.trace() + j[(0, 1)]
}

/// Generic softmax.
#[differentiate]
pub fn softmax_rows<T: RealField + Copy, const R: usize, const C: usize>(
    m: &SMatrix<T, R, C>,
) -> SMatrix<T, R, C> {
    let mut out = SMatrix::<T, R, C>::zeros();
    for i in 0..R {
        let row = m.row(i);
        let max = row.max();
        let exps = row.map(|v| (v - max).exp());
        let sum = exps.sum();
        out.row_mut(i).copy_from(&(exps / sum));
    }
    out
}
#[differentiate]
fn attention_small(x: &[f64]) -> f64 {
    let q = Matrix2x3::new(x[0], 0.3, x[1], 0.2, x[2], 0.4);
    let k = Matrix2x3::new(0.1, x[3], 0.2, x[0], 0.5, 0.3);
    let v = Matrix2x3::new(0.7, 0.1, x[1], 0.2, 0.6, x[2]);
    let s = softmax_rows(&((q * k.transpose()) / 3f64.sqrt()));
    let out = s * v;
    out.component_mul(&out).sum()
        + out
            .iter()
            .enumerate()
            .map(|(i, v)| v * i as f64)
            .sum::<f64>()
}

/// Point to plane.
#[differentiate]
fn point_to_plane(
    src: &[Point3<f64>],
    dst: &[Point3<f64>],
    normals: &[Vector3<f64>],
) -> Option<Isometry3<f64>> {
    let mut ata = Matrix6::<f64>::zeros();
    let mut atb = Vector6::<f64>::zeros();
    for ((p, q), n) in src.iter().zip(dst.iter()).zip(normals) {
        let mut a = Vector6::zeros();
        a.fixed_rows_mut::<3>(0).copy_from(&p.coords.cross(n));
        a.fixed_rows_mut::<3>(3).copy_from(n);
        let b = (q - p).dot(n);
        ata += a * a.transpose();
        atb += a * b;
    }
    ata += Matrix6::identity() * 1e-3;
    let x = ata.cholesky()?.solve(&atb);
    let rot = UnitQuaternion::from_euler_angles(x[0], x[1], x[2]);
    Some(Isometry3::from_parts(
        Translation3::from(x.fixed_rows::<3>(3).into_owned()),
        rot,
    ))
}
#[differentiate]
fn icp(x: &[f64]) -> f64 {
    let src: Vec<Point3<f64>> = (0..6)
        .map(|i| {
            let t = i as f64;
            Point3::new(t.sin() + 0.1 * x[0], t.cos(), (0.7 * t).sin() * x[1])
        })
        .collect();
    let truth = Isometry3::new(
        Vector3::new(0.1, x[2] * 0.1, 0.0),
        Vector3::new(0.05, 0.0, 0.1 * x[3]),
    );
    let dst: Vec<_> = src.iter().map(|p| truth.transform_point(p)).collect();
    let normals: Vec<Vector3<f64>> = src.iter().map(|p| p.coords.normalize()).collect();
    let est = point_to_plane(&src, &dst, &normals).expect("pd");
    src.iter()
        .zip(&dst)
        .map(|(p, q)| distance_squared(&(est * p), q))
        .sum::<f64>()
        + est.rotation.angle()
}

/// Multivariate normal, mixture.
#[derive(Clone, Debug, Differentiable)]
pub struct MultivariateNormal {
    cov_chol_decomp: DMatrix<f64>,
    mu: DVector<f64>,
    precision: DMatrix<f64>,
    pdf_const: f64,
}
#[differentiate]
impl MultivariateNormal {
    pub fn new(mean: Vec<f64>, cov: Vec<f64>) -> Option<Self> {
        let mean = DVector::from_vec(mean);
        let n = mean.len();
        let cov = DMatrix::from_vec(n, n, cov);
        if cov.lower_triangle() != cov.upper_triangle().transpose() {
            return None;
        }
        let det = cov.determinant();
        match cov.clone().cholesky() {
            None => None,
            Some(chol) => {
                let precision = chol.inverse();
                Some(MultivariateNormal {
                    pdf_const: ((2.0 * std::f64::consts::PI).powi(n as i32) * det.abs())
                        .recip()
                        .sqrt(),
                    cov_chol_decomp: chol.unpack(),
                    mu: mean,
                    precision,
                })
            }
        }
    }
    pub fn ln_pdf(&self, x: &DVector<f64>) -> f64 {
        let dv = x - &self.mu;
        let exp_term = -0.5
            * *(&dv.transpose() * &self.precision * &dv)
                .get((0, 0))
                .unwrap();
        self.pdf_const.ln() + exp_term
    }
    pub fn quantile(&self, z: &DVector<f64>) -> DVector<f64> {
        (&self.cov_chol_decomp * z) + &self.mu
    }
}
#[differentiate]
fn mvn(x: &[f64]) -> f64 {
    let c = 0.3 * x[2];
    let n = MultivariateNormal::new(vec![x[0], x[1]], vec![1.5, c, c, 2.0 + x[3] * x[3]]).unwrap();
    let at = n.quantile(&DVector::from_vec(vec![0.3, -0.7]));
    n.ln_pdf(&DVector::from_vec(vec![0.2, 0.4])) + at.norm()
}

/// Camera.
#[derive(Clone, Copy, Differentiable)]
pub struct Camera<T: RealField> {
    pub intrinsics: Matrix3<T>,
    pub distortion: Vector4<T>,
    pub pose: Isometry3<T>,
}
#[differentiate]
impl<T: RealField + Copy> Camera<T> {
    pub fn project(&self, p: &Point3<T>) -> Option<Point2<T>> {
        let c = self.pose.inverse() * p;
        if c.z <= T::zero() {
            return None;
        }
        let n = Vector2::new(c.x / c.z, c.y / c.z);
        let r2 = n.dot(&n);
        let k = self.distortion;
        let radial = T::one() + k[0] * r2 + k[1] * r2 * r2;
        let two = nalgebra::convert::<_, T>(2.0);
        let d = n * radial
            + Vector2::new(
                two * k[2] * n.x * n.y + k[3] * (r2 + two * n.x * n.x),
                k[2] * (r2 + two * n.y * n.y) + two * k[3] * n.x * n.y,
            );
        let h = self.intrinsics * d.push(T::one());
        Point2::from_homogeneous(h)
    }
}
#[differentiate]
fn reprojection(x: &[f64]) -> f64 {
    let camera = Camera {
        intrinsics: Matrix3::new(500.0 + x[0], 0.0, 320.0, 0.0, 510.0, 240.0, 0.0, 0.0, 1.0),
        distortion: Vector4::new(0.1, 0.01 * x[1], 0.001, -0.002),
        pose: Isometry3::from_parts(
            Translation3::new(0.1 * x[2], 0.0, -5.0),
            UnitQuaternion::from_scaled_axis(Vector3::new(0.0, 0.1 * x[3], 0.05)),
        ),
    };
    let points = [
        Point3::new(0.1, 0.2, 0.3),
        Point3::new(-0.4, 0.1, 1.0),
        Point3::new(0.3, -0.5, -9.0),
    ];
    let mut cost = 0.0;
    for p in points.iter().filter_map(|p| camera.project(p)) {
        cost += (p - Point2::new(320.0, 250.0)).norm() / 100.0;
    }
    cost
}

/// What may be missing, and what is changed by code that is kept.
#[differentiate]
fn looked_up(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(2, 2, &[x[0], x[1], x[2], x[3]]);
    let mut sum = 0.0;
    for (i, j) in [(0, 1), (1, 1), (2, 0), (0, 2)] {
        sum += match m.get((i, j)) {
            Some(v) => v * v * (i as f64 + 1.0),
            None => 0.5 * x[0],
        };
    }
    let v = m.column(0).into_owned();
    let third = v.get(2).copied().unwrap_or(3.0 * x[1]);
    let same = if m == m.transpose() { 1.0 } else { x[2] };
    sum + third * v.get(1).unwrap() + same
}

/// The largest two, whatever the order in which they come.
#[differentiate]
fn largest(x: &[f64]) -> f64 {
    let m = DMatrix::from_fn(3, 3, |i, j| {
        x[i] * x[j] + if i == j { i as f64 } else { 0.0 }
    });
    let eig = m.clone().symmetric_eigen();
    let mut order = vec![0usize, 1, 2];
    order.sort_unstable_by(|a, b| eig.eigenvalues[*b].total_cmp(&eig.eigenvalues[*a]));
    let first = order.iter().map(|&k| eig.eigenvalues[k]).next().unwrap();
    let v = eig.eigenvectors.column(order[1]);
    let svd = m.svd(true, true);
    let u = svd.u.unwrap();
    let rank = (0..3).filter(|&k| svd.singular_values[k] > 0.5).count();
    first * v.norm_squared() + (v.transpose() * &u * u.transpose() * v)[0] * rank as f64
}

/// In another precision and back.
#[differentiate]
fn in_single_precision(x: &[f64]) -> f64 {
    let m = Matrix2::new(x[0], x[1], x[2], x[3]);
    let single = m.cast::<f32>();
    let halved: DVector<f32> = DVector::from_fn(2, |i, _| single[(i, i)] * 0.5);
    let same = m.cast::<f64>();
    halved.cast::<f64>().norm_squared() + (same * m).trace()
}

/// The rounding is seen by differences, not by the derivative.
#[test]
fn casts() {
    let x = [0.3, -0.7, 1.1, 0.9];
    let (value, grad) = in_single_precision::value_and_grad(&x);
    let m = Matrix2::new(x[0], x[1], x[2], x[3]);
    let square = |x: f64| f64::from(x as f32 * 0.5).powi(2);
    assert_eq!(value, square(x[0]) + square(x[3]) + (m * m).trace());
    let expected = [2.5 * x[0], 2.0 * x[2], 2.0 * x[1], 2.5 * x[3]];
    assert!(
        grad.iter().zip(expected).all(|(g, e)| (g - e).abs() < 1e-6),
        "{grad:?}"
    );
    let (_, slope) = in_single_precision::jvp(&x, &[1.0, 0.0, 0.0, 0.0]);
    assert!((slope - grad[0]).abs() < 1e-12);
}

#[test]
fn agree() {
    tests::agree!(looked_up at &POINTS);
    tests::agree!(largest at &POINTS);
    tests::agree!(gp_predict at &POINTS);
    tests::agree!(explained at &POINTS);
    tests::agree!(fisher at &POINTS);
    tests::agree!(attention_small at &POINTS);
    tests::agree!(icp at &POINTS);
    tests::agree!(mvn at &POINTS);
    tests::agree!(reprojection at &POINTS);
}
