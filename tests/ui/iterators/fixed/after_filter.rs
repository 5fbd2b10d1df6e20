use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    let mut k = 0;
    for &a in x {
        if a > 0.0 {
            sum += k as f64 * a;
            k += 1;
        }
    }
    sum
}

fn main() {
    assert_eq!(f::grad(&[3.0, -1.0, 4.0]), [0.0, 0.0, 1.0]);
}
