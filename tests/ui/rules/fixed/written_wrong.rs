use autodiff_runtime::differentiate;

#[differentiate(partials(x = 2.0 * x))]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    assert_eq!(square::grad(3.0), 6.0);
}
