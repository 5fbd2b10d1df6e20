use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64], which: usize) -> f64 {
    x.iter()
        .map(|a| if which == 0 { a.sin() } else { a.cos() })
        .sum()
}

fn main() {
    assert_eq!(f::grad(&[0.0], 0), [1.0]);
}
