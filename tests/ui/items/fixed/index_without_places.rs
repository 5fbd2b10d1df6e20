use autodiff_runtime::{Differentiable, differentiate};
use std::ops::Index;

#[derive(Clone, Differentiable)]
struct Series(Vec<f64>);

#[differentiate]
impl Index<usize> for Series {
    type Output = f64;
    fn index(&self, i: usize) -> &f64 {
        &self.0[i]
    }
}

#[differentiate]
fn square(x: f64) -> f64 {
    let series = Series(vec![x, 2.0]);
    series[0] * series[0] * series[1]
}

fn main() {
    assert_eq!(square::grad(3.0), 12.0);
}
