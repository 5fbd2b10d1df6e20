use autodiff_runtime::differentiate;

#[differentiate(3, reverse forward, + )]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
