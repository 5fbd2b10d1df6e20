use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64, #[constant] limit: Option<f64>) -> f64 {
    let Some(limit) = limit else {
        return x;
    };
    limit * x
}

fn main() {}
