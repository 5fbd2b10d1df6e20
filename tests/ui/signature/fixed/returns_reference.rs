use autodiff_runtime::differentiate;

#[differentiate]
fn first(x: &[f64]) -> f64 {
    x[0]
}

#[differentiate]
fn halves(x: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (a, b) = x.split_at(x.len() / 2);
    (a.to_vec(), b.to_vec())
}

fn main() {
    assert_eq!(first::grad(&[3.0, 4.0]), [1.0, 0.0]);
    assert_eq!(halves::jacobian(&[3.0, 4.0]).shape(), (2, 2));
}
