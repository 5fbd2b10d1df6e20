//! Motions, solids, controllers and networks as crates write them: blocks of matrices, functions of functions, dimensions as types.

use autodiff_runtime::{Differentiable, differentiate};
use nalgebra as na;
use nalgebra::{
    DMatrix, DVector, DefaultAllocator, DimName, OMatrix, OVector, RealField, SMatrix, SVector,
    allocator::Allocator,
};
use tests::modes::POINTS;

/// Exponential of SE(3).
type Vec6 = na::SVector<f64, 6>;
#[differentiate]
fn hat(w: &na::Vector3<f64>) -> na::Matrix3<f64> {
    na::Matrix3::new(0.0, -w[2], w[1], w[2], 0.0, -w[0], -w[1], w[0], 0.0)
}
#[differentiate]
fn se3_exp(xi: &Vec6) -> na::Matrix4<f64> {
    let v = xi.fixed_rows::<3>(0).into_owned();
    let w = na::Vector3::from(xi.fixed_rows::<3>(3));
    let theta = w.norm();
    let wx = hat(&w);
    let wx2 = wx * wx;
    let (a, b, c) = if theta < 1e-8 {
        (1.0, 0.5, 1.0 / 6.0)
    } else {
        (
            theta.sin() / theta,
            (1.0 - theta.cos()) / theta.powi(2),
            (theta - theta.sin()) / theta.powi(3),
        )
    };
    let r = na::Matrix3::identity() + wx * a + wx2 * b;
    let vm = na::Matrix3::identity() + wx * b + wx2 * c;
    let mut t = na::Matrix4::identity();
    t.fixed_view_mut::<3, 3>(0, 0).copy_from(&r);
    t.fixed_view_mut::<3, 1>(0, 3).copy_from(&(vm * v));
    t
}
#[differentiate]
fn adjoint_norm(x: &[f64]) -> f64 {
    let t = se3_exp(&Vec6::from_column_slice(&[
        x[0],
        x[1],
        x[2],
        x[3],
        0.1,
        x[0] * x[1],
    ]));
    let r: na::Matrix3<f64> = t.fixed_view::<3, 3>(0, 0).into();
    let p: na::Vector3<f64> = t.fixed_view::<3, 1>(0, 3).into();
    let mut ad = na::Matrix6::zeros();
    ad.fixed_view_mut::<3, 3>(0, 0).copy_from(&r);
    ad.fixed_view_mut::<3, 3>(3, 3).copy_from(&r);
    ad.fixed_view_mut::<3, 3>(0, 3).copy_from(&(hat(&p) * r));
    (ad * Vec6::new(0.1, 0.2, 0.3, 0.4, 0.5, 0.6)).norm()
}

/// Elements of solids.
#[differentiate]
fn elasticity(e: f64, nu: f64) -> na::Matrix6<f64> {
    let lam = e * nu / ((1.0 + nu) * (1.0 - 2.0 * nu));
    let mu = e / (2.0 * (1.0 + nu));
    let mut d = na::Matrix6::zeros();
    for i in 0..3 {
        for j in 0..3 {
            d[(i, j)] = lam + if i == j { 2.0 * mu } else { 0.0 };
        }
        d[(i + 3, i + 3)] = mu;
    }
    d
}
#[differentiate]
fn tet_stiffness(x: &[na::Point3<f64>; 4], d: &na::Matrix6<f64>) -> SMatrix<f64, 12, 12> {
    let j = na::Matrix3::from_columns(&[x[1] - x[0], x[2] - x[0], x[3] - x[0]]);
    let vol = j.determinant() / 6.0;
    let inv = j.try_inverse().expect("degenerate");
    let mut grads = [na::Vector3::zeros(); 4];
    for i in 0..3 {
        grads[i + 1] = inv.row(i).transpose();
        grads[0] = grads[0] - grads[i + 1];
    }
    let mut b = SMatrix::<f64, 6, 12>::zeros();
    for (k, g) in grads.iter().enumerate() {
        let c = 3 * k;
        b[(0, c)] = g.x;
        b[(1, c + 1)] = g.y;
        b[(2, c + 2)] = g.z;
        b[(3, c)] = g.y;
        b[(3, c + 1)] = g.x;
        b[(4, c + 1)] = g.z;
        b[(4, c + 2)] = g.y;
        b[(5, c)] = g.z;
        b[(5, c + 2)] = g.x;
    }
    b.transpose() * d * b * vol
}
#[differentiate]
fn compliance(x: &[f64]) -> f64 {
    let nodes = [
        na::Point3::new(0.0, 0.0, 0.0),
        na::Point3::new(1.0 + 0.1 * x[0], 0.0, 0.0),
        na::Point3::new(0.0, 1.0, 0.1 * x[1]),
        na::Point3::new(0.0, 0.2, 1.0),
    ];
    let k = tet_stiffness(&nodes, &elasticity(2.0 + x[2] * x[2], 0.3));
    let mut kk = DMatrix::from_iterator(12, 12, k.iter().cloned());
    for dof in 0..6 {
        kk[(dof, dof)] += 1e3;
    }
    let mut f = DVector::zeros(12);
    f[11] = 1.0;
    f[7] = x[3];
    kk += DMatrix::identity(12, 12) * 0.01;
    let u = kk.cholesky().unwrap().solve(&f);
    f.dot(&u)
}
#[differentiate]
fn neo_hookean<T: RealField + Copy>(f: &na::Matrix3<T>, mu: T, lambda: T) -> (T, na::Matrix3<T>) {
    let j = f.determinant();
    let half: T = na::convert(0.5);
    let three = T::from_f64(3.0).unwrap();
    let log_j = j.ln();
    let f_inv_t = f.try_inverse().unwrap().transpose();
    let psi = half * mu * ((f.transpose() * f).trace() - three) - mu * log_j
        + half * lambda * log_j * log_j;
    let p = (f - f_inv_t) * mu + f_inv_t * (lambda * log_j);
    (psi, p)
}
#[differentiate]
fn stretched(x: &[f64]) -> f64 {
    let f = na::Matrix3::identity()
        + na::Matrix3::new(x[0], x[1], 0.0, 0.1, x[2], 0.2, 0.0, 0.3, x[3]) * 0.1;
    let (psi, p) = neo_hookean(&f, 1.3, 2.0);
    psi + p.norm()
}

/// Discretisation.
#[differentiate]
fn c2d(a: &DMatrix<f64>, b: &DMatrix<f64>, dt: f64) -> (DMatrix<f64>, DMatrix<f64>) {
    let (n, m) = (a.nrows(), b.ncols());
    let mut block = DMatrix::zeros(n + m, n + m);
    block.view_mut((0, 0), (n, n)).copy_from(&(a * dt));
    block.view_mut((0, n), (n, m)).copy_from(&(b * dt));
    let e = block.exp();
    (
        e.view((0, 0), (n, n)).into_owned(),
        e.view((0, n), (n, m)).clone_owned(),
    )
}
#[differentiate]
fn lqr(x: &[f64]) -> f64 {
    let a = na::dmatrix![0.0, 1.0; -1.0 - x[0] * x[0], -0.2 * x[1]];
    let b = na::dmatrix![0.0; 1.0 + 0.1 * x[2]];
    let (ad, bd) = c2d(&a, &b, 0.1);
    let q = DMatrix::<f64>::identity(2, 2);
    let r = DMatrix::from_element(1, 1, 0.5 + x[3] * x[3]);
    let mut p = q.clone();
    for _ in 0..40 {
        let btp = bd.transpose() * &p;
        let gain = (&r + &btp * &bd).try_inverse().unwrap() * &btp * &ad;
        let next = ad.tr_mul(&p) * &ad - ad.tr_mul(&p) * &bd * gain + &q;
        if (&next - &p).amax() < 1e-14 {
            break;
        }
        p = next;
    }
    p.trace()
}

/// Quadratic program by its conditions.
#[differentiate]
fn equality_qp(
    q: &DMatrix<f64>,
    c: &DVector<f64>,
    a: &DMatrix<f64>,
    b: &DVector<f64>,
) -> Result<(DVector<f64>, DVector<f64>), String> {
    let n = q.ncols();
    let m = a.nrows();
    let mut kkt = DMatrix::<f64>::zeros(n + m, n + m);
    kkt.view_mut((0, 0), q.shape()).copy_from(q);
    kkt.view_mut((0, n), (n, m)).copy_from(&a.transpose());
    kkt.view_mut((n, 0), (m, n)).copy_from(a);
    let mut rhs = DVector::zeros(n + m);
    rhs.rows_mut(0, n).copy_from(&(-c));
    rhs.rows_mut(n, m).copy_from(b);
    let sol = kkt
        .full_piv_lu()
        .solve(&rhs)
        .ok_or_else(|| format!("singular {n}"))?;
    Ok((sol.rows(0, n).into(), sol.rows(n, m).into()))
}
#[differentiate]
fn qp(x: &[f64]) -> f64 {
    let q = na::dmatrix![2.0, x[0], 0.0; x[0], 3.0 + x[1] * x[1], 0.1; 0.0, 0.1, 1.5];
    let c = na::dvector![1.0, x[2], -1.0];
    let a = na::dmatrix![1.0, 1.0, 1.0];
    let (u, lambda) = equality_qp(&q, &c, &a, &na::dvector![x[3]]).unwrap();
    0.5 * (u.transpose() * &q * &u)[0] + c.dot(&u) + lambda[0].sin()
}

/// Networks.
#[derive(Clone, Differentiable)]
struct Layer {
    weights: DMatrix<f64>,
    bias: DVector<f64>,
}
#[differentiate]
impl Layer {
    fn forward(&self, input: &DMatrix<f64>) -> DMatrix<f64> {
        let mut z = &self.weights * input;
        for mut col in z.column_iter_mut() {
            col += &self.bias;
        }
        z.apply(|v| *v = v.tanh());
        z
    }
}
#[differentiate]
fn network(x: &[f64]) -> f64 {
    let layers = [
        Layer {
            weights: DMatrix::from_fn(3, 2, |i, j| x[i] * (j as f64 + 0.5)),
            bias: DVector::from_element(3, x[3]),
        },
        Layer {
            weights: DMatrix::from_row_slice(1, 3, &[0.3, x[1], -0.4]),
            bias: DVector::from_vec(vec![0.1]),
        },
    ];
    let input = DMatrix::from_row_slice(2, 4, &[0.1, 0.2, 0.3, 0.4, -0.5, 0.6, -0.7, 0.8]);
    let targets = na::RowDVector::from_vec(vec![0.0, 1.0, 0.5, -0.5]);
    let mut a = input;
    for layer in &layers {
        a = layer.forward(&a);
    }
    let e = a.row(0) - targets;
    let l2: f64 = layers.iter().map(|l| l.weights.norm_squared()).sum();
    e.norm_squared() / e.len() as f64 + 1e-2 * l2
}

/// Unscented transform.
#[differentiate]
fn unscented<const N: usize>(
    mean: &SVector<f64, N>,
    cov: &SMatrix<f64, N, N>,
    f: impl Fn(&SVector<f64, N>) -> SVector<f64, N>,
) -> Option<(SVector<f64, N>, SMatrix<f64, N, N>)> {
    let n = N as f64;
    let lambda = 3.0 - n;
    let l = (cov * (n + lambda)).cholesky()?.l();
    let mut sigma = Vec::with_capacity(2 * N + 1);
    sigma.push(*mean);
    for col in l.column_iter() {
        sigma.push(mean + col);
        sigma.push(mean - col);
    }
    let ys: Vec<SVector<f64, N>> = sigma.iter().map(|s| f(s)).collect();
    let w = |i: usize| {
        if i == 0 {
            lambda / (n + lambda)
        } else {
            0.5 / (n + lambda)
        }
    };
    let mut y = SVector::zeros();
    for (i, s) in ys.iter().enumerate() {
        y += s * w(i);
    }
    let mut p = SMatrix::zeros();
    for (i, s) in ys.iter().enumerate() {
        let d = s - y;
        p += d * d.transpose() * w(i);
    }
    Some((y, p))
}
#[differentiate]
fn ukf(x: &[f64]) -> f64 {
    let m = na::Vector2::new(x[0], x[1]);
    let p = na::Matrix2::new(1.0 + x[2] * x[2], 0.1, 0.1, 0.5);
    let (y, s) = unscented(&m, &p, |v| {
        na::Vector2::new(v.x.sin() * v.y, v.x + x[3] * v.y.powi(2))
    })
    .unwrap();
    y.norm_squared() + s.determinant()
}

/// Dimensions as types.
#[differentiate]
fn ridge<T, R, C>(a: &OMatrix<T, R, C>, b: &OVector<T, R>, alpha: T) -> Option<OVector<T, C>>
where
    T: RealField + Copy,
    R: DimName,
    C: DimName,
    DefaultAllocator: Allocator<R, C>
        + Allocator<C, R>
        + Allocator<C, C>
        + Allocator<R>
        + Allocator<C>
        + Allocator<U1, R>
        + Allocator<U1, C>,
{
    let gram = a.tr_mul(a) + OMatrix::<T, C, C>::identity() * alpha;
    let rhs = a.tr_mul(b);
    gram.cholesky().map(|c| c.solve(&rhs))
}
use na::U1;
#[differentiate]
fn fitted(x: &[f64]) -> f64 {
    let a = na::Matrix4x2::new(1.0, x[0], 1.0, x[1], 1.0, 2.0, 1.0, 3.0);
    let b = na::Vector4::new(0.1, x[2], 0.7, 1.1);
    ridge(&a, &b, 0.1 + x[3] * x[3]).unwrap().norm_squared()
}

/// Hidden states with matrices.
#[differentiate]
fn hmm_likelihood(pi: &DVector<f64>, a: &DMatrix<f64>, b: &DMatrix<f64>, obs: &[usize]) -> f64 {
    let mut alpha = pi.component_mul(&b.column(obs[0]));
    let mut ll = 0.0;
    let s = alpha.sum();
    alpha /= s;
    ll += s.ln();
    for &o in obs.iter().skip(1) {
        alpha = a.tr_mul(&alpha).component_mul(&b.column(o));
        let s = alpha.sum();
        alpha.unscale_mut(s);
        ll += s.ln();
    }
    ll
}
#[differentiate]
fn hmm(x: &[f64]) -> f64 {
    let row = |p: f64| [p, 1.0 - p];
    let logistic = |v: f64| 1.0 / (1.0 + (-v).exp());
    let (r0, r1) = (row(logistic(x[0])), row(logistic(x[1])));
    let a = DMatrix::from_row_slice(2, 2, &[r0[0], r0[1], r1[0], r1[1]]);
    let e = DMatrix::from_row_slice(2, 3, &[0.2, 0.3, 0.5, 0.6, 0.3, 0.1]);
    hmm_likelihood(
        &DVector::from_column_slice(&row(logistic(x[2]))),
        &a,
        &e,
        &[0, 1, 2, 2, 0],
    ) * x[3]
}

#[test]
fn agree() {
    tests::agree!(adjoint_norm at &POINTS);
    tests::agree!(compliance at &POINTS);
    tests::agree!(stretched at &POINTS);
    tests::agree!(lqr at &POINTS);
    tests::agree!(qp at &POINTS);
    tests::agree!(network at &POINTS);
    tests::agree!(ukf at &POINTS);
    tests::agree!(fitted at &POINTS);
    tests::agree!(hmm at &POINTS);
}
