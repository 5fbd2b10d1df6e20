use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let mut large = x.iter().filter(|v| **v > 0.5);
    let first = *large.next().unwrap();
    large.fold(first, |sum, v| sum * 0.5 + v)
}

#[differentiate]
fn g(x: &[f64]) -> f64 {
    let mut items = x.iter();
    items.next_back().unwrap() * items.sum::<f64>()
}

fn main() {}
