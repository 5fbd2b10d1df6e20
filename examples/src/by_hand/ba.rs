//! The 2 x 15 block of an observation as an expert writes it: the chain rule from the image back to the camera.
//!
//! A row `g` over `Y = R v` becomes `h = R^T g` over `v`, and `J (v x h)` over `r`, `J` the left Jacobian of the rotation.

use super::rotation::Rotation;
use crate::ba::CAMERA;

/// `a x b`
pub fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// `a . b`
pub fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Both rows.
pub fn block(
    camera: &[f64; CAMERA],
    point: &[f64; 3],
    weight: f64,
    seen: &[f64; 2],
) -> [[f64; 15]; 2] {
    let rotation = Rotation::new(&[camera[0], camera[1], camera[2]]);
    let v = std::array::from_fn(|i| point[i] - camera[3 + i]);
    let y = rotation.apply(1.0, &v);
    let depth = 1.0 / y[2];
    let p = [y[0] * depth, y[1] * depth];
    let (focal, k1, k2) = (camera[6], camera[9], camera[10]);
    let square = p[0] * p[0] + p[1] * p[1];
    let distortion = 1.0 + square * (k1 + square * k2);
    let slope = 2.0 * (k1 + 2.0 * k2 * square);
    let scale = weight * focal;
    let mut rows = [[0.0; 15]; 2];
    for (k, row) in rows.iter_mut().enumerate() {
        let mut by_p = [scale * p[k] * slope * p[0], scale * p[k] * slope * p[1]];
        by_p[k] += scale * distortion;
        let along = by_p[0] * p[0] + by_p[1] * p[1];
        let by_y = [by_p[0] * depth, by_p[1] * depth, -along * depth];
        let by_v = rotation.apply(-1.0, &by_y);
        let by_r = rotation.left_jacobian(&cross(&v, &by_v));
        for i in 0..3 {
            row[i] = by_r[i];
            row[3 + i] = -by_v[i];
            row[11 + i] = by_v[i];
        }
        row[6] = weight * p[k] * distortion;
        row[7 + k] = weight;
        row[9] = scale * p[k] * square;
        row[10] = row[9] * square;
        row[14] = focal * p[k] * distortion + camera[7 + k] - seen[k];
    }
    rows
}
