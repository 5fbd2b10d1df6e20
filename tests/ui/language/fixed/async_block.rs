use autodiff_runtime::differentiate;

#[differentiate]
fn square(x: f64) -> f64 {
    x * x
}

async fn later(x: f64) -> f64 {
    square(x)
}

fn main() {
    drop(later(2.0));
    assert_eq!(square::grad(3.0), 6.0);
}
