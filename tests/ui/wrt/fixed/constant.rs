use autodiff_runtime::differentiate;

#[differentiate(wrt = (a))]
fn scale(a: f64, x: f64) -> f64 {
    a * x
}

fn main() {
    assert_eq!(scale::grad(2.0, 3.0), 3.0);
}
