use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let g = if x > 0.0 { f64::sin } else { f64::cos };
    g(x)
}

fn main() {
    assert_eq!(f::grad(0.0), 0.0);
}
