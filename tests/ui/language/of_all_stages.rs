use autodiff_runtime::differentiate;

/// Errors of all stages: none hides another, and none has another in its wake.
#[differentiate]
fn f(x: &[f64], mut y: f64) -> f64 {
    let first = unsafe { *x.as_ptr() };
    let mut s = first.exp();
    for v in x {
        s += v.next_up() * y;
    }
    let (.., last) = g(s);
    println!("{}", unsafe { first });
    y += last.to_bits() as f64;
    s * y
}

#[differentiate]
fn g(x: f64) -> (f64, f64) {
    (x, x * x)
}

fn main() {
    f::grad(&[3.0], 1.0);
}
