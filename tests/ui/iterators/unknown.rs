use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for run in x.chunk_by(|a, b| a < b) {
        sum += run[0];
    }
    sum
}

fn main() {}
