//! Parameters that are `Option`s of references, `weights: Option<&[f64]>`: the derivative functions take the values themselves.

use autodiff_runtime::nalgebra::DVector;
use autodiff_runtime::{Differentiable, differentiate};
use num_traits::Float;
use tests::{agree, curvature};

#[differentiate(order = 2)]
fn mean(x: &[f64], weights: Option<&[f64]>) -> f64 {
    match weights {
        Some(w) => {
            let sum: f64 = w.iter().sum();
            x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() / sum
        }
        None => x.iter().sum::<f64>() / x.len() as f64,
    }
}

/// Looked into once an iteration.
#[differentiate]
fn in_a_loop(x: &[f64], weights: Option<&[f64]>) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        let weight = weights.map_or(1.5, |w| w[i]);
        sum += weight * x[i].sin();
        if let Some(w) = weights {
            sum *= w[i].cos();
        }
    }
    sum
}

/// Of a `Vec`, a number, an array; by another name.
#[differentiate]
fn of_each(list: Option<&Vec<f64>>, number: Option<&f64>, array: Option<&[f64; 2]>, x: f64) -> f64 {
    let a = list.map(|l| l[0] * l[1]).unwrap_or(x);
    let b = number.copied().unwrap_or_else(|| x.sin());
    let Some([c, d]) = array else { return a * b };
    a * b * c + d * x
}

/// Handed on, and given what there is, a part of it, and nothing.
#[differentiate(order = 2)]
fn handed_on(x: &[f64]) -> f64 {
    let squares: Vec<f64> = x.iter().map(|x| x * x).collect();
    twice(x, Some(&squares)) * mean(&x[1..], Some(&squares[1..])) + mean(x, None) * twice(x, None)
}

#[differentiate(order = 2)]
fn twice(x: &[f64], weights: Option<&[f64]>) -> f64 {
    mean(x, weights) * mean(x, weights.map(|w| &w[..1])) + x[0]
}

/// A call in which nothing is differentiated is one of the function as it is written.
#[differentiate]
fn of_constants(x: &[f64], #[constant] table: &[f64]) -> f64 {
    x[0] * mean(&table[1..], Some(&table[1..]))
        + x[1] * in_a_loop(table, None) * mean(table, Some(table))
}

/// What an `Option` of the function's own holds.
#[differentiate]
fn held(x: &[f64], #[constant] sign: f64) -> f64 {
    let k = x[2] * x[2];
    let weights = if sign > 0.0 { Some(vec![k; 6]) } else { None };
    mean(x, weights.as_deref()) + of_each(weights.as_ref(), Some(&k), None, k * k)
}

#[derive(Clone, Debug, Differentiable)]
struct Fit<T> {
    level: T,
}

#[differentiate(self)]
impl<T: Float> Fit<T> {
    fn window(&self, x: &[T], weights: Option<&[T]>, out: &mut [T]) {
        for i in 0..x.len() {
            let weight = weights.map_or(T::one(), |w| w[i]);
            out[i] = x[i] * weight * self.level;
        }
    }

    fn deviation(x: &[T], errors: Option<&[T]>) -> Option<T> {
        let level = x[0] * x[1];
        errors.and_then(|e| Self::spread(e, level))
    }

    fn spread(errors: &[T], level: T) -> Option<T> {
        let sum = errors.iter().fold(T::zero(), |sum, &e| sum + e * e / level);
        if sum > T::zero() { Some(sum) } else { None }
    }
}

#[differentiate]
fn by_methods(x: &[f64]) -> f64 {
    let fit = Fit { level: x[2] };
    let mut out = vec![0.0; x.len()];
    fit.window(x, Some(x), &mut out);
    let first = out[1];
    fit.window(x, None, &mut out);
    first * out[3]
        + Fit::deviation(x, Some(&out)).unwrap_or(1.0)
        + Fit::deviation(x, None).unwrap_or(x[4])
}

/// One of a type with the derive, and of a vector.
#[differentiate]
fn scaled(x: f64, fit: Option<&Fit<f64>>, shift: Option<&DVector<f64>>) -> f64 {
    let level = fit.map(|f| f.level * x).unwrap_or(x * x);
    shift.map_or(level, |s| level * s.norm_squared() + s[0])
}

#[differentiate]
fn of_own_types(x: &[f64]) -> f64 {
    let fit = Fit { level: x[1].exp() };
    let shift = DVector::from_column_slice(&x[2..]);
    let lent = &fit;
    scaled(x[0], Some(&fit), None) * scaled(x[0], Some(lent), Some(&shift))
        + scaled(x[1], None, None)
}

/// Several outputs.
#[differentiate]
fn products(x: &[f64], weights: Option<&[f64]>) -> Vec<f64> {
    let weight = |i: usize| weights.map_or(2.0, |w| w[i]);
    (0..x.len()).map(|i| x[i] * weight(i)).collect()
}

/// The partials are of what the derivative functions take.
#[differentiate(partials(x = weight.unwrap_or(1.0)))]
fn stated(x: f64, #[constant] weight: Option<&f64>, #[constant] list: Option<&[f64]>) -> f64 {
    x * weight.unwrap_or(&1.0) + list.map_or(0.0, |l| l[0].floor())
}

/// A member through which nothing flows.
#[differentiate]
impl Line {
    fn first(&self, weights: Option<&[f64]>) -> f64 {
        weights.map_or(2.0, |w| w[0].floor())
    }

    fn scaled(&self, x: f64, weights: Option<&[f64]>) -> f64 {
        self.first(weights) * x
    }
}

#[differentiate]
fn of_products(x: &[f64]) -> f64 {
    let list = products(x, Some(x));
    let sum = list[1] * list[2].sin() + products(x, None)[3];
    stated(sum, Some(&3.0), Some(&x[2..])) * stated(list[2], None, None)
        + Line.scaled(x[0], Some(x))
}

/// A trait with such a method.
#[differentiate]
trait Model {
    fn value(&self, x: f64, weights: Option<&[f64]>) -> f64;
}

struct Line;

#[differentiate]
impl Model for Line {
    fn value(&self, x: f64, weights: Option<&[f64]>) -> f64 {
        weights.map_or(x, |w| w[0] + w[1] * x)
    }
}

#[differentiate]
fn through<M: Model>(#[constant] model: &M, x: &[f64]) -> f64 {
    model.value(x[0], Some(&x[1..])) * model.value(x[1], None)
}

#[differentiate]
fn through_line(x: &[f64]) -> f64 {
    through(&Line, x)
}

#[differentiate]
fn weighted(x: &[f64]) -> f64 {
    mean(&x[..3], Some(&x[3..])) + in_a_loop(&x[..3], Some(&x[3..])) + in_a_loop(x, None)
}

#[differentiate]
fn each(x: &[f64]) -> f64 {
    let list = vec![x[0], x[1]];
    of_each(Some(&list), Some(&x[2]), Some(&[x[3], x[4]]), x[5]) + of_each(None, None, None, x[5])
}

const POINTS: &[&[f64]] = &[
    &[0.4, 1.3, -0.6, 0.9, 1.7, 0.8],
    &[1.1, 0.2, 2.3, 1.4, 0.3, 1.9],
];

#[test]
fn derivatives_agree() {
    agree!(weighted at POINTS);
    agree!(each at POINTS);
    agree!(handed_on at POINTS);
    agree!(of_constants at POINTS, &[0.5, 1.5, 2.0]);
    agree!(held at POINTS, 0.7);
    agree!(held at POINTS, -0.7);
    agree!(by_methods at POINTS);
    agree!(through_line at POINTS);
    agree!(of_products at POINTS);
    agree!(of_own_types at POINTS);
    curvature!(handed_on at POINTS);
}

#[test]
fn the_functions_take_the_values() {
    let (x, w) = ([1.0, 2.0], vec![1.0, 3.0]);
    let (gx, gw) = mean::grad(&x, Some(w));
    assert_eq!(gx, [0.25, 0.75]);
    assert_eq!(gw, Some(vec![-0.1875, 0.0625]));
    assert_eq!(mean::grad(&x, None), (vec![0.5, 0.5], None));
    let jacobian = products::jacobian(&x, Some(vec![1.0, 3.0]));
    assert_eq!(
        jacobian.as_slice(),
        [1.0, 0.0, 0.0, 3.0, 1.0, 0.0, 0.0, 2.0]
    );
    assert_eq!(products(&x, None), [2.0, 4.0]);
}

#[differentiate(order = 2)]
fn or_alone(number: Option<&f64>, x: f64) -> f64 {
    number.map_or(x, |v| v * x)
}

#[differentiate(order = 2)]
fn product(x: &[f64], weights: Option<&[f64]>) -> f64 {
    match weights {
        Some(w) => x.iter().zip(w).map(|(a, b)| a * b).sum(),
        None => x.iter().product(),
    }
}

/// Variables of such types, which callees are handed.
#[differentiate(order = 2)]
fn one_before(x: &[f64]) -> f64 {
    let mut before: Option<&[f64]> = None;
    let (mut number, mut told) = (None, Option::<f64>::None);
    let mut sum = 1.0;
    for part in x.chunks(2) {
        sum += product(part, before) * sum;
        before = Some(part);
        for v in part {
            sum = or_alone(number, sum) + told.unwrap_or(*v);
            number = Some(v);
            told = Some(v * v);
        }
    }
    sum
}

#[test]
fn variables_are_handed_on() {
    agree!(one_before at POINTS);
    curvature!(one_before at POINTS);
}

const WEIGHTS: [f64; 3] = [0.2, 0.4, 0.6];

/// Arrays, where a slice is taken.
#[differentiate(order = 2)]
fn of_arrays(x: &[f64]) -> f64 {
    let weights = [0.5, x[0], x[1]];
    let own = product(x, Some(&weights)) * product(x, Some(&[x[2], 0.5, x[0]]));
    own + product(x, Some(&WEIGHTS)) * product(x, Some(&[1.0, 2.0, 0.5]))
}

#[test]
fn arrays_for_slices() {
    agree!(of_arrays at POINTS);
    curvature!(of_arrays at POINTS);
}
