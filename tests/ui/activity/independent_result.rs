use autodiff_runtime::differentiate;

#[differentiate]
fn count(x: &[f64]) -> f64 {
    x.len() as f64
}

fn main() {}
