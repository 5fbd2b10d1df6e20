//! The Jacobian of hand tracking as an expert writes it: the derivative of each bone's transform with respect to each angle, then the
//! vertices that are used, posed once with all their columns.

use crate::hand::{Model, POSE, Tracking, compose, joint, rotation, skinning};

/// Column by column, as `Tracking::jacobian`.
pub fn jacobian(t: &Tracking) -> Vec<f64> {
    let own = if t.complicated { 2 } else { 0 };
    let rows = t.points.len();
    let mut out = vec![0.0; (own + POSE) * rows];
    let transforms = skinning(
        &t.theta,
        &t.model.parents,
        &t.model.relative,
        &t.model.inverse,
    );
    let turn = rotation(&t.theta[..3]);
    let turned = rotation_slopes(&t.theta[..3]);
    let moved: Vec<Vec<f64>> = (6..POSE)
        .map(|k| skinning_slope(&t.theta, &t.model, k))
        .collect();
    for (p, corners) in t.corners.iter().enumerate() {
        let (u, v) = (t.us[2 * p], t.us[2 * p + 1]);
        for (weight, &corner) in [u, v, 1.0 - u - v].into_iter().zip(corners) {
            let rest = skin(&t.model, &transforms, corner);
            let mut put = |column: usize, by: &[f64; 3], scale: f64| {
                for i in 0..3 {
                    out[column * rows + 3 * p + i] -= scale * by[i];
                }
            };
            for k in 0..3 {
                put(own + k, &times(&turned[k], &rest), weight);
                let mut unit = [0.0; 3];
                unit[k] = 1.0;
                put(own + 3 + k, &unit, weight);
            }
            for (k, moved) in moved.iter().enumerate() {
                put(
                    own + 6 + k,
                    &times(&turn, &skin(&t.model, moved, corner)),
                    weight,
                );
            }
        }
        if t.complicated {
            let last = times(&turn, &skin(&t.model, &transforms, corners[2]));
            for k in 0..2 {
                let at = times(&turn, &skin(&t.model, &transforms, corners[k]));
                for i in 0..3 {
                    out[k * rows + 3 * p + i] = last[i] - at[i];
                }
            }
        }
    }
    out
}

fn times(m: &[f64; 9], v: &[f64; 3]) -> [f64; 3] {
    std::array::from_fn(|i| m[3 * i] * v[0] + m[3 * i + 1] * v[1] + m[3 * i + 2] * v[2])
}

/// A vertex blended by transforms.
fn skin(model: &Model, transforms: &[f64], v: usize) -> [f64; 3] {
    let mut sum = [0.0; 3];
    for e in model.first[v]..model.first[v + 1] {
        let t = &transforms[12 * model.bones[e]..12 * model.bones[e] + 12];
        for i in 0..3 {
            sum[i] += model.weights[e]
                * (t[4 * i] * model.vertices[3 * v]
                    + t[4 * i + 1] * model.vertices[3 * v + 1]
                    + t[4 * i + 2] * model.vertices[3 * v + 2]
                    + t[4 * i + 3]);
        }
    }
    sum
}

/// The derivatives of the global rotation with respect to its three parameters.
fn rotation_slopes(r: &[f64]) -> [[f64; 9]; 3] {
    let angle = (r[0] * r[0] + r[1] * r[1] + r[2] * r[2]).sqrt();
    if angle < 1e-4 {
        return [[0.0; 9]; 3];
    }
    let (s, c) = angle.sin_cos();
    let axis: [f64; 3] = std::array::from_fn(|i| r[i] / angle);
    let skew = |a: &[f64; 3]| [0.0, -a[2], a[1], a[2], 0.0, -a[0], -a[1], a[0], 0.0];
    std::array::from_fn(|k| {
        let d_axis: [f64; 3] =
            std::array::from_fn(|i| (f64::from(u8::from(i == k)) - axis[k] * axis[i]) / angle);
        let (plain, moved) = (skew(&axis), skew(&d_axis));
        std::array::from_fn(|e| {
            let (i, j) = (e / 3, e % 3);
            let unit = f64::from(u8::from(i == j));
            let outer = axis[i] * axis[j];
            let d_outer = d_axis[i] * axis[j] + axis[i] * d_axis[j];
            axis[k] * (s * (outer - unit) + c * plain[e]) + (1.0 - c) * d_outer + s * moved[e]
        })
    })
}

/// The derivative of all bones' transforms with respect to one angle: zero but for the bone that it turns and those that hang on it.
fn skinning_slope(theta: &[f64], model: &Model, k: usize) -> Vec<f64> {
    let count = model.parents.len();
    let (finger, angle) = ((k - 6) / 4, (k - 6) % 4);
    let bone = 4 * finger + 2 + angle.saturating_sub(1);
    let mut moved = vec![false; count];
    let mut absolute = vec![0.0; 12 * count];
    let mut slopes = vec![0.0; 12 * count];
    let mut out = vec![0.0; 12 * count];
    for b in 0..count {
        let mut own = [0.0; 12];
        let rest = &model.relative[12 * b..12 * b + 12];
        compose(rest, &turn_of(theta, b), &mut own);
        let mut local = own;
        if b == bone {
            compose_linear(rest, &joint_slope(theta, b, angle), &mut local);
        }
        let parent = model.parents[b];
        let root = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0];
        let (above, above_slope) = if parent == usize::MAX {
            (root.to_vec(), vec![0.0; 12])
        } else {
            (
                absolute[12 * parent..12 * parent + 12].to_vec(),
                slopes[12 * parent..12 * parent + 12].to_vec(),
            )
        };
        compose(&above, &own, &mut absolute[12 * b..12 * b + 12]);
        let slope = &mut slopes[12 * b..12 * b + 12];
        if b == bone {
            compose_linear(&above, &local, slope);
            moved[b] = true;
        } else if parent != usize::MAX && moved[parent] {
            compose(&above_slope, &own, slope);
            moved[b] = true;
        }
        if moved[b] {
            compose(
                slope,
                &model.inverse[12 * b..12 * b + 12],
                &mut out[12 * b..12 * b + 12],
            );
        }
    }
    out
}

/// `out = a b` where `b` is the derivative of a transform: it has no translation of its own to add.
fn compose_linear(a: &[f64], b: &[f64], out: &mut [f64]) {
    for i in 0..3 {
        for j in 0..4 {
            out[4 * i + j] = (0..3).map(|k| a[4 * i + k] * b[4 * k + j]).sum();
        }
    }
}

fn angles(theta: &[f64], b: usize) -> (f64, f64) {
    if !(1..=20).contains(&b) {
        return (0.0, 0.0);
    }
    let (at, knuckle) = (6 + 4 * ((b - 1) / 4), (b - 1) % 4);
    match knuckle {
        0 => (0.0, 0.0),
        1 => (theta[at], theta[at + 1]),
        _ => (theta[at + knuckle], 0.0),
    }
}

fn turn_of(theta: &[f64], b: usize) -> [f64; 12] {
    let (x, z) = angles(theta, b);
    joint(x, z)
}

fn joint_slope(theta: &[f64], b: usize, angle: usize) -> [f64; 12] {
    let (x, z) = angles(theta, b);
    let ((sx, cx), (sz, cz)) = (x.sin_cos(), z.sin_cos());
    if angle == 1 {
        [
            -sz,
            -cz * cx,
            cz * sx,
            0.0,
            cz,
            -sz * cx,
            sz * sx,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
        ]
    } else {
        [
            0.0,
            sz * sx,
            sz * cx,
            0.0,
            0.0,
            -cz * sx,
            -cz * cx,
            0.0,
            0.0,
            cx,
            -sx,
            0.0,
        ]
    }
}
