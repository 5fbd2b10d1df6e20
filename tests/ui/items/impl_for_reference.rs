use autodiff_runtime::{Differentiable, differentiate};

#[differentiate]
trait Shape {
    fn distance(&self, x: f64) -> f64;
}

#[derive(Clone, Differentiable)]
struct Ball(f64);

#[differentiate]
impl Shape for Ball {
    fn distance(&self, x: f64) -> f64 {
        x - self.0
    }
}

#[differentiate]
impl<S: Shape> Shape for Box<S> {
    fn distance(&self, x: f64) -> f64 {
        (**self).distance(x)
    }
}

fn main() {}
