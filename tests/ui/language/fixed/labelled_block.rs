use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    'done: loop {
        if x > 0.0 {
            break 'done x;
        }
        break x * x;
    }
}

fn main() {
    assert_eq!(f::grad(3.0), 1.0);
    assert_eq!(f::grad(-3.0), -6.0);
}
