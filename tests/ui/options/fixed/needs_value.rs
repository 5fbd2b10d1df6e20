use autodiff_runtime::differentiate;

#[differentiate(name = derivatives_of_square)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    assert_eq!(square(3.0), 9.0);
    assert_eq!(derivatives_of_square::grad(3.0), 6.0);
}
