use autodiff_runtime::differentiate;
use helpers::cube;

#[path = "modules/helpers.rs"]
mod helpers;

fn helper(x: f64) -> f64 {
    x * x
}

mod other {
    pub fn helper(x: f64) -> f64 {
        x * x
    }
}

struct Line(f64);

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
    Line::new(cube(x))
}

mod all {
    pub fn quart(x: f64) -> f64 {
        x * x * x * x
    }
}
use all::*;
use libm::lgamma_r;

#[differentiate]
fn of_others(x: f64) -> f64 {
    quart(x) + libm::ldexp(x, 2) + lgamma_r(x).0 + std::convert::identity(x)
}

fn main() {
    f::grad(3.0, &Line(1.0));
    of_others::grad(3.0);
}
