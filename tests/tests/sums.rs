//! `sum` and `product` of what is no plain number: vectors, types of the user's, options and results.

use autodiff_runtime::{Differentiable, differentiate};
use nalgebra::Vector3;
use std::iter::Sum;
use std::ops::Add;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Force {
    x: f64,
    y: f64,
}

#[differentiate]
impl Add for Force {
    type Output = Force;

    fn add(self, other: Force) -> Force {
        Force {
            x: self.x + other.x,
            y: self.y + other.y,
        }
    }
}

impl Sum for Force {
    fn sum<I: Iterator<Item = Force>>(forces: I) -> Force {
        forces.fold(Force { x: 0.0, y: 0.0 }, |a, b| a + b)
    }
}

#[differentiate]
fn total(forces: &[Force]) -> Force {
    forces.iter().copied().sum()
}

#[differentiate]
fn torque(forces: &[Force], arm: f64) -> f64 {
    let straight: Force = forces.iter().copied().sum();
    let scaled = forces.iter().map(|f| Force {
        x: f.x * arm,
        y: f.y * f.y,
    });
    let scaled = scaled.sum::<Force>();
    let all = total(forces);
    straight.x * straight.y + scaled.x * scaled.y + all.x
}

#[differentiate]
fn momentum(velocities: &[Vector3<f64>], mass: f64) -> f64 {
    let sum: Vector3<f64> = velocities.iter().sum();
    let momentum = velocities.iter().map(|v| v * mass).sum::<Vector3<f64>>();
    sum.dot(&momentum)
}

#[differentiate]
fn roots(x: &[f64], scale: f64) -> Option<f64> {
    let sum = x
        .iter()
        .map(|x| (*x > 0.0).then(|| x.sqrt() * scale))
        .sum::<Option<f64>>()?;
    Some(sum * sum)
}

#[differentiate]
fn checked(x: &[f64], scale: f64) -> Result<f64, String> {
    let value = |x: &f64| match *x > 0.0 {
        true => Ok(x.sqrt() * scale),
        false => Err("negative".to_owned()),
    };
    let product: Result<f64, String> = x.iter().map(value).product();
    product.map(|product| product * product)
}

tests::checks! {
    own: |x| torque(&[Force { x: x[0], y: x[1] }, Force { x: 0.5, y: x[0] }], x[2]), [1.0, 2.0, 3.0];
    vectors: |x| momentum(&[Vector3::new(x[0], x[1], 3.0), Vector3::new(0.5, x[0], 1.0)], x[2]), [1.0, 2.0, 3.0];
    options: |x| roots(x, x[0]).unwrap(), [1.0, 4.0, 2.0];
    results: |x| checked(x, x[0]).unwrap(), [1.0, 4.0, 2.0];
}

#[test]
fn nothing_to_add_up() {
    assert_eq!(roots::value_and_grad(&[1.0, -4.0], 3.0), None);
    assert_eq!(roots::value_and_grad(&[], 3.0), Some((0.0, (vec![], 0.0))));
    assert_eq!(checked::grad(&[1.0, -4.0], 3.0), Err("negative".to_owned()));
}
