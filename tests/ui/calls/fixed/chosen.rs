use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64, degree: Option<i32>) -> f64 {
    match degree {
        Some(n) => x.powi(n + 1),
        None => x.sin(),
    }
}

fn main() {
    assert_eq!(f::grad(2.0, Some(1)), 4.0);
}
