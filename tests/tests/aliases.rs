//! Types of nalgebra under names of the program's own.
#![allow(clippy::all)]
use autodiff_runtime::{Differentiable, differentiate};
use nalgebra as na;
use nalgebra::{Matrix2, Matrix2x3, SMatrix, SVector, Vector2, Vector3};
use tests::agree;

type State = SVector<f64, 4>;
type Covariance = SMatrix<f64, 4, 4>;
/// What is seen of a state.
pub type Observation = na::SMatrix<f64, 2, 4>;
type Jacobian = SMatrix<f64, 2, 6>;
pub(crate) type Twist = na::Vector6<f64>;
type Dense = na::DMatrix<f64>;
type Column = na::DVector<f64>;
type Pose = na::Isometry3<f64>;

const POINTS: [&[f64]; 2] = [
    &[
        0.31, -0.42, 0.83, 1.21, 0.72, -0.33, 0.55, 0.94, -0.61, 0.27, 1.13, 0.48, -0.25, 0.66,
        0.37, 0.81, 0.19, 0.53,
    ],
    &[
        -0.63, 0.24, 0.41, -0.85, 0.15, 1.02, 0.43, -0.32, 0.74, 1.16, -0.27, 0.68, 0.9, -0.4,
        0.23, 0.35, -0.71, 1.3,
    ],
];

/// The log-likelihood that a Kalman filter computes.
#[differentiate(order = 2)]
fn filter(x: &[f64]) -> f64 {
    let dt = 0.1;
    let mut state = State::from_column_slice(&x[0..4]);
    let mut covariance = Covariance::identity() * (1.0 + x[4] * x[4]);
    let step = Covariance::new(
        1.0, 0.0, dt, 0.0, 0.0, 1.0, 0.0, dt, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0,
    );
    let mut seen = Observation::zeros();
    seen[(0, 0)] = 1.0;
    seen[(1, 1)] = x[5];
    let noise = Matrix2::from_diagonal_element(0.5 + x[6] * x[6]);
    let mut likelihood = 0.0;
    for z in x[8..14].chunks(2) {
        state = step * state;
        covariance =
            step * covariance * step.transpose() + Covariance::from_diagonal_element(x[7] * x[7]);
        let y = Vector2::new(z[0], z[1]) - seen * state;
        let s = seen * covariance * seen.transpose() + noise;
        let inverse = s.try_inverse().unwrap();
        let gain = covariance * seen.transpose() * inverse;
        state += gain * y;
        covariance = (Covariance::identity() - gain * seen) * covariance;
        likelihood -= 0.5 * (y.transpose() * inverse * y)[(0, 0)] + 0.5 * s.determinant().ln();
    }
    likelihood
}

#[differentiate]
fn blocks(x: &[f64]) -> f64 {
    let mut j = Jacobian::zeros();
    j.fixed_view_mut::<2, 3>(0, 0)
        .copy_from(&Matrix2x3::new(x[0], x[1], x[2], x[3], x[4], x[5]));
    j.fixed_columns_mut::<3>(3)
        .copy_from(&Matrix2x3::from_row_slice(&x[6..12]));
    let d = Twist::from_column_slice(&x[12..18]);
    let h = j.transpose() * j + SMatrix::<f64, 6, 6>::identity();
    (j * d).norm() + h.determinant().ln() + j.row(1).sum()
}

/// Aliases in signatures, as results and in fields.
#[differentiate]
fn of_a_pose(pose: &Pose, point: &Vector3<f64>) -> Column {
    let moved = pose * na::Point3::from(*point);
    let mut column = Column::zeros(3);
    column[0] = moved.x;
    column[1] = moved.y * moved.z;
    column
}

#[derive(Clone, Differentiable)]
struct Layer {
    weights: Dense,
    bias: Column,
}

#[differentiate(self)]
impl Layer {
    fn forward(&self, x: &Column) -> Column {
        let sum: Column = &self.weights * x + &self.bias;
        sum.map(|v| v.tanh())
    }
}

#[differentiate]
fn network(x: &[f64]) -> f64 {
    let layer = Layer {
        weights: Dense::from_row_slice(3, 3, &x[0..9]),
        bias: Column::from_column_slice(&x[9..12]),
    };
    let pose = Pose::new(
        Vector3::new(x[12], x[13], x[14]),
        Vector3::new(x[15], x[16], x[17]),
    );
    let y: Column = of_a_pose(&pose, &Vector3::new(x[0], x[4], x[8]));
    layer.forward(&y).norm_squared() + pose.translation.x
}

#[test]
fn other_names_of_types() {
    agree!(filter at &POINTS);
    agree!(blocks at &POINTS);
    agree!(network at &POINTS);
}

#[test]
fn a_second_derivative() {
    let (x, h) = (POINTS[0], 1e-6);
    let hessian = filter::hessian(x);
    for k in 0..x.len() {
        let at = |h: f64| {
            let mut x = x.to_vec();
            x[k] += h;
            filter::grad(&x)
        };
        for (i, (up, down)) in at(h).into_iter().zip(at(-h)).enumerate() {
            let slope = (up - down) / (2.0 * h);
            assert!(
                (hessian[(i, k)] - slope).abs() < 1e-7 * (1.0 + slope.abs()),
                "{i} {k}"
            );
        }
    }
}

/// The gradient by a pose has its fields.
#[test]
fn parameters_by_other_names() {
    let pose = Pose::new(Vector3::new(0.1, 0.2, 0.3), Vector3::new(0.4, 0.5, 0.6));
    let point = Vector3::new(1.0, 2.0, 3.0);
    let (value, pullback) = of_a_pose::vjp(&pose, &point);
    assert_eq!(value, of_a_pose(&pose, &point));
    let (by_pose, by_point) = pullback(Column::from_column_slice(&[1.0, 0.0, 0.0]));
    assert_eq!(by_pose.translation.vector, Vector3::x());
    let row = pose
        .rotation
        .to_rotation_matrix()
        .matrix()
        .row(0)
        .transpose();
    assert!((by_point - row).norm() < 1e-15);
}

/// Types of nalgebra that are brought by other names.
mod renamed {
    use autodiff_runtime::differentiate;
    use nalgebra::{
        DMatrix as Dm, Matrix2 as M, SMatrix as Mat, UnitQuaternion as Turn, Vector3 as V3,
    };

    #[differentiate(order = 2)]
    fn scaled(m: &Dm<f64>, k: f64) -> f64 {
        m.map(|v| v * k).trace() + (m * m)[(0, 1)]
    }

    #[differentiate(order = 2)]
    fn squashed(a: Mat<f64, 2, 3>, v: V3<f64>) -> f64 {
        (a * v).norm()
    }

    #[differentiate(order = 2)]
    fn all(x: &[f64]) -> f64 {
        let m = Dm::from_fn(2, 2, |i, j| x[i + j] * x[0]);
        let small = M::new(x[0], x[1], x[2], 0.5);
        let turn = Turn::from_euler_angles(x[0], x[1], 0.1);
        let turned = turn * V3::new(x[1], 1.0, 2.0);
        let rows = Mat::<f64, 2, 3>::from_row_slice(&[x[0], 1.0, 2.0, x[1], x[2], 0.5]);
        scaled(&m, x[1]) * small.determinant() + turned.x * squashed(rows, turned)
    }

    #[test]
    fn types_brought_by_other_names() {
        const POINTS: &[&[f64]] = &[&[0.7, 0.4, 0.9], &[1.3, 2.1, -0.4], &[2.2, 0.3, 1.1]];
        tests::agree!(all at POINTS);
        tests::curvature!(all at POINTS);
    }
}

/// Other names of types, by the path of a module.
mod of_modules {
    use autodiff_runtime::differentiate;

    pub mod types {
        use autodiff_runtime::Differentiable;

        pub type Scalar = f64;
        pub type Index = usize;
        pub type Triple = [f64; 3];
        pub type Velocity = nalgebra::Vector3<f64>;

        #[derive(Clone, Copy, Debug, Differentiable)]
        pub struct Pair {
            pub a: f64,
            pub b: f64,
        }

        pub type Both = Pair;
    }

    #[differentiate(order = 2)]
    fn sines(a: types::Triple, b: &[types::Scalar]) -> types::Scalar {
        let c: types::Triple = [a[0] * a[1], a[2], b[0]];
        c.iter().map(|v| v.sin()).sum::<types::Scalar>() * c[0]
    }

    #[differentiate(order = 2)]
    fn lengths(v: types::Velocity, both: types::Both) -> f64 {
        let w: types::Velocity = v * both.a;
        let r: types::Both = types::Pair { a: w.x, b: both.b };
        w.norm() * r.a * r.b
    }

    #[differentiate(order = 2)]
    fn all(x: &[f64]) -> f64 {
        let floor = (x[0] * 10.0).abs() as types::Index as types::Scalar;
        let doubled: Vec<types::Scalar> = x.iter().map(|v| (v * 2.0) as types::Scalar).collect();
        let vector = types::Velocity::new(x[0], x[1], x[2]);
        let pair = types::Pair { a: x[1], b: x[2] };
        sines([x[0], doubled[1], x[2]], &doubled) * floor + lengths(vector, pair)
    }

    #[test]
    fn names_by_the_path_of_a_module() {
        const POINTS: &[&[f64]] = &[&[0.71, 0.4, 0.9], &[1.33, 2.1, -0.4], &[2.21, 0.3, 1.1]];
        tests::agree!(all at POINTS);
        tests::curvature!(all at POINTS);
    }
}
