use autodiff_runtime::differentiate;

#[differentiate]
fn last(x: &[f64]) -> f64 {
    let mut first = 0;
    while x.len() - first > 1 {
        first += 1;
    }
    x[first]
}

fn main() {
    assert_eq!(last::grad(&[3.0, 4.0]), [0.0, 1.0]);
}
