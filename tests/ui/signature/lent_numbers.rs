use autodiff_runtime::differentiate;

#[differentiate]
fn sum(x: &[&f64], scale: f64) -> f64 {
    x.iter().map(|v| **v * scale).sum()
}

#[differentiate]
fn or_one<T: num_traits::Float>(x: Option<&T>, scale: T) -> T {
    x.map_or(T::one(), |v| *v * scale)
}

fn main() {}
