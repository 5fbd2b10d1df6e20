use autodiff_runtime::differentiate;

#[differentiate(batch)]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate(batch)]
fn twice(x: f64) -> f64 {
    x + square(2.0 * x)
}

fn main() {
    assert_eq!(twice::jacobian(1.0)[(0, 0)], 9.0);
}
