use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    x * x
}

#[differentiate]
fn twice(x: f64) -> f64 {
    f(f(x))
}

#[differentiate]
fn thrice(x: f64) -> f64 {
    let f = |x: f64| x * x;
    f(f(f(x)))
}

fn main() {
    assert_eq!(twice::grad(2.0), 32.0);
    assert_eq!(thrice::grad(2.0), 1024.0);
}
