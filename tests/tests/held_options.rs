//! Variables of type `Option` that hold what is no number, and changes of what an `Option` holds.

#![allow(
    clippy::collapsible_if,
    clippy::unnecessary_map_or,
    clippy::single_match
)] // written as people write it

use autodiff_runtime::{Differentiable, differentiate};
use tests::agree;
use tests::modes::POINTS;

/// Neither `Copy` nor `Default`.
#[derive(Clone, Debug, Differentiable)]
struct Hit {
    t: f64,
    normal: [f64; 3],
}

/// No `Default` either.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[differentiate]
fn hit(x: f64) -> Option<Hit> {
    if x < 0.0 {
        return None;
    }
    Some(Hit {
        t: x * x + 0.1,
        normal: [x, x.sin(), 1.0],
    })
}

#[differentiate]
fn nearest(x: &[f64]) -> f64 {
    let mut best: Option<Hit> = None;
    for v in x {
        if let Some(h) = hit(*v) {
            if best.as_ref().map_or(true, |b| h.t < b.t) {
                best = Some(h);
            }
        }
    }
    match best {
        None => x[0],
        Some(h) => h.t * h.normal[1] * x[0],
    }
}

#[differentiate]
fn nearest_by_match(x: &[f64]) -> f64 {
    let mut best: Option<Hit> = None;
    for v in x {
        match &best {
            Some(b) if b.t <= *v => {}
            _ => {
                best = Some(Hit {
                    t: *v,
                    normal: [*v * x[1]; 3],
                })
            }
        }
    }
    best.map(|b| b.t * b.normal[1]).unwrap_or(0.0)
}

/// Nothing says what `best` holds.
#[differentiate]
fn closest(x: &[f64]) -> Option<Hit> {
    let mut best = None;
    let mut limit = 1e9;
    for v in x {
        if let Some(h) = hit(*v) {
            if h.t < limit {
                limit = h.t;
                best = Some(h);
            }
        }
    }
    best
}

#[differentiate]
fn with_index(x: &[f64]) -> f64 {
    let mut best: Option<(usize, Hit)> = None;
    for (i, v) in x.iter().enumerate() {
        if let Some(h) = hit(*v) {
            let better = match &best {
                None => true,
                Some((_, b)) => h.t < b.t,
            };
            if better {
                best = Some((i, h));
            }
        }
    }
    if let Some((i, h)) = best {
        x[i + 1] * h.normal[0]
    } else {
        0.0
    }
}

#[differentiate]
fn copied(x: &[f64]) -> f64 {
    let mut best: Option<Point> = None;
    for v in x {
        let p = Point {
            x: v * v,
            y: v * x[2],
        };
        if best.is_none_or(|b| p.x < b.x) {
            best = Some(p);
        }
    }
    let p = best.unwrap();
    p.x * p.y
}

#[differentiate]
fn lists(x: &[f64]) -> f64 {
    let mut best: Option<Vec<f64>> = None;
    for v in x {
        if best.as_ref().map_or(true, |b| *v < b[0]) {
            best = Some(vec![*v, v * v * x[1]]);
        }
    }
    best.unwrap()[1]
}

/// The list grows where it is, or begins.
#[differentiate]
fn grown(x: &[f64]) -> f64 {
    let mut list: Option<Vec<f64>> = None;
    for v in x {
        match list.as_mut() {
            Some(l) => l.push(v * v),
            None => list = Some(vec![*v]),
        }
    }
    list.map_or(0.0, |l| l.iter().product())
}

/// References: the variable holds copies.
#[differentiate]
fn of_references(x: &[f64]) -> f64 {
    let hits: Vec<Hit> = x.iter().filter_map(|v| hit(*v)).collect();
    let mut best: Option<&Hit> = None;
    for h in &hits {
        match best {
            None => best = Some(h),
            Some(b) => {
                if h.t < b.t {
                    best = Some(h);
                }
            }
        }
    }
    let best = best.unwrap();
    best.t * best.normal[0]
}

/// What was read before is not what the variable holds later.
#[differentiate]
fn read_before_change(x: &[f64]) -> f64 {
    let mut before: Option<&[f64]> = None;
    let mut sum = 0.0;
    for pair in x.chunks(2) {
        let old = before;
        before = Some(pair);
        if let Some(p) = old {
            sum += pair[0] * p[1];
        }
    }
    sum
}

#[differentiate]
fn previous(x: &[f64]) -> f64 {
    let mut previous: Option<Point> = None;
    let mut length = 0.0;
    for pair in x.chunks_exact(2) {
        let p = Point {
            x: pair[0],
            y: pair[1],
        };
        if let Some(q) = previous {
            previous = Some(p);
            length += (p.x - q.x).hypot(p.y - q.y);
        } else {
            previous = Some(p);
        }
    }
    length
}

#[differentiate]
fn previous_array(x: &[f64]) -> f64 {
    let mut previous: Option<[f64; 2]> = None;
    let mut sum = 0.0;
    for pair in x.chunks_exact(2) {
        let c = [pair[0], pair[1] * pair[0]];
        if let Some(p) = previous {
            sum += c[0] * p[1];
        }
        previous = Some(c);
    }
    sum
}

/// A number and its place, without a written type.
#[differentiate]
fn smallest(x: &[f64]) -> f64 {
    let mut best = None;
    for (i, v) in x.iter().enumerate() {
        if best.map_or(true, |(_, b)| *v < b) {
            best = Some((i, *v));
        }
    }
    let (i, b) = best.unwrap();
    x[i] * b * x[0]
}

#[differentiate]
fn changed_in_place(x: &[f64]) -> f64 {
    let mut o = Some(1.0);
    if let Some(v) = &mut o {
        *v += x[0];
    }
    if let Some(v) = o.as_mut() {
        *v *= x[1];
        *v -= x[0];
    }
    *o.as_mut().unwrap() += x[2];
    o.unwrap() * x[0]
}

#[differentiate]
fn parts_changed(x: &[f64]) -> f64 {
    let mut o: Option<Hit> = Some(Hit {
        t: x[0],
        normal: [x[1]; 3],
    });
    if let Some(h) = &mut o {
        h.t *= x[2];
    }
    for v in x {
        match &mut o {
            Some(h) => {
                h.normal[0] *= v;
                h.normal[1] += h.t;
            }
            None => {}
        }
    }
    let h = o.unwrap();
    h.t * h.normal[0] * h.normal[1]
}

#[differentiate]
fn made_of_itself(x: &[f64]) -> f64 {
    let mut o: Option<f64> = None;
    o = Some(o.unwrap_or(0.5) + x[0]);
    for v in x {
        o = o.map(|p| p * v).or(Some(*v));
    }
    o.unwrap()
}

#[test]
fn best_of_several() {
    agree!(nearest at &POINTS);
    agree!(nearest_by_match at &POINTS);
    agree!(with_index at &POINTS);
    agree!(copied at &POINTS);
    agree!(lists at &POINTS);
    agree!(smallest at &POINTS);
    agree!(of_references at &POINTS);
}

#[test]
fn nothing_tells_the_type() {
    let x = POINTS[0];
    let (value, slope) = closest::jvp(x, &[1.0; 12]).unwrap();
    // The smallest number that is not negative is 0.15.
    assert_eq!(value.normal[0], 0.15);
    assert_eq!(slope.normal[0], 1.0);
    assert!((slope.t - 0.3).abs() < 1e-15);
    let seed = HitTangent {
        t: 1.0,
        normal: [0.0, 2.0, 0.0],
    };
    let (_, pullback) = closest::vjp(x).unwrap();
    let gradient = pullback(seed);
    let expected = 0.3 + 2.0 * 0.15_f64.cos();
    for (v, g) in x.iter().zip(gradient) {
        let expected = if *v == 0.15 { expected } else { 0.0 };
        assert!((g - expected).abs() < 1e-15, "{g}");
    }
}

#[test]
fn what_was_before() {
    agree!(read_before_change at &POINTS);
    agree!(previous at &POINTS);
    agree!(previous_array at &POINTS);
    agree!(made_of_itself at &POINTS);
}

#[test]
fn in_place() {
    agree!(grown at &POINTS);
    agree!(changed_in_place at &POINTS);
    agree!(parts_changed at &POINTS);
}

/// Options of integers as arguments: `None` has no type of its own.
#[differentiate]
fn window(x: &[f64], first: Option<usize>, scale: Option<f64>) -> f64 {
    let n = first.unwrap_or(x.len());
    x[..n].iter().map(|x| x * x).sum::<f64>() * scale.unwrap_or(1.0)
}

#[differentiate]
fn windows(x: &[f64]) -> f64 {
    let nothing = None;
    window(x, None, Some(x[1])) * window(x, Some(1), None)
        + window(x, nothing, nothing.map(|n: usize| n as f64))
}

#[test]
fn nothing_as_an_argument() {
    tests::agree!(windows at &[&[1.5, 0.4, 2.0]]);
}

/// `Option`s as iterators, and constructors that may fail.
mod gone_through {
    use super::*;

    #[derive(Clone, Copy, Debug, Differentiable)]
    struct Rate {
        per_year: f64,
    }

    #[derive(Clone, Copy, Debug, Differentiable)]
    struct Account {
        rate: Rate,
    }

    #[differentiate]
    impl Rate {
        fn new(per_year: f64) -> Result<Self, String> {
            if per_year < 0.0 {
                return Err("a negative rate".to_owned());
            }
            Ok(Self {
                per_year: per_year * per_year,
            })
        }
    }

    #[differentiate]
    impl Account {
        fn new(per_year: f64) -> Result<Self, String> {
            Rate::new(per_year).map(|rate| Self { rate })
        }

        fn twice(per_year: f64) -> Result<f64, String> {
            let account = Rate::new(2.0 * per_year).and_then(|r| Account::new(r.per_year));
            let account = account.map_err(|e| format!("{e}!"))?;
            Rate::new(per_year)
                .and_then(|r| Rate::new(r.per_year))
                .map(|r| r.per_year * account.rate.per_year)
        }
    }

    #[differentiate]
    fn roots(a: f64, b: f64, c: f64) -> [Option<f64>; 2] {
        let d = b * b - 4.0 * a * c;
        if d < 0.0 {
            return [None, None];
        }
        [(-b - d.sqrt()) / (2.0 * a), (-b + d.sqrt()) / (2.0 * a)].map(Some)
    }

    #[differentiate]
    #[allow(for_loops_over_fallibles)]
    fn chained(x: &[f64]) -> f64 {
        let first = (x[0] > 0.0).then_some(x[0] * x[1]);
        let mut s = 0.0;
        for v in x
            .iter()
            .copied()
            .chain(first)
            .chain(Some(0.5 * x[0]))
            .chain(None)
        {
            s = s * 0.5 + v.sin();
        }
        for v in first {
            s += v * x[2];
        }
        let both: [Option<f64>; 2] = roots(1.0, x[0], x[1]);
        s += both.into_iter().flatten().map(|r| r * r * r).sum::<f64>();
        for v in first.iter() {
            s *= v;
        }
        s + Account::twice(x[0]).unwrap_or(x[1])
    }

    #[test]
    fn options() {
        let points: [&[f64]; 3] = [&[0.7, -0.4, 0.9], &[-1.3, 2.1, -0.4], &[2.2, 0.3, 1.1]];
        agree!(chained at &points);
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Inputs {
    spot: f64,
    rate: f64,
    volatility: Option<f64>,
    weights: Vec<f64>,
}

impl Inputs {
    fn bare() -> Self {
        Self {
            spot: 1.5,
            rate: 0.3,
            volatility: None,
            weights: vec![],
        }
    }
}

#[differentiate]
fn scored(i: &Inputs) -> f64 {
    let volatility = i.volatility.unwrap_or(0.5);
    i.weights.iter().map(|w| w * i.spot).sum::<f64>() + (i.rate * volatility).exp()
}

/// What replaces a field of the base is there or is not, and is of another length; in a loop, with a base that changes, evaluated last.
#[differentiate]
fn updated(base: &Inputs, x: &[f64]) -> f64 {
    let mut last = base.clone();
    let mut sum = 0.0;
    for v in x {
        let trial = Inputs {
            volatility: if *v > 0.0 { Some(v * v) } else { None },
            ..base.clone()
        };
        last = Inputs {
            weights: x.iter().map(|w| w * v).collect(),
            rate: last.rate * trial.rate,
            ..last
        };
        sum += scored(&trial) * scored(&last);
    }
    let other = Inputs {
        spot: x[0],
        volatility: base.volatility.map(|v| v * x[1]),
        ..Inputs::bare()
    };
    sum + scored(&other)
}

#[differentiate]
fn updates(x: &[f64]) -> f64 {
    let base = Inputs {
        spot: x[0],
        rate: x[1],
        volatility: None,
        weights: vec![x[2]],
    };
    let present = Inputs {
        volatility: Some(x[1].sin()),
        ..base.clone()
    };
    updated(&base, x) + updated(&present, &x[1..])
}

#[test]
fn replaced_by_other_shapes() {
    agree!(updates, [0.4, -0.7, 1.2]);
}

/// The knot before the first that is larger, if there is one.
#[differentiate]
fn interpolated(knots: &[f64], values: &[f64], t: f64) -> Option<f64> {
    let k = knots.iter().position(|&s| s > t)?.checked_sub(1)?;
    let share = (t - knots[k]) / (knots[k + 1] - knots[k]);
    Some(values[k] + share * (values[k + 1] - values[k]))
}

#[differentiate]
fn between_knots(x: &[f64]) -> f64 {
    let inside = interpolated(&x[..3], &x[3..6], x[6]).unwrap_or(x[0]);
    let before = interpolated(&x[..3], &x[3..6], x[0] - 1.0).unwrap_or(x[1]);
    let after = interpolated(&x[..3], &x[3..6], x[2] + 1.0).unwrap_or(x[2]);
    inside * before + after
}

#[test]
fn positions_that_may_not_be_there() {
    agree!(between_knots, [0.1, 0.5, 1.2, 2.0, -1.0, 0.7, 0.8]);
}

/// References to numbers, to rows and to structs that an option holds one after the other.
#[differentiate(order = 2)]
fn referred(x: &[f64]) -> f64 {
    let mut largest: Option<&f64> = None;
    let mut previous: Option<&f64> = x.first();
    let mut changes = 0.0;
    for v in x {
        largest = match largest {
            Some(b) if b > v => Some(b),
            _ => Some(v),
        };
        if let Some(p) = previous {
            changes += p * v + *p;
        }
        previous.replace(v);
    }
    let mut first: Option<&f64> = None;
    let mut at: Option<(usize, &f64)> = None;
    for (i, v) in x.iter().enumerate() {
        if first.is_none() {
            first = Some(v);
        }
        match at {
            Some((_, b)) if *b >= *v => {}
            _ => at = Some((i, v)),
        }
    }
    let (i, b) = at.unwrap();
    let sum = largest.map_or(0.0, |b| b * b) + previous.unwrap().powi(2) * changes;
    sum * first.unwrap() + b * x[(i + 1) % x.len()]
}

#[differentiate(order = 2)]
fn rows_and_points(x: &[f64]) -> f64 {
    let points: Vec<Point> = x.chunks(2).map(|c| Point { x: c[0], y: c[1] }).collect();
    let mut right: Option<&Point> = None;
    for p in &points {
        match right {
            Some(b) if b.x >= p.x => {}
            _ => right = Some(p),
        }
    }
    let mut row: Option<&[f64]> = None;
    for r in x.chunks(2) {
        if row.map_or(true, |b| b[0] < r[0]) {
            row = Some(r);
        }
    }
    let (p, r) = (right.unwrap(), row.unwrap());
    p.x * p.y + r[0] * r[1].sin()
}

#[test]
fn what_options_refer_to() {
    for x in [
        [0.4, -0.7, 1.2, 0.3],
        [1.3, 0.8, 0.9, -0.2],
        [-0.5, 0.1, -0.3, 0.6],
    ] {
        agree!(referred, x);
        agree!(rows_and_points, x);
        tests::curvature!(referred, x);
        tests::curvature!(rows_and_points, x);
    }
}
