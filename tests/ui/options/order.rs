use autodiff_runtime::differentiate;

#[differentiate(order = 3)]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate(order = 2, reverse)]
fn cube(x: f64) -> f64 {
    x * x * x
}

fn main() {}
