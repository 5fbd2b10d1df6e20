//! Traits of one's own that numbers and lists implement: `x.squared()`.

use approx::assert_relative_eq;
use autodiff_runtime::differentiate;
use num_traits::Float;

#[differentiate(self)]
trait Scalar {
    fn squared(self) -> Self;

    fn blended(self, other: Self, weight: f64) -> Self;

    fn fourth(self) -> Self
    where
        Self: Copy,
    {
        self.squared().squared()
    }
}

#[differentiate(self)]
impl Scalar for f64 {
    fn squared(self) -> Self {
        self * self
    }

    fn blended(self, other: Self, weight: f64) -> Self {
        self * weight + other * (1.0 - weight)
    }
}

#[differentiate(self)]
trait Statistics {
    fn average(&self) -> f64;
    fn spread(&self) -> f64;
    fn centre(&mut self);
}

#[differentiate(self)]
impl Statistics for Vec<f64> {
    fn average(&self) -> f64 {
        self.iter().sum::<f64>() / self.len() as f64
    }

    fn spread(&self) -> f64 {
        let average = self.average();
        let squares: f64 = self.iter().map(|x| (x - average).squared()).sum();
        (squares / self.len() as f64).sqrt()
    }

    fn centre(&mut self) {
        let average = self.average();
        for x in self.iter_mut() {
            *x -= average;
        }
    }
}

#[differentiate]
fn mixed(x: f64, y: f64) -> f64 {
    let w = (x + 1.0).squared().blended(y, x);
    w * y.fourth()
}

#[differentiate]
fn of_any<T: Float + Scalar>(x: T, y: T) -> T {
    x.squared() * y.sin() + y.squared()
}

#[differentiate]
fn scores(data: &[f64]) -> f64 {
    let mut shifted: Vec<f64> = data.iter().map(|x| x.squared()).collect();
    let spread = shifted.spread();
    shifted.centre();
    shifted[0] / spread + shifted.iter().map(|x| x.fourth()).sum::<f64>()
}

fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 1e-5;
    (8.0 * (f(x + h) - f(x - h)) - (f(x + 2.0 * h) - f(x - 2.0 * h))) / (12.0 * h)
}

#[test]
fn of_numbers() {
    let (x, y) = (0.7, 1.3);
    let (value, (dx, dy)) = mixed::value_and_grad(x, y);
    assert_eq!(value, mixed(x, y));
    assert_eq!(mixed::jvp(x, y, 1.0, 0.0).1, dx);
    assert_relative_eq!(dx, difference(|x| mixed(x, y), x), max_relative = 1e-9);
    assert_relative_eq!(dy, difference(|y| mixed(x, y), y), max_relative = 1e-9);
}

#[test]
fn of_a_parameter() {
    let (value, (dx, dy)) = of_any::value_and_grad(0.7, 1.3);
    assert_eq!(value, of_any(0.7, 1.3));
    assert_relative_eq!(dx, 1.4 * 1.3f64.sin(), max_relative = 1e-14);
    assert_relative_eq!(dy, 0.49 * 1.3f64.cos() + 2.6, max_relative = 1e-14);
    let (_, slope) = of_any::jvp(0.7, 1.3, 1.0, 1.0);
    assert_relative_eq!(slope, dx + dy, max_relative = 1e-14);
}

#[test]
fn of_lists() {
    let data = [0.4, -1.1, 2.0];
    let (value, gradient) = scores::value_and_grad(&data);
    assert_eq!(value, scores(&data));
    for k in 0..3 {
        let mut direction = [0.0; 3];
        direction[k] = 1.0;
        let along = |x| {
            let mut data = data;
            data[k] = x;
            scores(&data)
        };
        assert_relative_eq!(gradient[k], difference(along, data[k]), max_relative = 1e-8);
        assert_relative_eq!(
            gradient[k],
            scores::jvp(&data, &direction).1,
            max_relative = 1e-12
        );
    }
}
