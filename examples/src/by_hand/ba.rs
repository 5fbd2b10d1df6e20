//! The 2 x 15 block of an observation as an expert writes it: the chain rule through rotation, projection and distortion.

use crate::ba::CAMERA;

fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// The gradients of `seed . rotate(r, v)` with respect to `r` and `v`.
fn rotate_back(r: &[f64; 3], v: &[f64; 3], seed: &[f64; 3]) -> ([f64; 3], [f64; 3]) {
    let square = dot(r, r);
    if square == 0.0 {
        return (
            cross(v, seed),
            std::array::from_fn(|i| seed[i] + cross(seed, r)[i]),
        );
    }
    let angle = square.sqrt();
    let (sin, cos) = angle.sin_cos();
    let axis = r.map(|a| a / angle);
    let (along, across) = (dot(&axis, v), cross(&axis, v));
    let seed_axis = dot(seed, &axis);
    let by_angle = -sin * dot(seed, v) + cos * dot(seed, &across) + sin * along * seed_axis;
    let turned = cross(v, seed);
    let by_axis: [f64; 3] = std::array::from_fn(|i| {
        sin * turned[i] + (1.0 - cos) * (seed_axis * v[i] + along * seed[i])
    });
    let radial = dot(&by_axis, &axis);
    let by_r =
        std::array::from_fn(|i| by_angle * axis[i] + (by_axis[i] - radial * axis[i]) / angle);
    let back = cross(seed, &axis);
    let by_v =
        std::array::from_fn(|i| cos * seed[i] + sin * back[i] + (1.0 - cos) * seed_axis * axis[i]);
    (by_r, by_v)
}

/// Both rows.
pub fn block(
    camera: &[f64; CAMERA],
    point: &[f64; 3],
    weight: f64,
    seen: &[f64; 2],
) -> [[f64; 15]; 2] {
    let r = [camera[0], camera[1], camera[2]];
    let v = [
        point[0] - camera[3],
        point[1] - camera[4],
        point[2] - camera[5],
    ];
    let y = crate::ba::rotate(&r, &v);
    let p = [y[0] / y[2], y[1] / y[2]];
    let (focal, k1, k2) = (camera[6], camera[9], camera[10]);
    let square = p[0] * p[0] + p[1] * p[1];
    let distortion = 1.0 + k1 * square + k2 * square * square;
    let slope = 2.0 * (k1 + 2.0 * k2 * square);
    let mut rows = [[0.0; 15]; 2];
    for (k, row) in rows.iter_mut().enumerate() {
        let scale = weight * focal;
        let mut by_p = [scale * p[k] * slope * p[0], scale * p[k] * slope * p[1]];
        by_p[k] += scale * distortion;
        let seed = [
            by_p[0] / y[2],
            by_p[1] / y[2],
            -(by_p[0] * p[0] + by_p[1] * p[1]) / y[2],
        ];
        let (by_r, by_v) = rotate_back(&r, &v, &seed);
        for i in 0..3 {
            row[i] = by_r[i];
            row[3 + i] = -by_v[i];
            row[11 + i] = by_v[i];
        }
        row[6] = weight * p[k] * distortion;
        row[7 + k] = weight;
        row[9] = scale * p[k] * square;
        row[10] = scale * p[k] * square * square;
        row[14] = focal * p[k] * distortion + camera[7 + k] - seen[k];
    }
    rows
}
