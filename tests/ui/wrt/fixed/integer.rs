use autodiff_runtime::differentiate;

#[differentiate(wrt = (x))]
fn power(n: usize, x: f64) -> f64 {
    x.powi(n as i32)
}

fn main() {
    assert_eq!(power::grad(2, 3.0), 6.0);
}
