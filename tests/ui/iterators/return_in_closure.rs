use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    x.iter()
        .map(|a| {
            if *a > 0.0 {
                return a * a;
            }
            *a
        })
        .sum()
}

fn main() {}
