//! Functions that return an `Option` or a `Result`, and calls of such.
#![allow(clippy::all)]
use autodiff_runtime::differentiate;

/// An `Option` or `Result` as an `Option`.
trait Present<T> {
    fn present(self) -> Option<T>;
}

impl<T> Present<T> for Option<T> {
    fn present(self) -> Option<T> {
        self
    }
}

impl<T, E> Present<T> for Result<T, E> {
    fn present(self) -> Option<T> {
        self.ok()
    }
}

/// Reverse against forward against differences, the primal bit-equal; nothing where there is nothing.
macro_rules! check {
    ($f:ident, $x:expr) => {{
        let x: Vec<f64> = $x.to_vec();
        let name = stringify!($f);
        let value: Option<f64> = $f(&x).present();
        let both = $f::value_and_grad(&x).present();
        let mut into = vec![7.0; x.len()];
        let filled = $f::value_and_grad_into(&x, &mut into).present();
        assert_eq!(value.map(f64::to_bits), filled.map(f64::to_bits), "{name}");
        let zero = vec![0.0; x.len()];
        let forward = $f::jvp(&x, &zero).present();
        assert_eq!(value.map(f64::to_bits), forward.map(|v| v.0.to_bits()));
        assert_eq!(value.is_some(), both.is_some(), "{name}");
        if let Some((v, g)) = both {
            assert_eq!(value.map(f64::to_bits), Some(v.to_bits()), "{name}");
            let f = |p: &Vec<f64>| $f(p).present().expect("on the same side of the edge");
            let r = autodiff_runtime::check::gradient(f, &x, &g);
            assert!(r.error < 1e-7, "{name}: {r:?}");
            assert_eq!(into, g, "{name}");
            let matrix = $f::jacobian(&x).present().expect("a value");
            assert_eq!(matrix.iter().copied().collect::<Vec<f64>>(), g, "{name}");
            let (_, pullback) = $f::vjp(&x).present().expect("a value");
            let twice: Vec<f64> = g.iter().map(|g| 2.0 * g).collect();
            for (a, b) in pullback(2.0).iter().zip(&twice) {
                assert!((a - b).abs() <= 1e-14 * b.abs(), "{name}: {a} {b}");
            }
            for k in 0..x.len() {
                let mut d = zero.clone();
                d[k] = 1.0;
                let (_, s) = $f::jvp(&x, &d).present().expect("a value");
                let near = (s - g[k]).abs() <= 1e-11 * s.abs().max(1.0);
                assert!(near, "{name}: forward {s} reverse {} at {k}", g[k]);
            }
        }
    }};
}

#[differentiate]
fn root(x: &[f64]) -> Option<f64> {
    if x[0] < 0.0 {
        return None;
    }
    Some(x[0].sqrt() * x[1])
}

#[derive(Debug, Clone, PartialEq)]
enum Error {
    Negative(f64),
    Empty,
    Text(String),
}

impl From<String> for Error {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

#[differentiate]
fn logarithm(x: &[f64]) -> Result<f64, Error> {
    if x.is_empty() {
        return Err(Error::Empty);
    }
    if x[0] <= 0.0 {
        Err(Error::Negative(x[0]))
    } else {
        Ok(x[0].ln() * x[1] * x[1])
    }
}

#[test]
fn early_returns() {
    check!(root, [4.0, 3.0]);
    check!(root, [-4.0, 3.0]);
    check!(logarithm, [2.0, 3.0]);
    check!(logarithm, [-2.0, 3.0]);
    assert_eq!(logarithm::grad(&[-2.0, 1.0]), Err(Error::Negative(-2.0)));
    assert_eq!(logarithm::grad(&[]), Err(Error::Empty));
    assert_eq!(root::jvp(&[4.0, 3.0], &[1.0, 0.0]), Some((6.0, 0.75)));
}

#[differentiate]
fn chained(x: &[f64]) -> Option<f64> {
    let a = root(x)?;
    let b = root(&x[1..])?;
    Some(a * b + a)
}

#[differentiate]
fn converted(x: &[f64]) -> Result<f64, Error> {
    let a = logarithm(x)?;
    let b = checked(x, a)?;
    Ok(a.sin() * b)
}

#[differentiate]
fn checked(x: &[f64], a: f64) -> Result<f64, String> {
    match x.last() {
        Some(v) if *v > 10.0 => Err(format!("{v} is too large")),
        Some(v) => Ok(v * v + a),
        None => Err("empty".to_string()),
    }
}

#[test]
fn question_marks() {
    check!(chained, [4.0, 9.0, 2.0]);
    check!(chained, [4.0, -9.0, 2.0]);
    check!(converted, [2.0, 0.5]);
    check!(converted, [-2.0, 0.5]);
    check!(converted, [2.0, 20.0]);
    assert_eq!(
        converted::grad(&[2.0, 20.0]),
        Err(Error::Text("20 is too large".to_string()))
    );
}

#[differentiate]
fn methods(x: &[f64]) -> f64 {
    let a = root(x).unwrap_or(x[1] * x[1]);
    let b = root(&x[1..]).map_or(0.5, |v| v * a);
    let c = logarithm(x).unwrap_or_else(|_| a * b);
    let d = logarithm(&x[1..]).ok().unwrap_or_default();
    let e = root(x)
        .and_then(|r| if r > 1.0 { Some(r * r) } else { None })
        .unwrap_or(a);
    let f = match logarithm(x) {
        Ok(v) if v > 100.0 => 0.0,
        Ok(v) => v * v,
        Err(Error::Negative(_)) => x[0],
        Err(_) => 1.0,
    };
    let g = if let Some(v) = root(&x[1..]) {
        v.cos()
    } else {
        x[2]
    };
    let h = if root(x).is_some() && logarithm(x).is_ok() {
        x[2] * a
    } else {
        0.0
    };
    a + b + c + d + e + f + g + h
}

#[test]
fn methods_of_results_of_calls() {
    for x in [
        [4.0, 9.0, 2.0],
        [-4.0, 9.0, 2.0],
        [4.0, -9.0, 2.0],
        [0.2, 0.3, -1.0],
    ] {
        let value = methods(&x);
        let (v, g) = methods::value_and_grad(&x);
        assert_eq!(v.to_bits(), value.to_bits());
        let r = autodiff_runtime::check::gradient(|p: &Vec<f64>| methods(p), &x.to_vec(), &g);
        assert!(r.error < 1e-7, "{r:?}");
        for k in 0..3 {
            let mut d = [0.0; 3];
            d[k] = 1.0;
            let (_, s) = methods::jvp(&x, &d);
            assert!((s - g[k]).abs() < 1e-11 * s.abs().max(1.0));
        }
    }
}

#[differentiate]
fn validated(x: &[f64]) -> Result<f64, &'static str> {
    let first = x.first().ok_or("empty")?;
    let last = *x.last().ok_or_else(|| "empty")?;
    let scale = x
        .iter()
        .copied()
        .reduce(f64::max)
        .filter(|m| *m > 0.0)
        .ok_or("no scale")?;
    let mut sum = 0.0;
    for v in x {
        if !v.is_finite() {
            return Err("not finite");
        }
        sum += (v / scale).powi(2);
    }
    Ok(sum.sqrt() * first + last)
}

#[test]
fn validation() {
    check!(validated, [1.0, 3.0, 2.0]);
    check!(validated, [-1.0, -3.0, -2.0]);
    check!(validated, [1.0, f64::INFINITY, 2.0]);
    assert_eq!(validated::grad(&[]), Err("empty"));
}

#[differentiate]
fn square_root(v: f64) -> Result<f64, String> {
    if v < 0.0 {
        return Err(format!("{v}"));
    }
    Ok(v.sqrt())
}

#[differentiate]
fn reciprocal(v: f64) -> Option<f64> {
    (v != 0.0).then(|| 1.0 / v)
}

#[differentiate]
fn collected(x: &[f64]) -> Result<f64, String> {
    let roots = x
        .iter()
        .map(|v| square_root(*v))
        .collect::<Result<Vec<f64>, String>>()?;
    let inverse: Option<Vec<f64>> = x.iter().map(|&v| reciprocal(v)).collect();
    let inverse = inverse.ok_or_else(|| "zero".to_string())?;
    Ok(roots.iter().zip(&inverse).map(|(a, b)| a * b).sum())
}

#[test]
fn lists() {
    check!(collected, [1.0, 3.0, 2.0]);
    check!(collected, [1.0, -3.0, 2.0]);
    check!(collected, [1.0, 0.0, 2.0]);
}

#[differentiate]
fn all_roots(x: &[f64]) -> Result<Vec<f64>, String> {
    let mut roots = Vec::with_capacity(x.len());
    for v in x {
        roots.push(square_root(*v)?);
    }
    Ok(roots)
}

#[differentiate]
fn norm_of_roots(x: &[f64]) -> Result<f64, String> {
    let roots = all_roots(x)?;
    Ok(roots.iter().map(|r| r.powi(4)).sum::<f64>().sqrt())
}

#[differentiate]
fn solve(a: f64, b: f64, c: f64) -> Option<(f64, f64)> {
    let d = b * b - 4.0 * a * c;
    if d < 0.0 || a == 0.0 {
        return None;
    }
    let s = d.sqrt();
    Some(((-b - s) / (2.0 * a), (-b + s) / (2.0 * a)))
}

#[differentiate]
fn roots_apart(x: &[f64]) -> Option<f64> {
    let (low, high) = solve(x[0], x[1], x[2])?;
    Some((high - low) * x[0])
}

#[differentiate]
fn larger_root(x: &[f64]) -> f64 {
    match solve(x[0], x[1], x[2]) {
        Some((_, high)) => high,
        None => x[0] * x[1],
    }
}

#[test]
fn several_values() {
    check!(norm_of_roots, [1.0, 3.0, 2.0]);
    check!(norm_of_roots, [1.0, -3.0, 2.0]);
    check!(roots_apart, [1.0, -9.0, 2.0]);
    check!(roots_apart, [1.0, 0.0, 2.0]);
    for x in [[1.0, -3.0, 2.0], [1.0, 0.5, 2.0]] {
        let (_, g) = larger_root::value_and_grad(&x);
        let r = autodiff_runtime::check::gradient(|p: &Vec<f64>| larger_root(p), &x.to_vec(), &g);
        assert!(r.error < 1e-7, "{r:?}");
    }
    let (value, pullback) = solve::vjp(1.0, -3.0, 2.0).unwrap();
    assert_eq!(value, (1.0, 2.0));
    assert_eq!(pullback((1.0, 1.0)), (-3.0, -1.0, 0.0));
    let matrix = solve::jacobian(1.0, -3.0, 2.0).unwrap();
    assert_eq!((matrix.nrows(), matrix.ncols()), (2, 3));
    assert_eq!(matrix[(0, 1)] + matrix[(1, 1)], -1.0);
    assert!(solve::jacobian(1.0, 0.0, 2.0).is_none());
}

/// One step of a search, which may fail.
#[differentiate]
fn step(x: &mut [f64], rate: f64) -> Result<(), String> {
    for v in x.iter_mut() {
        if *v > 100.0 {
            return Err("diverged".to_string());
        }
        *v -= rate * v.sin();
    }
    Ok(())
}

#[differentiate]
fn steps(x: &[f64]) -> Result<f64, String> {
    let mut y = x.to_vec();
    for k in 0..3 {
        step(&mut y, 0.1 * (k + 1) as f64)?;
    }
    Ok(y.iter().map(|v| v * v).sum())
}

#[test]
fn outputs_by_reference() {
    check!(steps, [1.0, 2.0]);
    check!(steps, [1.0, 200.0]);
    let mut x = [1.0, 2.0];
    let ((), pullback) = step::vjp(&mut x, 0.1).unwrap();
    let (gx, rate) = pullback(vec![1.0, 0.0]);
    assert_eq!(gx, [1.0 - 0.1 * 1f64.cos(), 0.0]);
    assert_eq!(rate, -(1f64.sin()));
    let mut x = [1.0, 2.0];
    let mut dx = [1.0, 0.0];
    let (value, slope) = step::jvp(&mut x, 0.1, &mut dx, 0.0).unwrap();
    assert_eq!((value, slope), ((), ()));
    assert_eq!(dx, [1.0 - 0.1 * 1f64.cos(), 0.0]);
}

#[differentiate]
fn newton(x: &[f64]) -> Result<f64, String> {
    let mut y = 1.0;
    for _ in 0..50 {
        let slope = derivative_at(x, y).ok_or("flat")?;
        let next = y - residual(x, y) / slope;
        if (next - y).abs() < 1e-13 {
            return Ok(next);
        }
        y = next;
    }
    Err(format!("no convergence after {} steps", 50))
}

#[differentiate]
fn residual(x: &[f64], y: f64) -> f64 {
    y * y * y + x[0] * y - x[1]
}

#[differentiate]
fn derivative_at(x: &[f64], y: f64) -> Option<f64> {
    let d = 3.0 * y * y + x[0];
    if d.abs() < 1e-12 { None } else { Some(d) }
}

#[test]
fn iterations() {
    check!(newton, [2.0, 5.0]);
    check!(newton, [-3.0, 5.0]);
}

/// A parameter that may be left out.
#[differentiate]
fn optional(x: f64, scale: Option<f64>) -> f64 {
    let s = scale.unwrap_or(2.0);
    match scale {
        Some(v) => x * v * s,
        None => x * x * s,
    }
}

#[test]
fn parameters() {
    assert_eq!(
        optional::value_and_grad(3.0, Some(5.0)),
        (75.0, (25.0, Some(30.0)))
    );
    assert_eq!(optional::value_and_grad(3.0, None), (18.0, (12.0, None)));
    assert_eq!(optional::jvp(3.0, Some(5.0), 1.0, Some(1.0)), (75.0, 55.0));
}

/// What was parsed is a constant that others are added to.
#[differentiate]
fn parsed(x: &[f64], text: &str) -> Option<f64> {
    let mut sum = text.parse::<f64>().ok()?;
    let weight = text.trim().parse::<f64>().unwrap();
    sum += x[0] * weight;
    let list = [weight, x[0]];
    let either = if x[0] > 1.0 { weight } else { x[0] };
    let folded = x.iter().fold(text.parse().unwrap(), |a: f64, v| a * v);
    let mut total = 0.0;
    for part in text.split('.').map(|p| p.parse::<f64>().unwrap()) {
        total += part * x[0];
    }
    Some(sum * list[1] + either + folded + total)
}

#[test]
fn numbers_from_text() {
    for x in [0.5, 2.0] {
        let g = parsed::grad(&[x], "2.5").unwrap();
        let slope = if x > 1.0 { 0.0 } else { 1.0 };
        assert_eq!(g, [2.5 + 2.0 * 2.5 * x + slope + 2.5 + 7.0]);
        assert_eq!(parsed::jvp(&[x], "2.5", &[1.0]).unwrap().1, g[0]);
    }
}

/// The type of the function says what is collected.
#[differentiate]
fn tail(x: &[f64]) -> Result<Vec<f64>, String> {
    x.iter().map(|v| square_root(*v)).collect()
}

#[test]
fn collected_by_the_result() {
    let (value, pullback) = tail::vjp(&[4.0, 1.0]).unwrap();
    assert_eq!(value, [2.0, 1.0]);
    assert_eq!(pullback(vec![1.0, 2.0]), [0.25, 1.0]);
    assert_eq!(tail::jvp(&[4.0, -1.0], &[1.0, 0.0]), Err("-1".to_string()));
}

/// Folds that end early, and what ends them.
#[differentiate]
fn folded(x: &[f64]) -> Result<f64, String> {
    let product = x.iter().try_fold(1.0, |acc, v| {
        if *v < 0.0 {
            Err(format!("{v} is negative"))
        } else {
            Ok(acc * (v + x[0]))
        }
    })?;
    let by_calls = x
        .iter()
        .try_fold(product, |acc, v| square_root(*v).map(|r| acc + r * r * r))?;
    let question: Result<f64, String> = x.iter().try_fold(by_calls, |acc, v| {
        let r = square_root(*v - 0.5)?;
        Ok(acc * r)
    });
    let (sum, count) = x
        .iter()
        .try_fold((0.0, 0), |(sum, count), v| {
            (*v < 50.0).then_some((sum + v * product, count + 1))
        })
        .ok_or("large")?;
    Ok(question? + sum / count as f64)
}

#[differentiate]
fn summed(x: &[f64]) -> Result<f64, String> {
    let mut sum = 0.0;
    x.iter().try_for_each(|v| {
        sum += square_root(*v)? * x[0];
        Ok::<(), String>(())
    })?;
    Ok(sum * sum)
}

#[test]
fn early_ends_of_folds() {
    check!(folded, [1.0, 3.0, 2.0]);
    check!(folded, [1.0, -3.0, 2.0]);
    check!(folded, [1.0, 0.25, 2.0]);
    check!(folded, [1.0, 3.0, 60.0]);
    assert_eq!(
        folded::grad(&[1.0, -3.0]),
        Err("-3 is negative".to_string())
    );
    assert_eq!(folded::grad(&[1.0, 0.25]), Err("-0.25".to_string()));
    assert_eq!(folded::grad(&[1.0, 60.0]), Err("large".to_string()));
    check!(summed, [1.0, 3.0, 2.0]);
    check!(summed, [1.0, -3.0, 2.0]);
}

#[derive(Clone, Debug, autodiff_runtime::Differentiable)]
struct Interpolant {
    degree: usize,
    weights: Vec<f64>,
}

#[differentiate(self)]
impl Interpolant {
    fn term(&self, j: usize, x: f64) -> Result<f64, String> {
        if j >= self.degree {
            return Err(format!("there is no term {j}"));
        }
        Ok(self.weights[j] * x.powi(j as i32))
    }

    fn root(&self, x: f64) -> Option<f64> {
        (x > 0.0).then(|| x.sqrt() * self.weights[0])
    }

    fn eval(&self, x: f64) -> Result<f64, String> {
        let mut sum = 0.0;
        for j in 0..self.degree {
            sum += self.term(j, x).unwrap();
        }
        let t = self.term(0, x)?;
        if let Some(root) = self.root(x) {
            sum += root;
        }
        let q = match self.root(t) {
            Some(v) if v.is_finite() => v,
            _ => 1.0,
        };
        let u = self.root(x).map(|v| v * 2.0).ok_or("negative")?;
        let z = self
            .root(x)
            .and_then(|v| self.root(v))
            .ok_or_else(|| "negative".to_string())?;
        let rest = self.root(-1.0).unwrap_or(0.5) * x;
        Ok(sum * q + rest + self.root(x).map_or(0.1, |v| v * v) + u * z)
    }
}

#[differentiate]
fn interpolated(x: &[f64]) -> Result<f64, String> {
    let weights = x[1..].to_vec();
    let interpolant = Interpolant {
        degree: weights.len(),
        weights,
    };
    interpolant.eval(x[0])
}

#[test]
fn results_of_methods() {
    check!(interpolated, [0.3, 0.5, 2.0]);
    check!(interpolated, [0.3, 0.5, 2.0, -0.7]);
    check!(interpolated, [-0.3, 0.5, 2.0]);
}

/// Both ways end with nothing after a loop that may return something.
#[differentiate]
fn series(x: &[f64]) -> Option<f64> {
    let mut term = 1.0;
    if x[0] > 1.0 {
        let mut sum = x[0];
        for i in 1..40 {
            term /= -x[0] * i as f64;
            sum += term * x[1];
            if term.abs() < 1e-9 {
                return Some(sum * (-x[1]).exp());
            }
        }
        None
    } else {
        let mut sum = -x[1].ln();
        for i in 1..40 {
            term *= -x[0] / i as f64;
            sum += term;
            if term.abs() < sum.abs() * 1e-12 {
                return Some(sum);
            }
        }
        None
    }
}

/// `filter` on what a call gives, and predicates of what a call gives.
#[differentiate]
fn filtered(x: &[f64]) -> Option<f64> {
    let found = root(x)
        .filter(|y| y.is_finite() && *y > 0.1)
        .unwrap_or_else(|| x[1] * x[1]);
    let other = root(x).filter(|y| *y < 0.1).map(|y| y * y)?;
    if !(found > 0.0 && found.is_finite()) {
        return None;
    }
    Some(found * other + x[0])
}

#[test]
fn loops_that_find_nothing_and_filters() {
    check!(series, [1.5, 0.3]);
    check!(series, [0.5, 0.3]);
    check!(series, [f64::NAN, 0.3]);
    check!(filtered, [2.0, -0.5]);
    check!(filtered, [2.0, 0.01]);
    check!(filtered, [2.0, 0.5]);
    check!(filtered, [-2.0, 0.5]);
}

/// Failures that hold numbers, in the function itself.
#[differentiate]
fn failed_numbers(x: &[f64]) -> f64 {
    let product = x.iter().try_fold(1.0, |a: f64, v| {
        let next = a * v;
        if next > 0.9 { Err(next) } else { Ok(next) }
    });
    let pair = x.iter().try_fold((0.0, 1.0), |(s, p), v| {
        if p > 2.0 {
            Err((s, p))
        } else {
            Ok((s + v, p * (1.0 + v)))
        }
    });
    let last: Result<f64, f64> = if x[1] > 1.0 {
        Ok(x[0])
    } else {
        Err(x[0] * x[1])
    };
    let first = match product {
        Ok(v) => v,
        Err(e) => e + x[1],
    };
    first * last.unwrap_or_else(|e| e * 2.0)
        + match pair {
            Ok((s, p)) => s * p,
            Err((s, p)) => s - p * x[0],
        }
}

/// Lists in `Result`s whose failures nobody but `match` looks at.
#[differentiate]
fn only_matched(x: &[f64]) -> f64 {
    let told: Result<Vec<f64>, &str> = x
        .iter()
        .map(|v| if *v < 0.2 { Err("small") } else { Ok(v.sqrt()) })
        .collect();
    let untold = x
        .iter()
        .map(|v| {
            if *v > 1.2 {
                Err(format!("{v}"))
            } else {
                Ok(v.exp())
            }
        })
        .collect::<Result<Vec<_>, _>>();
    let number: Result<Vec<f64>, f64> = x
        .iter()
        .map(|v| if *v > 1.1 { Err(v * v) } else { Ok(v.sin()) })
        .collect();
    let sum = match told {
        Ok(roots) => roots.iter().sum(),
        Err(_) => x[0],
    };
    let cubes = if let Ok(v) = &untold {
        v.iter().map(|a| a * a * a).sum()
    } else {
        x[1]
    };
    sum * cubes
        + match number {
            Ok(sines) => sines.iter().product(),
            Err(square) => square.cos(),
        }
}

#[test]
fn failures_with_numbers() {
    for x in [
        [0.5, 0.6, 0.7],
        [1.3, 0.8, 1.1],
        [0.1, 1.15, 0.4],
        [0.85, 1.5, 2.0],
    ] {
        tests::agree!(failed_numbers, x);
        tests::agree!(only_matched, x);
    }
}

/// Failures that are lists and tuples of numbers, and options of them.
#[differentiate(order = 2)]
fn failed_lists(x: &[f64]) -> f64 {
    let pair = |v: f64| if v < 0.9 { Err([v * v, v]) } else { Ok(v) };
    let optional = |v: f64| -> Result<f64, Option<f64>> {
        if v < 0.9 {
            Err(Some(v * v))
        } else if v < 1.2 {
            Err(None)
        } else {
            Ok(v)
        }
    };
    let folded: Result<f64, Vec<f64>> = x.iter().try_fold(0.0, |s: f64, v| {
        if *v > 1.2 {
            Err(vec![v * v, s])
        } else {
            Ok(s + v)
        }
    });
    let first = match pair(x[0]) {
        Ok(a) => a,
        Err([a, b]) => a * b,
    };
    let second = match optional(x[1]) {
        Ok(a) => a,
        Err(Some(square)) => square * x[2],
        Err(None) => 0.5,
    };
    let third = match folded {
        Ok(a) => a,
        Err(list) => list[0] * list[1] + list[0],
    };
    first * second * third
}

#[differentiate(order = 2)]
fn above(x: &[f64]) -> Result<f64, f64> {
    if x[0] > 0.8 { Ok(x[0]) } else { Err(x[0]) }
}

/// Closures that change something run where their results are dropped, too.
#[differentiate(order = 2)]
fn counted(x: &[f64]) -> f64 {
    let (mut failures, mut sum, mut product) = (0, 0.0, 1.0);
    for i in 0..x.len() {
        sum += above(&x[i..]).map_err(|_| failures += 1).unwrap_or(0.5);
        let largest = (x[i] > 0.8).then_some(x[i]);
        let _ = largest.ok_or_else(|| product *= x[i]).ok();
        if largest.map(|v| product += v * v).is_some() {
            sum *= product;
        }
        let _ = (x[i] < 0.45).then(|| product *= 1.5);
    }
    let some = x.iter().copied().reduce(|a, b| {
        product += a * b;
        a
    });
    sum * product * (1 + failures) as f64 + f64::from(some.is_some())
}

/// The end of a list, which may be empty.
#[differentiate]
fn from_the_end(x: &[f64]) -> f64 {
    let mut rest = x;
    let mut sum = 1.0;
    while let Some((last, front)) = rest.split_last() {
        sum = sum * last + x[0];
        rest = front;
    }
    match x[3..].split_last() {
        Some((last, _)) => last * sum,
        None => sum,
    }
}

#[test]
fn failures_effects_and_ends() {
    for x in [
        [0.5, 0.6, 0.7],
        [1.3, 0.85, 1.1],
        [0.1, 1.15, 0.4],
        [0.85, 1.5, 2.0],
    ] {
        tests::agree!(failed_lists, x);
        tests::agree!(counted, x);
        tests::agree!(from_the_end, x);
        tests::curvature!(failed_lists, x);
        tests::curvature!(counted, x);
    }
}

#[differentiate]
fn square_below_nine(m: f64) -> Result<f64, &'static str> {
    if m > 9.0 { Err("too large") } else { Ok(m * m) }
}

/// What a call gives in one arm, failures and values in others.
#[differentiate]
fn called_or_made(x: &[f64]) -> Result<f64, &'static str> {
    let m = x[0] * x[1];
    let value = match (m * 2.0) as i64 {
        0 | 1 => Ok(m * m - m),
        2 => Ok(m.sin()),
        3.. => square_below_nine(m),
        _ => {
            if m.is_nan() {
                return Err("no number");
            }
            Err("negative")
        }
    };
    if m < 1.2 {
        value
    } else if m > 8.0 {
        Err("large")
    } else {
        square_below_nine(m * 0.5)
    }
}

#[test]
fn calls_beside_failures() {
    for x in [
        [0.3, 0.2],
        [0.7, 1.5],
        [1.1, 1.0],
        [2.0, 1.9],
        [3.5, 2.5],
        [-1.0, 2.0],
    ] {
        check!(called_or_made, x);
    }
}
