use autodiff_runtime::{Differentiable, differentiate};

#[differentiate]
trait Shape {
    fn distance(&self, x: f64) -> f64;
}

#[derive(Clone, Differentiable)]
struct Ball(f64);

#[derive(Clone, Differentiable)]
struct Shared<S>(Box<S>);

#[differentiate]
impl Shape for Ball {
    fn distance(&self, x: f64) -> f64 {
        x - self.0
    }
}

#[differentiate]
impl<S: Shape> Shape for Shared<S> {
    fn distance(&self, x: f64) -> f64 {
        self.0.distance(x)
    }
}

#[differentiate]
fn at(r: f64, x: f64) -> f64 {
    Shared(Box::new(Ball(r))).distance(x * x)
}

fn main() {
    assert_eq!(at::grad(1.0, 3.0), (-1.0, 6.0));
}
