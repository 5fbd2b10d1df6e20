use autodiff_runtime::differentiate;

#[differentiate]
fn area(side: f64) -> f64 {
    side * side
}

#[differentiate]
fn f(x: f64) -> f64 {
    area(x)
}

fn main() {
    assert_eq!(f::grad(3.0), 6.0);
}
