use autodiff_runtime::differentiate;

#[differentiate]
fn square(x: f64) -> f64 {
    let p = &x;
    *p * x
}

fn main() {
    assert_eq!(square::grad(3.0), 6.0);
}
