use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let mut items = x.iter();
    let first: f64 = (0..2).zip(items.by_ref()).map(|(k, v)| v * k as f64).sum();
    let second: f64 = std::iter::zip([1.0, 2.0], &mut items).map(|(a, b)| a * b).sum();
    first + second + items.sum::<f64>()
}

fn main() {
    assert_eq!(f::grad(&[0.3, 0.7, 0.2, 0.5, 0.9]), [0.0, 1.0, 1.0, 2.0, 1.0]);
}
