use autodiff_runtime::differentiate;

#[differentiate]
fn square(x: impl num_traits::Float) -> f64 {
    let x = x.to_f64().unwrap();
    x * x
}

fn main() {}
