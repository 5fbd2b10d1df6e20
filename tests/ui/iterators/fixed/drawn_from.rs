use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let large: Vec<f64> = x.iter().copied().filter(|v| *v > 0.5).collect();
    let mut large = large.iter();
    let first = *large.next().unwrap();
    large.fold(first, |sum, v| sum * 0.5 + v)
}

fn main() {
    assert_eq!(f::grad(&[0.7, 0.2, 0.9, 0.6]), [0.25, 0.0, 0.5, 1.0]);
}
