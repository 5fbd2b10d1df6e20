use autodiff_runtime::differentiate;

#[differentiate(order = 2)]
fn add(a: f64, b: f64) -> f64 {
    (a + b).min(1.0)
}

#[differentiate(order = 2)]
fn sum(x: f64) -> f64 {
    (x + 2.0) * add(1.0, x)
}

fn main() {
    assert_eq!(sum::hvp(-1.0, 1.0), 2.0);
}
