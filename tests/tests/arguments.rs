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
    owned_lists: |x| energy(x.to_vec().into_iter()), [1.2, 0.7];
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
