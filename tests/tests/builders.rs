//! Methods that give their receiver, operators as methods, and what else types of the user's have beside plain methods.

use autodiff_runtime::{Differentiable, differentiate};
use num_traits::Bounded;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};
use tests::agree;

const AT: [&[f64]; 2] = [&[0.3, 0.4, 1.2], &[-0.2, 0.6, 0.7]];

#[derive(Clone, Debug, Default, Differentiable)]
struct Circuit {
    gain: f64,
    stages: Vec<f64>,
    order: usize,
    inner: Option<Box<Circuit>>,
}

#[differentiate]
impl Circuit {
    fn gain(&mut self, gain: f64) -> &mut Self {
        self.gain = gain;
        self
    }

    fn order(&mut self, order: usize) -> &mut Self {
        self.order = order;
        self
    }

    fn stage(&mut self, k: f64) -> &mut Self {
        if k < 0.0 {
            return self;
        }
        self.stages.push(k);
        self
    }

    fn twice(&mut self, k: f64) -> &mut Self {
        self.stage(k).stage(k * k)
    }

    fn scale(&mut self, k: f64) -> &mut Self {
        match self.order {
            0 => self,
            _ => {
                self.gain *= k;
                self
            }
        }
    }

    fn response(&self) -> f64 {
        self.gain * self.stages.iter().sum::<f64>() + self.order as f64
    }
}

/// A method that gives another value of its type is none that gives its receiver.
impl Circuit {
    fn within(&mut self) -> &mut Self {
        self.inner.get_or_insert_with(Box::default)
    }
}

#[differentiate]
fn chained(x: &[f64]) -> f64 {
    let mut c = Circuit::default();
    c.order(2).gain(x[0]).stage(x[1]).stage(-x[1]);
    c.scale(x[1]).twice(x[2]).response() * c.response()
}

/// What a chain gives is the receiver itself: changes show in both.
#[differentiate]
fn held(x: &[f64]) -> f64 {
    let mut c = Circuit::default();
    let d = c.gain(x[0]).order(1).stage(x[1]);
    d.gain += x[2] * x[2];
    d.stage(3.0).scale(x[1]);
    if x[0] > 0.0 {
        c.scale(x[0]);
    }
    c.response()
}

/// The receiver is made in place; arguments are evaluated after the calls before them.
#[differentiate]
fn made(x: &[f64]) -> f64 {
    let mut k = x[0];
    let mut next = || {
        k += x[2];
        k
    };
    let value = Circuit::default()
        .gain(next())
        .order(3)
        .stage(next() * x[1] * x[1])
        .scale(next())
        .response();
    value + k
}

/// Lists and iterators keep their methods of these names.
mod beside_lists {
    use super::{AT, agree, differentiate};
    use autodiff_runtime::Differentiable;

    #[derive(Clone, Debug, Default, Differentiable)]
    struct Row {
        cells: Vec<f64>,
    }

    #[differentiate]
    impl Row {
        fn push(&mut self, x: f64) -> &mut Self {
            self.cells.push(x * x);
            self
        }

        fn fill(&mut self, x: f64) -> &mut Self {
            self.cells.fill(x);
            self
        }

        fn next(&mut self) -> &mut Self {
            self.cells.push(1.0);
            self
        }
    }

    #[differentiate]
    fn both(x: &[f64]) -> f64 {
        let mut row = Row::default();
        let mut list = vec![x[0], 1.0];
        list.push(x[1]);
        list[..2].fill(x[2]);
        row.push(x[0]).push(x[2]);
        row.next().push(x[1]);
        let mut items = list.iter();
        let first = items.next().unwrap();
        let rest: f64 = items.sum();
        let sum: f64 = row.cells.iter().sum();
        sum * first + rest + row.fill(x[2]).cells[1]
    }

    #[test]
    fn own_and_of_lists() {
        agree!(both at &AT);
    }
}

fn nested(mut c: Circuit) -> Circuit {
    c.within().gain = 2.0;
    c
}

#[test]
fn chains() {
    agree!(chained at &AT);
    agree!(held at &AT);
    agree!(made at &AT);
    assert_eq!(nested(Circuit::default()).inner.map(|c| c.gain), Some(2.0));
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct V {
    x: f64,
    y: f64,
}

macro_rules! operators {
    ($($of:ident $f:ident $assign:ident $g:ident $op:tt;)+) => {
        $(
            #[differentiate]
            impl $of for V {
                type Output = V;
                fn $f(self, o: V) -> V { V { x: self.x $op o.x, y: self.y $op o.y } }
            }
            #[differentiate]
            impl $of<f64> for V {
                type Output = V;
                fn $f(self, o: f64) -> V { V { x: self.x $op o, y: self.y $op o } }
            }
            #[differentiate]
            impl $of<V> for f64 {
                type Output = V;
                fn $f(self, o: V) -> V { V { x: self $op o.x, y: self $op o.y } }
            }
            #[differentiate]
            impl $assign for V {
                fn $g(&mut self, o: V) { *self = *self $op o; }
            }
            #[differentiate]
            impl $assign<f64> for V {
                fn $g(&mut self, o: f64) { *self = *self $op o; }
            }
        )+
    };
}

operators! {
    Add add AddAssign add_assign +;
    Sub sub SubAssign sub_assign -;
    Mul mul MulAssign mul_assign *;
    Div div DivAssign div_assign /;
}

#[differentiate]
impl Neg for V {
    type Output = V;
    fn neg(self) -> V {
        V {
            x: -self.x,
            y: -self.y,
        }
    }
}

#[differentiate]
impl<'a> Add<&'a V> for V {
    type Output = V;
    fn add(self, o: &'a V) -> V {
        self + *o
    }
}

#[differentiate]
impl Neg for &V {
    type Output = V;
    fn neg(self) -> V {
        -*self
    }
}

#[differentiate]
impl Sum for V {
    fn sum<I: Iterator<Item = V>>(items: I) -> V {
        items.fold(V { x: 0.0, y: 0.0 }, |a, b| a + b)
    }
}

#[differentiate]
impl<'a> Sum<&'a V> for V {
    fn sum<I: Iterator<Item = &'a V>>(items: I) -> V {
        items.fold(V { x: 0.0, y: 0.0 }, |a, b| a + b)
    }
}

#[differentiate]
impl std::fmt::Display for V {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.x, self.y)
    }
}

#[differentiate]
impl Bounded for V {
    fn min_value() -> Self {
        V {
            x: f64::MIN,
            y: f64::MIN,
        }
    }

    fn max_value() -> Self {
        -Self::min_value()
    }
}

#[differentiate]
impl V {
    fn dot(self, o: Self) -> f64 {
        self.x * o.x + self.y * o.y
    }

    fn normalized(self) -> Self {
        self.mul(self.dot(self).sqrt().recip())
    }

    fn cosine(self, o: Self) -> f64 {
        self.dot(o)
            .div(self.dot(self).mul(o.dot(o)).sqrt())
            .add(self.sub(o).neg().x)
    }
}

#[differentiate]
fn by_methods(x: &[f64]) -> f64 {
    let (a, b) = (
        V { x: x[0], y: x[1] },
        V {
            x: x[2],
            y: x[0] * x[1],
        },
    );
    let c = a.add(b).div(V { x: x[2], y: 2.0 }).mul(a).normalized();
    c.cosine(b) + x[2].mul(c).x
}

#[differentiate]
fn assigned(x: &[f64]) -> f64 {
    let (mut a, b) = (
        V { x: x[0], y: x[1] },
        V {
            x: x[2],
            y: x[0] * x[1],
        },
    );
    a += b;
    a *= x[2];
    a -= 0.5;
    a /= b;
    a *= a;
    let lent = &b;
    let list = [a + lent, -lent, a];
    let (lent, own): (V, V) = (list.iter().sum(), list.into_iter().sum());
    lent.x * own.y
}

#[test]
fn operators_as_methods() {
    agree!(by_methods at &AT);
    agree!(assigned at &AT);
    let largest = V::max_value();
    assert_eq!(
        (format!("{}", V { x: 1.0, y: 2.0 }), largest.x),
        ("1 2".into(), f64::MAX)
    );
}

/// Provided methods through which nothing flows, and that implementations replace.
#[differentiate]
trait Layer {
    fn at(&self, x: f64) -> f64;

    fn penalty(&self) -> f64 {
        0.0
    }

    fn moved(&self, x: f64) -> f64 {
        x
    }

    fn cost(&self, x: f64) -> f64 {
        self.at(x) + self.penalty() * self.moved(x)
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Linear {
    k: f64,
}

#[differentiate]
impl Layer for Linear {
    fn at(&self, x: f64) -> f64 {
        self.k * x
    }

    fn penalty(&self) -> f64 {
        self.k * self.k
    }

    fn moved(&self, x: f64) -> f64 {
        x - self.k
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Power {
    k: f64,
}

#[differentiate]
impl Layer for Power {
    fn at(&self, x: f64) -> f64 {
        x.abs().powf(self.k)
    }
}

#[differentiate]
fn generic<L: Layer>(layer: &L, x: f64) -> f64 {
    layer.cost(x) * layer.penalty() + layer.moved(x)
}

#[differentiate]
fn replaced(x: &[f64]) -> f64 {
    let (linear, power) = (Linear { k: x[0] }, Power { k: x[1] });
    linear.cost(x[2]) + power.cost(x[2]) + generic(&linear, x[1]) + generic(&power, x[1])
}

#[test]
fn replaced_methods() {
    agree!(replaced at &AT);
}

/// A variant without values, as an argument, of an enum that has others; a method that gives a function is left as it is.
#[derive(Clone, Copy, Debug, Differentiable)]
enum Activation {
    Tanh,
    Leaky(f64),
}

#[differentiate]
impl Activation {
    fn apply(self, x: f64) -> f64 {
        match self {
            Self::Tanh => x.tanh(),
            Self::Leaky(slope) => slope * x,
        }
    }

    fn function(&self) -> fn(f64) -> f64 {
        match self {
            Self::Tanh => f64::tanh,
            Self::Leaky(_) => f64::abs,
        }
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Neuron {
    weight: f64,
    activation: Activation,
}

#[differentiate]
impl Neuron {
    fn new(weights: &[f64], activation: Activation) -> Self {
        Self {
            weight: weights[0],
            activation,
        }
    }

    fn at(&self, x: f64, after: Activation) -> f64 {
        after.apply(self.activation.apply(self.weight * x))
    }
}

#[differentiate]
fn fired(x: &[f64]) -> f64 {
    let (a, b) = (
        Neuron::new(x, Activation::Tanh),
        Neuron::new(&x[1..], Activation::Leaky(x[2])),
    );
    a.at(x[1], Activation::Tanh) + b.at(x[0], Activation::Leaky(0.1)) + b.at(x[2], Activation::Tanh)
}

#[test]
fn variants_as_arguments() {
    agree!(fired at &AT);
    assert_eq!(Activation::Tanh.function()(0.0), 0.0);
}

/// What changes its receiver keeps copies of a part of any type: derivatives ask that it is `Clone`, the methods do not.
mod steppers {
    use super::{AT, Differentiable, agree, differentiate};

    #[differentiate]
    trait System {
        fn slope(&self, y: f64) -> f64;
    }

    #[derive(Clone, Debug, Differentiable)]
    struct Decay {
        rate: f64,
    }

    #[differentiate]
    impl System for Decay {
        fn slope(&self, y: f64) -> f64 {
            -self.rate * y * y
        }
    }

    #[derive(Clone, Debug, Differentiable)]
    struct Euler<S> {
        system: S,
        y: f64,
        h: f64,
    }

    #[differentiate]
    impl<S: System> Euler<S> {
        fn new(system: S, y: f64, h: f64) -> Self {
            Self { system, y, h }
        }

        fn step(&mut self) -> &mut Self {
            let middle = self.y + 0.5 * self.h * self.system.slope(self.y);
            self.y += self.h * self.system.slope(middle);
            self
        }

        fn run(mut self, n: usize) -> f64 {
            for _ in 0..n {
                self.step();
            }
            self.y
        }
    }

    #[differentiate]
    fn decayed(x: &[f64]) -> f64 {
        let mut euler = Euler::new(Decay { rate: x[0] }, x[1], 0.1);
        let y = euler.step().step().y;
        y + euler.run(3) * Euler::new(Decay { rate: x[2] }, y, x[1]).run(2)
    }

    #[test]
    fn parts_are_kept() {
        agree!(decayed at &AT);
    }
}
