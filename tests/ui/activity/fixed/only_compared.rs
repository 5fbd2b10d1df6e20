use autodiff_runtime::differentiate;

#[differentiate]
fn sign(x: f64, #[constant] width: f64) -> f64 {
    (x / width).tanh()
}

fn main() {
    assert_eq!(sign::grad(0.0, 0.5), 2.0);
}
