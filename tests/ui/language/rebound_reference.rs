use autodiff_runtime::differentiate;

#[differentiate]
fn one_of_two(x: &[f64], y: &[f64]) -> f64 {
    let mut list = x;
    if y[0] > 0.0 {
        list = y;
    }
    list[0]
}

/// The references change places, not the lists.
#[differentiate]
fn in_turn(x: &[f64]) -> f64 {
    let (mut a, mut b) = (vec![x[0]], vec![x[1]]);
    let (mut from, mut to) = (&mut a, &mut b);
    for _ in 0..3 {
        to[0] *= from[0];
        std::mem::swap(&mut from, &mut to);
    }
    a[0]
}

/// A reference that the called function could make to point elsewhere.
#[differentiate]
fn lent(x: &[f64]) -> f64 {
    let mut rest = x;
    let first = next(&mut rest);
    first * rest[0]
}

fn next(rest: &mut &[f64]) -> f64 {
    let first = rest[0];
    *rest = &rest[1..];
    first
}

fn main() {}
