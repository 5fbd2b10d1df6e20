use autodiff_runtime::differentiate;

#[differentiate]
fn root(x: f64) -> Option<f64> {
    (x > 0.0).then(|| x.sqrt())
}

fn main() {}
