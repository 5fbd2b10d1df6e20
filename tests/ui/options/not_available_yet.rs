use autodiff_runtime::differentiate;

#[differentiate(checkpoint)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
