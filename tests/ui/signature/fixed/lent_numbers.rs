use autodiff_runtime::differentiate;

#[differentiate]
fn sum(x: &[f64], scale: f64) -> f64 {
    x.iter().map(|v| v * scale).sum()
}

#[differentiate]
fn or_one<T: num_traits::Float>(x: Option<T>, scale: T) -> T {
    x.map_or(T::one(), |v| v * scale)
}

fn main() {
    assert_eq!(sum::grad(&[1.0, 2.0], 3.0), (vec![3.0, 3.0], 3.0));
    assert_eq!(or_one::grad(Some(2.0), 3.0).1, 2.0);
}
