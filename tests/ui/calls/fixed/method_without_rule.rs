use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    polygamma(x) + 1.0
}

#[differentiate]
fn polygamma(x: f64) -> f64 {
    x
}

fn main() {
    assert_eq!(f::grad(3.0), 1.0);
}
