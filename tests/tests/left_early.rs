//! Functions that end inside a branch whose other arm panics, and other ways out of which the compiler once lost something.

use autodiff_runtime::{Differentiable, differentiate};

#[differentiate]
fn logarithm(x: f64) -> Option<f64> {
    if x > 0.0 { Some(x.ln()) } else { None }
}

#[differentiate]
fn let_else(x: f64) -> f64 {
    let Some(y) = logarithm(x) else {
        panic!("no logarithm")
    };
    y * 2.0 + x
}

#[differentiate]
fn checked(x: f64) -> Result<f64, String> {
    if x > 0.0 {
        Ok(x.ln())
    } else {
        Err(format!("{x}"))
    }
}

#[differentiate]
fn matched(x: f64) -> f64 {
    let y = match checked(x) {
        Ok(y) => y,
        Err(e) => panic!("{e}"),
    };
    y * y + x
}

#[differentiate]
fn unreachable_arm(x: f64) -> f64 {
    let t = if x > 0.0 {
        x.sqrt()
    } else {
        unreachable!("{x}")
    };
    x * t
}

#[differentiate]
fn in_closure(x: &[f64]) -> f64 {
    let f = |v: f64| {
        let Some(y) = logarithm(v) else { panic!() };
        y * v
    };
    x.iter().map(|v| f(*v)).sum::<f64>() + f(x[0])
}

fn pick(n: usize) -> Option<usize> {
    (n > 0).then_some(n)
}

/// What stands before the branch changes something in place.
#[differentiate]
fn in_place(x: &mut [f64], n: usize) {
    x[0] *= 2.0;
    let Some(k) = pick(n) else { panic!() };
    x[1] = x[k] * 3.0 * x[0];
}

#[test]
fn updates_before_a_branch() {
    let (mut x, mut direction) = ([2.0, 3.0, 5.0], [1.0, 0.0, 0.0]);
    in_place::jvp(&mut x, 2, &mut direction);
    assert_eq!((x, direction), ([4.0, 60.0, 5.0], [2.0, 30.0, 0.0]));
    let mut x = [2.0, 3.0, 5.0];
    let ((), pullback) = in_place::vjp(&mut x, 2);
    assert_eq!(pullback(vec![0.0, 1.0, 0.0]), [30.0, 0.0, 12.0]);
}

#[derive(Clone, Differentiable)]
struct Hit {
    t: f64,
    normal: [f64; 3],
}

/// `Hit` has no `Default`.
#[differentiate]
fn hit(x: f64) -> Option<Hit> {
    if x < 0.0 {
        None
    } else {
        Some(Hit {
            t: x,
            normal: [x; 3],
        })
    }
}

#[differentiate]
fn accumulated(x: f64) -> f64 {
    let mut sum: Option<f64> = None;
    sum = Some(sum.unwrap_or(0.5) * x);
    sum.unwrap() * x
}

#[derive(Clone, Copy, Default, Differentiable)]
struct Mean {
    count: u64,
    mean: f64,
    #[constant]
    weight: usize,
}

#[differentiate(self)]
impl Mean {
    fn add(&mut self, x: f64) {
        self.count += 1;
        self.mean += (x - self.mean) / self.count as f64;
    }

    fn merged(&self, other: &Mean) -> f64 {
        let count = self.count + other.count;
        let weight = (self.weight * other.weight) as f64;
        weight * (self.mean * self.count as f64 + other.mean * other.count as f64) / count as f64
    }
}

#[differentiate]
fn mean(x: &[f64]) -> f64 {
    let mut mean = Mean {
        count: 0,
        mean: 0.0,
        weight: 2,
    };
    let mut other = Mean {
        count: 1,
        mean: x[0],
        weight: 3,
    };
    for x in x {
        mean.add(*x);
        other.add(x * x);
    }
    mean.merged(&other)
}

#[differentiate]
fn item_in_a_closure(x: f64) -> f64 {
    let f = |t: f64| {
        const SLOPE: f64 = 2.0;
        t * SLOPE
    };
    f(x) + f(x * x)
}

#[differentiate(order = 2)]
fn named(name: &str, x: &[f64]) -> f64 {
    if name == "sum" {
        x[0] + x[1]
    } else {
        x[0] * x[1]
    }
}

#[differentiate(order = 2)]
fn texts(x: &[f64]) -> f64 {
    named("sum", x) + 2.0 * named("product", x) * named("sum", x)
}

/// A list of tuples is read where it grows: a curve by its nodes.
#[differentiate]
fn bootstrapped(rates: &[f64]) -> f64 {
    let mut nodes: Vec<(f64, f64)> = Vec::new();
    for rate in rates {
        let annuity: f64 = nodes.iter().map(|&(_, discount)| discount).sum();
        nodes.push((1.0, (1.0 - rate * annuity) / (1.0 + rate)));
    }
    nodes[0].1 * nodes[1].1 + nodes[2].1
}

tests::checks! {
    tuples: |x| bootstrapped(x), [0.03, 0.04, 0.05];
    let_elses: |x| let_else(x[0]), [2.0];
    matches: |x| matched(x[0]), [2.0];
    unreachable_arms: |x| unreachable_arm(x[0]), [2.0];
    closures: |x| in_closure(x), [2.0, 3.0];
    hits: |x| hit(x[0]).map_or(0.0, |h| h.t * h.normal[1]), [2.0], [-1.0];
    options: |x| accumulated(x[0]), [2.0];
    counts: |x| mean(x), [2.0, 3.0, 0.5];
    items: |x| item_in_a_closure(x[0]), [2.0];
    literals: |x| texts(x), [2.0, 3.0];
}

#[test]
fn second_derivatives_with_texts() {
    let hessian = texts::hessian(&[2.0, 3.0]);
    assert_eq!(hessian.as_slice(), [12.0, 20.0, 20.0, 8.0]);
}

/// Values of types that have no value to begin with, out of loops, branches, blocks and closures.
mod without_default {
    use super::*;
    use tests::agree;

    #[derive(Clone, Debug, Differentiable)]
    struct Hit {
        at: f64,
        normal: Vec<f64>,
    }

    #[differentiate]
    fn march(x: &[f64], steps: usize) -> Hit {
        let mut at = x[0];
        for k in 0..steps {
            if at * x[1] > 3.0 {
                return Hit {
                    at,
                    normal: vec![at * at, x[1]],
                };
            }
            if k == 7 {
                break;
            }
            at += x[0] * x[1];
        }
        Hit {
            at: 2.0 * at,
            normal: x.to_vec(),
        }
    }

    #[differentiate]
    fn labelled(x: &[f64]) -> f64 {
        let (hit, weight) = 'found: {
            for k in 1..4 {
                let hit = march(x, k);
                if hit.at > 2.0 {
                    break 'found (hit, x[2]);
                }
            }
            (march(x, 9), 1.5)
        };
        let last = loop {
            let next = march(&hit.normal, 2);
            if next.at > -100.0 {
                break next;
            }
        };
        hit.at * weight * hit.normal.iter().sum::<f64>() + last.at
    }

    #[differentiate]
    fn in_closures(x: &[f64]) -> f64 {
        let of = |t: f64| {
            if t > 1.0 {
                return Hit {
                    at: t * x[2],
                    normal: vec![t],
                };
            }
            march(x, 3)
        };
        of(x[0]).at + of(x[1] + 2.0).at * of(x[0]).normal[0]
    }

    #[test]
    fn hits() {
        let points: [&[f64]; 3] = [&[0.7, 0.4, 0.9], &[1.3, 2.1, -0.4], &[2.2, 0.3, 1.1]];
        agree!(labelled at &points);
        agree!(in_closures at &points);
    }
}

/// Functions that give arrays of any length.
mod arrays {
    use autodiff_runtime::differentiate;
    use num_traits::Float;

    #[differentiate(order = 2)]
    fn settled<const N: usize>(y: &[f64; N], least: f64) -> [f64; N] {
        let mut y = *y;
        for _ in 0..10 {
            let next: [f64; N] = std::array::from_fn(|i| 0.5 * y[(i + 1) % N].cos());
            if next[0] < least {
                return next;
            }
            y = next;
        }
        y
    }

    #[differentiate(order = 2)]
    fn nested<T: Float, const N: usize, const M: usize>(y: &[[T; M]; N], least: T) -> [[T; M]; N] {
        let mut y = *y;
        for _ in 0..5 {
            for i in 0..N {
                for j in 0..M {
                    y[i][j] = (y[i][j] * y[0][0]).sin();
                    if y[i][j] < least {
                        return y;
                    }
                }
            }
        }
        y
    }

    #[differentiate(order = 2)]
    fn with_number<const N: usize>(y: &[f64; N], most: f64) -> ([f64; N], f64) {
        for k in 0..N {
            if y[k] > most {
                let mut z = *y;
                z[k] *= y[0];
                return (z, y[k]);
            }
        }
        ([0.5; N], y[0])
    }

    #[differentiate(order = 2)]
    fn left(x: &[f64]) -> f64 {
        let a = settled(&[x[0], x[1], x[2]], 0.45);
        let b = nested(&[[x[0], x[1]], [x[2], x[1]]], 0.15);
        let (c, d) = with_number(&[x[0], x[1], x[2]], 1.5);
        a[0] * a[1] * b[0][0] + b[1][1] * c[0] * d + c[2]
    }

    #[test]
    fn arrays_of_any_length() {
        const POINTS: &[&[f64]] = &[&[0.7, 0.4, 0.9], &[1.3, 2.1, -0.4], &[2.2, 0.3, 1.1]];
        tests::agree!(left at POINTS);
        tests::curvature!(left at POINTS);
    }
}
