//! Methods of a trait of the crate's that give integers of a number: no derivative flows through them.

use autodiff_runtime::differentiate;
use tests::checks;

trait Lattice {
    fn floor_to_isize(self) -> isize;
    fn is_even(&self) -> bool;
}

impl Lattice for f64 {
    fn floor_to_isize(self) -> isize {
        self.floor() as isize
    }
    fn is_even(&self) -> bool {
        *self as i64 % 2 == 0
    }
}

const GRADIENTS: [f64; 4] = [0.5, -1.0, 0.25, 0.75];

/// Noise of one dimension.
#[differentiate]
fn noise(x: f64) -> f64 {
    let cell = x.floor_to_isize();
    let t = x - cell as f64;
    let gradient = |k: isize| GRADIENTS[k.rem_euclid(4) as usize];
    let fade = t * t * (3.0 - 2.0 * t);
    let (a, b) = (gradient(cell) * t, gradient(cell + 1) * (t - 1.0));
    let sign = if x.is_even() { 1.0 } else { -1.0 };
    sign * (a + fade * (b - a))
}

checks! {
    noises: |x| noise(x[0]) + noise(x[0] * 3.0), [0.4], [2.7], [-1.3];
}
