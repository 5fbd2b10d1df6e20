//! The Jacobian of hand tracking as an expert writes it, from the kinematics: an angle moves only the bones from its joint outward, the
//! global rotation turns what the bones have made, the translation moves all alike.
//!
//! `d y_v / d angle = Q sum_b s_bv (dA_b H_b) [p_v; 1]` over the bones that the angle moves; `d y_v / d r_i = dQ_i a_v`. Each vertex
//! is differentiated once.

use super::ba::{cross, dot};
use super::rotation::Rotation;
use crate::hand::{Model, POSE, Tracking, joint, rotation};

type Affine = [f64; 12];

/// Column by column, as `Tracking::jacobian`.
pub fn jacobian(t: &Tracking) -> Vec<f64> {
    let rows = t.points.len();
    let own = if t.complicated { 2 } else { 0 };
    let skeleton = Skeleton::new(&t.theta, &t.model);
    let vertices = 0..t.model.first.len() - 1;
    let posed: Vec<Moving> = vertices.map(|v| skeleton.vertex(&t.model, v)).collect();
    let mut out = vec![0.0; (own + POSE) * rows];
    for (p, corners) in t.corners.iter().enumerate() {
        let [a, b, c] = corners.map(|vertex| &posed[vertex]);
        let (u, v) = (t.us[2 * p], t.us[2 * p + 1]);
        for j in 0..3 {
            let row = 3 * p + j;
            if t.complicated {
                out[row] = c.position[j] - a.position[j];
                out[rows + row] = c.position[j] - b.position[j];
            }
            let pose = out[own * rows..].chunks_exact_mut(rows);
            for (k, column) in pose.enumerate() {
                let [a, b, c] = [a, b, c].map(|vertex| vertex.slopes[k][j]);
                column[row] = if t.complicated {
                    -(u * a + v * b + (1.0 - u - v) * c)
                } else {
                    -a
                };
            }
        }
    }
    out
}

/// A vertex' position and its derivatives with respect to the pose.
struct Moving {
    position: [f64; 3],
    slopes: [[f64; 3]; POSE],
}

/// Derivative of a transform with respect to an angle of the pose.
struct Slope {
    angle: usize,
    matrix: Affine,
}

/// The bones in a pose, and how each moves with the angles.
struct Skeleton {
    transforms: Vec<Affine>,
    /// For each bone, what moves its transform.
    slopes: Vec<Vec<Slope>>,
    rotation: [f64; 9],
    /// Axis about which each number of the global rotation turns the posed hand, times the speed.
    spins: [[f64; 3]; 3],
    translation: [f64; 3],
}

impl Skeleton {
    fn new(theta: &[f64], model: &Model) -> Self {
        let count = model.parents.len();
        let mut transforms: Vec<Affine> = Vec::with_capacity(count);
        let mut slopes: Vec<Vec<Slope>> = Vec::with_capacity(count);
        for bone in 0..count {
            let (placed, own) = place(bone, theta, model, &transforms, &slopes);
            transforms.push(placed);
            slopes.push(own);
        }
        for (bone, (placed, slopes)) in transforms.iter_mut().zip(&mut slopes).enumerate() {
            let inverse = affine(&model.inverse, bone);
            *placed = product(placed, &inverse);
            for slope in slopes {
                slope.matrix = product(&slope.matrix, &inverse);
            }
        }
        Skeleton {
            transforms,
            slopes,
            rotation: rotation(&theta[..3]),
            spins: spins(&[theta[0], theta[1], theta[2]]),
            translation: [theta[3], theta[4], theta[5]],
        }
    }

    /// Poses one vertex.
    fn vertex(&self, model: &Model, vertex: usize) -> Moving {
        let rest = std::array::from_fn(|i| model.vertices[3 * vertex + i]);
        let mut local = [0.0; 3];
        let mut slopes = [[0.0; 3]; POSE];
        let range = model.first[vertex]..model.first[vertex + 1];
        for (&bone, &weight) in model.bones[range.clone()].iter().zip(&model.weights[range]) {
            accumulate(&mut local, weight, &image(&self.transforms[bone], &rest));
            for slope in &self.slopes[bone] {
                let moved = image(&slope.matrix, &rest);
                accumulate(&mut slopes[slope.angle], weight, &moved);
            }
        }
        let turned = turn(&self.rotation, &local);
        for (slope, spin) in slopes.iter_mut().zip(&self.spins) {
            *slope = cross(spin, &turned);
        }
        for i in 0..3 {
            slopes[3 + i][i] = 1.0;
        }
        for slope in &mut slopes[6..] {
            *slope = turn(&self.rotation, slope);
        }
        let mut position = self.translation;
        accumulate(&mut position, 1.0, &turned);
        Moving { position, slopes }
    }
}

/// Absolute transform of a bone, and what moves it, from those of the bones before.
fn place(
    bone: usize,
    theta: &[f64],
    model: &Model,
    absolute: &[Affine],
    slopes: &[Vec<Slope>],
) -> (Affine, Vec<Slope>) {
    let (x, z) = angles(bone);
    let [x_angle, z_angle] = [x, z].map(|angle| angle.map_or(0.0, |angle| theta[angle]));
    let rest = affine(&model.relative, bone);
    let relative = product(&rest, &joint(x_angle, z_angle));
    let own = [(x, true), (z, false)];
    let own = own.into_iter().filter_map(|(angle, about_x)| {
        let matrix = joint_slope(x_angle, z_angle, about_x);
        let matrix = product(&linear(&rest), &matrix);
        angle.map(|angle| Slope { angle, matrix })
    });
    let parent = model.parents[bone];
    if parent == usize::MAX {
        return (relative, own.collect());
    }
    let above = absolute[parent];
    let inherited = slopes[parent].iter().map(|slope| Slope {
        angle: slope.angle,
        matrix: product(&slope.matrix, &relative),
    });
    let own = own.map(|slope| Slope {
        angle: slope.angle,
        matrix: product(&linear(&above), &slope.matrix),
    });
    let all = inherited.chain(own).collect();
    (product(&above, &relative), all)
}

fn affine(all: &[f64], bone: usize) -> Affine {
    std::array::from_fn(|i| all[12 * bone + i])
}

/// The transform without its translation.
fn linear(a: &Affine) -> Affine {
    let mut linear = *a;
    (linear[3], linear[7], linear[11]) = (0.0, 0.0, 0.0);
    linear
}

/// `a b`
fn product(a: &Affine, b: &Affine) -> Affine {
    let mut out = [0.0; 12];
    for i in 0..3 {
        for j in 0..4 {
            out[4 * i + j] = a[4 * i] * b[j] + a[4 * i + 1] * b[4 + j] + a[4 * i + 2] * b[8 + j];
        }
        out[4 * i + 3] += a[4 * i + 3];
    }
    out
}

/// Image of a point.
fn image(a: &Affine, p: &[f64; 3]) -> [f64; 3] {
    std::array::from_fn(|i| {
        a[4 * i] * p[0] + a[4 * i + 1] * p[1] + a[4 * i + 2] * p[2] + a[4 * i + 3]
    })
}

/// Where the angles of a bone stand in the pose: the one about x, and for a finger's first joint the one about z.
fn angles(bone: usize) -> (Option<usize>, Option<usize>) {
    if !(1..=20).contains(&bone) {
        return (None, None);
    }
    let offset = 6 + 4 * ((bone - 1) / 4);
    match (bone - 1) % 4 {
        0 => (None, None),
        1 => (Some(offset), Some(offset + 1)),
        2 => (Some(offset + 2), None),
        _ => (Some(offset + 3), None),
    }
}

/// Derivative of [`joint`] with respect to the angle about x or about z.
#[rustfmt::skip]
fn joint_slope(x: f64, z: f64, about_x: bool) -> Affine {
    let ((sx, cx), (sz, cz)) = (x.sin_cos(), z.sin_cos());
    if about_x {
        [0.0, sz * sx, sz * cx, 0.0, 0.0, -cz * sx, -cz * cx, 0.0, 0.0, cx, -sx, 0.0]
    } else {
        [-sz, -cz * cx, cz * sx, 0.0, cz, -sz * cx, sz * sx, 0.0, 0.0, 0.0, 0.0, 0.0]
    }
}

/// Columns of the left Jacobian of the global rotation; zero where [`rotation`] is constant.
fn spins(r: &[f64; 3]) -> [[f64; 3]; 3] {
    if dot(r, r).sqrt() < 1e-4 {
        return [[0.0; 3]; 3];
    }
    let rotation = Rotation::new(r);
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|e| rotation.left_jacobian(&e))
}

/// `q v`
fn turn(q: &[f64; 9], v: &[f64; 3]) -> [f64; 3] {
    std::array::from_fn(|i| q[3 * i] * v[0] + q[3 * i + 1] * v[1] + q[3 * i + 2] * v[2])
}

/// `sum += weight v`
fn accumulate(sum: &mut [f64; 3], weight: f64, v: &[f64; 3]) {
    for i in 0..3 {
        sum[i] += weight * v[i];
    }
}
