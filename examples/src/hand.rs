//! Hand tracking: distance of measured points from a skinned hand model (ADBench).
//!
//! 26 pose parameters: global rotation (axis times angle), global translation, then four angles for each finger.
//!
//! Which vertices the points correspond to does not change from pose to pose: the others are left out beforehand.

use autodiff_runtime::batch::Lanes;
use autodiff_runtime::differentiate;

/// Pose parameters.
pub const POSE: usize = 26;

/// How many directions a sweep takes.
const LANES: usize = 14;

/// A skinned model: bones with their parents, vertices with their weights. Transforms are 3 x 4, row by row.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The parent of each bone, `usize::MAX` for a root. Parents come first.
    pub parents: Vec<usize>,
    /// Each bone's transform relative to its parent, bones x 12.
    pub relative: Vec<f64>,
    /// The inverse of each bone's absolute transform at rest, bones x 12.
    pub inverse: Vec<f64>,
    /// Vertices at rest, x 3.
    pub vertices: Vec<f64>,
    /// Bones and weights of each vertex: `first[v]..first[v + 1]` into `bones` and `weights`.
    pub first: Vec<usize>,
    /// See `first`.
    pub bones: Vec<usize>,
    /// See `first`.
    pub weights: Vec<f64>,
    /// Corners of each triangle.
    pub triangles: Vec<[usize; 3]>,
}

impl Model {
    /// The model with only those vertices that are `corners`, which are then numbered anew. It has no triangles.
    pub fn with_vertices_at(&self, corners: &mut [[usize; 3]]) -> Model {
        let mut numbers = vec![usize::MAX; self.first.len() - 1];
        let mut cut = Model {
            parents: self.parents.clone(),
            relative: self.relative.clone(),
            inverse: self.inverse.clone(),
            first: vec![0],
            ..Model::default()
        };
        for corner in corners.as_flattened_mut() {
            let vertex = *corner;
            if numbers[vertex] == usize::MAX {
                numbers[vertex] = cut.first.len() - 1;
                cut.push_vertex(self, vertex);
            }
            *corner = numbers[vertex];
        }
        cut
    }

    fn push_vertex(&mut self, of: &Model, vertex: usize) {
        let bones = of.first[vertex]..of.first[vertex + 1];
        self.vertices
            .extend_from_slice(&of.vertices[3 * vertex..3 * vertex + 3]);
        self.bones.extend_from_slice(&of.bones[bones.clone()]);
        self.weights.extend_from_slice(&of.weights[bones]);
        self.first.push(self.bones.len());
    }
}

/// Measured points and what they correspond to.
#[derive(Clone, Debug)]
pub struct Tracking {
    /// The model, with the vertices that points correspond to.
    pub model: Model,
    /// For each point the three vertices that it lies between: the same three times in the simple problem.
    pub corners: Vec<[usize; 3]>,
    /// Measured points, x 3.
    pub points: Vec<f64>,
    /// Barycentric coordinates of each point, x 2; `(1, 0)` in the simple problem.
    pub us: Vec<f64>,
    /// Are the barycentric coordinates unknown too?
    pub complicated: bool,
    /// The pose.
    pub theta: Vec<f64>,
}

/// `out = a b` for transforms.
#[differentiate(batch)]
pub fn compose(a: &[f64], b: &[f64], out: &mut [f64]) {
    for i in 0..3 {
        for j in 0..4 {
            let mut sum = if j == 3 { a[4 * i + 3] } else { 0.0 };
            for k in 0..3 {
                sum += a[4 * i + k] * b[4 * k + j];
            }
            out[4 * i + j] = sum;
        }
    }
}

/// The rotation `Rz(z) Rx(x)` as a transform.
#[differentiate(batch)]
pub fn joint(x: f64, z: f64) -> [f64; 12] {
    let (sx, cx) = x.sin_cos();
    let (sz, cz) = z.sin_cos();
    [
        cz,
        -sz * cx,
        sz * sx,
        0.0,
        sz,
        cz * cx,
        -cz * sx,
        0.0,
        0.0,
        sx,
        cx,
        0.0,
    ]
}

/// The global rotation; the identity, with zero derivative, for angles below 1e-4.
#[differentiate(batch)]
pub fn rotation(r: &[f64]) -> [f64; 9] {
    let angle = (r[0] * r[0] + r[1] * r[1] + r[2] * r[2]).sqrt();
    if angle < 1e-4 {
        return [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
    }
    let (s, c) = angle.sin_cos();
    let (x, y, z) = (r[0] / angle, r[1] / angle, r[2] / angle);
    let v = 1.0 - c;
    [
        c + v * x * x,
        v * x * y - s * z,
        v * x * z + s * y,
        v * y * x + s * z,
        c + v * y * y,
        v * y * z - s * x,
        v * z * x - s * y,
        v * z * y + s * x,
        c + v * z * z,
    ]
}

/// The skinning transform of each bone, bones x 12.
#[differentiate(batch)]
pub fn skinning(
    theta: &[f64],
    parents: &[usize],
    #[constant] relative: &[f64],
    #[constant] inverse: &[f64],
) -> Vec<f64> {
    let count = parents.len();
    let mut absolute = vec![0.0; 12 * count];
    let mut transforms = vec![0.0; 12 * count];
    for b in 0..count {
        let finger = b.div_ceil(4);
        let mut x = 0.0;
        let mut z = 0.0;
        if (1..=20).contains(&b) {
            let at = 6 + 4 * (finger - 1);
            let knuckle = (b - 1) % 4;
            if knuckle == 1 {
                x = theta[at];
                z = theta[at + 1];
            } else if knuckle >= 2 {
                x = theta[at + knuckle];
            }
        }
        let mut own = [0.0; 12];
        compose(&relative[12 * b..12 * b + 12], &joint(x, z), &mut own);
        let (before, rest) = absolute.split_at_mut(12 * b);
        if parents[b] == usize::MAX {
            rest[..12].copy_from_slice(&own);
        } else {
            let parent = 12 * parents[b];
            compose(&before[parent..parent + 12], &own, &mut rest[..12]);
        }
        compose(
            &rest[..12],
            &inverse[12 * b..12 * b + 12],
            &mut transforms[12 * b..12 * b + 12],
        );
    }
    transforms
}

/// The residuals of all points, x 3.
#[differentiate(batch)]
pub fn residuals(
    theta: &[f64],
    us: &[f64],
    #[constant] model: &Model,
    #[constant] corners: &[[usize; 3]],
    #[constant] points: &[f64],
) -> Vec<f64> {
    let transforms = skinning(theta, &model.parents, &model.relative, &model.inverse);
    let turn = rotation(&theta[..3]);
    let count = model.first.len() - 1;
    let mut posed = vec![0.0; 3 * count];
    for v in 0..count {
        let mut skinned = [0.0; 3];
        for e in model.first[v]..model.first[v + 1] {
            let t = &transforms[12 * model.bones[e]..12 * model.bones[e] + 12];
            for i in 0..3 {
                skinned[i] += model.weights[e]
                    * (t[4 * i] * model.vertices[3 * v]
                        + t[4 * i + 1] * model.vertices[3 * v + 1]
                        + t[4 * i + 2] * model.vertices[3 * v + 2]
                        + t[4 * i + 3]);
            }
        }
        for i in 0..3 {
            posed[3 * v + i] = turn[3 * i] * skinned[0]
                + turn[3 * i + 1] * skinned[1]
                + turn[3 * i + 2] * skinned[2]
                + theta[3 + i];
        }
    }
    let mut out = vec![0.0; points.len()];
    for p in 0..points.len() / 3 {
        let (u, v) = (us[2 * p], us[2 * p + 1]);
        for i in 0..3 {
            let between = u * posed[3 * corners[p][0] + i]
                + v * posed[3 * corners[p][1] + i]
                + (1.0 - u - v) * posed[3 * corners[p][2] + i];
            out[3 * p + i] = points[3 * p + i] - between;
        }
    }
    out
}

impl Tracking {
    /// The residuals.
    pub fn residuals(&self) -> Vec<f64> {
        residuals(
            &self.theta,
            &self.us,
            &self.model,
            &self.corners,
            &self.points,
        )
    }

    /// The Jacobian column by column: in the complicated problem first each point's own `u` and `v`, then the pose. Forward sweeps in
    /// `LANES` directions.
    pub fn jacobian(&self) -> Vec<f64> {
        let own = if self.complicated { 2 } else { 0 };
        let mut columns = vec![0.0; (own + POSE) * self.points.len()];
        let batches = columns.chunks_mut(LANES * self.points.len());
        for (batch, columns) in batches.enumerate() {
            self.columns(LANES * batch, own, columns);
        }
        columns
    }

    /// The derivatives in the directions of the columns from `first` on, as many as there is room for.
    fn columns(&self, first: usize, own: usize, columns: &mut [f64]) {
        let mut d_theta = vec![Lanes::<f64, LANES>::ZERO; POSE];
        let mut d_us = vec![Lanes::ZERO; self.us.len()];
        for lane in 0..LANES.min(own + POSE - first) {
            match (first + lane).checked_sub(own) {
                None => {
                    let one = d_us.iter_mut().skip(first + lane).step_by(2);
                    one.for_each(|u| u.0[lane] = 1.0);
                }
                Some(k) => d_theta[k].0[lane] = 1.0,
            }
        }
        let (_, slopes) = residuals::jvp_batch(
            &self.theta,
            &self.us,
            &self.model,
            &self.corners,
            &self.points,
            &d_theta,
            &d_us,
        );
        let columns = columns.chunks_mut(self.points.len());
        for (lane, column) in columns.enumerate() {
            let entries = slopes.iter().map(|slope| slope.0[lane]);
            column.iter_mut().zip(entries).for_each(|(c, e)| *c = e);
        }
    }

    /// The derivative in the direction of column `k`.
    pub fn column(&self, k: usize, own: usize) -> Vec<f64> {
        let (d_theta, d_us) = self.direction(k, own);
        let (_, column) = residuals::jvp(
            &self.theta,
            &self.us,
            &self.model,
            &self.corners,
            &self.points,
            &d_theta,
            &d_us,
        );
        column
    }

    /// The direction of column `k`, of which the first `own` move all points at once.
    pub fn direction(&self, k: usize, own: usize) -> (Vec<f64>, Vec<f64>) {
        let mut d_theta = vec![0.0; POSE];
        let mut d_us = vec![0.0; self.us.len()];
        if k < own {
            d_us.iter_mut().skip(k).step_by(2).for_each(|u| *u = 1.0);
        } else {
            d_theta[k - own] = 1.0;
        }
        (d_theta, d_us)
    }
}
