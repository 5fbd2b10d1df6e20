//! A numeric trait of one's own whose `floor` and `from_f64` are other functions than those of floats, without the attribute.

use autodiff_runtime::differentiate;
use num_traits::Num;

trait Soft: Num + Copy {
    fn floor(self) -> Self;
    fn from_f64(x: f64) -> Self;
}

impl Soft for f64 {
    fn floor(self) -> f64 {
        self * self
    }

    fn from_f64(x: f64) -> f64 {
        2.0 * x
    }
}

#[differentiate]
fn steps<T: Soft>(x: T) -> T {
    x.floor() * x
}

#[differentiate]
fn scaled<T: Soft>(x: T, y: f64) -> T {
    x * T::from_f64(y)
}

fn main() {
    steps(2.0_f64);
    scaled(1.0_f64, 2.0);
}
