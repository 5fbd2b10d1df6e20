use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64, #[constant] limit: Option<f64>) -> f64 {
    if x > 0.0
        && let Some(limit) = limit
    {
        return limit * x;
    }
    x
}

fn main() {}
