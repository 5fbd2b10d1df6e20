use autodiff_runtime::differentiate;

#[differentiate]
fn product(x: f64, y: f64) -> f64 {
    x * y
}

fn main() {
    assert_eq!(product::grad(3.0, 5.0), (5.0, 3.0));
}
