use autodiff_runtime::differentiate;

#[differentiate]
fn square(x: f64, calls: &mut usize) -> f64 {
    *calls += 1;
    x * x
}

fn main() {
    let mut calls = 0;
    assert_eq!(square::grad(3.0, &mut calls), 6.0);
}
