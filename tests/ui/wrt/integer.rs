use autodiff_runtime::differentiate;

#[differentiate(wrt = (n))]
fn power(n: usize, x: f64) -> f64 {
    x.powi(n as i32)
}

fn main() {}
