fn count(x: &[f64]) -> f64 {
    x.len() as f64
}

fn main() {
    assert_eq!(count(&[1.0]), 1.0);
}
