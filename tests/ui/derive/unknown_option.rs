use autodiff_runtime::Differentiable;

#[derive(Differentiable)]
#[differentiable(name = Direction)]
struct Point {
    x: f64,
}

fn main() {}
