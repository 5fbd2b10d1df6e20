//! Matrices and motions as programs use them: conversions, parts that are changed and read, what may be missing, frames and poses.

use autodiff_runtime::{Differentiable, differentiate};
use nalgebra::{
    self as na, DMatrix, IsometryMatrix3, Matrix2, Matrix2xX, Matrix3, Matrix4, MatrixXx2, Point3,
    Quaternion, RealField, Rotation3, SVD, SymmetricEigen, Translation3, UnitQuaternion, Vector2,
    Vector3,
};

const POINTS: [&[f64]; 3] = [
    &[0.7, -0.4, 0.9, 1.3, 0.2, -0.8],
    &[-0.3, 0.1, -0.4, 0.3, 0.6, 1.1],
    &[0.2, 0.3, 1.1, -0.7, 0.15, 0.5],
];

/// The axis of a tool, and where it is.
#[differentiate(order = 2)]
fn tool(x: &[f64]) -> f64 {
    let turn = Rotation3::from_euler_angles(x[0], x[1], x[2]);
    let pose = IsometryMatrix3::from_parts(Vector3::new(x[3], x[4], x[5]).into(), turn);
    let axis = x[3] * turn.matrix() * *Vector3::z_axis();
    let tip = pose * Point3::from(axis);
    tip.coords.norm_squared() + axis.x * tip.y
}

#[differentiate(order = 2)]
fn rotation_of(q: UnitQuaternion<f64>) -> Rotation3<f64> {
    q.into()
}

#[differentiate(order = 2)]
fn converted(x: &[f64]) -> f64 {
    let p: Point3<f64> = Vector3::new(x[0], x[1], x[2]).into();
    let q = UnitQuaternion::from_euler_angles(x[3], x[4], x[5]);
    let r = rotation_of(q);
    let back: UnitQuaternion<f64> = r.into();
    let (m, h): (Matrix3<f64>, Matrix4<f64>) = (r.into_inner(), r.to_homogeneous());
    let again: Matrix3<f64> = r.into();
    let wide: Matrix4<f64> = r.into();
    let shift: Translation3<f64> = p.coords.into();
    let parts = back.as_ref();
    (shift * (back * p)).x
        + m[(0, 1)] * h[(1, 2)]
        + again[(2, 1)] * wide[(0, 2)]
        + parts.i * parts.w
}

#[differentiate(order = 2)]
fn points_moved(x: &[f64]) -> f64 {
    let (mut p, v) = (
        Point3::new(x[0], x[1], x[2]),
        Vector3::new(x[3], x[4], x[5]),
    );
    for _ in 0..3 {
        p += v * 0.5;
        p -= v * p.x;
        p *= 1.1;
    }
    let plane = Matrix2::new(x[0], x[1], x[2], x[3]).to_homogeneous();
    let space = Matrix3::from_diagonal(&v).to_homogeneous();
    p.coords.norm_squared() + plane.determinant() + plane.norm_squared() * space[(0, 0)]
}

#[differentiate(order = 2)]
fn quaternion_functions(x: &[f64]) -> f64 {
    let q = Quaternion::new(x[0], x[1], x[2], x[3]);
    let (e, l, p) = (q.exp(), q.ln(), q.powf(0.7));
    e.norm_squared() + l.vector().norm_squared() + p.scalar() + e.i * l.k
}

/// That of a rotation is not that of its quaternion, and is zero where it does not turn.
#[differentiate(order = 2)]
fn logarithm_of_rotation(x: &[f64]) -> f64 {
    let q = UnitQuaternion::from_scaled_axis(Vector3::new(x[0], x[1], x[2]));
    let log = q.ln();
    let half = log * 0.5;
    log.i + 2.0 * log.k + log.w + half.exp().w * half.norm_squared()
}

/// At real quaternions the vector is zero.
#[differentiate(order = 2)]
fn nearly_real(x: &[f64]) -> f64 {
    let q = Quaternion::new(x[0], x[1] * 1e-9, x[2] * 1e-9, x[3] * 1e-9);
    let e = q.exp();
    e.w + e.i * 1e9
}

#[differentiate(order = 2)]
fn tried(x: &[f64]) -> f64 {
    let m = Matrix3::new(x[0], x[1], x[2], x[1], x[3], x[4], x[2], x[4], x[5]);
    let e = SymmetricEigen::try_new(m, 1e-14, 500).expect("converges");
    let again = m.try_symmetric_eigen(1e-14, 500).unwrap();
    let s = SVD::try_new(m, true, true, 1e-14, 500).unwrap();
    let Some(t) = m.try_svd(true, false, 1e-14, 500) else {
        return 0.0;
    };
    let u = t.u.unwrap();
    e.eigenvalues.max()
        + again.eigenvectors[(0, 1)].powi(2)
        + s.singular_values[0]
        + t.singular_values[1]
        + u[(0, 0)].powi(2)
}

/// Nothing converges in one step.
#[differentiate(order = 2)]
fn not_converged(x: &[f64]) -> f64 {
    let m = Matrix3::new(x[0], x[1], x[2], x[1], x[3], x[4], x[2], x[4], x[5]);
    match m.try_symmetric_eigen(1e-300, 1) {
        Some(e) => e.eigenvalues.sum(),
        None => match DMatrix::from_column_slice(3, 3, m.as_slice()).try_svd(true, true, 1e-300, 1)
        {
            Some(s) => s.singular_values.sum(),
            None => m.norm_squared(),
        },
    }
}

/// A part that is read while it can be changed.
#[differentiate(order = 2)]
fn reflected(x: &[f64]) -> f64 {
    let mut m = DMatrix::from_row_slice(2, 3, x);
    let left = m.view((0, 0), (2, 1)).clone_owned();
    let mut right = m.view_mut((0, 1), (2, 2));
    let along = left.transpose() * &right;
    right += &left * along * 0.5;
    let size = 1.0 + right.norm_squared();
    right *= 1.0 / size;
    m.sum() + m[(1, 2)] * x[0]
}

#[differentiate(order = 2)]
fn columns_of_points(x: &[f64]) -> f64 {
    let lines = [
        Vector2::new(x[0], x[1]),
        Vector2::new(x[2], x[3]),
        Vector2::new(x[4], x[5]),
    ];
    let a = Matrix2xX::from_columns(&lines);
    let b = MatrixXx2::from_row_slice(x);
    let c = Matrix2xX::<f64>::from_fn(3, |i, j| x[i + 2 * j] * x[0]);
    let d = Matrix2xX::from_vec(x.to_vec());
    (&a * &b).norm_squared() + c.sum() + a.column_mean().norm_squared() + d.dot(&a)
}

#[differentiate(order = 2)]
fn generic<T: RealField + Copy>(a: &Vector2<T>, b: &Vector2<T>, t: T) -> T {
    let m = Matrix2::new(a.x, b.x, a.y, b.y);
    a.lerp(b, t).norm_squared() + m.pow(3).trace() + a.slerp(b, t).x + na::clamp(a.x, t, b.y)
}

#[differentiate(order = 2)]
fn of_generic(x: &[f64]) -> f64 {
    generic(&Vector2::new(x[0], x[1]), &Vector2::new(x[2], x[3]), 0.3)
}

#[differentiate(order = 2)]
fn inverse(m: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    (m.determinant().abs() > 1e-12).then_some(())?;
    m.clone().try_inverse()
}

#[differentiate(order = 2)]
fn found(m: &DMatrix<f64>) -> Option<f64> {
    let inverse = inverse(m)?;
    let first = inverse.row(0);
    Some(first.sum() + first.iter().map(|x| x * x).sum::<f64>() + inverse.map(f64::sin).sum())
}

#[differentiate(order = 2)]
fn perhaps(x: &[f64]) -> f64 {
    let m = DMatrix::from_row_slice(2, 2, &[x[0] + 2.0, x[1], x[2], x[3] + 3.0]);
    let a = found(&m).unwrap_or(0.0);
    if let Some(m) = inverse(&m) {
        a + m.trace() * m.row(1).sum()
    } else {
        a
    }
}

/// A symmetric matrix by its entries.
#[derive(Clone, Copy, Differentiable)]
struct Symmetric<T> {
    m11: T,
    m12: T,
    m22: T,
}

#[differentiate(order = 2)]
impl<T: RealField + Copy> std::ops::Mul<Vector2<T>> for Symmetric<T> {
    type Output = Vector2<T>;
    fn mul(self, v: Vector2<T>) -> Self::Output {
        Vector2::new(
            self.m11 * v.x + self.m12 * v.y,
            self.m12 * v.x + self.m22 * v.y,
        )
    }
}

#[differentiate(order = 2)]
fn by_entries(x: &[f64]) -> f64 {
    let s = Symmetric {
        m11: x[0],
        m12: x[1],
        m22: x[2],
    };
    (s * (s * Vector2::new(x[3], x[4]))).norm_squared()
}

/// The nearest matrix of rank two.
#[differentiate(order = 2)]
fn of_lower_rank(x: &[f64]) -> f64 {
    let m = Matrix3::new(x[0], x[1], x[2], x[3], x[4], x[5], 0.3, 1.2, x[0] * x[4]);
    let mut svd = m.svd(true, true);
    svd.singular_values[2] = 0.0;
    svd.singular_values *= 2.0;
    let low = svd.recompose().unwrap();
    low.norm_squared() + low[(0, 1)] + svd.singular_values[1]
}

#[differentiate(order = 2)]
fn pixels(x: &[f64]) -> f64 {
    let p = Point3::new(x[0], x[1], 2.0 + x[2]);
    let n = p.xy() / p.z;
    let q = n * (1.0 + x[3] * n.coords.norm_squared());
    let h = Matrix3::new(1.0 + x[4], 0.0, 0.1, 0.0, 1.1, x[5], 0.0, 0.0, 1.0) * q.to_homogeneous();
    let image = nalgebra::Point2::from_homogeneous(h).unwrap();
    image.x * image.y + p.zyx().x
}

#[differentiate(order = 2)]
fn nearest_rotation(x: &[f64]) -> f64 {
    let near = Rotation3::from_euler_angles(x[0], x[1], x[2]).into_inner();
    let m = near
        * Matrix3::new(
            1.5,
            x[3] * 0.2,
            0.1,
            x[4] * 0.3,
            0.9,
            0.0,
            0.1,
            x[5] * 0.2,
            1.2,
        );
    let r = Rotation3::from_matrix(&m);
    let q = UnitQuaternion::from_matrix(&m);
    let v = r * Vector3::new(1.0, x[0], 2.0);
    v.x + v.y * v.z + (q * v).x + r.matrix()[(0, 2)]
}

both_orders! {
    of_lower_rank pixels nearest_rotation
    tool converted points_moved quaternion_functions logarithm_of_rotation nearly_real tried not_converged reflected columns_of_points
    of_generic perhaps by_entries
}
