use autodiff_runtime::differentiate;

#[differentiate]
fn root(x: f64) -> f64 {
    let mut y = x;
    #[checkpoint]
    for _ in 0..100 {
        if (y * y - x).abs() > 1e-12 {
            y = 0.5 * (y + x / y);
        }
    }
    #[checkpoint(3)]
    while (y * y - x).abs() > 1e-14 {
        y = 0.5 * (y + x / y);
    }
    y
}

fn main() {
    assert!((root::grad(4.0) - 0.25).abs() < 1e-6);
}
