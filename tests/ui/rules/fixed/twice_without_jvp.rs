use autodiff_runtime::differentiate;

#[differentiate(order = 2, jvp = square_jvp, vjp = square_vjp)]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate]
fn square_jvp(x: f64, dx: f64) -> (f64, f64) {
    (x * x, 2.0 * x * dx)
}

fn square_vjp(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x * x, move |seed| 2.0 * seed * x)
}

fn main() {
    assert_eq!(square::hvp(3.0, 1.0), 2.0);
}
