use autodiff_runtime::differentiate;

#[differentiate(reverse, reverse)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
