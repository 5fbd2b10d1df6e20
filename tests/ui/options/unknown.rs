use autodiff_runtime::differentiate;

#[differentiate(revers)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
