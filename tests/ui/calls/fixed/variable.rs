use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let g = |x: f64| if x > 0.0 { x.sin() } else { x.cos() };
    g(x)
}

fn main() {
    assert_eq!(f::grad(0.0), 0.0);
}
