use autodiff_runtime::{Differentiable, differentiate};

#[differentiate]
fn helper(x: f64) -> f64 {
    x * x
}

mod other {
    #[autodiff_runtime::differentiate]
    pub fn helper(x: f64) -> f64 {
        x * x
    }
}

#[derive(Clone, Differentiable)]
struct Line(f64);

#[differentiate]
impl Line {
    fn new(slope: f64) -> Self {
        Self(slope)
    }

    fn at(&self, x: f64) -> f64 {
        self.0 * x
    }
}

#[differentiate]
fn twice(g: impl Fn(f64) -> f64, x: f64) -> f64 {
    g(g(x))
}

#[differentiate]
fn f(x: f64, #[constant] line: &Line) -> f64 {
    helper(x) + other::helper(x) + line.at(x) + twice(helper, x)
}

#[differentiate]
fn slope(x: f64) -> Line {
    Line::new(x)
}

fn main() {
    assert_eq!(f::grad(3.0, &Line(1.0)), 121.0);
    assert_eq!(slope::jvp(3.0, 1.0).1, LineTangent(1.0));
}
