//! Hand tracking: distance of measured points from a skinned hand model (ADBench).
//!
//! 26 pose parameters: global rotation (axis times angle), global translation, then four angles for each finger.
//!
//! Which vertices the points correspond to does not change from pose to pose: the others are left out beforehand.

use autodiff_runtime::batch::Lanes;
use autodiff_runtime::differentiate;

/// Pose parameters.
pub const POSE: usize = 26;

/// Of these the global rotation and translation, which come first.
const GLOBAL: usize = 6;

/// Fingers, and the angles of each.
const FINGERS: usize = 5;
const ANGLES: usize = 4;

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

    /// Does each bone of a finger hang on one of the same finger, or on one that no angle moves?
    fn fingers_are_apart(&self) -> bool {
        let finger = |bone: usize| bone.div_ceil(ANGLES);
        let mut bones = self.parents.iter().enumerate();
        bones.all(|(bone, &parent)| {
            let fixed = parent == usize::MAX || !(1..=FINGERS).contains(&finger(parent));
            fixed || finger(parent) == finger(bone)
        })
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
#[differentiate(batch, order = 2)]
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
#[differentiate(batch, order = 2)]
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
#[differentiate(batch, order = 2)]
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
#[differentiate(batch, order = 2)]
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

/// What a bone contributes to a vertex: `weight T rest`.
#[differentiate(batch, order = 2)]
pub fn carried(transform: &[f64], #[constant] weight: f64, #[constant] rest: &[f64]) -> [f64; 3] {
    let mut moved = [0.0; 3];
    for i in 0..3 {
        moved[i] = weight
            * (transform[4 * i] * rest[0]
                + transform[4 * i + 1] * rest[1]
                + transform[4 * i + 2] * rest[2]
                + transform[4 * i + 3]);
    }
    moved
}

/// The global rotation and translation of a vertex.
#[differentiate(batch, order = 2)]
pub fn placed(turn: &[f64; 9], shift: &[f64], skinned: &[f64; 3]) -> [f64; 3] {
    let mut at = [0.0; 3];
    for i in 0..3 {
        at[i] = turn[3 * i] * skinned[0]
            + turn[3 * i + 1] * skinned[1]
            + turn[3 * i + 2] * skinned[2]
            + shift[i];
    }
    at
}

/// How far a measured point is from the point between three vertices.
#[differentiate(batch, order = 2)]
pub fn missed(
    u: f64,
    v: f64,
    a: &[f64],
    b: &[f64],
    c: &[f64],
    #[constant] point: &[f64],
) -> [f64; 3] {
    let mut missed = [0.0; 3];
    for i in 0..3 {
        missed[i] = point[i] - (u * a[i] + v * b[i] + (1.0 - u - v) * c[i]);
    }
    missed
}

/// The residuals of all points, x 3.
#[differentiate(batch, order = 2)]
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
            let at = 12 * model.bones[e];
            let rest = &model.vertices[3 * v..3 * v + 3];
            let own = carried(&transforms[at..at + 12], model.weights[e], rest);
            for i in 0..3 {
                skinned[i] += own[i];
            }
        }
        let at = placed(&turn, &theta[3..6], &skinned);
        posed[3 * v..3 * v + 3].copy_from_slice(&at);
    }
    let mut out = vec![0.0; points.len()];
    for p in 0..points.len() / 3 {
        let [a, b, c] = corners[p];
        let at = missed(
            us[2 * p],
            us[2 * p + 1],
            &posed[3 * a..3 * a + 3],
            &posed[3 * b..3 * b + 3],
            &posed[3 * c..3 * c + 3],
            &points[3 * p..3 * p + 3],
        );
        out[3 * p..3 * p + 3].copy_from_slice(&at);
    }
    out
}

/// Half the sum of the squared residuals, what an optimiser makes least.
#[differentiate(order = 2)]
pub fn loss(
    theta: &[f64],
    us: &[f64],
    #[constant] model: &Model,
    #[constant] corners: &[[usize; 3]],
    #[constant] points: &[f64],
) -> f64 {
    let missed = residuals(theta, us, model, corners, points);
    0.5 * missed.iter().map(|r| r * r).sum::<f64>()
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

    /// The Jacobian column by column: in the complicated problem first each point's own `u` and `v`, then the pose.
    ///
    /// It is sparse, and evaluated as such (Curtis, Powell and Reid 1974): an angle moves the bones of its finger only, so that four directions
    /// serve the angles of all fingers at once. Where bones meet in a vertex, each direction stands for a column again.
    pub fn jacobian(&self) -> Vec<f64> {
        let rows = self.points.len();
        let own = if self.complicated { 2 } else { 0 };
        let posed = self.posed();
        let mut columns = vec![0.0; (own + POSE) * rows];
        let (by_own, by_pose) = columns.split_at_mut(own * rows);
        for (p, corners) in self.corners.iter().enumerate() {
            let [a, b, c] = corners.map(|vertex| &posed[vertex]);
            let (u, v) = (self.us[2 * p], self.us[2 * p + 1]);
            let point = &self.points[3 * p..3 * p + 3];
            let still = [Lanes::ZERO; 3];
            let ([x, y, z], zero) = ([&a.at, &b.at, &c.at], Lanes::ZERO);
            if self.complicated {
                let (du, dv) = (Lanes([1.0, 0.0]), Lanes([0.0, 1.0]));
                let slopes =
                    missed::jvp_batch(u, v, x, y, z, point, du, dv, &still, &still, &still).1;
                write_columns(by_own, rows, 3 * p, &slopes);
            }
            let [dx, dy, dz] = [&a.slopes, &b.slopes, &c.slopes];
            let slopes = missed::jvp_batch(u, v, x, y, z, point, zero, zero, dx, dy, dz).1;
            write_columns(by_pose, rows, 3 * p, &slopes);
        }
        columns
    }

    /// All vertices in this pose.
    fn posed(&self) -> Vec<Posed> {
        let (theta, model) = (&self.theta, &self.model);
        assert!(model.fingers_are_apart(), "a bone hangs on another finger");
        // Direction `k` moves the angle `k` of every finger.
        let mut angles = [Lanes::<f64, ANGLES>::ZERO; POSE];
        for (k, angle) in angles[GLOBAL..].iter_mut().enumerate() {
            angle.0[k % ANGLES] = 1.0;
        }
        let (relative, inverse) = (&model.relative, &model.inverse);
        let bones = skinning::jvp_batch(theta, &model.parents, relative, inverse, &angles);
        let mut globals = [Lanes::<f64, POSE>::ZERO; GLOBAL];
        for (k, global) in globals.iter_mut().enumerate() {
            global.0[k] = 1.0;
        }
        let turn = rotation::jvp_batch(&theta[..3], &globals[..3]);
        let vertices = 0..model.first.len() - 1;
        let posed = vertices.map(|v| {
            let (skinned, slopes) = self.skinned(v, (&bones.0, &bones.1));
            let shift = (&theta[3..GLOBAL], &globals[3..]);
            let (at, slopes) =
                placed::jvp_batch(&turn.0, shift.0, &skinned, &turn.1, shift.1, &slopes);
            Posed { at, slopes }
        });
        posed.collect()
    }

    /// A vertex moved by its bones, whose transforms and slopes are given.
    fn skinned(
        &self,
        vertex: usize,
        bones: (&[f64], &[Lanes<f64, ANGLES>]),
    ) -> ([f64; 3], [Lanes<f64, POSE>; 3]) {
        let model = &self.model;
        let rest = &model.vertices[3 * vertex..3 * vertex + 3];
        let (mut at, mut slopes) = ([0.0; 3], [Lanes::ZERO; 3]);
        for e in model.first[vertex]..model.first[vertex + 1] {
            let bone = model.bones[e];
            let part = 12 * bone..12 * bone + 12;
            let (transform, slope) = (&bones.0[part.clone()], &bones.1[part]);
            let (own, own_slopes) = carried::jvp_batch(transform, model.weights[e], rest, slope);
            let finger = bone.div_ceil(4);
            let columns = (1..=FINGERS)
                .contains(&finger)
                .then(|| GLOBAL + ANGLES * (finger - 1));
            for i in 0..3 {
                at[i] += own[i];
                if let Some(first) = columns {
                    add(&mut slopes[i].0[first..first + ANGLES], &own_slopes[i].0);
                }
            }
        }
        (at, slopes)
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

/// A vertex in a pose, and its derivatives with respect to the pose.
struct Posed {
    at: [f64; 3],
    slopes: [Lanes<f64, POSE>; 3],
}

fn add(sums: &mut [f64], terms: &[f64]) {
    sums.iter_mut().zip(terms).for_each(|(s, t)| *s += t);
}

/// Writes the slopes of three rows from `row` on into the columns.
fn write_columns<const W: usize>(
    columns: &mut [f64],
    rows: usize,
    row: usize,
    slopes: &[Lanes<f64, W>; 3],
) {
    for (k, column) in columns.chunks_exact_mut(rows).enumerate() {
        for (entry, slope) in column[row..row + 3].iter_mut().zip(slopes) {
            *entry = slope.0[k];
        }
    }
}
