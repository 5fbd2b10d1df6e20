use autodiff_runtime::differentiate;

#[differentiate]
fn factorial(n: u32, #[constant] scale: f64) -> f64 {
    scale * (1..=n).product::<u32>() as f64
}

fn main() {}
