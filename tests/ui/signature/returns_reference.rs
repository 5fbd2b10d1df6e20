use autodiff_runtime::differentiate;

#[differentiate]
fn first(x: &[f64]) -> &f64 {
    &x[0]
}

#[differentiate]
fn halves(x: &[f64]) -> (&[f64], &[f64]) {
    x.split_at(x.len() / 2)
}

fn main() {}
