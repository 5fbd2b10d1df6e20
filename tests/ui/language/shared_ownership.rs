use autodiff_runtime::differentiate;
use std::rc::Rc;

#[differentiate]
fn sum(x: Rc<Vec<f64>>) -> f64 {
    x.iter().sum()
}

fn main() {}
