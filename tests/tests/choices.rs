//! Functions that are chosen: by `if` and `match`, out of lists, by an index.

use autodiff_runtime::differentiate;
use tests::checks;

#[derive(Clone, Copy, PartialEq)]
enum Activation {
    Relu,
    Tanh,
    Sigmoid,
    Leaky(f64),
}

#[differentiate]
fn activate(#[constant] kind: Activation, slope: f64, x: f64) -> f64 {
    let f: Box<dyn Fn(f64) -> f64> = match kind {
        Activation::Relu => Box::new(|x| x.max(0.0)),
        Activation::Tanh => Box::new(f64::tanh),
        Activation::Sigmoid => Box::new(|x| 1.0 / (1.0 + (-x).exp())),
        Activation::Leaky(_) => Box::new(move |x| if x > 0.0 { x } else { slope * x }),
    };
    f(x) + f(-x) * 2.0
}

/// The sum of what is largest, or smallest, of all pairs.
#[differentiate]
fn extremes(x: &[f64], largest: bool) -> f64 {
    let pick = if largest { f64::max } else { f64::min };
    x.windows(2).map(|w| pick(w[0], w[1])).sum::<f64>() + x.iter().copied().fold(x[0], pick)
}

#[differentiate]
fn expansion(x: f64, w: &[f64]) -> f64 {
    let basis: Vec<fn(f64) -> f64> = vec![|_| 1.0, |x| x, |x| x * x, f64::sin];
    basis.iter().zip(w).map(|(b, w)| w * b(x)).sum::<f64>() / basis.len() as f64
}

#[differentiate]
fn listed(x: f64) -> f64 {
    let named = [("sin", f64::sin as fn(f64) -> f64), ("cos", f64::cos)];
    let mut sum = 0.0;
    for (name, f) in named {
        sum += f(x) * name.len() as f64;
    }
    for f in &[f64::exp, f64::sqrt, square] {
        sum *= f(x);
    }
    sum + [f64::sin, f64::cos, f64::exp]
        .iter()
        .map(|f| f(x))
        .sum::<f64>()
}

#[differentiate]
fn square(x: f64) -> f64 {
    x * x
}

/// By an index that changes; the list is one of closures that capture.
#[differentiate]
fn by_index(x: &[f64], order: &[usize]) -> f64 {
    let rate = x[1];
    let parts: [&dyn Fn(f64) -> f64; 3] = [&|v| v * rate, &|v| v.sin() + rate, &f64::exp];
    let mut v = x[0];
    for &k in order {
        v = parts[k](v);
    }
    (if v > 1.0 { f64::ln } else { f64::exp })(v)
}

/// Chosen again in each step, and kept for the next one.
#[differentiate]
fn alternating(x: f64, steps: usize) -> f64 {
    let mut v = x;
    for k in 0..steps {
        let f = match k % 3 {
            0 => f64::sin,
            1 if v > 0.3 => f64::sqrt,
            _ => square,
        };
        let g: fn(f64) -> f64 = if k > 2 { f } else { |v| 0.3 * v + 0.2 };
        v = g(f(v));
    }
    v
}

#[differentiate]
fn integrate(f: impl Fn(f64) -> f64, a: f64, b: f64, n: usize) -> f64 {
    let h = (b - a) / n as f64;
    (0..n).map(|k| f(a + (k as f64 + 0.5) * h) * h).sum()
}

/// What was chosen is handed on.
#[differentiate]
fn handed_on(x: &[f64], smooth: bool) -> f64 {
    let rate = x[2];
    let f: &dyn Fn(f64) -> f64 = if smooth {
        &|t| (rate * t).sin()
    } else {
        &|t| t * t * rate
    };
    integrate(f, x[0], x[1], 8)
}

checks! {
    activations: |x| activate(Activation::Relu, x[1], x[0])
        + activate(Activation::Tanh, x[1], x[0]).sin()
        + activate(Activation::Sigmoid, x[1], x[0])
        + activate(Activation::Leaky(0.5), x[1], x[0]), [0.7, 0.2], [-0.4, 0.3];
    largest: |x| extremes(x, true) * extremes(x, false), [0.7, 0.2, 0.4, 1.1], [0.1, 0.8, 0.3, 0.2];
    expansions: |x| expansion(x[0], &x[1..]), [0.7, 0.2, 0.4, 1.1, -0.3];
    lists: |x| listed(x[0]), [0.7], [1.9];
    indices: |x| by_index(x, &[0, 1, 2, 1]), [0.7, 0.3], [1.4, -0.6];
    steps: |x| alternating(x[0], 7), [0.7], [0.2];
    handed: |x| handed_on(x, true) + handed_on(x, false).exp(), [0.1, 0.9, 1.3];
}

#[test]
#[should_panic(expected = "index out of bounds")]
fn the_list_is_that_long() {
    by_index::value_and_grad(&[0.7, 0.3], &[0, 3]);
}

mod by_ref {
    use super::*;

    /// A header, and what follows.
    #[differentiate]
    fn parts(x: &[f64], head: usize) -> f64 {
        let mut items = x.iter();
        let first: f64 = items.by_ref().take(head).sum();
        let small: f64 = items
            .by_ref()
            .take_while(|v| **v < 1.0)
            .map(|v| v * v)
            .product();
        let next = items.next().copied().unwrap_or(first);
        let rest: f64 = items.map(|v| v.sin()).sum();
        first * small + next * rest
    }

    /// Left early: the rest is still there.
    #[differentiate]
    fn left(x: &[f64]) -> f64 {
        let mut items = x.iter().enumerate();
        let mut sum = 0.0;
        for (k, v) in items.by_ref() {
            sum += v * k as f64;
            if *v > 1.0 {
                break;
            }
        }
        for (k, v) in items {
            sum *= v + k as f64;
        }
        sum
    }

    /// `&mut items` is the same: in loops, in chains, in a variable, as the second of a `zip`.
    #[differentiate]
    fn lent(x: &[f64]) -> f64 {
        let mut items = x.iter();
        let mut sum = 0.0;
        for v in &mut items {
            sum += v;
            if sum > 0.9 {
                break;
            }
        }
        let next: f64 = (&mut items).take(1).map(|v| v * v).sum();
        let pairs: f64 = [2.0, 3.0].iter().zip(&mut items).map(|(a, b)| a * b).sum();
        let mut counted = 0..x.len();
        for k in &mut counted {
            sum += x[k] * k as f64;
            if k == 1 {
                break;
            }
        }
        for k in counted {
            sum *= x[k] + 2.0;
        }
        sum * (next + 1.0) * (pairs + 0.5) + items.map(|v| v.sin()).sum::<f64>()
    }

    /// What looks for an item leaves the rest to others.
    #[differentiate]
    fn sought(x: &[f64]) -> f64 {
        let mut items = x.iter();
        let first = items.find(|v| **v > 0.5).unwrap();
        let at = items.position(|v| *v > 0.8).unwrap_or(7) as f64;
        let mut sum = first * at;
        if items.any(|v| *v > 0.3) {
            sum *= x[0];
        }
        if items.all(|v| *v < 2.0) {
            sum += x[1];
        }
        sum + items.map(|v| v * v).sum::<f64>()
    }

    checks! {
        sought_items: |x| sought(x), [0.4, 0.7, 0.2, 0.9, 0.6, 0.1, 2.5, 0.3], [0.7, 0.2, 0.9, 0.2, 0.6], [0.6, 0.1];
        lent_items: |x| lent(x), [0.7, 0.4, 0.2, 0.9, 0.31, 0.6], [0.4, 0.7, 0.2];
        in_parts: |x| parts(x, 2), [0.4, 0.7, 0.2, 0.9, 1.4, 0.3, 0.8], [0.4, 0.7, 0.2], [0.4, 0.7, 1.2, 0.5];
        early: |x| left(x), [0.4, 0.7, 1.2, 0.9, 1.4], [0.4, 0.7, 0.2];
    }
}

/// Second derivatives, and several directions at once.
mod twice {
    use autodiff_runtime::differentiate;
    use tests::checks_twice;

    #[differentiate(order = 2, batch, taylor)]
    fn smooth(x: &[f64], kind: usize) -> f64 {
        let f: fn(f64) -> f64 = match kind {
            0 => f64::sin,
            1 => |v| v * v * v,
            _ => f64::exp,
        };
        let basis = [f64::cos, f64::tanh, |v| v * v];
        let mut sum = f(x[0] * x[1]);
        for (g, v) in basis.iter().zip(x) {
            sum += g(*v) * f(*v);
        }
        let mut items = x.iter();
        let first: f64 = items.by_ref().take(2).product();
        sum * first + items.map(|v| v.sin()).sum::<f64>()
    }

    #[differentiate(order = 2)]
    fn halves(f: &dyn Fn(f64) -> f64, a: f64, b: f64, depth: usize) -> f64 {
        let m = 0.5 * (a + b);
        match depth {
            0 => (b - a) * f(m),
            _ => halves(f, a, m, depth - 1) + halves(f, m, b, depth - 1),
        }
    }

    #[differentiate(order = 2)]
    fn handed(x: &[f64], kind: bool) -> f64 {
        let f: &dyn Fn(f64) -> f64 = if kind {
            &|t| (t * x[1]).sin()
        } else {
            &|t| t * t * x[1]
        };
        halves(f, x[0], x[2], 2)
    }

    checks_twice! {
        chosen: |x| smooth(x, 0) + smooth(x, 1) * smooth(x, 2), [0.4, 0.7, 1.2], [0.9, -0.3, 0.5];
        recursive: |x| handed(x, true) + handed(x, false).exp(), [0.4, 0.7, 1.2];
    }
}
