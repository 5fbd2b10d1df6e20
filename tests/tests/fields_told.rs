//! Fields whose types only the definition of the struct tells, further up in the file.

use autodiff_runtime::{Differentiable, differentiate};
use nalgebra::{DMatrix, DVector};
use std::collections::HashMap;
use tests::agree;
use tests::modes::POINTS;

type Triple = [f64; 3];
type Real = f64;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Soft,
    Hard,
}

#[derive(Clone, Debug, Differentiable)]
struct Wheel {
    radius: f64,
    #[constant]
    name: &'static str,
    #[constant]
    label: String,
    #[constant]
    teeth: [u8; 2],
}

#[differentiate]
fn grown(wheel: &Wheel, by: f64) -> Wheel {
    Wheel {
        radius: by * wheel.radius,
        name: wheel.name,
        label: wheel.label.clone(),
        teeth: wheel.teeth,
    }
}

#[differentiate]
fn wheels(x: &[f64]) -> f64 {
    let wheel = Wheel {
        radius: x[0],
        name: "front",
        label: "old".to_string(),
        teeth: [3, 5],
    };
    let grown = grown(&wheel, x[1]);
    let factor = if grown.label == "old" { 2.0 } else { 1.0 };
    grown.radius.powi(i32::from(grown.teeth[0])) * factor + wheel.radius * grown.name.len() as f64
}

#[derive(Clone, Debug, Differentiable)]
struct Curve {
    times: Vec<Real>,
    rates: Vec<f64>,
    knots: usize,
    #[constant]
    scale: f64,
    #[constant]
    weights: Vec<f64>,
    #[constant]
    kind: Kind,
}

#[differentiate(self)]
impl Curve {
    fn last(&self, t: f64) -> f64 {
        *self.rates.last().expect("a rate") * t
    }

    fn by_position(&self, t: f64) -> f64 {
        match self.times.iter().position(|&at| at >= t) {
            None => *self.rates.last().unwrap(),
            Some(0) => self.rates[0],
            Some(k) => 0.5 * (self.rates[k - 1] + self.rates[k]),
        }
    }

    fn first_or(&self, t: f64) -> f64 {
        self.rates.first().copied().unwrap_or(0.5) * t + self.rates.get(1).map_or(t, |r| r * t)
    }

    fn scaled(&self, t: f64) -> f64 {
        let weighted: f64 = self
            .weights
            .iter()
            .zip(&self.rates)
            .map(|(w, r)| w * r)
            .sum();
        self.scale * t * weighted + self.scale * self.scale / self.knots as f64
    }

    fn by_kind(&self, t: f64) -> f64 {
        stiffness(self.kind) * t
            + match self.kind {
                Kind::Soft => self.rates[0] * t,
                Kind::Hard => t * t,
            }
    }
}

fn stiffness(kind: Kind) -> f64 {
    if kind == Kind::Soft { 0.5 } else { 2.0 }
}

#[differentiate]
fn curves(x: &[f64]) -> f64 {
    let curve = Curve {
        times: x[..4]
            .iter()
            .scan(0.0, |t, v| {
                Some({
                    *t += v * v;
                    *t
                })
            })
            .collect(),
        rates: x[4..8].to_vec(),
        knots: 4,
        scale: 1.5,
        weights: vec![0.5, 1.0, 1.5, 2.0],
        kind: Kind::Soft,
    };
    let hard = Curve {
        times: curve.times.clone(),
        rates: x[1..3].to_vec(),
        knots: 2,
        scale: 0.5,
        weights: Vec::new(),
        kind: Kind::Hard,
    };
    curve.last(x[8])
        + curve.by_position(0.9)
        + curve.first_or(x[9])
        + curve.scaled(x[10])
        + curve.by_kind(x[11])
        + hard.by_kind(x[0])
}

#[derive(Clone, Debug, Differentiable)]
struct Inner<T> {
    values: Vec<T>,
    best: Option<T>,
}

#[derive(Clone, Debug, Differentiable)]
struct Outer<T> {
    inner: Inner<T>,
    pairs: Vec<(T, usize)>,
    corner: [T; 2],
}

#[differentiate]
fn nested<T: num_traits::Float>(outer: &Outer<T>) -> T {
    let sum = outer.inner.values.iter().fold(T::zero(), |a, &v| a + v * v);
    let pairs = outer.pairs.last().map(|&(v, n)| v * T::from(n).unwrap());
    let best = outer.inner.best.map(|b| b * b).unwrap_or(sum);
    sum + best * outer.corner[1] + pairs.unwrap_or(outer.corner[0])
}

#[differentiate]
fn nests(x: &[f64]) -> f64 {
    let outer = Outer {
        inner: Inner {
            values: x[..3].to_vec(),
            best: Some(x[3]),
        },
        pairs: vec![(x[4], 1), (x[5], 3)],
        corner: [x[6], x[7]],
    };
    let none = Outer {
        inner: Inner {
            values: vec![x[8]],
            best: None,
        },
        pairs: Vec::new(),
        corner: [x[9], x[10]],
    };
    nested(&outer) + nested(&none)
}

#[derive(Clone, Debug, Differentiable)]
struct Layer {
    weights: DMatrix<f64>,
    bias: DVector<f64>,
}

#[differentiate]
fn forward(layer: &Layer, x: &DVector<f64>) -> DVector<f64> {
    (&layer.weights * x + &layer.bias).map(|v| v.tanh())
}

#[differentiate]
fn layers(x: &[f64]) -> f64 {
    let layer = Layer {
        weights: DMatrix::from_row_slice(2, 3, &x[..6]),
        bias: DVector::from_row_slice(&x[6..8]),
    };
    let y: DVector<f64> = forward(&layer, &DVector::from_row_slice(&x[8..11]));
    y.sum() * layer.weights.row(0).sum() + layer.bias.iter().map(|b| b * b).sum::<f64>()
}

#[differentiate]
fn by_alias(x: &[f64]) -> f64 {
    let q: Triple = std::array::from_fn(|k| x[k] * x[k + 1]);
    let half: Real = 0.5;
    q.iter().map(|v| v.powi(2)).sum::<Real>() * half
}

#[differentiate]
fn from_table(x: f64, #[constant] table: &HashMap<String, f64>) -> f64 {
    let offset = match table.get("offset") {
        Some(&offset) => offset,
        None => return x,
    };
    match table.get("power") {
        Some(&p) => x.powf(p) + offset,
        None => x * offset,
    }
}

#[differentiate]
fn tables(x: &[f64]) -> f64 {
    let mut table = HashMap::new();
    let none = from_table(x[0], &table);
    table.insert("offset".to_string(), 0.5);
    let some = from_table(x[1], &table);
    table.insert("power".to_string(), 3.0);
    none + some + from_table(x[2].abs(), &table)
}

mod annuities {
    use autodiff_runtime::Differentiable;

    #[derive(Clone, Debug, Differentiable)]
    pub struct Annuity {
        pub coupons: Vec<f64>,
        pub first: usize,
        #[constant]
        pub yield_shift: f64,
    }

    pub mod held {
        pub use super::Annuity;
    }
}

mod portfolio {
    use super::annuities::held::*;
    use autodiff_runtime::differentiate;

    #[differentiate]
    pub fn latest(a: &Annuity, r: f64) -> f64 {
        let last = a.coupons.last().copied().unwrap_or(0.0);
        last * r.powi(a.first as i32) * a.yield_shift + a.coupons[a.first]
    }

    #[differentiate]
    pub fn values(x: &[f64]) -> f64 {
        let annuity = Annuity {
            coupons: x[..3].to_vec(),
            first: 2,
            yield_shift: 1.5,
        };
        latest(&annuity, x[3])
    }
}

#[differentiate]
fn by_parameter_named_as_a_type<Kind: Differentiable + Clone>(x: f64, kind: Kind) -> (f64, Kind) {
    (x * x, kind)
}

#[test]
fn parameters_hide_types() {
    let (value, pullback) = by_parameter_named_as_a_type::vjp(2.0, 3.0);
    assert_eq!((value, pullback((1.0, 5.0))), ((4.0, 3.0), (4.0, 5.0)));
}

#[test]
fn fields() {
    agree!(wheels at &POINTS);
    agree!(portfolio::values at &POINTS);
    agree!(curves at &POINTS);
    agree!(nests at &POINTS);
    agree!(layers at &POINTS);
    agree!(by_alias at &POINTS);
    agree!(tables at &POINTS);
}
