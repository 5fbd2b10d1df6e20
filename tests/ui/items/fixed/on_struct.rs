use autodiff_runtime::differentiate;

struct Circle {
    radius: f64,
}

#[differentiate]
fn area(radius: f64) -> f64 {
    std::f64::consts::PI * radius * radius
}

fn main() {
    let circle = Circle { radius: 0.5 };
    assert_eq!(area::grad(circle.radius), std::f64::consts::PI);
}
