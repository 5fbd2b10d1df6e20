use autodiff_runtime::differentiate;

#[differentiate]
fn first(x: &[f64]) -> f64 {
    x[0]
}

fn main() {
    assert_eq!(first::grad(&[3.0, 4.0]), [1.0, 0.0]);
}
