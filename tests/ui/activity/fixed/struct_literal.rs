use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let p = (x, 2.0);
    p.0 * p.1
}

fn main() {
    assert_eq!(f::grad(3.0), 2.0);
}
