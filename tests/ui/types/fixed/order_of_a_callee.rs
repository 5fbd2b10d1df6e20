use autodiff_runtime::differentiate;

#[differentiate(order = 2)]
fn energy(x: f64) -> f64 {
    0.5 * x * x
}

#[differentiate(order = 2)]
fn total(x: f64, y: f64) -> f64 {
    energy(x) * y
}

fn main() {
    assert_eq!(total::hvp(1.0, 2.0, 1.0, 0.0), (2.0, 1.0));
}
