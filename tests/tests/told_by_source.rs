//! What the crate's source tells of types: parameters that hold no number, lifetimes that are left out, what calls give, whose values a
//! generic type holds; functions by the names of C.

use autodiff_runtime::{Differentiable, differentiate};
use kinds::Priced;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use tests::{agree, checks};

/// Types without numbers need no derive.
mod kinds {
    use super::*;

    #[derive(Clone, Copy, PartialEq)]
    pub enum Side {
        Long,
        Short,
    }

    /// What a contract gives { per unit }.
    #[derive(Clone, Copy)]
    pub enum Kind {
        Call(Side),
        Put { side: Side, strikes: u8 },
    }

    #[derive(Clone, Default)]
    pub struct Grid {
        rows: usize,
        names: Vec<String>,
    }

    pub const KINDS: &[Kind] = &[
        Kind::Call(Side::Long),
        Kind::Put {
            side: Side::Short,
            strikes: 3,
        },
    ];

    impl Kind {
        pub fn sign(self) -> f64 {
            match self {
                Self::Call(_) => 1.0,
                Self::Put { strikes, .. } => -f64::from(strikes),
            }
        }
    }

    #[differentiate]
    pub fn payoff(spot: f64, strike: f64, kind: Kind) -> f64 {
        let paid = match kind {
            Kind::Call(Side::Long)
            | Kind::Put {
                side: Side::Long, ..
            } => spot - strike,
            _ => strike * spot,
        };
        kind.sign() * paid * spot
    }

    #[differentiate]
    pub fn total(x: &[f64], kinds: &[Kind], grid: &Grid) -> f64 {
        let per_row = x.len() / grid.rows.max(1) + grid.names.len();
        let all = x.iter().zip(kinds.iter().cycle().take(x.len()));
        let sum: f64 = all.map(|(x, kind)| payoff(*x, x.sin(), *kind)).sum();
        sum * per_row as f64
    }

    #[differentiate(self)]
    pub trait Priced {
        fn price(&self, spot: f64, kind: Kind) -> f64;
    }

    #[derive(Clone, Debug, Differentiable)]
    pub struct Contract {
        pub strike: f64,
    }

    #[differentiate(self)]
    impl Priced for Contract {
        fn price(&self, spot: f64, kind: Kind) -> f64 {
            kind.sign() * spot.powf(self.strike)
        }
    }

    #[test]
    fn in_arguments() {
        let grid = Grid::default();
        agree!(total at &[&[0.3, 1.4, -0.7], &[2.0, 0.5]], KINDS, &grid);
    }

    #[test]
    fn they_have_no_gradient() {
        let put = Kind::Put {
            side: Side::Long,
            strikes: 2,
        };
        let (by_spot, by_strike): (f64, f64) = payoff::grad(3.0, 1.0, put);
        assert_eq!((by_spot, by_strike), (-10.0, 6.0));
    }
}

/// Lifetimes that a signature leaves out.
mod lifetimes {
    use super::*;

    #[derive(Clone, Differentiable)]
    pub struct Nodes<'a> {
        pub x: &'a [f64],
        pub scale: f64,
    }

    #[differentiate]
    pub fn weighted(nodes: &Nodes, w: f64) -> f64 {
        nodes.x.iter().map(|x| (x * w).sin() * nodes.scale).sum()
    }

    pub struct Names<'a>(pub &'a str);

    #[differentiate]
    pub fn named(names: &Names, x: f64) -> f64 {
        x * x * names.0.len() as f64
    }

    #[test]
    fn borrowed_fields() {
        let x = [0.5, 1.5];
        let nodes = Nodes { x: &x, scale: 2.0 };
        let (by_nodes, by_w) = weighted::grad(&nodes, 0.3);
        let sum: f64 = x.iter().map(|x| (x * 0.3).sin()).sum();
        let slope: f64 = x.iter().map(|x| 2.0 * x * (x * 0.3).cos()).sum();
        assert!((by_nodes.scale - sum).abs() < 1e-15 && (by_w - slope).abs() < 1e-15);
        assert_eq!(named::grad(&Names("four"), 3.0), 24.0);
        assert!((by_nodes.x[1] - 0.6 * 0.45_f64.cos()).abs() < 1e-15);
    }
}

/// What calls give.
mod results {
    use super::*;

    #[derive(Clone, Differentiable)]
    pub struct Root {
        pub at: f64,
        pub steps: usize,
    }

    #[differentiate]
    pub fn newton(a: f64, start: f64) -> Option<(f64, usize)> {
        let mut x = start;
        for k in 0..40 {
            let step = (x * x - a) / (2.0 * x);
            x -= step;
            if step.abs() < 1e-13 {
                return Some((x, k));
            }
        }
        None
    }

    #[differentiate]
    pub fn found(x: &[f64]) -> f64 {
        let fast = newton(x[0], 1.0).filter(|&(root, _)| root > 0.0);
        let other = newton(x[1], 2.0)
            .map(|(root, _)| root * x[2])
            .or_else(|| Some(x[3]));
        fast.map_or(0.0, |(root, _)| root.sin()) + other.unwrap_or(0.0)
    }

    #[differentiate]
    pub fn spread(x: &[f64]) -> Vec<f64> {
        x.windows(2).map(|w| w[1] - w[0] * w[0]).collect()
    }

    #[differentiate]
    pub fn energy(x: &[f64]) -> f64 {
        spread(x).iter().rev().map(|d| d * d).sum::<f64>() + spread(x).concatenated()
    }

    #[differentiate(self)]
    pub trait Joined {
        fn concatenated(&self) -> f64;
    }

    #[differentiate(self)]
    impl Joined for Vec<f64> {
        fn concatenated(&self) -> f64 {
            self.iter().product()
        }
    }
}

/// Types that hold values of a parameter without bounds.
mod holders {
    use super::*;
    use std::marker::PhantomData;

    #[derive(Clone, Debug, Differentiable)]
    pub struct Point<T, U> {
        pub x: T,
        pub y: T,
        unit: PhantomData<U>,
    }

    pub struct Metres;

    #[differentiate(self)]
    impl<T, U> Point<T, U> {
        pub fn new(x: T, y: T) -> Self {
            Self {
                x,
                y,
                unit: PhantomData,
            }
        }

        pub fn swapped(self) -> Point<T, U> {
            Point::new(self.y, self.x)
        }
    }

    #[differentiate(self)]
    impl<T: Copy + Add<Output = T> + Mul<Output = T>, U> Point<T, U> {
        pub fn dot(&self, other: &Self) -> T {
            self.x * other.x + self.y * other.y
        }
    }

    #[differentiate]
    pub fn first<T: Clone>(pair: &[T; 2]) -> T {
        pair[0].clone()
    }

    #[differentiate]
    pub fn product(x: &[f64]) -> f64 {
        let p: Point<f64, Metres> = Point::new(x[0], x[1] * x[2]);
        let q: Point<f64, Metres> = Point::new(x[1].sin(), x[3]);
        p.dot(&q) * first(&[x[2], x[0]])
    }
}

/// Variables without a value that each iteration gives one.
mod deferred {
    use super::*;

    #[differentiate]
    pub fn refined(x: &[f64]) -> f64 {
        let mut near;
        let mut far = 0.0;
        let mut delay = 0.1;
        for _ in 0..3 {
            let (a, b) = (x[0] - delay, x[1] * delay);
            near = a * b;
            far = near.sin() + b;
            delay = far * far * 0.3;
        }
        let near = x[0] * far;
        near + delay
    }

    #[derive(Clone, Differentiable)]
    pub struct Angles {
        pub first: f64,
        pub second: f64,
    }

    #[differentiate]
    pub fn in_radians(angles: &Angles) -> f64 {
        let a = (342.7 + 10.057 * angles.first).to_radians();
        let b = (angles.second - 0.5).to_radians();
        a.sin() * b.cos()
    }
}

/// Constants of modules are no values of types of one's own.
mod units {
    use super::*;

    mod constants {
        pub const GAUSS: f64 = 0.017;
    }

    #[differentiate]
    pub fn anomaly(days: f64, distance: f64) -> f64 {
        let k = constants::GAUSS;
        let rate = k * distance.sqrt() / (2.0 * distance);
        let mean = rate * days;
        let s = 2.0 / (3.0 * mean.abs());
        let t = constants::GAUSS - mean;
        (s.atan() / 2.0).tan().cbrt() + t.abs().max(mean).exp()
    }
}

/// Numbers by traits of the crate's own, and operators as methods.
mod numbers {
    use super::*;

    pub trait OwnFloat:
        Copy
        + PartialOrd
        + From<i16>
        + Neg<Output = Self>
        + Add<Output = Self>
        + Sub<Output = Self>
        + Mul<Output = Self>
        + Div<Output = Self>
    {
    }

    impl OwnFloat for f64 {}

    #[differentiate]
    pub fn discriminant<F: OwnFloat>(a: F, b: F, c: F) -> F {
        let four = F::from(4_i16);
        let d = b * b - four * a * c;
        if d < F::from(0) { -d * F::from(2) } else { d }
    }

    #[differentiate]
    pub fn by_name(x: &[f64]) -> f64 {
        x[0].neg()
            .exp()
            .add(x[1].mul(x[2]))
            .sub(x[0].div(x[1] + 3.0))
            + x[2].rem(1.5)
    }
}

/// More parameters than the standard library has tuples for.
#[differentiate]
#[allow(clippy::too_many_arguments)]
fn long(
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    e: f64,
    f: f64,
    g: f64,
    h: f64,
    i: f64,
    j: f64,
    k: f64,
    l: f64,
    m: f64,
    n: f64,
) -> f64 {
    a * b + c * d + e * f + g * h + i * j + k * l + (m * n).sin()
}

#[test]
fn long_lists_of_parameters() {
    let (value, gradient) = long::value_and_grad(
        1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 0.5, 2.0,
    );
    assert_eq!(value.to_bits(), (322.0 + 1.0_f64.sin()).to_bits());
    assert_eq!((gradient.0, gradient.11), (2.0, 11.0));
    assert_eq!(gradient.12.to_bits(), (2.0 * 1.0_f64.cos()).to_bits());
}

/// Functions of the crate libm.
mod of_c {
    use super::*;
    use libm as cm;
    use libm::{erf, fabs, pow, sqrt};

    #[differentiate]
    pub fn imported(x: &[f64]) -> f64 {
        pow(x[0], x[1]) * fabs(sqrt(x[2]) - 3.0) + libm::fmax(x[0], x[1]) * cm::log(x[2])
    }

    #[differentiate]
    pub fn together(x: &[f64]) -> f64 {
        let (sine, cosine) = libm::sincos(x[0]);
        let sum: f64 = x.iter().copied().map(libm::exp).sum();
        libm::fma(sine, cosine, libm::atan2(x[1], x[2]))
            + libm::log1p(sum)
            + libm::hypot(x[0], x[1])
    }

    /// With values of libm, by path, by name, as functions.
    #[differentiate]
    pub fn special(x: &[f64]) -> f64 {
        let tails: f64 = x.iter().copied().map(libm::erfc).sum();
        let probability = 0.5 * (1.0 + erf(x[0] / 2.0_f64.sqrt())) * erf(0.5);
        tails * cm::lgamma(x[1]) + probability * libm::tgamma(x[2]) - libm::jn(2, x[1])
    }

    #[test]
    fn values_are_those_of_libm() {
        #[differentiate]
        fn bessel(x: f64) -> f64 {
            libm::j0(x) * libm::y1(x)
        }
        let (value, _) = bessel::value_and_grad(1.3);
        assert_eq!(value.to_bits(), (libm::j0(1.3) * libm::y1(1.3)).to_bits());
    }

    /// Functions of num_traits.
    #[differentiate]
    pub fn of_numbers(x: &[f64]) -> f64 {
        num_traits::pow(x[0], 3) * num_traits::clamp(x[1], -1.0, 1.0)
            + num_traits::abs(x[2] - 1.0) * num_traits::signum(x[0])
    }

    #[differentiate]
    pub fn single(x: f32) -> f32 {
        libm::sinf(x) * libm::powf(x, 2.5)
    }

    #[test]
    fn of_single_precision() {
        let (value, slope) = single::value_and_grad(0.7);
        assert_eq!(value.to_bits(), single(0.7).to_bits());
        let expected = 0.7_f32.cos() * 0.7_f32.powf(2.5) + 0.7_f32.sin() * 2.5 * 0.7_f32.powf(1.5);
        assert!((slope - expected).abs() < 1e-6);
    }
}

checks! {
    kinds_of_methods: |x| {
        let contract = kinds::Contract { strike: x[0] };
        Priced::price(&contract, x[1], kinds::Kind::Call(kinds::Side::Long)) * contract.price(x[1], kinds::KINDS[1])
    }, [1.3, 0.8];
    what_calls_give: |x| results::found(x) + results::energy(x), [2.0, 3.0, 0.5, 1.2];
    parameters_held: |x| holders::product(x), [0.4, 1.1, 0.7, 2.0];
    assigned_in_a_loop: |x| deferred::refined(x), [0.4, 1.1];
    degrees_in_fields: |x| deferred::in_radians(&deferred::Angles { first: x[0], second: x[1] }), [0.4, 11.0];
    constants_of_modules: |x| units::anomaly(x[0], x[1]), [30.0, 1.5], [-12.0, 0.4];
    traits_of_ones_own: |x| numbers::discriminant(x[0], x[1], x[2]), [1.0, 5.0, 2.0], [2.0, 1.0, 3.0];
    operators_by_name: |x| numbers::by_name(x), [0.4, 1.1, 0.7];
    names_of_c: |x| of_c::imported(x) + of_c::together(x), [1.4, 1.9, 2.3], [0.3, 0.2, 0.9];
    special_functions_of_c: |x| of_c::special(x), [1.4, 1.9, 2.3], [-0.3, 0.2, 0.9];
    functions_of_num_traits: |x| of_c::of_numbers(x), [1.4, 1.9, 2.3], [-0.3, 0.2, 0.9];
}
