use autodiff_runtime::Differentiable;

#[derive(Differentiable)]
struct Circle {
    radius: f64,
}

fn main() {
    let circle = Circle { radius: 0.5 };
    let direction = CircleTangent { radius: 1.0 };
    assert!(circle.fits_tangent(&direction));
    assert_eq!(circle.radius * direction.radius, 0.5);
}
