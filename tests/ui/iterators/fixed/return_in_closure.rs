use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    x.iter().map(|a| if *a > 0.0 { a * a } else { *a }).sum()
}

fn main() {
    assert_eq!(f::grad(&[3.0, -1.0]), [6.0, 1.0]);
}
