use autodiff_runtime::differentiate;

#[differentiate]
fn squares(x: &[f64]) -> Vec<f64> {
    x.iter().map(|a| a * a).collect()
}

fn main() {
    assert_eq!(squares::jacobian(&[3.0]).shape(), (1, 1));
}
