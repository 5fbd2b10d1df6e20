use autodiff_runtime::differentiate;

#[differentiate]
fn sum(x: &[&f64], scale: f64) -> f64 {
    x.iter().map(|v| **v * scale).sum()
}

#[differentiate]
fn or_one<T: num_traits::Float>(x: Option<&mut T>, scale: T) -> T {
    x.map_or(T::one(), |v| *v * scale)
}

#[differentiate]
fn distance(pair: (&[f64], &[f64])) -> f64 {
    pair.0.iter().zip(pair.1).map(|(a, b)| a - b).sum()
}

fn main() {}
