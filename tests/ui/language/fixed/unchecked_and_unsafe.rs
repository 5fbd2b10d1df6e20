use autodiff_runtime::differentiate;

unsafe fn scale() -> f64 {
    2.0
}

#[differentiate]
fn scaled(x: &[f64], scale: f64) -> f64 {
    unsafe { *x.get_unchecked(0) * scale }
}

fn main() {
    let scale = unsafe { scale() };
    assert_eq!(scaled::grad(&[3.0, 4.0], scale), (vec![2.0, 0.0], 3.0));
}
