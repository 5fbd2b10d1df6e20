use autodiff_runtime::differentiate;

#[differentiate]
fn comparisons(x: &[f64]) -> f64 {
    let mut y = x.to_vec();
    y.sort_by(|a, b| a.total_cmp(b));
    let sum: f64 = y.windows(2).map(|w| w[0] * w[1]).sum();
    sum * y[0]
}

fn main() {
    // 2 * 3 * 2
    assert_eq!(
        comparisons::value_and_grad(&[3.0, 2.0]),
        (12.0, vec![4.0, 12.0])
    );
}
