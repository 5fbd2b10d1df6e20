use autodiff_runtime::differentiate;

#[differentiate(name = other, crate = ::autodiff_runtime, wrt = x)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    assert_eq!(square(3.0), 9.0);
    assert_eq!(other::grad(3.0), 6.0);
}
