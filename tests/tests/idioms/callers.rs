//! What callers do around the arithmetic: names brought inside the function, sources of random numbers, methods that give `&Self`.

use autodiff_runtime::{Differentiable, differentiate};
use tests::{agree, curvature};

const AT: [&[f64]; 2] = [&[0.3, 0.4, 1.2], &[-0.2, 0.6, 0.7]];

mod special {
    use autodiff_runtime::differentiate;

    #[differentiate(order = 2)]
    pub fn square(x: f64) -> f64 {
        x * x
    }

    #[differentiate(order = 2)]
    pub fn smooth(x: &[f64], width: f64) -> f64 {
        x.iter().map(|v| (v / width).tanh()).sum()
    }
}

/// What callees say of themselves is asked where the names of the function's own `use` are known.
#[differentiate(order = 2)]
fn brought_inside(x: &[f64]) -> f64 {
    use special::*;
    square(x[0]) * smooth(x, 1.5)
}

#[differentiate(order = 2)]
fn brought_by_name(x: &[f64]) -> f64 {
    use special::{smooth as s, square};
    square(x[0] + x[1]) + s(&x[1..], x[0] + 2.0)
}

#[test]
fn names_of_a_function() {
    agree!(brought_inside at &AT);
    curvature!(brought_inside at &AT);
    agree!(brought_by_name at &AT);
    curvature!(brought_by_name at &AT);
}

#[derive(Clone, Debug)]
struct Generator(u64);

impl Generator {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[differentiate]
fn walk(x: f64, sigma: f64, generator: &mut Generator) -> f64 {
    (0..4).fold(x, |x, _| x + sigma * (generator.next() - 0.5) * x)
}

/// It is no value that could have a derivative.
#[differentiate]
fn simulated(x: &[f64]) -> f64 {
    let mut generator = Generator(42);
    let first = walk(x[0], x[1], &mut generator);
    let second = walk(first, x[2], &mut generator);
    first * second + generator.next() * x[1]
}

#[test]
fn sources_of_numbers_are_handed_on() {
    agree!(simulated at &AT);
}

#[derive(Clone, Debug, Differentiable)]
struct Filter {
    x: f64,
    p: f64,
}

#[differentiate]
impl Filter {
    fn step(&mut self, z: f64) -> &Self {
        self.p += 0.1;
        self.x += self.p / (self.p + 0.5) * (z - self.x);
        self
    }

    fn twice(&mut self, z: f64) -> &Self {
        self.step(z);
        self.step(z * z)
    }

    fn weight(&self) -> f64 {
        self.x * self.p
    }
}

#[differentiate]
fn stepped(x: &[f64]) -> f64 {
    let mut filter = Filter { x: x[0], p: 1.0 };
    let first = filter.step(x[1]).weight();
    filter.twice(x[2]);
    first * filter.step(x[0]).x + filter.weight()
}

#[test]
fn receivers_are_given_to_look_at() {
    agree!(stepped at &AT);
}
