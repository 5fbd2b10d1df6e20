use autodiff_runtime::differentiate;

#[differentiate(dmup, wrt, crate = 3, reverse = 1)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
