use autodiff_runtime::differentiate;

#[differentiate]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate(batch)]
fn twice(x: f64) -> f64 {
    x + square(2.0 * x)
}

fn main() {}
