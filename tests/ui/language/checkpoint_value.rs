use autodiff_runtime::differentiate;

#[differentiate]
fn root(x: f64) -> f64 {
    let mut y = x;
    #[checkpoint = 3]
    for _ in 0..2 {
        y = 0.5 * (y + x / y);
    }
    y
}

fn main() {}
