//! What published code has beside the arithmetic: fields of types that hold no number, options that are filled where they are used, lists that are
//! collected into something else, functions inside functions, closures with the type that they are called by.

#![allow(clippy::unnecessary_lazy_evaluations)] // written as people write it

use autodiff_runtime::{Differentiable, differentiate};
use std::collections::{BTreeMap, VecDeque};
use tests::checks;

/// Neither of these derives anything that a derivative needs.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Call,
    Put,
}

#[derive(Clone, Debug)]
struct Label {
    name: String,
    counts: BTreeMap<String, usize>,
}

#[derive(Clone, Debug, Differentiable)]
struct Contract {
    kind: Kind,
    last: Option<Kind>,
    path: Vec<Kind>,
    label: Label,
    strike: f64,
    periods: u64,
}

#[derive(Clone, Debug, Differentiable)]
enum Leg {
    Option { contract: Contract, side: Kind },
    Cash(Kind, f64),
}

#[differentiate(self)]
impl Contract {
    fn new(kind: Kind, strike: f64) -> Self {
        let counts = BTreeMap::new();
        let label = Label {
            name: "option".to_owned(),
            counts,
        };
        Self {
            kind,
            last: None,
            path: vec![Kind::Call, kind],
            label,
            strike,
            periods: 3,
        }
    }

    fn payoff(&self, spot: f64) -> f64 {
        match self.kind {
            Kind::Call => spot * spot - self.strike,
            Kind::Put => self.strike * spot,
        }
    }

    fn along(&self, spot: f64) -> f64 {
        let first = signed(self.last, spot, self.strike);
        let named = self.label.name.len() + self.label.counts.len();
        self.path.iter().fold(first, |sum, kind| match kind {
            Kind::Call => sum + self.strike,
            Kind::Put => sum * self.strike / named as f64,
        })
    }

    fn turned(&self, strike: f64) -> Self {
        Self {
            kind: Kind::Put,
            last: Some(self.kind),
            strike,
            ..self.clone()
        }
    }
}

#[differentiate]
fn signed(kind: Option<Kind>, x: f64, y: f64) -> f64 {
    match kind {
        Some(Kind::Call) => x * y,
        Some(Kind::Put) => x - y,
        None => y.sin(),
    }
}

#[differentiate]
fn walked(kinds: &[Kind], x: f64) -> f64 {
    kinds.iter().fold(x, |x, kind| match kind {
        Kind::Call => x * x,
        Kind::Put => x.exp(),
    })
}

#[differentiate]
fn leg(leg: &Leg, x: f64) -> f64 {
    match leg {
        Leg::Option {
            contract,
            side: Kind::Call,
        } => contract.payoff(x),
        Leg::Option { contract, .. } => -contract.payoff(x),
        Leg::Cash(Kind::Put, amount) => amount * x,
        Leg::Cash(_, amount) => *amount,
    }
}

#[derive(Clone, Debug, Default, Differentiable)]
struct Average {
    rate: f64,
    state: Option<f64>,
    pair: Option<[f64; 2]>,
}

#[differentiate(self)]
impl Average {
    fn filled(&mut self, x: f64) -> f64 {
        let state = self.state.get_or_insert(x * x);
        *state += self.rate * (x - *state);
        *state
    }

    fn made(&mut self, x: f64) -> f64 {
        let rate = self.rate;
        self.pair.get_or_insert_with(|| [x, rate])[0] *= x;
        let old = self.state.take();
        self.state = Some(old.unwrap_or(x) * x);
        self.pair.map_or(0.0, |p| p[0] * p[1])
    }

    fn replaced(&mut self, x: f64) -> f64 {
        let old = self.state.replace(x * self.rate);
        let new = self.state.insert(x.sin());
        *new *= 2.0;
        self.pair.replace([x, x]);
        old.unwrap_or(self.rate) * self.state.unwrap_or(1.0)
    }
}

#[differentiate]
fn averaged(x: &[f64]) -> f64 {
    let mut average = Average {
        rate: x[0],
        ..Average::default()
    };
    let mut sum = 0.0;
    for v in x {
        sum += average.filled(*v) + average.made(*v);
        sum *= average.replaced(*v);
    }
    let mut local: Option<f64> = None;
    for v in x {
        *local.get_or_insert(1.0) *= v;
    }
    let mut early: Option<f64> = None;
    // What returns is the closure.
    sum *= *early.get_or_insert_with(|| {
        if x[0] > 0.5 {
            return 2.0 * x[0];
        }
        x[0] * x[0]
    });
    sum + local.unwrap_or(0.0)
}

#[differentiate]
fn collected(x: &[f64]) -> f64 {
    let mut recent: VecDeque<f64> = x.iter().map(|v| v * v).collect();
    let squares: Box<[f64]> = x.iter().map(|v| v.sin()).collect();
    let others = x.iter().skip(1).copied().collect::<VecDeque<_>>();
    let first = recent.pop_front().unwrap();
    recent.push_back(first * squares[0]);
    recent
        .iter()
        .zip(squares.iter())
        .map(|(a, b)| a * b)
        .sum::<f64>()
        * others[0]
}

#[differentiate]
fn kept_ranges(x: &[f64]) -> f64 {
    let (range, closed) = (1..3, 0..=1);
    let mut sum = 0.0;
    for k in 0..3 {
        let part: f64 = x[range.clone()].iter().map(|v| v * k as f64).sum();
        sum += part * x[closed.clone()].iter().sum::<f64>();
    }
    sum + x[range].iter().product::<f64>()
}

#[differentiate]
fn powers(x: f64) -> [f64; 3] {
    if x > 2.0 {
        let all = vec![x; 3];
        return all.try_into().unwrap();
    }
    let all: Vec<f64> = (0..3).map(|i| x.powi(i)).collect();
    all.try_into().expect("three of them")
}

#[differentiate]
fn polynomial(x: f64, coefficients: impl IntoIterator<Item = f64>) -> f64 {
    coefficients.into_iter().fold(0.0, |sum, c| sum * x + c)
}

#[differentiate]
fn sorted(x: &mut [f64]) -> f64 {
    x.sort_unstable_by(f64::total_cmp);
    x[x.len() / 2] * x[0]
}

static TABLE: &[(f64, f64)] = &[(0.0, 1.0), (1.0, 2.5), (2.0, 4.0)];

#[differentiate]
fn looked_up(x: f64) -> f64 {
    let i = TABLE
        .partition_point(|&(t, _)| t <= x)
        .clamp(1, TABLE.len() - 1);
    let ((x0, y0), (x1, y1)) = (TABLE[i - 1], TABLE[i]);
    y0 + (y1 - y0) * (x - x0) / (x1 - x0) * x
}

/// The functions inside call themselves, or have type parameters or attributes.
#[differentiate]
fn inside(x: &[f64]) -> f64 {
    /// By recursion.
    fn power(n: u32, x: f64) -> f64 {
        if n == 0 { 1.0 } else { x * power(n - 1, x) }
    }
    fn refined(f: &dyn Fn(f64) -> f64, a: f64, b: f64, depth: usize) -> f64 {
        let m = 0.5 * (a + b);
        if depth == 0 {
            return (b - a) * f(m);
        }
        refined(f, a, m, depth - 1) + refined(f, m, b, depth - 1)
    }
    fn blend<T: num_traits::Float>(a: T, b: T, t: T) -> T {
        a + (b - a) * t
    }
    /// A smooth step.
    #[inline]
    fn fade(t: f64) -> f64 {
        t * t * (3.0 - 2.0 * t)
    }
    let area = refined(&|t| (t * x[1]).sin(), 0.0, x[0], 3);
    blend(power(3, x[0]), area, fade(x[1]))
}

#[differentiate]
fn typed_closures(x: &[f64]) -> f64 {
    let rate = x[1];
    let boxed: Box<dyn Fn(f64) -> f64> = Box::new(move |t| rate * t);
    let plain: fn(f64) -> f64 = |t| t * t;
    let named: fn(f64) -> f64 = f64::sin;
    let lent: &dyn Fn(f64, f64) -> f64 = &|a, b| a * b - rate;
    boxed(x[0]) + plain(x[1]) * named(x[0]) + lent(x[0], x[1])
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct V2 {
    x: f64,
    y: f64,
}

#[differentiate(self)]
impl V2 {
    fn splat(x: f64) -> Self {
        Self { x, y: x }
    }

    fn lerp(self, other: Self, t: f64) -> Self {
        Self {
            x: self.x + (other.x - self.x) * t,
            y: self.y + (other.y - self.y) * t,
        }
    }

    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self {
            x: f(self.x),
            y: f(self.y),
        }
    }

    fn norm(self) -> f64 {
        self.x.hypot(self.y)
    }
}

/// What methods give has methods that lists and vectors have too.
#[differentiate]
fn chained(x: &[f64]) -> f64 {
    let v = V2 { x: x[0], y: x[1] };
    let w = v.lerp(V2::splat(2.0), 0.3).map(|c| c * c);
    w.norm() + V2::splat(x[1]).map(f64::sin).norm()
}

#[differentiate(self)]
trait Kernel {
    fn value(&self, x: f64, y: f64) -> f64;
}

#[derive(Clone, Debug, Differentiable)]
struct Smooth {
    length: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Both<A, B>(A, B);

#[differentiate(self)]
impl Kernel for Smooth {
    fn value(&self, x: f64, y: f64) -> f64 {
        (-(x - y).powi(2) / self.length).exp()
    }
}

#[differentiate(self)]
impl<A: Kernel, B: Kernel> Kernel for Both<A, B> {
    fn value(&self, x: f64, y: f64) -> f64 {
        self.0.value(x, y) * self.1.value(y, x) + self.0.value(x * y, x)
    }
}

#[differentiate]
fn composed(x: &[f64]) -> f64 {
    let inner = Both(Smooth { length: x[0] }, Smooth { length: x[1] });
    Both(inner, Smooth { length: 2.0 }).value(x[0], x[1])
}

#[differentiate]
fn contracts(x: &[f64]) -> f64 {
    let contract = Contract::new(Kind::Call, x[0]);
    let turned = contract.turned(x[0]).payoff(x[1]);
    contract.payoff(x[1]) + contract.turned(x[1]).along(x[0]) * turned
}

#[differentiate]
fn kinds(x: &[f64]) -> f64 {
    let kinds = [Kind::Put, Kind::Call];
    let sum = signed(Some(Kind::Put), x[0], x[1]) * signed(None, x[0], x[1]);
    let walks = walked(&[Kind::Call, Kind::Put], x[0]) + walked(&kinds, x[1]);
    sum + signed(Some(kinds[1]), x[1], x[0]) + walks
}

#[differentiate]
fn legs(x: &[f64]) -> f64 {
    let contract = Contract::new(Kind::Put, x[0]);
    let sold = Leg::Option {
        contract: contract.clone(),
        side: Kind::Put,
    };
    let bought = Leg::Option {
        contract,
        side: Kind::Call,
    };
    let cash = leg(&Leg::Cash(Kind::Put, x[0]), x[1]) + leg(&Leg::Cash(Kind::Call, x[0]), x[1]);
    leg(&sold, x[1]) * leg(&bought, x[0]) + cash
}

#[differentiate]
fn polynomials(x: &[f64]) -> f64 {
    let product = polynomial(x[0], [1.0, x[1], 2.0]) * polynomial(x[1], [x[0]; 3]);
    product + polynomial(x[0], vec![x[1]])
}

checks! {
    contract_values: |x| contracts(x), [0.7, 1.3], [1.9, 0.4];
    kinds_of_arguments: |x| kinds(x), [0.7, 1.3], [1.9, 0.4];
    legs_with_kinds: |x| legs(x), [0.7, 1.3], [1.9, 0.4];
    averages: |x| averaged(x), [0.7, 1.3, -0.4], [1.9, 0.4];
    collections: |x| collected(x), [0.7, 1.3, -0.4], [1.9, 0.4];
    ranges: |x| kept_ranges(x), [0.7, 1.3, -0.4], [1.9, 0.4, 2.1];
    arrays: |x| powers(x[0]).iter().zip(x).map(|(a, b)| a * b).sum::<f64>(), [0.7, 1.3, -0.4], [2.9, 0.4, 2.1];
    iterators: |x| polynomials(x), [0.7, 1.3], [1.9, 0.4];
    medians: |x| sorted(&mut x.to_vec()), [0.7, 1.3, -0.4], [2.9, 0.4, 2.1];
    tables: |x| looked_up(x[0]) * looked_up(x[1]), [0.7, 1.3], [1.9, 0.4];
    functions_inside: |x| inside(x), [0.7, 1.3], [1.9, 0.4];
    closures: |x| typed_closures(x), [0.7, 1.3], [1.9, 0.4];
    methods_of_results: |x| chained(x), [0.7, 1.3], [1.9, 0.4];
    kernels: |x| composed(x), [0.7, 1.3], [1.9, 0.4];
}

#[test]
fn integers_as_floats() {
    use num_traits::ToPrimitive;
    #[differentiate]
    fn mean(x: &[f64], contract: &Contract) -> f64 {
        let n = x.len().to_f64().unwrap();
        x.iter().sum::<f64>() / (n * contract.periods.to_f64().unwrap())
    }
    let contract = Contract::new(Kind::Call, 1.0);
    let (value, (slopes, _)) = mean::value_and_grad(&[3.0, 6.0], &contract);
    assert_eq!((value, slopes), (1.5, vec![1.0 / 6.0; 2]));
}

/// What gives integers needs no attribute, whatever they are used for.
mod integers {
    use super::*;

    fn floor(x: f64) -> i32 {
        let n = x as i32;
        if x < n as f64 { n - 1 } else { n }
    }

    fn cell(x: f64, y: f64) -> (i64, i64) {
        (x.floor() as i64, y.floor() as i64)
    }

    fn hash(i: i64, j: i64) -> u32 {
        ((i * 7 + j * 13) & 3) as u32
    }

    #[derive(Clone, Debug, Differentiable)]
    struct Lattice {
        width: f64,
    }

    impl Lattice {
        fn at(&self, x: f64) -> usize {
            (x / self.width).floor().abs() as usize
        }
    }

    #[differentiate]
    fn noise(x: &[f64]) -> f64 {
        let n = floor(x[0]);
        let t = x[0] - n as f64;
        let (i, j) = cell(x[0], x[1]);
        let (u, v) = (x[0] - i as f64, x[1] - j as f64);
        let weight = match hash(i, j) {
            0 => u,
            1 => u * v,
            2 => -v,
            _ => u - v,
        };
        let lattice = Lattice { width: x[1] };
        let k = lattice.at(x[0]);
        t * t * weight + k as f64 * u * lattice.width
    }

    checks! {
        noises: |x| noise(x), [0.7, 1.3], [2.4, 3.1], [-1.7, 0.4];
    }
}

/// Alternatives that bind inside of patterns.
mod alternatives {
    use super::*;

    #[derive(Clone, Debug, Differentiable)]
    enum Shape {
        Circle { r: f64 },
        Rect { w: f64, h: f64 },
        Square { w: f64 },
        Scaled(Box<Shape>, f64),
        Polygon(Vec<f64>),
    }

    #[differentiate(self)]
    impl Shape {
        fn area(&self, k: f64) -> f64 {
            match (self, k > 1.0) {
                (Shape::Rect { w, .. } | Shape::Square { w } | Shape::Circle { r: w }, true) => {
                    w * w * k
                }
                (Shape::Circle { r }, _) => 3.0 * r * k,
                (Shape::Rect { w, h: x }, false) => w * x,
                (Shape::Square { w: side }, false) => side * side,
                (Shape::Scaled(inner, by), _) => inner.area(k) * by * by,
                (Shape::Polygon(sides), _) => match sides.as_slice() {
                    [a] => *a,
                    [a, b] | [a @ b, _, ..] => a * b * k,
                    [] => k,
                },
            }
        }
    }

    #[differentiate]
    fn areas(x: &[f64]) -> f64 {
        let shapes = [
            Shape::Circle { r: x[0] },
            Shape::Rect { w: x[0], h: x[1] },
            Shape::Square { w: x[1] },
            Shape::Scaled(Box::new(Shape::Square { w: x[0] }), x[1]),
            Shape::Polygon(vec![x[1]]),
            Shape::Polygon(vec![x[1], x[0]]),
            Shape::Polygon(vec![x[1], x[0], x[2]]),
        ];
        let both = |k: f64| shapes.iter().map(|s| s.area(k).sin()).sum::<f64>();
        both(x[2]) + both(x[2] * 3.0)
    }

    checks! {
        shapes: |x| areas(x), [0.7, 1.3, 0.5], [2.4, 0.1, 0.9];
    }
}
