use autodiff_runtime::differentiate;

#[differentiate(jvp = square_jvp, vjp = square_vjp)]
fn square(x: f64) -> f64 {
    x * x
}

fn square_jvp(x: f64, dx: f64) -> (f64, f64) {
    (x * x, 2.0 * x * dx)
}

fn square_vjp(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x * x, move |seed| 2.0 * x * seed)
}

fn main() {
    assert_eq!(square::grad(3.0), 6.0);
    assert_eq!(square::jvp(3.0, 0.5), (9.0, 3.0));
}
