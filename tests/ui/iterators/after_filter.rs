use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (k, a) in x.iter().filter(|a| **a > 0.0).enumerate() {
        sum += k as f64 * a;
    }
    sum
}

fn main() {}
