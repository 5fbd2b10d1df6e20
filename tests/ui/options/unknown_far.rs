use autodiff_runtime::differentiate;

#[differentiate(parallel = 4)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
