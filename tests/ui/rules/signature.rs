use autodiff_runtime::differentiate;

#[differentiate(jvp = square_jvp, vjp = square_vjp)]
fn square(x: f64) -> f64 {
    x * x
}

fn square_jvp(x: f64) -> (f64, f64) {
    (x * x, 2.0 * x)
}

fn square_vjp(x: f64) -> (f64, f64) {
    (x * x, 2.0 * x)
}

fn main() {
    square::grad(1.0);
    square::jvp(1.0, 1.0);
}
