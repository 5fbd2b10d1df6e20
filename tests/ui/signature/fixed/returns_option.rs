use autodiff_runtime::differentiate;

#[differentiate]
fn root(x: f64) -> f64 {
    x.sqrt()
}

fn checked_root(x: f64) -> Option<f64> {
    (x > 0.0).then(|| root::grad(x))
}

fn main() {
    assert_eq!(checked_root(4.0), Some(0.25));
    assert_eq!(checked_root(-1.0), None);
}
