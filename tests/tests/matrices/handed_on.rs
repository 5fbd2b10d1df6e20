//! Factorisations as parameters, results and fields: their tangents and adjoints are those of the matrix that was factored.

use autodiff_runtime::{Differentiable, differentiate};
use nalgebra::linalg::LU;
use nalgebra::{
    Cholesky, Const, DMatrix, DVector, Dyn, Matrix3, RealField, SMatrix, SVector, Vector3,
};
use tests::modes::POINTS;

fn spread(x: &[f64]) -> DMatrix<f64> {
    let half = DMatrix::from_fn(3, 3, |i, j| x[(i + 2 * j) % 4] * 0.4 + (i * j) as f64 * 0.1);
    &half * half.transpose() + DMatrix::identity(3, 3)
}

/// A process that keeps the factorisation of its covariance.
#[derive(Clone, Differentiable)]
struct Process {
    chol: Cholesky<f64, Dyn>,
    outputs: DVector<f64>,
    noise: f64,
}

#[differentiate]
fn covariance(x: &[f64]) -> DMatrix<f64> {
    let half = DMatrix::from_fn(3, 3, |i, j| x[(i + 2 * j) % 4] * 0.4 + (i * j) as f64 * 0.1);
    &half * half.transpose() + DMatrix::identity(3, 3)
}

#[differentiate]
impl Process {
    fn new(cov: DMatrix<f64>, outputs: DVector<f64>, noise: f64) -> Option<Self> {
        let chol = cov.cholesky()?;
        Some(Self {
            chol,
            outputs,
            noise,
        })
    }

    fn likelihood(&self) -> f64 {
        let alpha = self.chol.solve(&self.outputs);
        -0.5 * self.outputs.dot(&alpha) - 0.5 * self.chol.ln_determinant() - self.noise
    }

    fn whitened(&self) -> DVector<f64> {
        let l = self.chol.l();
        l.solve_lower_triangular(&self.outputs).unwrap()
    }

    fn add(&mut self, v: &DVector<f64>) {
        self.chol.rank_one_update(v, self.noise);
    }
}

#[differentiate]
fn process(x: &[f64]) -> f64 {
    let y = DVector::from_vec(vec![x[0], 0.3, x[1] * x[2]]);
    let mut process = Process::new(covariance(x), y, 0.1 + x[3] * x[3]).unwrap();
    let before = process.likelihood();
    process.add(&DVector::from_vec(vec![0.3, x[1], 0.2]));
    let white: DVector<f64> = process.whitened();
    before + process.likelihood() * 0.5 + white.sum()
}

#[differentiate]
fn quadratic<const N: usize>(chol: &Cholesky<f64, Const<N>>, v: &SVector<f64, N>) -> f64 {
    v.dot(&chol.solve(v)) + chol.determinant().ln()
}

#[differentiate]
fn step(lu: &LU<f64, Dyn, Dyn>, b: &DVector<f64>) -> Option<DVector<f64>> {
    let x = lu.solve(b)?;
    Some(x * lu.determinant())
}

#[differentiate]
fn factored(x: &[f64]) -> Cholesky<f64, Const<3>> {
    let m = Matrix3::new(
        3.0,
        x[0] * 0.2,
        0.1,
        x[0] * 0.2,
        2.0 + x[1] * x[1],
        0.3,
        0.1,
        0.3,
        2.0,
    );
    Cholesky::new(m).expect("positive definite")
}

#[differentiate]
fn perhaps<T: RealField + Copy, const N: usize>(
    m: &SMatrix<T, N, N>,
) -> Option<Cholesky<T, Const<N>>> {
    m.clone_owned().cholesky()
}

#[differentiate]
fn handed(x: &[f64]) -> f64 {
    let chol = factored(x);
    let v = Vector3::new(x[2], x[3], 1.0);
    let again = quadratic(&chol, &v) + quadratic(&chol, &(v * 2.0));
    let lu = covariance(x).lu();
    let b = DVector::from_vec(vec![1.0, x[2], 0.5]);
    let first = step(&lu, &b).unwrap();
    let second = step(&lu, &first).unwrap();
    let m = Matrix3::identity() * (1.0 + x[0] * x[0]);
    let from_option = perhaps(&m).map_or(0.0, |c| c.inverse().trace());
    again + second.norm_squared() * 0.01 + from_option
}

/// Two fits share a list of factorisations, one of which is chosen.
#[differentiate]
fn chosen(x: &[f64]) -> f64 {
    let all: Vec<Cholesky<f64, Dyn>> = (1..4)
        .map(|k| (covariance(x) * k as f64).cholesky().unwrap())
        .collect();
    let y = DVector::from_vec(vec![x[0], x[1], x[2]]);
    let mut sum = 0.0;
    for (k, chol) in all.iter().enumerate() {
        sum += chol.solve(&y).norm_squared() * (k + 1) as f64;
    }
    let best = if x[0] > 0.4 { &all[0] } else { &all[2] };
    sum + best.solve(&y)[1]
}

#[test]
fn agree() {
    tests::agree!(process at &POINTS);
    tests::agree!(handed at &POINTS);
    tests::agree!(chosen at &POINTS);
}

/// The gradient with respect to a factorisation is that with respect to the matrix.
#[test]
fn gradients_are_those_of_the_matrix() {
    let a = Matrix3::new(3.0, 0.2, 0.1, 0.2, 2.0, 0.3, 0.1, 0.3, 2.0);
    let v = Vector3::new(0.3, -0.4, 1.0);
    let chol = a.cholesky().unwrap();
    let (a_bar, _) = quadratic::grad(&chol, &v);
    let inverse = a.try_inverse().unwrap();
    let expected = inverse - inverse * v * v.transpose() * inverse;
    assert!((a_bar - expected).amax() < 1e-15);
    let da = Matrix3::new(0.1, 0.2, 0.3, 0.2, 0.5, 0.6, 0.3, 0.6, 0.9);
    let (value, slope) = quadratic::jvp(&chol, &v, &da, &Vector3::zeros());
    assert_eq!(value, quadratic(&chol, &v));
    assert!((slope - expected.dot(&da)).abs() < 1e-14);
    assert!(spread(POINTS[0]).cholesky().is_some());
}
