use autodiff_runtime::differentiate;

#[differentiate(partials(x = 1.0))]
fn first(x: &[f64]) -> f64 {
    x[0]
}

fn main() {
    first::grad(&[1.0]);
}
