use autodiff_runtime::differentiate;

#[differentiate]
fn apply(which: usize, x: f64) -> f64 {
    match which {
        0 => x.sin(),
        _ => x * x,
    }
}

fn main() {
    assert_eq!(apply::grad(1, 3.0), 6.0);
    assert_eq!(apply::grad(0, 0.0), 1.0);
}
