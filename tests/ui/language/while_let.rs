use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64, n: usize) -> f64 {
    let mut open = vec![n];
    let mut y = x;
    while let Some(k) = open.pop() {
        y *= x;
        if k > 1 {
            open.push(k - 1);
        }
    }
    y
}

fn main() {}
