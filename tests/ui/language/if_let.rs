use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64, #[constant] limit: Option<f64>) -> f64 {
    if let Some(limit) = limit {
        return limit * x;
    }
    x
}

fn main() {}
