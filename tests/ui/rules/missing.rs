use autodiff_runtime::differentiate;

#[differentiate(partials(x = y, z = 1.0))]
fn product(x: f64, y: f64) -> f64 {
    x * y
}

fn main() {
    product::grad(1.0, 2.0);
}
