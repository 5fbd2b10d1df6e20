use autodiff_runtime::{Differentiable, differentiate};

#[derive(Clone, Differentiable)]
struct Four(f64, f64, f64, f64);

#[differentiate]
fn f(x: f64, four: Four) -> f64 {
    let Four(first, .., last) = four;
    x * first * last
}

fn main() {
    f::grad(3.0, Four(0.0, 0.0, 0.0, 0.0));
}
