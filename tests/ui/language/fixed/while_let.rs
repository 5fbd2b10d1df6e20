use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64, n: usize) -> f64 {
    let mut open = vec![n];
    let mut y = x;
    while !open.is_empty() {
        let k = open.pop().unwrap();
        y *= x;
        if k > 1 {
            open.push(k - 1);
        }
    }
    y
}

fn main() {
    assert_eq!(f::grad(2.0, 2), 12.0);
}
