//! Patterns in parameters, `let`, `match` and assignments.

use autodiff_runtime::{Differentiable, differentiate};

#[derive(Clone, Copy, Debug, Differentiable)]
pub struct P2(f64, f64);

#[derive(Clone, Copy, Debug, Differentiable)]
pub struct V3 {
    x: f64,
    y: f64,
    z: f64,
}

#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Q4(f64, f64, f64, f64);

#[differentiate]
fn quad(x: f64) -> (f64, f64, f64, f64) {
    (x, x * x, x.sin(), x.exp())
}

#[differentiate]
fn pat_array(&[a, b]: &[f64; 2], (c, [d, e]): (f64, [f64; 2])) -> f64 {
    a * b + c * d - e * a
}

#[differentiate]
fn pat_struct(V3 { x, y: why, .. }: V3, &P2(p, q): &P2) -> f64 {
    x * why + p * q * x
}

#[differentiate]
fn pat_mut(mut x: f64, mut v: Vec<f64>) -> f64 {
    x *= 2.0;
    v.push(x);
    v[0] *= x;
    v.iter().sum()
}

#[differentiate]
fn pat_ignored(x: f64, _: f64, _unused: f64, (y, _): (f64, f64), (z, ..): (f64, f64, f64)) -> f64 {
    x * y * z
}

#[differentiate]
fn pat_at(p @ (a, b): (f64, f64), q @ [c, ..]: [f64; 3]) -> f64 {
    p.0 * b + a * q[2] + c
}

#[differentiate]
fn pat_ref(ref x: f64, ref mut y: f64) -> f64 {
    *y *= *x;
    *y + x
}

#[differentiate]
fn pat_nested((ref a, b): (Vec<f64>, f64)) -> f64 {
    a.iter().map(|t| t * b).sum()
}

#[differentiate]
fn slice_pat(x: &[f64]) -> f64 {
    match x {
        [] => 0.0,
        [a] => a * a,
        [a, b] => a * b,
        [first, .., last] if first < last => first * last.sin(),
        [first, mid @ .., last] => first + mid.iter().product::<f64>() * last,
    }
}

#[differentiate]
fn rec_slice(x: &[f64]) -> f64 {
    if let [head, tail @ ..] = x {
        head.sin() + 2.0 * rec_slice(tail) * head
    } else {
        1.0
    }
}

#[differentiate]
fn let_else(x: &[f64]) -> f64 {
    let [a, b, rest @ ..] = x else {
        return x.iter().sum();
    };
    let Some(&c) = rest.first() else {
        return a * b;
    };
    let Some(d) = rest.get(1) else {
        return a * b * c;
    };
    a * b * c * d
}

#[differentiate]
fn deferred(x: f64, n: usize) -> f64 {
    let y;
    let (a, b);
    if n > 2 {
        y = x * x;
        (a, b) = (x, y);
    } else {
        y = x.sin();
        a = y;
        b = 1.0;
    }
    let z: f64;
    loop {
        if n > 1 {
            z = a * b;
            break;
        } else {
            z = b - a;
            break;
        }
    }
    y * z
}

#[differentiate]
fn destructuring(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    let mut arr = [0.0; 3];
    (a, b) = (b * a, a + 1.0);
    [arr[0], arr[2], _] = [a, b, 4.0];
    (arr[1], (a, ..)) = (arr[0] * b, (b, 1, 2));
    (.., b) = (1, a, b * b);
    [a, .., b] = [b, 1.0, 2.0, a * b];
    let mut v = V3 {
        x: a,
        y: b,
        z: arr[1],
    };
    V3 { x: a, .. } = v;
    (v.x, v.y) = (v.y, v.x * a);
    let mut q = P2(a, b);
    P2(a, q.0) = P2(q.1, q.0 * 2.0);
    v.z *= q.0 * q.1;
    v.x * v.y + arr.iter().sum::<f64>() * v.z
}

#[differentiate]
fn rest_of_param((.., y, z): (f64, f64, f64)) -> f64 {
    y * z
}

#[differentiate]
fn rest_of_typed(x: f64) -> f64 {
    let (a, .., z): (f64, f64, f64, f64) = quad(x);
    a * z
}

#[differentiate]
fn by_ref(&(ref a, b): &(Vec<f64>, f64), (c, d): &(f64, (f64, f64))) -> f64 {
    a.iter().map(|t| t * b).sum::<f64>() * c * d.0 + d.1
}

#[differentiate]
fn step_infer(x: &[f64], n: usize) -> f64 {
    let mut s = 0.0;
    for i in (0..=n).step_by(2) {
        s += x[i];
    }
    for i in (0..=n).rev().step_by(3) {
        s *= x[i];
    }
    for i in (1..n).step_by(2) {
        s += 0.5 * x[i] * i as f64;
    }
    s
}

tests::checks! {
    refs2: |x| { let p = (x[0], (x[1], x[2])); by_ref(&(vec![x[0], x[1]], x[2]), &p) }, [0.3, 0.6, 0.1];
    rest3: |x| rest_of_param((x[0], x[1], x[2])), [0.7, 1.0, 2.0];
    rest4: |x| rest_of_typed(x[0]), [0.7];
    array: |x| pat_array(&[x[0], x[1]], (x[2], [x[3], x[4]])), [1.0, 0.3, 0.4, -0.8, 1.1];
    structs: |x| pat_struct(V3 { x: x[0], y: x[1], z: x[2] }, &P2(x[3], x[4])), [1.0, 0.3, 0.4, -0.8, 1.1];
    mutable: |x| pat_mut(x[0], x[1..].to_vec()), [1.0, 0.3, 0.4, -0.8, 1.1];
    ignored: |x| pat_ignored(x[0], x[1], x[2], (x[3], x[4]), (x[0], x[1], x[2])), [1.0, 0.3, 0.4, -0.8, 1.1];
    at: |x| pat_at((x[0], x[1]), [x[2], x[3], x[4]]), [1.0, 0.3, 0.4, -0.8, 1.1];
    refs: |x| pat_ref(x[0], x[1]), [1.0, 0.3];
    nested: |x| pat_nested((vec![x[0], x[1]], x[2])), [1.0, 0.3, 0.4];
    slices: |x| slice_pat(x) + slice_pat(&x[..1]) + slice_pat(&x[1..3]) + slice_pat(&x[3..]), [1.0, 0.3, 0.4, -0.8, 1.1], [1.0, 0.3, 0.4, 1.8, 1.1, 0.2];
    rec: |x| rec_slice(x), [1.0, 0.3, 0.4, -0.8, 1.1];
    elses: |x| let_else(x) + let_else(&x[..3]) + let_else(&x[3..]) + let_else(&x[..1]), [1.0, 0.3, 0.4, -0.8, 1.1];
    defer: |x| deferred(x[0], 3) + deferred(x[1], 1) + deferred(x[0], 2), [1.0, 0.3];
    destr: |x| destructuring(x[0], x[1]), [1.0, 0.3];
    stepped: |x| step_infer(x, 5), [1.0, 0.3, 0.4, -0.8, 1.1, 0.2];
}
