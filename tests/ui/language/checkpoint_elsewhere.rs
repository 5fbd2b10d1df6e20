use autodiff_runtime::differentiate;

#[differentiate]
fn root(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..100 {
        #[checkpoint]
        if (y * y - x).abs() > 1e-12 {
            y = 0.5 * (y + x / y);
        }
    }
    y
}

fn main() {}
