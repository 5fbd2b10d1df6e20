//! Members of types that borrow what they hold.

use autodiff_runtime::{Differentiable, check, differentiate};

#[derive(Clone, Copy, Debug, Differentiable)]
struct Curve<'a> {
    coefficients: &'a [f64],
    scale: f64,
}

#[differentiate(self, order = 2)]
impl<'a> Curve<'a> {
    fn at(&self, x: f64) -> f64 {
        let horner = |sum, c: &f64| sum * x + c;
        self.scale * self.coefficients.iter().rev().fold(0.0, horner)
    }
}

#[differentiate(self, order = 2)]
impl Curve<'_> {
    fn step(&self, x: f64) -> f64 {
        x - self.at(x) / (self.at(x + 0.5) + self.scale.sin())
    }
}

#[differentiate(order = 2)]
fn stepped(curve: &Curve<'_>, x: f64) -> f64 {
    curve.step(x) * curve.at(x)
}

#[test]
fn members_of_a_borrowed_type() {
    let f = |p: &Vec<f64>| {
        let curve = Curve {
            coefficients: &p[..3],
            scale: p[3],
        };
        stepped(&curve, p[4])
    };
    let p = vec![0.5, -0.3, 1.2, 0.8, 0.7];
    let curve = Curve {
        coefficients: &p[..3],
        scale: p[3],
    };
    let (value, (by_curve, by_x)) = stepped::value_and_grad(&curve, p[4]);
    assert_eq!(value.to_bits(), f(&p).to_bits());
    let gradient = [by_curve.coefficients.clone(), vec![by_curve.scale, by_x]].concat();
    check::gradient(f, &p, &gradient).assert_below(1e-8);
    let (_, slope) = stepped::jvp(&curve, p[4], &by_curve, by_x);
    let norm: f64 = gradient.iter().map(|g| g * g).sum();
    assert!((slope - norm).abs() < 1e-12 * norm);
}
