use autodiff_runtime::differentiate;

#[differentiate]
fn squares(x: &[f64]) -> impl Iterator<Item = f64> {
    x.iter().map(|a| a * a)
}

fn main() {}
