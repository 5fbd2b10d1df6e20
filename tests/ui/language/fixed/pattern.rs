use autodiff_runtime::differentiate;

struct Point {
    x: f64,
}

#[differentiate]
fn f(y: f64, #[constant] p: Point) -> f64 {
    p.x * y
}

fn main() {
    assert_eq!(f::jvp(3.0, Point { x: 2.0 }, 1.0), (6.0, 2.0));
}
