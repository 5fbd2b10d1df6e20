use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let square = |x: f64| x * x;
    square(x) + 1.0
}

fn main() {
    assert_eq!(f::grad(3.0), 6.0);
}
