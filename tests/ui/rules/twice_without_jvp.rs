use autodiff_runtime::differentiate;

#[differentiate(order = 2, vjp = square_vjp)]
fn square(x: f64) -> f64 {
    x * x
}

fn square_vjp(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x * x, move |seed| 2.0 * seed * x)
}

fn main() {}
