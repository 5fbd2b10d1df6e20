use autodiff_runtime::differentiate;

#[differentiate]
fn f(#[cfg(debug_assertions)] x: f64, #[cfg(not(debug_assertions))] x: f64) -> f64 {
    x * x
}

#[differentiate]
fn g(x: f64) -> f64 {
    #[cfg_attr(debug_assertions, cfg(test))]
    let x = 2.0 * x;
    x * x
}

fn main() {}
