use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    for v in &mut v {
        *v = *v * *v;
    }
    v.iter().sum()
}

fn main() {
    assert_eq!(f::grad(&[3.0, 1.0]), [6.0, 2.0]);
}
