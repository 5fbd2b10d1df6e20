//! One helper that tests any rule: [`assert_rule`], called by the macro `check_rule!`.
//!
//! *In*: a rule and a point. *Out*: a panic that says what is wrong, unless
//!
//! * the function, `jvp`, `vjp` and `__forward` give the same value, bit by bit;
//! * the tangent in random directions is the slope of the function, by extrapolated differences;
//! * the pullback of random cotangents is the transpose of that;
//! * `__backward` adds to what its slots hold.

use autodiff_runtime::{Coordinates, Real, check};
use nalgebra::{Complex, ComplexField, DMatrix, Dim, OMatrix};
use nalgebra::{DefaultAllocator, allocator::Allocator};
use std::collections::BTreeMap;

/// How many directions and cotangents are tried.
const DIRECTIONS: u64 = 3;

/// How far the derivative may be from differences and from its transpose, relative to the size of what is compared.
#[derive(Clone, Copy)]
pub struct Tolerance {
    pub differences: f64,
    pub transpose: f64,
}

/// For well-conditioned problems.
pub const DOUBLE: Tolerance = Tolerance {
    differences: 1e-8,
    transpose: 1e-12,
};
pub const SINGLE: Tolerance = Tolerance {
    differences: 1e-2,
    transpose: 1e-4,
};

/// A rule, its arguments taken together.
pub struct Rule<X, Y, F, J, V, B>
where
    F: Fn(&X) -> Y,
    J: Fn(&X, &X) -> (Y, Y),
    V: Fn(&X, Y) -> (Y, X),
    B: Fn(&X, Y, &mut X) -> Y,
{
    pub name: &'static str,
    pub at: X,
    pub value: F,
    pub jvp: J,
    /// Value, and the pullback of a cotangent.
    pub vjp: V,
    /// Value by `__forward`; `__backward` adds to the last argument.
    pub accumulate: B,
    /// Makes a direction one in which the function is defined (symmetric, say).
    pub admissible: fn(&mut X),
}

/// `check_rule!(solve(a da, b db), DOUBLE)`; constants after a semicolon; for directions that have to be symmetric `symmetric` first.
#[macro_export]
macro_rules! check_rule {
    (symmetric $($rest:tt)*) => {
        $crate::check_rule!(@with |x| $crate::check::symmetrize(&mut x.0), $($rest)*)
    };
    (@with |$at:ident| $admissible:expr, $rule:ident($($x:ident $dx:ident),+ $(; $($k:expr),+)?), $tolerance:expr) => {
        $crate::check::assert_rule(
            $crate::check::Rule {
                name: stringify!($rule),
                at: ($($x.clone_owned(),)+),
                value: |($($x,)+)| $rule($($x,)+ $($($k),+)?),
                jvp: |($($x,)+), ($($dx,)+)| $rule::jvp($($x,)+ $($($k,)+)? $($dx),+),
                vjp: |($($x,)+), cotangent| {
                    let (value, pullback) = $rule::vjp($($x,)+ $($($k),+)?);
                    #[allow(unused_parens)]
                    let ($($dx),+) = pullback(cotangent);
                    (value, ($($dx,)+))
                },
                accumulate: |($($x,)+), cotangent, ($($dx,)+)| {
                    let (value, pullback) = $rule::__forward($($x,)+ $($($k),+)?);
                    $rule::__backward(pullback, $($x,)+ cotangent, $($dx,)+ $($(&mut $crate::check::slot_of($k)),+)?);
                    value
                },
                admissible: |$at| { let _ = &$at; $admissible },
            },
            $tolerance,
        )
    };
    ($($rest:tt)*) => { $crate::check_rule!(@with |x| (), $($rest)*) };
}

/// What a constant has for a slot.
pub fn slot_of<K>(_: K) {}

/// Numbers that look random and are the same in each run.
pub struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    /// In -1 .. 1.
    pub fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// Random entries in -1 .. 1.
pub fn matrix(rows: usize, columns: usize, seed: u64) -> DMatrix<f64> {
    let mut noise = Noise::new(seed);
    DMatrix::from_fn(rows, columns, |_, _| noise.next())
}

pub fn complex(rows: usize, columns: usize, seed: u64) -> DMatrix<Complex<f64>> {
    matrix(rows, columns, seed).zip_map(&matrix(rows, columns, seed + 1000), Complex::new)
}

/// `A + n I`: diagonally dominant.
pub fn regular(n: usize, seed: u64) -> DMatrix<f64> {
    matrix(n, n, seed) + DMatrix::identity(n, n) * (n as f64)
}

/// Orthonormal columns.
pub fn orthonormal(rows: usize, columns: usize, seed: u64) -> DMatrix<f64> {
    matrix(rows, columns, seed).qr().q()
}

/// A matrix with these singular values.
pub fn with_singular_values(rows: usize, columns: usize, s: &[f64], seed: u64) -> DMatrix<f64> {
    let diagonal = DMatrix::from_diagonal(&nalgebra::DVector::from_row_slice(s));
    orthonormal(rows, s.len(), seed)
        * diagonal
        * orthonormal(columns, s.len(), seed + 1).transpose()
}

/// `f'(0)`, to sixth order.
pub fn slope(f: impl Fn(f64) -> DMatrix<f64>) -> DMatrix<f64> {
    let h = 1e-3;
    let rise = |k: f64| f(k * h) - f(-k * h);
    (rise(1.0) * 45.0 - rise(2.0) * 9.0 + rise(3.0)) / (60.0 * h)
}

/// The symmetric part.
pub fn symmetrize<T: ComplexField + Copy, D: Dim>(a: &mut OMatrix<T, D, D>)
where
    DefaultAllocator: Allocator<D, D>,
{
    let half: T = nalgebra::convert(0.5);
    *a = (&*a + a.adjoint()) * half;
}

/// Positive definite, with eigenvalues of at least `n`.
pub fn positive(n: usize, seed: u64) -> DMatrix<f64> {
    let a = matrix(n, n, seed);
    &a * a.transpose() + DMatrix::identity(n, n) * (n as f64)
}

fn coordinates<S, X: Coordinates<S>>(x: &X) -> Vec<S> {
    let mut list = Vec::new();
    x.visit_coordinates(&mut |c| list.push(c));
    list
}

fn as_f64<S: Real, X: Coordinates<S>>(x: &X) -> Vec<f64>
where
    f64: From<S>,
{
    coordinates(x).into_iter().map(f64::from).collect()
}

/// `x` with each coordinate replaced by noise.
fn random_like<S: Real, X: Coordinates<S> + Clone>(x: &X, seed: u64) -> X
where
    f32: Into<S>,
{
    let (mut noise, mut random) = (Noise::new(seed), x.clone());
    random.visit_coordinates_mut(&mut |c: &mut S| *c = (noise.next() as f32).into());
    random
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// `x + t d`
fn moved<S: Real, X: Coordinates<S> + Clone>(x: &X, t: S, d: &X) -> X {
    let (direction, mut moved) = (coordinates::<S, X>(d), x.clone());
    let mut steps = direction.into_iter();
    moved.visit_coordinates_mut(&mut |c: &mut S| {
        if let Some(d) = steps.next() {
            *c += t * d;
        }
    });
    moved
}

/// See the head of this file.
#[track_caller]
pub fn assert_rule<S, X, Y, F, J, V, B>(rule: Rule<X, Y, F, J, V, B>, tolerance: Tolerance)
where
    S: Real,
    f64: From<S>,
    f32: Into<S>,
    X: Coordinates<S> + Clone,
    Y: Coordinates<S> + Clone,
    F: Fn(&X) -> Y,
    J: Fn(&X, &X) -> (Y, Y),
    V: Fn(&X, Y) -> (Y, X),
    B: Fn(&X, Y, &mut X) -> Y,
{
    let name = rule.name;
    let value = (rule.value)(&rule.at);
    let bits = |y: &Y| as_f64(y).into_iter().map(f64::to_bits).collect::<Vec<_>>();
    assert!(!bits(&value).is_empty(), "{name} has no value here");
    for seed in 0..DIRECTIONS {
        let mut direction = random_like(&rule.at, 7 + seed);
        (rule.admissible)(&mut direction);
        let cotangent = random_like(&value, 77 + seed);
        let (by_jvp, slope) = (rule.jvp)(&rule.at, &direction);
        let (by_vjp, gradient) = (rule.vjp)(&rule.at, cotangent.clone());
        let mut sum = random_like(&rule.at, 777);
        let before = as_f64(&sum);
        let by_protocol = (rule.accumulate)(&rule.at, cotangent.clone(), &mut sum);
        for (other, what) in [(by_jvp, "jvp"), (by_vjp, "vjp"), (by_protocol, "__forward")] {
            assert_eq!(
                bits(&value),
                bits(&other),
                "{name}: another value in {what}"
            );
        }
        let (slope, gradient) = (as_f64(&slope), as_f64(&gradient));
        let (direction_list, cotangent_list) = (as_f64(&direction), as_f64(&cotangent));
        assert!(
            slope.iter().chain(&gradient).all(|x| x.is_finite()),
            "{name}: not finite"
        );
        // Forward against reverse.
        let (forward, reverse) = (
            dot(&cotangent_list, &slope),
            dot(&gradient, &direction_list),
        );
        let scale = norm(&cotangent_list) * norm(&slope) + norm(&gradient) * norm(&direction_list);
        let error = (forward - reverse).abs();
        assert!(
            error <= tolerance.transpose * scale,
            "{name}: forward {forward} and reverse {reverse} differ by {:e}",
            error / scale
        );
        // Slots are added to.
        let added: Vec<f64> = as_f64(&sum)
            .iter()
            .zip(&before)
            .map(|(a, b)| a - b)
            .collect();
        let wrong: Vec<f64> = added.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        assert!(
            norm(&wrong) <= tolerance.transpose * (norm(&gradient) + norm(&before)),
            "{name}: __backward adds {added:?}, not {gradient:?}"
        );
        assert_slope(&rule, &direction, &slope, tolerance);
    }
}

/// The tangent against differences of the value.
#[track_caller]
fn assert_slope<S, X, Y, F, J, V, B>(
    rule: &Rule<X, Y, F, J, V, B>,
    direction: &X,
    slope: &[f64],
    tolerance: Tolerance,
) where
    S: Real,
    f64: From<S>,
    f32: Into<S>,
    X: Coordinates<S> + Clone,
    Y: Coordinates<S> + Clone,
    F: Fn(&X) -> Y,
    J: Fn(&X, &X) -> (Y, Y),
    V: Fn(&X, Y) -> (Y, X),
    B: Fn(&X, Y, &mut X) -> Y,
{
    let one: S = 1f32.into();
    // All coordinates take the same steps.
    let mut values: BTreeMap<u64, Vec<S>> = BTreeMap::new();
    let mut value = |t: S, k: usize| {
        let key = f64::from(t).to_bits();
        let at = || coordinates(&(rule.value)(&moved(&rule.at, t - one, direction)));
        values.entry(key).or_insert_with(at)[k]
    };
    let largest = (0..slope.len())
        .map(|k| f64::from(value(one, k)).abs())
        .fold(0.0, f64::max);
    let scale = norm(slope).max(1e-3 * largest);
    for (k, slope) in slope.iter().enumerate() {
        let numeric = check::derivative(|t| value(t, k), one).value;
        assert!(
            (slope - numeric).abs() <= tolerance.differences * scale,
            "{}: coordinate {k} has slope {slope}, by differences {numeric}",
            rule.name
        );
    }
}
