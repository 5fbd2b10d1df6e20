use autodiff_runtime::differentiate;

#[differentiate]
fn scaled(x: f64, text: &str) -> f64 {
    let factor: f64 = text.parse().expect("a number");
    factor * x
}

fn main() {
    assert_eq!(scaled::grad(3.0, "2.5"), 2.5);
}
