use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64, #[constant] limit: Option<f64>) -> f64 {
    if limit.is_some() {
        let limit: f64 = limit.unwrap();
        return limit * x;
    }
    x
}

fn main() {
    assert_eq!(f::grad(3.0, Some(2.0)), 2.0);
    assert_eq!(f::grad(3.0, None), 1.0);
}
