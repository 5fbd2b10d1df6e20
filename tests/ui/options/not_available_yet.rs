use autodiff_runtime::differentiate;

#[differentiate(order = 2, checkpoint)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
