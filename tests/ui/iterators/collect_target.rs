use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let y = x.iter().map(|a| a * a).collect::<Box<[f64]>>();
    y[0]
}

fn main() {}
