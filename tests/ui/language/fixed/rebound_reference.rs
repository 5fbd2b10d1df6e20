use autodiff_runtime::differentiate;

#[differentiate]
fn one_of_two(x: &[f64], y: &[f64]) -> f64 {
    let first = if y[0] > 0.0 { y[0] } else { x[0] };
    first
}

#[differentiate]
fn in_turn(x: &[f64]) -> f64 {
    let (mut from, mut to) = (vec![x[0]], vec![x[1]]);
    for _ in 0..3 {
        to[0] *= from[0];
        std::mem::swap(&mut from, &mut to);
    }
    to[0]
}

#[differentiate]
fn lent(x: &[f64]) -> f64 {
    let mut rest = x;
    let first = rest[0];
    rest = &rest[1..];
    first * rest[0]
}

fn main() {}
