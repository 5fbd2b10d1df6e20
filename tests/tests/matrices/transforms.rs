//! Homogeneous matrices, and points. In both orders.

use autodiff_runtime::differentiate;
use nalgebra::{self as na, *};
use tests::modes::POINTS;

#[differentiate(order = 2)]
fn append_tr(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    Matrix4::new_translation(&v).append_scaling(x[0]).norm()
}

#[differentiate(order = 2)]
fn new_rot(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    Matrix4::new_rotation(v).norm() + Matrix4::new_rotation(v)[(0, 1)]
}

#[differentiate(order = 2)]
fn new_scaling(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    Matrix4::new_scaling(x[0]).norm() + Matrix4::new_nonuniform_scaling(&v).trace()
}

#[differentiate(order = 2)]
fn from_axis_angle(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    Matrix4::from_axis_angle(&Unit::new_normalize(v), x[0])[(0, 1)]
}

#[differentiate(order = 2)]
fn from_euler(x: &[f64]) -> f64 {
    Matrix4::from_euler_angles(x[0], x[1], x[2])[(0, 1)] + Matrix3::new_rotation(x[3])[(0, 1)]
}

#[differentiate(order = 2)]
fn new_perspective(x: &[f64]) -> f64 {
    Matrix4::new_perspective(1.3 + x[0], 0.8, 1.0, 100.0).norm()
}

#[differentiate(order = 2)]
fn new_orthographic(x: &[f64]) -> f64 {
    Matrix4::new_orthographic(-1.0 + x[0], 2.0, -2.0, 3.0, 0.1, 100.0).norm()
}

#[differentiate(order = 2)]
fn look_at(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    Matrix4::look_at_rh(&Point3::from(v), &Point3::from(w), &Vector3::y())[(0, 3)]
}

#[differentiate(order = 2)]
fn transform_point(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    Matrix4::new_translation(&v)
        .transform_point(&Point3::from(w))
        .coords
        .norm()
}

#[differentiate(order = 2)]
fn transform_vector(x: &[f64]) -> f64 {
    let w = Vector3::new(x[0], x[1], x[2]);
    Matrix4::new_scaling(x[3]).transform_vector(&w).norm()
}

#[differentiate(order = 2)]
fn append_translation(x: &[f64]) -> f64 {
    Matrix3::new_scaling(x[3])
        .append_translation(&Vector2::new(x[0], x[1]))
        .norm()
}

#[differentiate(order = 2)]
fn prepend(x: &[f64]) -> f64 {
    let m = Matrix3::from_row_slice(&x[..9]) + Matrix3::identity() * 3.0;
    (m.prepend_scaling(x[0])
        + m.prepend_nonuniform_scaling(&Vector2::new(x[1], x[2]))
        + m.append_nonuniform_scaling(&Vector2::new(x[1], x[2]))
        + m.prepend_translation(&Vector2::new(x[3], x[4])))
    .norm()
}

#[differentiate(order = 2)]
fn prepend_space(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    let t = Matrix4::new_rotation(v);
    (t.prepend_translation(&w).append_translation(&v)).norm()
        + t.transform_vector(&w).x * t.transform_point(&Point3::from(w)).y
}

#[differentiate(order = 2)]
fn wrt_point(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    Matrix4::new_nonuniform_scaling_wrt_point(&v, &Point3::from(w)).norm()
        + Matrix3::new_nonuniform_scaling_wrt_point(
            &Vector2::new(x[1], x[2]),
            &Point2::new(x[3], x[4]),
        )
        .sum()
}

#[differentiate(order = 2)]
fn lh(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    Matrix4::look_at_lh(&Point3::from(v), &Point3::from(w), &Vector3::y())[(0, 3)]
        + Matrix4::face_towards(&Point3::from(v), &Point3::from(w), &Vector3::y())[(1, 2)]
        + Matrix4::from_scaled_axis(v)[(1, 2)]
}

#[differentiate(order = 2)]
fn projective(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    let t = Matrix4::new_perspective(1.3 + x[0], 0.8, 1.0, 100.0);
    t.transform_point(&Point3::from(v)).coords.norm() + t.transform_vector(&w).norm()
}

#[differentiate(order = 2)]
fn point_map(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    Point3::from(v).map(|t| t.sin()).coords.norm()
}

#[differentiate(order = 2)]
fn point_lerp(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    Point3::from(v).lerp(&Point3::from(w), x[0]).coords.norm()
}

#[differentiate(order = 2)]
fn center(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    nalgebra::center(&Point3::from(v), &Point3::from(w))
        .coords
        .norm()
}

#[differentiate(order = 2)]
fn na_center(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    na::center(&Point3::from(v), &Point3::from(w)).coords.norm()
}

#[differentiate(order = 2)]
fn point_center(x: &[f64]) -> f64 {
    let v = Vector3::new(x[9], x[10], x[11]);
    let w = Vector3::new(x[0], x[1], x[2]);
    let c = na::center(&Point3::from(v), &Point3::from(w));
    na::distance(&c, &Point3::from(v)) + c.x * c.y
}

#[differentiate(order = 2)]
fn from_homogeneous(x: &[f64]) -> f64 {
    Point3::from_homogeneous(Vector4::new(x[0], x[1], x[2], x[3] + 3.0))
        .unwrap()
        .coords
        .norm()
}

#[differentiate(order = 2)]
fn v_from_homogeneous(x: &[f64]) -> f64 {
    Vector3::from_homogeneous(Vector4::new(x[0], x[1], x[2], 0.0))
        .unwrap()
        .norm()
}

#[differentiate(order = 2)]
fn changed_in_place(x: &[f64]) -> f64 {
    let mut m = Matrix3::from_row_slice(&x[..9]);
    let s = Vector2::new(x[9], x[10]);
    m.append_scaling_mut(x[0]);
    m.prepend_scaling_mut(x[1]);
    m.append_nonuniform_scaling_mut(&s);
    m.prepend_nonuniform_scaling_mut(&Vector2::new(x[2], x[11]));
    m.append_translation_mut(&s);
    m.prepend_translation_mut(&s);
    m.norm_squared()
}

both_orders! {
    changed_in_place
    append_tr
    new_rot
    new_scaling
    from_axis_angle
    from_euler
    new_perspective
    new_orthographic
    look_at
    transform_point
    transform_vector
    append_translation
    prepend
    prepend_space
    wrt_point
    lh
    projective
    point_map
    point_lerp
    center
    na_center
    point_center
    from_homogeneous
    v_from_homogeneous
}
