use autodiff_runtime::differentiate;

#[differentiate(forward = true)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
