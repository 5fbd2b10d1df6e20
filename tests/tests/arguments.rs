//! Parameters that are only known by what can be made of them: `impl Trait`, iterators, conversions.

use autodiff_runtime::{Differentiable, differentiate};
use num_traits::Float;
use std::borrow::Borrow;
use std::ops::AddAssign;

#[differentiate]
fn energy(items: impl Iterator<Item = f64>) -> f64 {
    items.map(|x| x * x).sum()
}

#[differentiate]
fn scaled<'a, I>(items: I, scale: f64) -> f64
where
    I: IntoIterator<Item = &'a f64>,
    I::IntoIter: Clone,
{
    items.into_iter().map(|x| x.sin() * scale).sum()
}

#[differentiate]
fn total<'a, T: Float + AddAssign + 'a>(items: impl Iterator<Item = &'a T>, start: T) -> T {
    let mut total = start;
    for &x in items {
        total += x * x;
    }
    total
}

#[differentiate]
fn paired(mut items: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (a, b) = items.next()?;
    Some(items.fold(a * b, |sum, (x, y)| sum + x * y * y))
}

#[differentiate]
fn into_floats<T: Float, U: Into<T>>(x: T, y: U, z: impl Into<f64> + Copy) -> T {
    x * y.into() * T::from(z.into()).unwrap()
}

#[differentiate]
fn nameless(x: impl Float, y: &impl Float) -> f64 {
    x.to_f64().unwrap() * y.to_f64().unwrap().exp()
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

impl From<(f64, f64)> for Point {
    fn from((x, y): (f64, f64)) -> Self {
        Self { x, y }
    }
}

#[differentiate]
fn distance<P: Into<Point>>(a: P, b: impl Into<Point>) -> f64 {
    let a: Point = a.into();
    let Point { x, y } = b.into();
    (a.x - x).hypot(a.y - y)
}

#[differentiate]
fn norm<A: AsRef<[f64]> + ?Sized>(x: &A, weight: impl Borrow<f64>) -> f64 {
    let sum: f64 = x.as_ref().iter().map(|x| x * x).sum();
    *weight.borrow() * sum.sqrt()
}

#[differentiate(self)]
impl Point {
    fn moment(self, about: impl Into<Point>, weights: impl IntoIterator<Item = f64>) -> f64 {
        let about = about.into();
        let arm = self.x * about.y;
        weights.into_iter().map(|w| w * arm * w).sum()
    }
}

tests::checks! {
    iterators: |x| energy(x.iter().map(|v| v * x[0])), [1.2, 0.7, -0.4];
    owned_lists: |x| energy(vec![x[0], x[1] * 2.0].into_iter()), [1.2, 0.7];
    filtered: |x| energy(x.iter().copied().filter(|v| *v > 0.0)) * x[1], [1.2, 0.7, -0.4];
    slices: |x| scaled(x, x[0]) + scaled(x.iter().skip(1), 2.0), [1.2, 0.7, -0.4];
    references: |x| total(x.iter().rev().take(2), x[2]), [1.2, 0.7, -0.4];
    pairs: |x| paired(x.iter().copied().zip(x.iter().map(|v| v.cos()))).unwrap(), [1.2, 0.7, -0.4];
    floats: |x| into_floats(x[0], x[1], 2.0) + nameless(x[0], &x[1]), [1.2, 0.7];
    conversions: |x| distance(Point { x: x[0], y: 1.0 }, Point { x: x[1], y: x[0] }), [1.2, 0.7];
    borrowed: |x| norm(x, x[0]) + norm(&x[1..], 2.0), [1.2, 0.7, -0.4];
    members: |x| Point { x: x[0], y: 2.0 }.moment(Point { x: 1.0, y: x[1] }, x.iter().map(|v| v + 1.0)), [1.2, 0.7];
}

/// The derivative functions take a list for an iterator, a slice where the items are references.
#[test]
fn lists_for_iterators() {
    let energy = energy::value_and_grad(vec![1.0, 2.0]);
    assert_eq!(energy, (5.0, vec![2.0, 4.0]));
    let total = total::value_and_grad(&[1.0_f32, 2.0], 3.0);
    assert_eq!(total, (8.0, (vec![2.0, 4.0], 1.0)));
    let items = vec![(1.0, 2.0), (3.0, 4.0)];
    let along = paired::jvp(items, vec![(1.0, 0.0), (0.0, 1.0)]);
    assert_eq!(along, Some((50.0, 26.0)));
}

#[test]
fn floats_of_two_types() {
    let derivatives = into_floats::value_and_grad(2.0_f64, 3.0_f32, 0.5_f32);
    assert_eq!(derivatives, (3.0, (1.5, 1.0_f32, 6.0_f32)));
}

/// A source of random numbers is a constant; a function that is run several times is run with the same numbers.
mod random {
    use autodiff_runtime::{check, differentiate};
    use rand::rngs::SmallRng;
    use rand::{Rng, RngExt, SeedableRng};

    #[differentiate]
    fn normal<R: Rng + ?Sized>(rng: &mut R, mean: f64, deviation: f64) -> f64 {
        let u: f64 = rng.random();
        let angle = 2.0 * std::f64::consts::PI * rng.random::<f64>();
        mean + deviation * (-2.0 * u.ln()).sqrt() * angle.cos()
    }

    #[differentiate]
    fn triangular<R: ::rand::Rng + ?Sized>(rng: &mut R, min: f64, max: f64, mode: f64) -> f64 {
        let f: f64 = ::rand::RngExt::random(rng);
        if f < (mode - min) / (max - min) {
            min + (f * (max - min) * (mode - min)).sqrt()
        } else {
            max - ((1.0 - f) * (max - min) * (max - mode)).sqrt()
        }
    }

    #[differentiate]
    fn payoff(rng: &mut impl Rng, spot: f64, volatility: f64, paths: usize) -> f64 {
        let mut sum = 0.0;
        for _ in 0..paths {
            let z: f64 = rng.random_range(-1.0..1.0);
            sum += (spot * (volatility * z).exp() - 1.0).max(0.0);
        }
        sum / paths as f64
    }

    #[differentiate]
    fn noise(rng: &mut SmallRng, x: &[f64]) -> Vec<f64> {
        x.iter().map(|x| x * x * rng.random::<f64>()).collect()
    }

    #[differentiate]
    fn counted(#[constant] calls: &mut usize, x: &[f64]) -> [f64; 2] {
        *calls += 1;
        [(*calls as f64) * x[0] * x[1], x[0]]
    }

    fn source() -> SmallRng {
        SmallRng::seed_from_u64(7)
    }

    fn compare(f: impl Fn(&[f64]) -> f64, x: &[f64], (value, gradient): (f64, Vec<f64>)) {
        assert_eq!(value.to_bits(), f(x).to_bits());
        check::gradient(|x: &Vec<f64>| f(x), &x.to_vec(), &gradient).assert_below(1e-8);
    }

    #[test]
    fn samples() {
        let (value, (mean, deviation)) = normal::value_and_grad(&mut source(), 1.0, 2.0);
        compare(
            |x| normal(&mut source(), x[0], x[1]),
            &[1.0, 2.0],
            (value, vec![mean, deviation]),
        );
        let (value, (min, max, mode)) = triangular::value_and_grad(&mut source(), 1.0, 2.0, 1.3);
        let sample = |x: &[f64]| triangular(&mut source(), x[0], x[1], x[2]);
        compare(sample, &[1.0, 2.0, 1.3], (value, vec![min, max, mode]));
        let (value, (spot, volatility)) = payoff::value_and_grad(&mut source(), 1.1, 0.4, 20);
        let price = |x: &[f64]| payoff(&mut source(), x[0], x[1], 20);
        compare(price, &[1.1, 0.4], (value, vec![spot, volatility]));
    }

    #[test]
    fn jacobians() {
        let jacobian = noise::jacobian(&mut source(), &[1.0, 2.0, 3.0]);
        let numbers = noise(&mut source(), &[1.0, 1.0, 1.0]);
        for (k, number) in numbers.iter().enumerate() {
            assert!((jacobian[(k, k)] - 2.0 * (k + 1) as f64 * number).abs() < 1e-15);
        }
        let mut calls = 0;
        let jacobian = counted::jacobian(&mut calls, &[3.0, 5.0]);
        assert_eq!(jacobian.as_slice(), [5.0, 1.0, 3.0, 0.0]);
    }
}
