use autodiff_runtime::differentiate;

#[differentiate(reverse, forward)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    assert_eq!(square::grad(3.0), 6.0);
    assert_eq!(square::jvp(3.0, 1.0), (9.0, 6.0));
}
