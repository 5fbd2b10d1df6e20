//! Types of one's own that a glob brings, or a path.

use crate::geometry::*;
use autodiff_runtime::{Differentiable, differentiate};

#[differentiate]
pub fn centroid(points: &[Point<f64>]) -> Point<f64> {
    let n = points.len() as f64;
    let sum = points
        .iter()
        .fold((0.0, 0.0), |(x, y), p| (x + p.x, y + p.y));
    Point {
        x: sum.0 / n,
        y: sum.1 / n,
    }
}

/// No import and no literal.
#[differentiate]
pub fn trace(a: &crate::algebra::Matrix<f64>) -> f64 {
    a.trace() * a.get(0, 0)
}

#[differentiate(self)]
trait Length: Differentiable {
    fn manhattan(&self) -> f64;
}

#[differentiate(self)]
impl Length for crate::algebra::Vector<f64> {
    fn manhattan(&self) -> f64 {
        self.0.iter().map(|x| x.abs()).sum()
    }
}

#[differentiate]
pub fn scaled(v: &crate::algebra::Vector<f64>, k: f64) -> f64 {
    v.manhattan() * k
}
