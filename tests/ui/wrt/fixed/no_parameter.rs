use autodiff_runtime::differentiate;

#[differentiate(wrt = (x, y))]
fn product(x: f64, y: f64, n: usize) -> f64 {
    x * y * n as f64
}

fn main() {
    assert_eq!(product::grad(3.0, 5.0, 2), (10.0, 6.0));
}
