//! Rotations by vectors `r = t a`, `a` the axis and `t` the angle, and their derivatives, without cancellation near `t = 0`.
//!
//! Source: Gallego and Yezzi, A compact formula for the derivative of a 3-D rotation in exponential coordinates, 2015.

use super::ba::{cross, dot};

/// A rotation vector taken apart.
pub struct Rotation {
    axis: [f64; 3],
    sin: f64,
    cos: f64,
    /// `sin t / t` and `(1 - cos t) / t`.
    sinc: f64,
    cosc: f64,
}

impl Rotation {
    /// Takes apart the rotation by `|r|` about `r`.
    pub fn new(r: &[f64; 3]) -> Self {
        let angle = dot(r, r).sqrt();
        if angle == 0.0 {
            return Rotation {
                axis: [0.0; 3],
                sin: 0.0,
                cos: 1.0,
                sinc: 1.0,
                cosc: 0.0,
            };
        }
        let (sin, cos) = angle.sin_cos();
        let half = (0.5 * angle).sin();
        Rotation {
            axis: r.map(|r| r / angle),
            sin,
            cos,
            sinc: sin / angle,
            cosc: 2.0 * half * half / angle,
        }
    }

    /// `R v` for `sign = 1`, `R^T v` for `sign = -1`.
    pub fn apply(&self, sign: f64, v: &[f64; 3]) -> [f64; 3] {
        let c = cross(&self.axis, v);
        let along = dot(&self.axis, v) * (1.0 - self.cos);
        std::array::from_fn(|i| v[i] * self.cos + sign * c[i] * self.sin + self.axis[i] * along)
    }

    /// `J m`, `J = sin t / t I + (1 - sin t / t) a a^T + (1 - cos t) / t [a]_x`: a change `dr` of the rotation vector turns `R v`
    /// by the vector `J dr`.
    pub fn left_jacobian(&self, m: &[f64; 3]) -> [f64; 3] {
        let c = cross(&self.axis, m);
        let along = dot(&self.axis, m) * (1.0 - self.sinc);
        std::array::from_fn(|i| self.sinc * m[i] + along * self.axis[i] + self.cosc * c[i])
    }
}
