use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        if i == 0 || x[i - 1] >= x[i] {
            sum += x[i];
        }
    }
    sum
}

fn main() {
    assert_eq!(f::grad(&[3.0, 4.0, 1.0]), [1.0, 0.0, 1.0]);
}
