use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let y = x;
    y * x
}

fn main() {
    assert_eq!(f::grad(3.0), 6.0);
}
