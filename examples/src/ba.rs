//! Bundle adjustment: reprojection errors of cameras and points (ADBench).
//!
//! A camera: rotation (axis times angle), centre, focal length, principal point, radial distortion.

use autodiff_runtime::differentiate;

/// Parameters of a camera.
pub const CAMERA: usize = 11;

/// Cameras, points, weights and what was observed.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Cameras.
    pub cameras: Vec<[f64; CAMERA]>,
    /// Points.
    pub points: Vec<[f64; 3]>,
    /// One weight for each observation.
    pub weights: Vec<f64>,
    /// Camera and point of each observation.
    pub pairs: Vec<(usize, usize)>,
    /// Where the point was seen.
    pub seen: Vec<[f64; 2]>,
}

/// Rotates `v` by the angle `|r|` about the axis `r` (Rodrigues).
#[differentiate(order = 2)]
pub fn rotate(r: &[f64; 3], v: &[f64; 3]) -> [f64; 3] {
    let square = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    if square == 0.0 {
        return [
            v[0] + r[1] * v[2] - r[2] * v[1],
            v[1] + r[2] * v[0] - r[0] * v[2],
            v[2] + r[0] * v[1] - r[1] * v[0],
        ];
    }
    let angle = square.sqrt();
    let (sin, cos) = angle.sin_cos();
    let axis = [r[0] / angle, r[1] / angle, r[2] / angle];
    let along = (axis[0] * v[0] + axis[1] * v[1] + axis[2] * v[2]) * (1.0 - cos);
    [
        v[0] * cos + (axis[1] * v[2] - axis[2] * v[1]) * sin + axis[0] * along,
        v[1] * cos + (axis[2] * v[0] - axis[0] * v[2]) * sin + axis[1] * along,
        v[2] * cos + (axis[0] * v[1] - axis[1] * v[0]) * sin + axis[2] * along,
    ]
}

/// The weighted reprojection error of one observation.
#[differentiate(order = 2)]
pub fn error(
    camera: &[f64; CAMERA],
    point: &[f64; 3],
    weight: f64,
    #[constant] seen: &[f64; 2],
) -> [f64; 2] {
    let rotation = [camera[0], camera[1], camera[2]];
    let centred = [
        point[0] - camera[3],
        point[1] - camera[4],
        point[2] - camera[5],
    ];
    let y = rotate(&rotation, &centred);
    let p = [y[0] / y[2], y[1] / y[2]];
    let square = p[0] * p[0] + p[1] * p[1];
    let distortion = 1.0 + camera[9] * square + camera[10] * square * square;
    [
        weight * (camera[6] * p[0] * distortion + camera[7] - seen[0]),
        weight * (camera[6] * p[1] * distortion + camera[8] - seen[1]),
    ]
}

/// Half the sum of all squared residuals, what an optimiser makes least.
#[differentiate(order = 2)]
pub fn loss(
    cameras: &[[f64; CAMERA]],
    points: &[[f64; 3]],
    weights: &[f64],
    #[constant] pairs: &[(usize, usize)],
    #[constant] seen: &[[f64; 2]],
) -> f64 {
    let mut sum = 0.0;
    for (i, &(c, p)) in pairs.iter().enumerate() {
        let missed = error(&cameras[c], &points[p], weights[i], &seen[i]);
        let excess = 1.0 - weights[i] * weights[i];
        sum += missed[0] * missed[0] + missed[1] * missed[1] + excess * excess;
    }
    0.5 * sum
}

/// All residuals: two for each observation, then one for each weight.
pub fn residuals(scene: &Scene) -> Vec<f64> {
    let mut out = Vec::with_capacity(3 * scene.pairs.len());
    for (i, &(c, p)) in scene.pairs.iter().enumerate() {
        out.extend(error(
            &scene.cameras[c],
            &scene.points[p],
            scene.weights[i],
            &scene.seen[i],
        ));
    }
    out.extend(scene.weights.iter().map(|w| 1.0 - w * w));
    out
}

/// The stored entries of the sparse Jacobian, row by row: 15 for each residual of an observation, one for each weight.
pub fn jacobian(
    scene: &Scene,
    block: impl Fn(&[f64; CAMERA], &[f64; 3], f64, &[f64; 2]) -> [[f64; 15]; 2],
) -> Vec<f64> {
    let mut values = Vec::with_capacity(31 * scene.pairs.len());
    for (i, &(c, p)) in scene.pairs.iter().enumerate() {
        let rows = block(
            &scene.cameras[c],
            &scene.points[p],
            scene.weights[i],
            &scene.seen[i],
        );
        values.extend(rows.as_flattened());
    }
    values.extend(scene.weights.iter().map(|w| -2.0 * w));
    values
}

/// The 2 x 15 block of one observation: two reverse sweeps.
pub fn block(
    camera: &[f64; CAMERA],
    point: &[f64; 3],
    weight: f64,
    seen: &[f64; 2],
) -> [[f64; 15]; 2] {
    let mut rows = [[0.0; 15]; 2];
    for (k, row) in rows.iter_mut().enumerate() {
        let (_, pullback) = error::vjp(camera, point, weight, seen);
        let seed = |row| if row == k { 1.0 } else { 0.0 };
        let (by_camera, by_point, by_weight) = pullback([seed(0), seed(1)]);
        row[..CAMERA].copy_from_slice(&by_camera);
        row[CAMERA..14].copy_from_slice(&by_point);
        row[14] = by_weight;
    }
    rows
}
