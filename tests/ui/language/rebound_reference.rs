use autodiff_runtime::differentiate;

#[differentiate]
fn last(x: &[f64]) -> f64 {
    let mut rest = x;
    while rest.len() > 1 {
        rest = &rest[1..];
    }
    rest[0]
}

fn main() {}
