use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let y = x.iter().map(|a| a * a).collect::<Vec<f64>>();
    y[0]
}

fn main() {
    assert_eq!(f::grad(&[3.0, 4.0]), [6.0, 0.0]);
}
