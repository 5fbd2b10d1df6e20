//! Geometry.

use autodiff_runtime::{Differentiable, differentiate};

#[differentiate]
fn polygon_area(pts: &[[f64; 2]]) -> f64 {
    let n = pts.len();
    let mut a = 0.0;
    let mut j = n - 1;
    for i in 0..n {
        a += (pts[j][0] + pts[i][0]) * (pts[j][1] - pts[i][1]);
        j = i;
    }
    a.abs() / 2.0
}

#[differentiate]
fn point_segment(p: (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let (px, py) = p;
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let len2 = dx * dx + dy * dy;
    let t = match ((px - a.0) * dx + (py - a.1) * dy) / len2 {
        t if t < 0.0 => 0.0,
        t if t > 1.0 => 1.0,
        t => t,
    };
    let (cx, cy) = (a.0 + t * dx, a.1 + t * dy);
    ((px - cx).powi(2) + (py - cy).powi(2)).sqrt()
}

#[differentiate]
fn ray_sphere(o: [f64; 3], d: [f64; 3], c: [f64; 3], r: f64) -> f64 {
    fn unused(x: f64) -> f64 {
        x
    }
    let mut oc = [0.; 3];
    let (mut b, mut cc) = (0., -r * r);
    for ((w, o), (c, d)) in oc.iter_mut().zip(o).zip(c.iter().zip(d.iter())) {
        *w = o - c;
        b += *w * d;
        cc += *w * *w;
    }
    let disc = b * b - cc;
    if disc < 0.0 {
        return -1.0 * oc[0];
    }
    let t = -b - disc.sqrt();
    if t >= 0.0 { t } else { -b + disc.sqrt() }
}

#[differentiate]
fn bezier_length(ctrl: &[[f64; 2]; 4], n: usize) -> f64 {
    let mut len = 0.0;
    let mut prev = ctrl[0];
    for i in 1..=n {
        let t = i as f64 / n as f64;
        let u = 1.0 - t;
        let w = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
        let mut p = [0.0, 0.0];
        for (k, c) in ctrl.iter().enumerate() {
            for d in 0..2 {
                p[d] += w[k] * c[d];
            }
        }
        let [dx, dy] = [p[0] - prev[0], p[1] - prev[1]];
        len += dx.hypot(dy);
        prev = p;
    }
    len
}

#[differentiate]
fn cox_de_boor(knots: &[f64], i: usize, k: usize, t: f64) -> f64 {
    if k == 0 {
        return if knots[i] <= t && t < knots[i + 1] {
            1.0
        } else {
            0.0
        };
    }
    let mut sum = 0.0;
    let d1 = knots[i + k] - knots[i];
    if d1 > 0.0 {
        sum += (t - knots[i]) / d1 * cox_de_boor(knots, i, k - 1, t);
    }
    let d2 = knots[i + k + 1] - knots[i + 1];
    if d2 > 0.0 {
        sum += (knots[i + k + 1] - t) / d2 * cox_de_boor(knots, i + 1, k - 1, t);
    }
    sum
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct V3 {
    x: f64,
    y: f64,
    z: f64,
}

#[differentiate]
fn triangle_normal(a: V3, b: V3, c: V3) -> V3 {
    let u = V3 {
        x: b.x - a.x,
        y: b.y - a.y,
        z: b.z - a.z,
    };
    let v = V3 {
        x: c.x - a.x,
        y: c.y - a.y,
        z: c.z - a.z,
    };
    let mut n = V3 {
        x: u.y * v.z - u.z * v.y,
        y: u.z * v.x - u.x * v.z,
        z: u.x * v.y - u.y * v.x,
    };
    let len = (n.x * n.x + n.y * n.y + n.z * n.z).sqrt();
    n.x /= len;
    n.y /= len;
    n.z /= len;
    n
}

#[differentiate]
fn mesh_volume(vertices: &[V3], faces: &[[usize; 3]]) -> f64 {
    let mut vol = 0.0;
    for &[i, j, k] in faces {
        let (a, b, c) = (&vertices[i], &vertices[j], &vertices[k]);
        vol += a.x * (b.y * c.z - b.z * c.y) - a.y * (b.x * c.z - b.z * c.x)
            + a.z * (b.x * c.y - b.y * c.x);
    }
    vol / 6.0
}

tests::checks! {
    area: |x| polygon_area(&[[x[0], x[1]], [x[2], x[3]], [x[4], x[5]], [x[6], x[7]]]), [0.0, 0.1, 1.0, 0.2, 1.3, 1.1, -0.2, 0.9];
    segment: |x| point_segment((x[0], x[1]), (x[2], x[3]), (x[4], x[5])), [0.5, 1.0, 0.0, 0.0, 1.0, 0.2], [-1.5, 1.0, 0.0, 0.0, 1.0, 0.2], [2.5, 1.0, 0.0, 0.0, 1.0, 0.2];
    sphere: |x| ray_sphere([x[0], x[1], x[2]], [0.0, x[3], 0.8], [x[4], x[5], x[6]], x[7]), [0.0, 0.0, 0.0, 0.6, 0.2, 3.0, 4.0, 1.0], [0.3, 0.0, 0.0, 0.6, 0.2, 30.0, 4.0, 1.0];
    bezier: |x| bezier_length(&[[x[0], x[1]], [x[2], x[3]], [x[4], x[5]], [x[6], x[7]]], 5), [0.0, 0.1, 1.0, 0.2, 1.3, 1.1, -0.2, 0.9];
    bspline: |x| cox_de_boor(&x[1..], 1, 3, x[0]), [1.7, 0.0, 0.5, 1.0, 1.5, 2.2, 3.0, 3.3];
    normal: |x| { let n = triangle_normal(V3 { x: x[0], y: x[1], z: x[2] }, V3 { x: x[3], y: x[4], z: x[5] }, V3 { x: x[6], y: x[7], z: x[8] }); n.x * n.y + n.z }, [0.0, 0.1, 1.0, 0.2, 1.3, 1.1, -0.2, 0.9, 0.4];
    volume: |x| mesh_volume(&[V3 { x: x[0], y: x[1], z: x[2] }, V3 { x: x[3], y: x[4], z: x[5] }, V3 { x: x[6], y: x[7], z: x[8] }], &[[0, 1, 2], [1, 0, 2], [0, 1, 2]]), [0.0, 0.1, 1.0, 0.2, 1.3, 1.1, -0.2, 0.9, 0.4];
}
