use autodiff_runtime::differentiate;

#[differentiate(forward)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    assert_eq!(square::jvp(3.0, 1.0), (9.0, 6.0));
}
