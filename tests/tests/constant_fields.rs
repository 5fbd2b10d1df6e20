//! Fields marked `#[constant]`: what is computed of them and of what is differentiated, by operators, methods and calls, and copies of them that are changed.

#![allow(clippy::needless_range_loop, clippy::vec_init_then_push)] // as people write it

use autodiff_runtime::{Differentiable, differentiate};
use nalgebra::{DMatrix, DVector, Isometry3, Point3, UnitQuaternion, Vector3};
use tests::{agree, curvature};

#[derive(Clone, Differentiable)]
struct Model {
    p: f64,
    v: DVector<f64>,
    iso: Isometry3<f64>,
    #[constant]
    k: f64,
    #[constant]
    pt: Point3<f64>,
    #[constant]
    pose: Isometry3<f64>,
    #[constant]
    q: UnitQuaternion<f64>,
    #[constant]
    xs: DVector<f64>,
    #[constant]
    m: DMatrix<f64>,
    #[constant]
    l: Vec<f64>,
    #[constant]
    conf: Conf,
}

#[derive(Clone, Debug, Differentiable)]
struct Conf {
    k: f64,
    w: Vec<f64>,
    n: usize,
}

#[differentiate(order = 2)]
impl Conf {
    fn energy(&self, p: f64) -> f64 {
        self.k * p * p + self.w[self.n - 2] * p
    }
}

#[differentiate(order = 2)]
fn model(x: &[f64]) -> Model {
    Model {
        p: x[0],
        v: DVector::from_vec(vec![x[1], x[2]]),
        iso: Isometry3::new(Vector3::new(x[0], 0.1, 0.2), Vector3::new(0.1, x[1], 0.3)),
        k: 0.7,
        pt: Point3::new(0.3, 0.2, 0.6),
        pose: Isometry3::new(Vector3::new(0.3, 0.1, 0.2), Vector3::new(0.1, 0.4, 0.3)),
        q: UnitQuaternion::from_euler_angles(0.1, 0.2, 0.3),
        xs: DVector::from_vec(vec![0.3, 0.5]),
        m: DMatrix::from_row_slice(2, 2, &[1.1, 0.2, 0.2, 0.9]),
        l: vec![0.3, 0.4],
        conf: Conf {
            k: 0.4,
            w: vec![0.6, 0.7],
            n: 2,
        },
    }
}

#[differentiate(order = 2)]
fn length(x: &DVector<f64>, p: f64) -> f64 {
    (x * p).norm()
}

#[differentiate(order = 2)]
fn length_of(x: DVector<f64>, p: f64) -> f64 {
    (x * p).norm()
}

#[differentiate(order = 2)]
fn product(k: f64, p: f64) -> f64 {
    k * p * p
}

#[differentiate(order = 2)]
fn distances(k: &Point3<f64>, v: &DVector<f64>) -> f64 {
    k.coords.norm() * v.norm()
}

#[differentiate(order = 2)]
fn other(a: &Model) -> DVector<f64> {
    &a.v * a.p
}

/// A test of an expression of a model whose other fields are constants.
macro_rules! cases {
    ($($name:ident: |$a:ident| $body:expr;)+) => {$(
        mod $name {
            use super::*;

            #[differentiate(order = 2)]
            fn of_model($a: &Model) -> f64 {
                0.1 * $a.p + $body
            }

            #[differentiate(order = 2)]
            fn driver(x: &[f64]) -> f64 {
                of_model(&model(x))
            }

            #[test]
            fn derivatives() {
                agree!(driver, [0.3, 0.5, 0.7]);
                curvature!(driver, [0.3, 0.5, 0.7]);
            }
        }
    )+};
}

cases! {
    a_multiple: |a| (&a.xs * a.p).sum();
    a_difference: |a| (&a.xs - &a.v).norm();
    a_product: |a| (&a.m * &a.v).norm();
    dot: |a| a.xs.dot(&a.v);
    tr_mul: |a| a.m.tr_mul(&a.v).sum();
    transposed: |a| (a.m.transpose() * &a.v).sum();
    mapped: |a| { let p = a.p; a.xs.map(|z| (z * p).sin()).sum() };
    mapped_and_subtracted: |a| { let y = a.xs.map(|z| z * a.p); let r = y - &a.xs; r.norm() };
    a_point_moved: |a| (a.iso * a.pt).coords.norm();
    a_motion_of_a_motion: |a| (a.pose * a.iso).translation.vector.norm();
    a_vector_turned: |a| (a.q * a.iso.translation.vector).x;
    scalar_functions: |a| a.k.max(a.p) + a.k.powf(a.p) + a.k.hypot(a.p);
    zipped: |a| a.xs.iter().zip(a.v.iter()).map(|(u, w)| u * w).sum::<f64>();
    zipped_with_a_row: |a| a.m.row(0).iter().zip(a.v.iter()).map(|(u, w)| u * w).sum::<f64>();
    rows_and_columns: |a| a.m.column(0).dot(&a.v) + (a.m.row(1) * &a.v)[0];
    solved: |a| a.m.clone().lu().solve(&a.v).unwrap().sum();
    solved_by_cholesky: |a| a.m.clone().cholesky().map_or(1.0, |c| c.solve(&a.v).sum());
    component_mul: |a| a.xs.component_mul(&a.v).sum();
    zip_map: |a| a.xs.zip_map(&a.v, |u, w| u * w.sin()).sum();
    folded: |a| a.xs.fold(0.0, |s, u| s + u * a.p);
    a_copy: |a| (a.xs.clone() * a.p + &a.v).norm();
    a_copy_changed: |a| { let mut y = a.xs.clone(); y += &a.v; y *= a.p; y.norm() };
    a_copy_in_parts: |a| { let mut y = a.m.clone(); y.set_column(0, &a.v); y[(1, 1)] = a.p; y.determinant() };
    elements_of_a_list: |a| a.l.iter().map(|u| u * a.p).sum::<f64>() + a.l[0] * a.p;
    add_scalar_and_scale: |a| a.xs.add_scalar(a.p).norm() + a.xs.scale(a.p).sum();
    three_factors: |a| (a.p * &a.m * &a.v).sum();
    transform_point: |a| a.pose.transform_point(&Point3::from(a.iso.translation.vector)).x;
    kronecker: |a| a.xs.kronecker(&a.v).norm() + a.xs.metric_distance(&a.v);
    constants_first: |a| { let w = (&a.xs + &a.xs) * 0.5; (w * a.p).norm() };
    negated: |a| { let w = -&a.xs; (w.component_mul(&a.v)).norm() };
    row_iter: |a| a.xs.row_iter().map(|r| r[0] * a.p).sum::<f64>();
    column_iter: |a| a.m.column_iter().map(|r| r.dot(&a.v)).sum::<f64>();
    norm: |a| { let s = a.xs.norm(); (a.p * s).sin() };
    from_fn: |a| DVector::from_fn(2, |i, _| a.xs[i] * a.v[i]).norm();
    view: |a| a.m.view((0, 0), (2, 1)).dot(&a.v);
    subtracted_from: |a| (&a.v - a.xs.map(|z| z * a.p)).norm_squared();
    mapped_less_another: |a| (a.xs.map(|z| z * a.p) - &a.v).norm_squared();
    mapped_twice: |a| (a.xs.map(|z| z * a.p) * 2.0).norm_squared();
    points: |a| (a.q * a.pt).coords.norm() * a.p + (a.pt - Point3::from(a.iso.translation.vector)).norm();
    lent_to_a_function: |a| length(&a.xs, a.p);
    given_to_a_function: |a| length_of(a.xs.clone(), a.p);
    scalars_given_to_a_function: |a| product(a.p, a.k * a.p);
    a_list_copied_and_changed: |a| { let mut y = a.l.clone(); y[0] += a.p; y[0] * y[1] };
    the_whole_copied: |a| { let mut b = a.clone(); b.p *= 2.0; (&b.xs * b.p).norm() };
    a_point_lent: |a| distances(&a.pt, &a.v);
    columns_in_a_loop: |a| { let mut s = DVector::zeros(2); for i in 0..2 { s += a.m.column(i) * a.v[i]; } s.norm() };
    an_element_compared: |a| { let d = a.xs[0]; let e = d.max(0.1); (e * a.p).exp() + a.xs.iter().map(|z| (z - a.p).powi(2)).sum::<f64>() };
    a_scalar_changed: |a| { let mut k = a.k; k += a.p; k = k.max(a.p * 0.1); k * k };
    an_annotated_map: |a| { let y: DVector<f64> = a.xs.map(|z| z * 2.0); (y * a.p).sum() + a.xs.sum() * a.p };
    parts_of_points: |a| { let z = a.pt - Point3::origin(); (z * a.p).norm() + (a.pt.coords * a.p).x + a.pt.x * a.p };
    factorisations: |a| { let lu = a.m.clone().lu(); let u = lu.solve(&a.v).expect("x"); let s = a.m.clone().svd(true, true); u.norm() + (s.u.unwrap() * &a.v)[0] + s.singular_values.dot(&a.v) };
    lengths: |a| { let n = a.xs.len(); let r = a.xs.nrows() + a.m.ncols(); (0..n).map(|i| a.xs[i] * a.p).sum::<f64>() * r as f64 };
    a_rotation_changed: |a| { let mut q = a.q; q *= UnitQuaternion::from_euler_angles(a.p, 0.0, 0.0); q.w };
    a_pair_changed: |a| { let mut y = (a.k, a.l[0]); y.0 = a.p; y.0 * y.0 };
    pushed: |a| { let mut v = Vec::new(); v.push(a.k); v.push(a.p); v[0] * v[1] };
    either_of_two: |a| { let w = if a.k > 0.9 { a.xs.clone() } else { other(a) }; w.norm_squared() };
    a_struct_copied_and_changed: |a| { let mut c = a.conf.clone(); c.k = a.p; c.k * c.k * c.w[0] };
    a_list_in_a_copy: |a| { let mut c = a.conf.clone(); c.w[1] = a.p; c.w[1] * c.w[1] };
    update_syntax: |a| { let c = Conf { k: a.p, ..a.conf.clone() }; c.k * c.k * c.w[0] };
    a_method: |a| a.conf.energy(a.p) + a.conf.k * a.p;
    multiplied_in_a_loop: |a| { let mut y = a.l.clone(); for i in 0..2 { y[i] *= a.v[i]; } y.iter().sum::<f64>() };
    in_an_option: |a| { let mut o = Some(a.k); if let Some(v) = o.as_mut() { *v += a.p; } o.unwrap() * a.p };
    an_array: |a| { let mut y = [a.k, a.k]; y[1] = a.p; y[0] * y[1] + y[1] * y[1] };
    a_matrix_in_parts: |a| { let mut m = a.m.clone(); m[(0, 0)] = a.p; m.fill_diagonal(a.p * a.p); m.norm() };
    axpy: |a| { let mut x = a.xs.clone(); x.axpy(a.p, &a.v, 0.5); x.norm() };
    chains: |a| { let z = a.l.iter().zip(&a.conf.w).map(|(u, w)| u * w * a.p).fold(0.0, |s, x| s + x); z + a.l.iter().cloned().fold(a.p, f64::max) };
    reassigned: |a| { let (mut lo, mut hi) = (a.k, a.l[1]); if lo < hi { lo = a.p; } hi += lo; lo * hi + a.p * lo };
    moved: |a| { let y: Vec<f64> = a.l.clone(); let mut z = y; z[0] = a.p; z[0] * z[0] };
    pushed_to_a_copy: |a| { let mut acc = a.conf.w.clone(); acc.push(a.p); acc.iter().product::<f64>() };
}
