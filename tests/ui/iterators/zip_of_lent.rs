use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let mut items = x.iter();
    let first: f64 = items.by_ref().zip(0..2).map(|(v, k)| v * k as f64).sum();
    let second: f64 = std::iter::zip(&mut items, [1.0, 2.0]).map(|(a, b)| a * b).sum();
    first + second + items.sum::<f64>()
}

fn main() {}
