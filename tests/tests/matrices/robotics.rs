//! Filters, cameras, arms and bodies as crates write them: methods that change their receiver, isometries, dimensions as parameters.
#![allow(non_snake_case, dead_code)]

use autodiff_runtime::{Differentiable, differentiate};
use nalgebra::allocator::Allocator;
use nalgebra::*;
use tests::modes::POINTS;

/// A least-squares problem as of levenberg-marquardt.
#[derive(Clone, Differentiable)]
pub struct Himmelblau {
    p: Vector2<f64>,
}
pub trait LeastSquaresProblem<F, N, M>
where
    N: Dim,
    M: Dim,
    F: ComplexField + Copy,
{
    type ResidualStorage;
    fn residuals(&self) -> Option<Matrix<F, M, U1, Self::ResidualStorage>>;
}
#[differentiate]
impl Himmelblau {
    fn set_params(&mut self, p: &Vector2<f64>) {
        self.p.copy_from(p);
    }
    fn params(&self) -> Vector2<f64> {
        self.p
    }
    fn residuals(&self) -> Option<Vector2<f64>> {
        let [x, y] = [self.p.x, self.p.y];
        Some(Vector2::new(x * x + y - 11.0, x + y * y - 7.0))
    }
    fn jacobian(&self) -> Option<Matrix2<f64>> {
        let [x, y] = [self.p.x, self.p.y];
        Some(Matrix2::new(2.0 * x, 1.0, 1.0, 2.0 * y))
    }
}
#[differentiate]
fn himmelblau(x: &[f64]) -> f64 {
    let mut problem = Himmelblau {
        p: Vector2::zeros(),
    };
    problem.set_params(&Vector2::new(x[0], x[1]));
    let r = problem.residuals().unwrap();
    let j = problem.jacobian().unwrap();
    let step = (j.transpose() * j + Matrix2::identity() * 0.1)
        .try_inverse()
        .unwrap()
        * j.transpose()
        * r;
    let next = problem.params() - step;
    problem.set_params(&next);
    0.5 * problem
        .residuals()
        .map(|r| r.norm_squared())
        .unwrap_or(f64::NAN)
}

/// A Kalman filter of any dimensions.
#[derive(Clone, Debug, Differentiable)]
pub struct KalmanFilter<T: RealField, const D: usize, const M: usize> {
    pub x: SVector<T, D>,
    pub P: SMatrix<T, D, D>,
    pub F: SMatrix<T, D, D>,
    pub Q: SMatrix<T, D, D>,
    pub H: SMatrix<T, M, D>,
    pub R: SMatrix<T, M, M>,
}
#[differentiate]
impl<T: RealField + Copy, const D: usize, const M: usize> KalmanFilter<T, D, M> {
    pub fn predict(&mut self) {
        self.x = &self.F * &self.x;
        self.P = &self.F * &self.P * self.F.transpose() + &self.Q;
    }
    pub fn update(&mut self, z: &SVector<T, M>) -> Result<T, &'static str> {
        let y = z - &self.H * &self.x;
        let pht = &self.P * self.H.transpose();
        let S = &self.H * &pht + &self.R;
        let Some(si) = S.try_inverse() else {
            return Err("singular");
        };
        let K = &pht * &si;
        self.x += &K * &y;
        let I_KH = SMatrix::<T, D, D>::identity() - &K * &self.H;
        self.P = &I_KH * &self.P * I_KH.transpose() + &K * &self.R * K.transpose();
        Ok((y.transpose() * si * y)[(0, 0)])
    }
}
#[differentiate]
fn kalman_steps(x: &[f64]) -> f64 {
    let mut kf = KalmanFilter::<f64, 2, 1> {
        x: Vector2::new(x[0], x[1]),
        P: Matrix2::from_diagonal_element(1.0 + x[2] * x[2]),
        F: Matrix2::new(1.0, 0.1, 0.0, 1.0),
        Q: Matrix2::new(0.01, 0.0, 0.0, 0.02) * x[3].exp(),
        H: Matrix1x2::new(1.0, 0.0),
        R: Matrix1::new(0.5),
    };
    let mut total = 0.0;
    for z in [0.1, 0.2, 0.35] {
        kf.predict();
        total += kf.update(&Vector1::new(z)).unwrap();
    }
    total + kf.P.trace()
}

/// Of type-level dimensions.
#[differentiate]
fn mahalanobis_dyn<T: RealField + Copy, D: DimName>(
    x: &OVector<T, D>,
    mu: &OVector<T, D>,
    cov: &OMatrix<T, D, D>,
) -> Option<T>
where
    DefaultAllocator: Allocator<D> + Allocator<D, D> + Allocator<U1, D>,
{
    let d = x - mu;
    let chol = cov.clone().cholesky()?;
    let z = chol.solve(&d);
    Some(d.dot(&z) + chol.ln_determinant())
}
#[differentiate]
fn mahalanobis(x: &[f64]) -> f64 {
    let cov = Matrix3::new(2.0, x[3] * 0.1, 0.0, x[3] * 0.1, 3.0, 0.2, 0.0, 0.2, 1.5);
    mahalanobis_dyn(
        &Vector3::new(x[0], x[1], x[2]),
        &Vector3::new(0.1, 0.2, 0.3),
        &cov,
    )
    .unwrap()
}

/// Epipolar geometry.
#[derive(Clone, Copy, Differentiable)]
pub struct EssentialMatrix(pub Matrix3<f64>);
#[differentiate]
impl EssentialMatrix {
    fn from_pose(pose: &Isometry3<f64>) -> Self {
        let t = pose.translation.vector;
        Self(t.cross_matrix() * pose.rotation.to_rotation_matrix().matrix())
    }
    fn residual(&self, a: &Unit<Vector3<f64>>, b: &Unit<Vector3<f64>>) -> f64 {
        let Self(mat) = *self;
        (b.transpose() * mat * a.into_inner()).x
    }
    fn sampson(&self, a: &Point2<f64>, b: &Point2<f64>) -> f64 {
        let (a, b) = (a.to_homogeneous(), b.to_homogeneous());
        let ea = self.0 * a;
        let eb = self.0.tr_mul(&b);
        let num = b.dot(&ea);
        num * num / (ea.xy().norm_squared() + eb.fixed_rows::<2>(0).norm_squared())
    }
}
#[differentiate]
fn epipolar(x: &[f64]) -> f64 {
    let pose = Isometry3::new(Vector3::new(x[0], x[1], 1.0), Vector3::new(x[2], x[3], 0.1));
    let e = EssentialMatrix::from_pose(&pose);
    let mut total = 0.0;
    for (u, v) in [(0.1, 0.2), (-0.3, 0.4), (0.5, -0.1)] {
        let p = Point3::new(u, v, 1.0) * 2.0;
        let q = pose * p;
        let noisy = Point2::from(q.xy() / q.z) + Vector2::new(0.01, -0.02);
        total += e.sampson(&Point2::new(u, v), &Point2::from(noisy));
        let b = Unit::new_normalize(Vector3::new(noisy.x, noisy.y, 1.0));
        total += e.residual(&Unit::new_normalize(p.coords), &b).powi(2);
    }
    total
}

/// Triangulation by the direct linear transform.
#[differentiate]
fn triangulate(
    P1: &Matrix3x4<f64>,
    P2: &Matrix3x4<f64>,
    a: &Point2<f64>,
    b: &Point2<f64>,
) -> Point3<f64> {
    let mut design = Matrix4::zeros();
    design.row_mut(0).copy_from(&(P1.row(2) * a.x - P1.row(0)));
    design.row_mut(1).copy_from(&(P1.row(2) * a.y - P1.row(1)));
    design.row_mut(2).copy_from(&(P2.row(2) * b.x - P2.row(0)));
    design.row_mut(3).copy_from(&(P2.row(2) * b.y - P2.row(1)));
    let svd = design.svd(false, true);
    let v_t = svd.v_t.expect("asked for");
    let h = v_t.row(3).transpose();
    Point3::from_homogeneous(h).unwrap()
}
#[differentiate]
fn triangulated(x: &[f64]) -> f64 {
    let p1 = Matrix3x4::identity();
    let pose = Isometry3::new(
        Vector3::new(-1.0, 0.1 * x[0], 0.0),
        Vector3::new(0.0, 0.1 * x[1], 0.02),
    );
    let m: Matrix4<f64> = pose.to_homogeneous();
    let p2: Matrix3x4<f64> = m.fixed_view::<3, 4>(0, 0).into_owned();
    let p = triangulate(
        &p1,
        &p2,
        &Point2::new(0.1, 0.2),
        &Point2::new(0.05 + 0.02 * x[2], 0.21),
    );
    p.coords.norm_squared() + p.x
}

/// Forward kinematics.
#[derive(Clone, Differentiable)]
pub struct Joint {
    origin: Isometry3<f64>,
    axis: Unit<Vector3<f64>>,
}
#[differentiate]
impl Joint {
    fn local(&self, q: f64) -> Isometry3<f64> {
        self.origin
            * Isometry3::from_parts(
                Translation3::identity(),
                UnitQuaternion::from_axis_angle(&self.axis, q),
            )
    }
}
#[differentiate]
fn end_effector(joints: &[Joint], q: &[f64]) -> Isometry3<f64> {
    joints
        .iter()
        .zip(q.iter())
        .fold(Isometry3::identity(), |pose, (joint, q)| {
            pose * joint.local(*q)
        })
}
#[differentiate]
fn reach(x: &[f64]) -> f64 {
    let joints = vec![
        Joint {
            origin: Isometry3::translation(0.0, 0.0, 0.3),
            axis: Vector3::z_axis(),
        },
        Joint {
            origin: Isometry3::translation(0.5, 0.0, 0.0),
            axis: Vector3::y_axis(),
        },
        Joint {
            origin: Isometry3::from_parts(
                Translation3::new(0.4, 0.0, 0.1),
                UnitQuaternion::from_euler_angles(0.1, 0.2, 0.3),
            ),
            axis: Unit::new_normalize(Vector3::new(1.0, 0.2, 0.0)),
        },
    ];
    let pose = end_effector(&joints, &x[0..3]);
    let target = Isometry3::new(Vector3::new(0.5, 0.3, 0.4), Vector3::new(0.1, 0.2, 0.3));
    let error = target.inv_mul(&pose);
    error.translation.vector.norm_squared() + error.rotation.scaled_axis().norm_squared()
}

/// Rigid body.
#[derive(Clone, Copy, Differentiable)]
pub struct RigidBody {
    pub position: Point3<f64>,
    pub orientation: UnitQuaternion<f64>,
    pub linvel: Vector3<f64>,
    pub angvel: Vector3<f64>,
    #[constant]
    pub mass: f64,
    pub inertia: Matrix3<f64>,
}
#[differentiate]
impl RigidBody {
    pub fn apply(&mut self, force: &Vector3<f64>, torque: &Vector3<f64>, dt: f64) {
        let r = self.orientation.to_rotation_matrix();
        let world = r * self.inertia * r.inverse();
        let inv = world.try_inverse().unwrap_or_else(Matrix3::zeros);
        let angacc = inv * (torque - self.angvel.cross(&(world * self.angvel)));
        self.linvel += force / self.mass * dt;
        self.angvel += angacc * dt;
        self.position += self.linvel * dt;
        self.orientation = UnitQuaternion::from_scaled_axis(self.angvel * dt) * self.orientation;
        self.orientation.renormalize();
    }
    pub fn energy(&self) -> f64 {
        let l = self.orientation.inverse_transform_vector(&self.angvel);
        0.5 * self.mass * self.linvel.norm_squared() + 0.5 * l.dot(&(self.inertia * l))
    }
}
#[differentiate]
fn tumbling(x: &[f64]) -> f64 {
    let mut body = RigidBody {
        position: Point3::origin(),
        orientation: UnitQuaternion::identity(),
        linvel: Vector3::new(0.1, 0.0, x[0]),
        angvel: Vector3::new(x[1], 0.5, x[2]),
        mass: 2.0,
        inertia: Matrix3::from_diagonal(&Vector3::new(1.0, 2.0 + x[3] * x[3], 3.0)),
    };
    for k in 0..5 {
        let f = Vector3::y() * (k as f64) - Vector3::new(0.0, 0.0, 9.81);
        let arm = body.orientation * Vector3::new(0.2, 0.0, 0.0);
        body.apply(&f, &arm.cross(&f), 0.05);
    }
    body.energy() + body.position.z + (body.orientation * Point3::new(1.0, 0.0, 0.0)).y
}

#[test]
fn agree() {
    tests::agree!(himmelblau at &POINTS);
    tests::agree!(kalman_steps at &POINTS);
    tests::agree!(mahalanobis at &POINTS);
    tests::agree!(epipolar at &POINTS);
    tests::agree!(triangulated at &POINTS);
    tests::agree!(reach at &POINTS);
    tests::agree!(tumbling at &POINTS);
}
