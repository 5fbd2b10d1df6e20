use autodiff_runtime::differentiate;
use std::rc::Rc;

#[differentiate]
fn sum(x: &[f64]) -> f64 {
    x.iter().sum()
}

fn main() {
    assert_eq!(sum::grad(&Rc::new(vec![1.0, 2.0])), [1.0, 1.0]);
}
