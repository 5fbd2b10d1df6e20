use autodiff_runtime::differentiate;

#[differentiate]
fn first(x: &[f64]) -> f64 {
    unsafe { *x.as_ptr() }
}

/// `get_unchecked` is taken as an index, nothing else is.
#[differentiate]
fn both(x: &[f64]) -> f64 {
    let next = x.as_ptr();
    unsafe { *x.get_unchecked(0) * *next.add(1) }
}

fn main() {}
