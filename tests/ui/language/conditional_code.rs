use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    #[cfg(debug_assertions)]
    assert!(x > 0.0);
    x * x
}

fn main() {}
