use autodiff_runtime::differentiate;

#[differentiate]
fn scaled(x: f64, text: &str) -> Option<f64> {
    let factor: f64 = text.parse().ok()?;
    Some(factor * x)
}

fn main() {}
