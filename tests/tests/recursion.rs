//! Functions that call themselves: through each other, as methods, down a tree.

use autodiff_runtime::{Differentiable, differentiate};
use tests::agree;

#[differentiate(recursive)]
fn even(x: f64, n: usize) -> f64 {
    if n == 0 {
        x
    } else {
        odd(x.sin() + 0.3 * x, n - 1) * x
    }
}

#[differentiate]
fn odd(x: f64, n: usize) -> f64 {
    if n == 0 {
        1.0 / x
    } else {
        even(x.exp() * 0.2, n - 1) + x
    }
}

#[differentiate]
fn alternating(x: &[f64]) -> f64 {
    even(x[0], 3) * odd(x[1], 2) + even(x[1], 4)
}

/// Three of them, generic, two marked.
#[differentiate(recursive)]
fn first<T: num_traits::Float>(x: T, n: usize) -> T {
    if n == 0 {
        return x;
    }
    second(x * x, n - 1) + x
}

#[differentiate]
fn second<T: num_traits::Float>(x: T, n: usize) -> T {
    third(x.cos(), n) * x
}

#[differentiate(recursive)]
fn third<T: num_traits::Float>(x: T, n: usize) -> T {
    if n > 2 {
        third(x, n - 1)
    } else {
        first(x.sqrt(), n)
    }
}

#[differentiate]
fn in_a_circle(x: &[f64]) -> f64 {
    first(x[0], 5) + second(x[1], 3)
}

/// The grammar of a calculator, as recursive descent parsers have it.
#[derive(Clone, Debug, Differentiable)]
enum Expr {
    Input(#[constant] usize),
    Number(f64),
    Sum(Vec<Expr>),
    Product(Box<Expr>, Box<Expr>),
    Sine(Box<Expr>),
}

#[differentiate(self)]
impl Expr {
    fn eval(&self, x: &[f64]) -> f64 {
        match self {
            Expr::Number(c) => *c,
            Expr::Sum(terms) => terms.iter().map(|t| t.eval(x)).sum(),
            Expr::Product(a, b) => a.eval(x) * b.eval(x),
            Expr::Sine(a) => a.eval(x).sin(),
            Expr::Input(k) => x[*k],
        }
    }
}

struct Solver {
    limit: usize,
}

/// Members that call each other need no mark.
#[differentiate]
impl Solver {
    fn descend(&self, x: f64, depth: usize) -> f64 {
        if depth >= self.limit {
            return x;
        }
        self.split(x * 0.7, depth) + x.ln_1p()
    }

    fn split(&self, x: f64, depth: usize) -> f64 {
        let left = self.descend(0.5 * x, depth + 1);
        left * Self::descend(self, x.sin(), depth + 2)
    }
}

#[differentiate]
fn members(x: &[f64]) -> f64 {
    let solver = Solver { limit: 5 };
    solver.descend(x[0], 0) + solver.split(x[1], 1)
}

#[test]
fn through_others() {
    agree!(alternating, [0.7, 0.4]);
    agree!(in_a_circle, [0.6, 0.3]);
    agree!(members, [0.8, 0.45]);
}

#[test]
fn down_a_tree() {
    let number = |c| Box::new(Expr::Number(c));
    let input = |k| Box::new(Expr::Input(k));
    let tree = Expr::Sum(vec![
        Expr::Product(number(3.0), Box::new(Expr::Sine(input(0)))),
        Expr::Product(input(1), input(1)),
    ]);
    let x = [0.5, -2.0];
    let (by_tree, by_x) = tree.eval_grad(&x);
    assert_eq!(by_x, [3.0 * 0.5_f64.cos(), -4.0]);
    let ExprTangent::Sum(terms) = by_tree else {
        panic!("another variant");
    };
    let ExprTangent::Product(three, _) = &terms[0] else {
        panic!("another variant");
    };
    let ExprTangent::Number(slope) = &**three else {
        panic!("another variant");
    };
    assert_eq!(*slope, 0.5_f64.sin());
}

/// An annotated function inside of another one.
#[differentiate]
fn outer(x: f64) -> f64 {
    #[differentiate]
    fn inner(y: f64) -> f64 {
        y * y
    }
    inner(x) * x
}

#[test]
fn inside_of_another() {
    assert_eq!(outer::value_and_grad(3.0), (27.0, 27.0));
    assert_eq!(outer::jvp(3.0, 1.0), (27.0, 27.0));
}

/// The logarithm of the gamma function, by reflection.
#[differentiate]
fn log_gamma(x: f64) -> f64 {
    if x < 0.5 {
        return reflected::<true>(x);
    }
    let terms = [76.18009172947146, -86.50532032941677, 24.01409824083091];
    let (t, series) = (x + 4.5, terms.iter().enumerate());
    let series: f64 = series.map(|(k, c)| c / (x + k as f64)).sum();
    (x - 0.5) * t.ln() - t + (2.5066282746310002 * (1.0 + series)).ln()
}

/// It needs no mark, nor does the other.
#[differentiate]
fn reflected<const LOG: bool>(x: f64) -> f64 {
    use std::f64::consts::PI;
    let value = (PI / (PI * x).sin()).ln() - self::log_gamma(1.0 - x);
    if LOG { value } else { value.exp() }
}

/// A circle of three, one of them through a reference and a closure.
#[differentiate]
fn opening(x: &[f64], n: usize) -> f64 {
    if n == 0 {
        x[0]
    } else {
        relaying(x, n - 1) * x[0]
    }
}

#[differentiate]
fn relaying(x: &[f64], n: usize) -> f64 {
    x.iter().map(|v| closing(*v, x, n)).sum()
}

#[differentiate]
fn closing(v: f64, x: &[f64], n: usize) -> f64 {
    v.sin() * opening(&x[1..], n.min(1)) + v
}

#[differentiate]
fn in_circles(x: &[f64]) -> f64 {
    log_gamma(x[0]) * reflected::<false>(x[1]) + opening(x, 2)
}

#[test]
fn circles_without_a_mark() {
    agree!(in_circles, [0.31, 0.7, 1.2]);
    agree!(in_circles, [2.31, 0.2, 0.2]);
}
