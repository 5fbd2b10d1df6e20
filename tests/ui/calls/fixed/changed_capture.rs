use autodiff_runtime::differentiate;

#[differentiate]
fn sum<F: FnMut(f64) -> f64>(mut f: F, x: f64) -> f64 {
    f(x) + f(2.0 * x)
}

#[differentiate]
fn counted(x: f64) -> f64 {
    sum(|t| t * t, x) + 2.0 * x
}

fn main() {
    assert_eq!(counted::grad(1.0), 12.0);
}
