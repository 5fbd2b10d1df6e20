use autodiff_runtime::differentiate;

#[differentiate(partials(x = y, y = x))]
fn product(x: f64, y: f64) -> f64 {
    x * y
}

fn main() {
    assert_eq!(product::grad(1.0, 2.0), (2.0, 1.0));
}
