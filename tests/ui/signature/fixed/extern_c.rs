use autodiff_runtime::differentiate;

#[differentiate]
fn arithmetic(x: f64) -> f64 {
    x * x
}

extern "C" fn square(x: f64) -> f64 {
    arithmetic(x)
}

fn main() {
    assert_eq!(square(3.0), 9.0);
    assert_eq!(arithmetic::grad(3.0), 6.0);
}
