use autodiff_runtime::differentiate;

#[differentiate(wrt = (z))]
fn product(x: f64, y: f64, n: usize) -> f64 {
    x * y * n as f64
}

fn main() {}
