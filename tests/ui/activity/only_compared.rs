use autodiff_runtime::differentiate;

#[differentiate]
fn sign(x: f64) -> f64 {
    if x > 0.0 { 1.0 } else { -1.0 }
}

fn main() {}
