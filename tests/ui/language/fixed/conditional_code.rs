use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    if cfg!(debug_assertions) {
        assert!(x > 0.0);
    }
    x * x
}

fn main() {
    assert_eq!(f::grad(3.0), 6.0);
}
