use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let a = x;
    let b = 2.0 * x;
    let c: f64 = [x].iter().sum();
    a + b + c
}

fn main() {
    assert_eq!(f::grad(3.0), 4.0);
}
