use autodiff_runtime::{Differentiable, differentiate};
use std::ops::Index;

#[derive(Clone, Differentiable)]
struct Series(Vec<f64>);

#[differentiate]
impl Index<usize> for Series {
    type Output = f64;
    fn index(&self, i: usize) -> &f64 {
        self.0.get(i).unwrap()
    }
}

fn main() {
    assert_eq!(Series(vec![2.0])[0], 2.0);
}
