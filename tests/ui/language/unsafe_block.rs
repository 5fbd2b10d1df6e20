use autodiff_runtime::differentiate;

#[differentiate]
fn first(x: &[f64]) -> f64 {
    unsafe { *x.as_ptr() }
}

fn main() {}
