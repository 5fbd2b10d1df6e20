use autodiff_runtime::{Differentiable, differentiate};

#[derive(Clone, Differentiable)]
struct Four(f64, f64, f64, f64);

#[differentiate]
fn powers(x: f64) -> (f64, f64, f64) {
    (x, x * x, x * x * x)
}

#[differentiate]
fn f(x: f64, four: Four) -> f64 {
    let (_, _, cube) = powers(x);
    let Four(first, _, _, last) = four;
    cube * first * last
}

fn main() {
    let (slope, four) = f::grad(2.0, Four(3.0, 0.0, 0.0, 5.0));
    assert_eq!((slope, four.0, four.3), (180.0, 40.0, 24.0));
}
