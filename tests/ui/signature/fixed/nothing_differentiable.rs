use autodiff_runtime::differentiate;

#[differentiate]
fn factorial(n: u32, scale: f64) -> f64 {
    let mut product = scale;
    for k in 1..=n {
        product *= k as f64;
    }
    product
}

fn main() {
    assert_eq!(factorial::grad(3, 1.0), 6.0);
}
