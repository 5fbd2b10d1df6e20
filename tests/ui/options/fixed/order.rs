use autodiff_runtime::differentiate;

#[differentiate(order = 2)]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate(order = 2)]
fn cube(x: f64) -> f64 {
    x * x * x
}

fn main() {
    assert_eq!(square::hvp(3.0, 1.0), 2.0);
    assert_eq!(cube::hvp(3.0, 1.0), 18.0);
}
