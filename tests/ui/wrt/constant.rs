use autodiff_runtime::differentiate;

#[differentiate(wrt = (a))]
fn scale(#[constant] a: f64, x: f64) -> f64 {
    a * x
}

fn main() {}
