//! Functions among other items: modules, visibility, attributes, macros, constants, re-exports, lifetimes, items inside of functions.

#![deny(dead_code)]
use autodiff_runtime::differentiate;
use std::collections::HashMap;

/// A documented constant table.
const COEFFICIENTS: &[f64] = &[0.5, -0.25, 0.125, 2.0];
const NODES: [f64; 3] = [-0.774_596_669_241_483_4, 0.0, 0.774_596_669_241_483_4];
const WEIGHTS: [f64; 3] = [5.0 / 9.0, 8.0 / 9.0, 5.0 / 9.0];
static TABLE: [[f64; 2]; 2] = [[1.0, 2.0], [3.0, 4.0]];
const RATE: f64 = 0.05;
const STEPS: usize = 4;
const TOLERANCE: f32 = 1e-6;

type Real = f64;
type Vector = Vec<f64>;
type Point2 = [f64; 2];

mod evaluate {
    /// Evaluates a polynomial at `z`.
    #[autodiff_runtime::differentiate]
    pub fn polynomial(z: f64, coeff: &[f64]) -> f64 {
        let n = coeff.len();
        if n == 0 {
            return 0.0;
        }
        let mut sum = *coeff.last().unwrap();
        for c in coeff[0..n - 1].iter().rev() {
            sum = *c + z * sum;
        }
        sum
    }
}

/// A module and a function of one name.
mod area {
    #[autodiff_runtime::differentiate]
    pub fn circle(radius: f64) -> f64 {
        std::f64::consts::PI * radius * radius
    }
    pub mod nested {
        #[autodiff_runtime::differentiate]
        pub(crate) fn square(side: f64) -> f64 {
            super::helper(side) * side
        }
    }
    #[autodiff_runtime::differentiate]
    fn helper(x: f64) -> f64 {
        x + 0.0
    }
}
pub use area::circle as disc;
pub(crate) use area::nested::*;

/// Parameters that are texts, lists and variants: compared, not read.
#[differentiate]
pub fn scaled(
    scale: &str,
    #[constant] kinds: &[Kind],
    #[constant] kind: &Kind,
    names: &[String],
    x: f64,
) -> Result<f64, i32> {
    let offset;
    if scale == "UTC" && kinds[0] == *kind {
        let d = x.sin();
        offset = d;
    } else if names[0] == "day" || *names == ["hour".to_owned()] {
        offset = x * x;
    } else {
        return Err(-1);
    }
    Ok(offset * x)
}

#[derive(PartialEq)]
pub enum Kind {
    Fixed(String),
    Free,
}

#[test]
fn what_is_compared_need_not_be_a_number() {
    let kinds = [Kind::Fixed("a".to_owned()), Kind::Free];
    let day = ["day".to_owned()];
    let grad = |scale, kind| scaled::grad(scale, &kinds, kind, &day, 0.5);
    assert_eq!(
        grad("UTC", &kinds[0]),
        Ok(0.5 * 0.5f64.cos() + 0.5f64.sin())
    );
    assert_eq!(grad("UTC", &kinds[1]), Ok(0.75));
    let week = ["week".to_owned()];
    assert_eq!(scaled::grad("TAI", &kinds, &kinds[0], &week, 0.5), Err(-1));
}

/// Terms of a series, in a table of values that are not `Copy`.
struct Term {
    multiplier: i32,
    amplitudes: [f64; 2],
}

const TERMS: [Term; 2] = [
    Term {
        multiplier: 1,
        amplitudes: [0.5, -0.1],
    },
    Term {
        multiplier: 3,
        amplitudes: [-0.25, 0.2],
    },
];
static LEVELS: [f64; 3] = [1.0, 2.0, 3.0];
static OFFSETS: [f64; 2] = [1.5, 0.2];

#[differentiate]
pub fn nutation(t: f64) -> f64 {
    let sets: [&[f64]; 2] = [&LEVELS, &OFFSETS];
    let lengths: [usize; 2] = [LEVELS.len(), OFFSETS.len()];
    let (mut a, mut sum): (f64, f64);
    sum = 0.0;
    for i in (0..TERMS.len()).rev() {
        let arg = TERMS[i].multiplier as f64 * t;
        let term = &TERMS[i];
        sum += (TERMS[i].amplitudes[0] + term.amplitudes[1] * t) * arg.sin();
        for j in 0..lengths[i] {
            a = sets[i][j];
            sum += a * (a * t).cos();
        }
    }
    sum + TERMS.iter().map(|term| term.amplitudes[1] * t).sum::<f64>()
}

/// The module `heron` hides the companion of the function.
mod shapes {
    pub use super::super::heron;
    pub use super::super::heron::*;

    #[autodiff_runtime::differentiate]
    pub fn prism(x: &[f64]) -> f64 {
        heron(x[0], x[1], x[2]) * x[3] + equilateral(x[0])
    }
}

#[differentiate]
pub fn with_tables(z: f64) -> f64 {
    evaluate::polynomial(z, &COEFFICIENTS[..]) / evaluate::polynomial(z, &NODES)
        + self::evaluate::polynomial(z, &[1.0, 2.0])
}

#[differentiate]
pub fn gauss_legendre(a: f64, b: f64, k: f64) -> f64 {
    let (half, mid) = ((b - a) / 2.0, (a + b) / 2.0);
    let mut total = 0.0;
    for i in 0..NODES.len() {
        let t = half * NODES[i] + mid;
        total += WEIGHTS[i] * (k * t).sin();
    }
    half * total
}

#[differentiate]
pub fn gauss_zipped(a: f64, b: f64) -> f64 {
    NODES
        .iter()
        .zip(WEIGHTS.iter())
        .map(|(x, w)| w * (0.5 * (b - a) * x + 0.5 * (a + b)).exp())
        .sum::<f64>()
        * 0.5
        * (b - a)
}

#[differentiate]
pub fn static_table(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (row, xi) in TABLE.iter().zip(x) {
        for t in row {
            s += t * xi * xi;
        }
    }
    s + TABLE[1][0] * x[0]
}

/// Doc comment.
///
/// # Examples
///
/// ```ignore
/// nothing();
/// ```
#[inline]
#[must_use]
#[allow(clippy::many_single_char_names)]
#[differentiate]
pub fn attributes(x: f64) -> f64 {
    #[allow(unused_variables)]
    let unused = 3;
    #[rustfmt::skip]
    let y = x * x;
    y.sin()
}

#[differentiate]
#[inline(always)]
#[cfg(not(miri))]
pub(in crate::items) fn attributes_after(x: Real, y: Real) -> Real {
    x * y.exp()
}

#[differentiate]
pub fn aliases(v: &Vector, p: Point2) -> Real {
    let total: Real = v.iter().sum();
    total * p[0] - p[1]
}

macro_rules! activation {
    ($($(#[$doc:meta])* $name:ident($x:ident) = $body:expr;)*) => {$(
        $(#[$doc])*
        #[differentiate]
        pub fn $name($x: f64) -> f64 {
            $body
        }
    )*};
}

activation! {
    /// Smooth.
    softplus(x) = x.exp().ln_1p();
    swish(x) = x / (1.0 + (-x).exp());
    #[inline]
    gelu(x) = 0.5 * x * (1.0 + (0.797_884_560_802_865_4 * (x + 0.044_715 * x.powi(3))).tanh());
    mish(t) = t * softplus(t).tanh();
}

macro_rules! integrator {
    ($name:ident, $ty:ty, |$y:ident, $p:ident| $rhs:expr) => {
        #[differentiate]
        pub fn $name($p: $ty, y0: $ty, n: usize) -> $ty {
            let mut $y = y0;
            let h = 0.1;
            for _ in 0..n {
                let dy = $rhs;
                $y += h * dy;
            }
            $y
        }
    };
}
integrator!(growth, f64, |y, r| r * y * (1.0 - y));
integrator!(decay32, f32, |y, r| -r * y);

#[differentiate]
pub fn inner_items(x: f64) -> f64 {
    const SCALE: f64 = 2.5;
    static OFFSET: f64 = 0.5;
    fn poly(t: f64) -> f64 {
        t * t + SCALE
    }
    #[inline]
    fn twice(n: usize) -> usize {
        2 * n
    }
    use std::f64::consts::E;
    let n = twice(2);
    poly(x) * OFFSET + E * x.powi(n as i32)
}

#[differentiate]
pub fn shadowed(x: f64, y: f64) -> f64 {
    let x = x * y;
    let y = {
        let y = x + y;
        y * y
    };
    let x = if x > y {
        let x = y;
        x * 2.0
    } else {
        x
    };
    {
        let x = 3.0;
        let _ = x;
    }
    let f64 = x + y;
    f64 * 0.5
}

#[differentiate]
pub fn flags(x: &[f64]) -> f64 {
    let mut found = false;
    let mut i = 0;
    let mut acc = 1.0;
    let mut converged = false;
    while !converged && !found {
        acc *= 1.0 + x[i] * x[i];
        found = acc > 20.0;
        i += 1;
        converged = i == x.len();
    }
    if found { acc.ln() } else { acc }
}

#[differentiate]
pub fn explicit_lifetimes<'a, 'b: 'a>(x: &'a [f64], y: &'b [f64], out: &'a mut Vec<f64>) -> f64 {
    out.clear();
    for (a, b) in x.iter().zip(y) {
        out.push(a * b);
    }
    out.iter().sum()
}

#[differentiate]
pub fn lifetimes_driver(x: &[f64]) -> f64 {
    let mut buffer = vec![0.0; 9];
    let s = explicit_lifetimes(&x[..2], &x[1..], &mut buffer);
    s * buffer[1]
}

#[differentiate]
pub fn single_precision_tolerance(x: f32, y: f32) -> f32 {
    let mut a = x;
    let mut b = y;
    while (a - b).abs() > TOLERANCE * a {
        let next = 0.5 * (a + b);
        b = (a * b).sqrt();
        a = next;
    }
    a
}

#[differentiate]
pub fn constants_as_arguments(x: f64) -> f64 {
    attributes_after(x, RATE) + growth(x, RATE, STEPS) + attributes(f64::EPSILON + x)
}

#[differentiate]
pub fn numeric_limits(x: f64) -> f64 {
    let x = x.max(f64::MIN_POSITIVE).min(f64::MAX);
    let clipped = x.clamp(std::f64::EPSILON, 1e300);
    if clipped < f64::INFINITY && !clipped.is_nan() {
        clipped.ln()
    } else {
        f64::NAN
    }
}

#[differentiate]
pub fn raw_identifiers(r#in: f64, r#type: f64) -> f64 {
    let r#match = r#in * r#type;
    r#match + r#in
}

#[differentiate]
pub fn integer_work(x: &[f64], n: u32) -> f64 {
    let mut sum = 0.0;
    let mut bits = n;
    let mut k = 0usize;
    while bits != 0 {
        if bits & 1 == 1 {
            sum += x[k % x.len()].powi(k as i32 + 1);
        }
        bits >>= 1;
        k += 1;
    }
    let gcd = {
        let (mut a, mut b) = (n, 12u32);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    sum * gcd as f64 / f64::from(n.pow(2)) + (n as f64).sqrt() * x[0]
}

#[differentiate]
pub fn asserted(x: &[f64], n: usize) -> f64 {
    assert!(!x.is_empty(), "empty input");
    assert_eq!(x.len() % n, 0, "length {} is no multiple of {n}", x.len());
    debug_assert!(x.iter().all(|v| v.is_finite()));
    debug_assert_ne!(n, 0);
    if x.len() > 100 {
        unreachable!("too long: {}", x.len());
    }
    let y = match n {
        0 => panic!("zero"),
        1 => x[0],
        _ => x[0] * x[1],
    };
    if y < -1e9 {
        todo!()
    }
    y
}

/// A table that is a slice, by its name, beside numbers and lists by theirs.
const SERIES: &[f64] = &[1.0, 2.0, 0.5];

struct Tables;

impl Tables {
    const SHORT: &'static [f64] = &[3.0, 1.0];
}

#[differentiate]
fn weigh(x: &[f64], w: [f64; 3], r: f64, n: usize, t: &[f64; 2]) -> f64 {
    x.iter().zip(w).map(|(a, b)| a * b * r).sum::<f64>() * n as f64 + t[n % 2]
}

#[differentiate]
fn tables_by_name(x: f64) -> f64 {
    let a = [x, x * x, 2.0];
    let mut s = 0.0;
    for i in 0..2 {
        s += weigh(&a, NODES, RATE, STEPS, &TABLE[1]) * evaluate::polynomial(x, SERIES);
        s += evaluate::polynomial(s, Tables::SHORT) * i as f64;
    }
    s
}

/// Types without derivative are handed on as they are.
struct Pattern {
    rows: Vec<usize>,
    cols: Vec<usize>,
}

#[derive(Clone, Copy)]
enum Mode {
    Square,
    LINEAR,
}

#[differentiate]
fn sparse_product(#[constant] pattern: &Pattern, values: &[f64], v: &[f64]) -> Vec<f64> {
    let rows = pattern.rows.windows(2);
    rows.map(|w| (w[0]..w[1]).map(|k| values[k] * v[pattern.cols[k]]).sum())
        .collect()
}

#[differentiate]
fn by_mode(#[constant] mode: Mode, v: f64) -> f64 {
    match mode {
        Mode::Square => v * v,
        Mode::LINEAR => 2.0 * v,
    }
}

#[differentiate]
fn looked_up(#[constant] names: &HashMap<String, usize>, v: &[f64]) -> f64 {
    v[names["a"]] * v[names["b"]]
}

#[differentiate]
fn hands_on(x: &[f64], #[constant] mode: Mode) -> f64 {
    let pattern = Pattern {
        rows: vec![0, 2, 3],
        cols: vec![0, 1, 1],
    };
    let y = sparse_product(&pattern, &x[..3], &x[3..]);
    let names = HashMap::from([("a".to_string(), 0), ("b".to_string(), 1)]);
    let product: f64 = y.iter().product();
    product + by_mode(mode, x[0]) + by_mode(Mode::LINEAR, x[1]) + looked_up(&names, x)
}

checks! {
    tables_of_structs: |x| nutation(x[0]), [0.4], [-1.3];
    hidden_companion: |x| shapes::prism(x), [1.1, 1.3, 0.9, 0.4];
    handed_on: |x| hands_on(x, Mode::Square), [0.3, 0.5, 0.7, 0.2, 0.9];
    names_of_tables: |x| tables_by_name(x[0]), [0.4], [-1.3];
    tables: |x| with_tables(x[0]), [0.4];
    quadratures: |x| gauss_legendre(x[0], x[1], x[2]) + gauss_zipped(x[0], x[1]), [0.4, 1.3, 0.7];
    statics: |x| static_table(x), [0.4, 1.3];
    attributed: |x| attributes(x[0]) + attributes_after(x[0], x[1]), [0.4, 1.3];
    aliased: |x| aliases(&x[..2].to_vec(), [x[2], x[3]]), [0.4, 1.3, 0.7, 0.2];
    activations: |x| softplus(x[0]) + swish(x[0]) + gelu(x[0]) + mish(x[0]), [0.4], [-1.3];
    integrators: |x| growth(x[0], x[1], 3) , [0.4, 0.3];
    inside: |x| inner_items(x[0]) + shadowed(x[0], x[1]), [0.4, 0.3], [1.4, 1.3];
    flagged: |x| flags(x), [0.4, 0.3, 1.2], [4.0, 3.0, 2.0];
    lifetimes: |x| lifetimes_driver(x), [0.4, 0.3, 1.2];
    const_arguments: |x| constants_as_arguments(x[0]) + numeric_limits(x[0]), [0.4];
    names: |x| raw_identifiers(x[0], x[1]), [0.4, 0.3];
    integers: |x| integer_work(x, 13), [0.4, 0.3];
    assertions: |x| asserted(x, 2), [0.4, 0.3];
    reexported: |x| square(x[0]) + disc(x[1]), [0.4, 0.3];
}

#[test]
fn in_single_precision() {
    let (v, g) = single_precision_tolerance::value_and_grad(1.0, 2.0);
    assert_eq!(v.to_bits(), single_precision_tolerance(1.0, 2.0).to_bits());
    autodiff_runtime::check::gradient(
        |p: &(f32, f32)| single_precision_tolerance(p.0, p.1),
        &(1.0, 2.0),
        &g,
    )
    .assert_below(1e-3);
    let (v, g) = decay32::value_and_grad(0.5, 2.0, 3);
    assert_eq!(v.to_bits(), decay32(0.5, 2.0, 3).to_bits());
    autodiff_runtime::check::gradient(|p: &(f32, f32)| decay32(p.0, p.1, 3), &(0.5, 2.0), &g)
        .assert_below(1e-3);
}
