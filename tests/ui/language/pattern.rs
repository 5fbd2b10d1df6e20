use autodiff_runtime::differentiate;

struct Point {
    x: f64,
}

#[differentiate]
fn f(y: f64, #[constant] p: Point) -> f64 {
    let Point { x } = p;
    x * y
}

fn main() {}
