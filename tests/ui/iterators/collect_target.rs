use autodiff_runtime::differentiate;
use std::collections::LinkedList;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let y = x.iter().map(|a| a * a).collect::<LinkedList<f64>>();
    *y.front().unwrap()
}

fn main() {}
