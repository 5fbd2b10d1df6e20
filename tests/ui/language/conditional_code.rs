use autodiff_runtime::differentiate;

#[differentiate]
fn f(#[cfg(debug_assertions)] x: f64, #[cfg(not(debug_assertions))] x: f64) -> f64 {
    x * x
}

fn main() {}
