use autodiff_runtime::differentiate;

unsafe fn scale() -> f64 {
    2.0
}

/// `get_unchecked` is taken as an index, nothing else is.
#[differentiate]
fn scaled(x: &[f64]) -> f64 {
    unsafe { *x.get_unchecked(0) * scale() }
}

fn main() {}
