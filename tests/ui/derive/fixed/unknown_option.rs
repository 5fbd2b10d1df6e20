use autodiff_runtime::Differentiable;

#[derive(Differentiable)]
#[differentiable(tangent = Direction)]
struct Point {
    x: f64,
}

fn main() {
    let Direction { x } = Point { x: 2.0 }.zero_tangent();
    assert_eq!(x, 0.0);
}
