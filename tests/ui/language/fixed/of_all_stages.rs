use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: &[f64], mut y: f64) -> f64 {
    let first = x[0];
    let mut s = first.exp();
    for v in x {
        s += *v * y;
    }
    let (_, last) = g(s);
    assert!(first > 0.0);
    y += last;
    s * y
}

#[differentiate]
fn g(x: f64) -> (f64, f64) {
    (x, x * x)
}

fn main() {
    assert!(f::grad(&[3.0], 1.0).1 > 0.0);
}
