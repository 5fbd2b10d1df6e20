//! Constructs of the language, one function each.
#![allow(clippy::all)]
use autodiff_runtime::differentiate;
use num_traits::Float;
use tests::agree;

#[differentiate]
fn early(x: &[f64]) -> f64 {
    if x[0] > 1.0 {
        return x[0] * x[1];
    }
    let y = x[0].sin();
    if y < 0.0 {
        return y * y;
    } else if x[1] > 2.0 {
        let z = y * x[1];
        if z > 10.0 {
            return z;
        }
    }
    y + x[1].exp()
}

#[test]
fn early_returns() {
    for x in [[1.5, 2.0], [-0.5, 1.0], [0.5, 3.0], [0.5, 1.0], [0.9, 20.0]] {
        agree!(early, x);
    }
}

#[differentiate]
fn return_in_loop(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        if x[i] < 0.0 {
            return s * x[i];
        }
        s += x[i] * x[i];
    }
    s.sqrt()
}

#[test]
fn returns_in_loops() {
    agree!(return_in_loop, [1.0, 2.0, -3.0, 4.0]);
    agree!(return_in_loop, [1.0, 2.0, 3.0]);
}

#[differentiate]
fn breaks(x: &[f64]) -> f64 {
    let mut s = 1.0;
    'outer: for i in 0..x.len() {
        for j in 0..x.len() {
            if j == 2 {
                continue 'outer;
            }
            if s > 50.0 {
                break 'outer;
            }
            if x[j] < 0.1 {
                continue;
            }
            s = s * x[j] + x[i].sin();
        }
        s += x[i];
    }
    s
}

#[test]
fn labelled() {
    agree!(breaks, [1.2, 0.05, 3.0, 2.5]);
    agree!(breaks, [1.2, 1.5, 0.7]);
}

#[differentiate]
fn newton(x: &[f64]) -> f64 {
    let mut y = x[0];
    let mut n = 0;
    while (y * y - x[1]).abs() > 1e-3 {
        y = 0.5 * (y + x[1] / y);
        n += 1;
        if n > 50 {
            break;
        }
    }
    y
}

#[differentiate]
fn looped(x: &[f64]) -> f64 {
    let mut y = x[0];
    let r = loop {
        y *= 1.5;
        if y > 10.0 {
            break y * x[1];
        }
    };
    r + y
}

#[test]
fn whiles() {
    agree!(newton, [1.0, 2.0]);
    agree!(looped, [1.0, 2.0]);
}

#[differentiate]
fn in_place(x: &[f64]) -> f64 {
    let n = x.len();
    let mut u = x.to_vec();
    let mut v = vec![0.0; n];
    for _ in 0..3 {
        for i in 1..n - 1 {
            v[i] = u[i] - 0.1 * u[i] * (u[i + 1] - u[i - 1]);
        }
        std::mem::swap(&mut u, &mut v);
    }
    let mut s = 0.0;
    for a in u.iter() {
        s += a * a;
    }
    s
}

#[differentiate]
fn gauss_seidel(x: &[f64]) -> f64 {
    let n = x.len();
    let mut u = vec![0.5; n];
    for _ in 0..2 {
        for i in 1..n - 1 {
            u[i] = (u[i - 1] * u[i + 1] + x[i]).sin() + u[i] * x[i - 1];
        }
    }
    u.iter().map(|a| a * a).sum::<f64>()
}

#[test]
fn arrays_overwritten() {
    agree!(in_place, [0.3, 0.5, 0.9, -0.2, 0.4]);
    agree!(gauss_seidel, [0.3, 0.5, 0.9, -0.2, 0.4]);
}

#[differentiate]
fn helper(v: &[f64], a: f64) -> f64 {
    let mut s = 0.0;
    for &e in v {
        s += (a * e).sin();
    }
    s
}

#[differentiate]
fn scale(v: &mut [f64], a: f64) {
    for e in v.iter_mut() {
        *e = *e * *e * a;
    }
}

#[differentiate]
fn calls(x: &[f64]) -> f64 {
    let mut buffer = x.to_vec();
    let mut total = 0.0;
    for i in 0..x.len() {
        total += helper(x, x[i]) * helper(&x[..i], total);
        scale(&mut buffer, x[i]);
    }
    total + buffer[0] * buffer[1]
}

#[differentiate]
fn recursive(x: f64, n: usize) -> f64 {
    if n == 0 {
        x
    } else {
        recursive(x.sin() + 0.5 * x, n - 1) * x
    }
}

#[differentiate]
fn recursion(x: &[f64]) -> f64 {
    recursive(x[0], 4) + x[1]
}

#[test]
fn annotated_calls() {
    agree!(calls, [0.3, 0.5, 0.9]);
    agree!(recursion, [0.3, 0.5]);
}

#[differentiate]
fn pairs(a: f64, b: f64) -> (f64, f64) {
    (a * b, a / b)
}

#[differentiate]
fn tuples(x: &[f64]) -> f64 {
    let (p, q) = pairs(x[0], x[1]);
    let t = (p, q * x[2]);
    let (r, s) = t;
    let mut acc = (0.0, 1.0);
    for i in 0..x.len() {
        acc.0 += x[i] * r;
        acc.1 *= x[i];
    }
    acc.0 + acc.1 * s + t.0
}

#[test]
fn tuple_values() {
    agree!(tuples, [0.3, 0.5, 0.9]);
    let (v, pullback) = pairs::vjp(2.0, 4.0);
    assert_eq!(v, (8.0, 0.5));
    assert_eq!(pullback((1.0, 0.0)), (4.0, 2.0));
    let j = pairs::jacobian(2.0, 4.0);
    assert_eq!(
        (j[(0, 0)], j[(0, 1)], j[(1, 0)], j[(1, 1)]),
        (4.0, 2.0, 0.25, -0.125)
    );
}

#[differentiate]
fn nested(x: &[f64]) -> f64 {
    let mut m = vec![vec![0.0; x.len()]; x.len()];
    for i in 0..x.len() {
        for j in 0..x.len() {
            m[i][j] = x[i] * x[j].sin();
        }
    }
    let mut s = 0.0;
    for row in &m {
        for e in row {
            s += e * e;
        }
    }
    let mut grid = [[0.0; 2]; 2];
    grid[0][1] = x[0] * s;
    grid[1][0] = grid[0][1] * x[1];
    s + grid[1][0] * grid[0][1]
}

#[differentiate]
fn pushes(x: &[f64]) -> f64 {
    let mut v = Vec::new();
    for &a in x {
        v.push(a * a);
        if a > 0.5 {
            v.push(a.sin());
        }
    }
    let mut s = 0.0;
    for i in (0..v.len()).rev() {
        s = s * 0.5 + v[i] * v[i];
    }
    v.truncate(1);
    s * v[0]
}

#[differentiate]
fn ranges(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for i in (0..x.len()).step_by(2) {
        s *= x[i] + 1.0;
    }
    for i in (0..=x.len() - 1).rev() {
        s = s * x[i] + 0.1;
    }
    for i in (1..x.len()).rev().step_by(2) {
        s += (s * x[i]).sin();
    }
    for (i, w) in x.windows(2).enumerate() {
        s += w[0] * w[1] * i as f64;
    }
    for c in x.chunks(2) {
        s += c[0] * c.len() as f64 * s;
    }
    for (a, b) in x.iter().zip(x.iter().skip(1)) {
        s += a * b;
    }
    s
}

#[test]
fn containers_and_ranges() {
    agree!(nested, [0.3, 0.7]);
    agree!(pushes, [0.3, 0.7, 0.9]);
    agree!(ranges, [0.3, 0.7, 0.9, 0.4, 0.2]);
}

#[differentiate]
fn shadow(x: &[f64]) -> f64 {
    let a = x[0];
    let b = {
        let a = a * 2.0;
        let c = a + x[1];
        c * a
    };
    let a = a + b;
    let f = |t: f64| t * a;
    let a = f(b) + a;
    let k;
    if a > 0.0 {
        k = a;
    } else {
        k = -a * b;
    }
    match x.len() {
        0 => 0.0,
        1 | 2 => k * a,
        n if n > 5 => k,
        _ => k * a * b,
    }
}

#[differentiate]
fn split(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let (l, r) = v.split_at_mut(2);
    for i in 0..2 {
        l[i] = l[i] * r[i];
        r[i] += l[i].sin();
    }
    v.swap(0, 1);
    v.reverse();
    x[0] * x[1] * v[0] * v[1] + v[3]
}

#[test]
fn scopes() {
    agree!(shadow, [0.3, 0.7]);
    agree!(shadow, [0.3, 0.7, 0.2]);
    agree!(split, [0.3, 0.7, 0.2, 1.1]);
}

#[differentiate]
fn generic<T: Float>(x: &[T], a: T) -> T {
    let mut s = T::zero();
    let half = T::from(0.5).unwrap();
    for &e in x {
        s = s + half * (e * a).sin().powi(2);
    }
    s.max(a)
}

#[test]
fn generics() {
    let x = [0.3, 0.9];
    let (v, (gx, ga)) = generic::value_and_grad(&x, 0.2);
    assert_eq!(v, generic(&x, 0.2));
    let r = autodiff_runtime::check::gradient(
        |p| generic(&p[..2], p[2]),
        &[0.3, 0.9, 0.2],
        &[gx[0], gx[1], ga],
    );
    assert!(r.error < 1e-8, "{r:?}");
    let (v, _) = generic::value_and_grad(&[0.5f32], 0.5f32);
    assert_eq!(v, generic(&[0.5f32], 0.5f32));
}

#[differentiate]
fn product(i: usize, k: usize, x: &[f64]) -> f64 {
    x[i] * x[k]
}

/// The least of what a function gives, and where: nothing tells the type of `least` before.
#[differentiate]
fn least_pair(x: &[f64]) -> f64 {
    let mut least = None;
    let mut pair = None;
    for i in 0..x.len() {
        for k in 0..i {
            let value = product(i, k, x);
            if least.is_none() || Some(value) < least {
                least = Some(value);
                pair = Some((i, k));
            }
        }
    }
    let (i, k) = pair.unwrap();
    x[i] * x[i] + x[k] * (k + 1) as f64
}

#[test]
fn options_of_what_a_call_gives() {
    tests::agree!(least_pair at &[&[3.0, 0.5, 2.0, 4.0], &[1.0, 2.0, 0.3, -0.1]]);
}

/// Code without derivative that binds names of its own: they hide those around it only where they hold.
#[differentiate]
fn hidden_names(x: &[f64], n: i32) -> f64 {
    let n = n + 1;
    let big = matches!(Some(3), Some(k) if k > n);
    let m = 2;
    let m = {
        let n = m * 10;
        let m = n + m;
        m
    };
    let k = (0..5).filter(|n| n % 2 == 0).map(|m| m + n).sum::<i32>();
    let j = if let Some(n) = n.checked_sub(1) { n } else { n };
    (if big { x[0] } else { x[1] }) * (m + k + j) as f64
}

#[test]
fn names_hide_others_where_they_hold() {
    agree!(hidden_names at &[&[1.5, 2.0]], 1);
    agree!(hidden_names at &[&[1.5, 2.0]], 2);
    assert_eq!(hidden_names::grad(&[1.5, 2.0], 1), [35.0, 0.0]);
}

/// The closure changes `s`, though it has another one for a while.
#[differentiate]
fn hidden_effect(x: &[f64]) -> f64 {
    let mut s = 0.0;
    let counted = |v: &f64| {
        let y = {
            let s = 2.0;
            s * v
        };
        s += y;
        s
    };
    x.iter().map(counted).skip(1).sum()
}

#[test]
fn effects_are_seen_behind_names() {
    agree!(hidden_effect at &[&[1.5, 2.0, 3.0]]);
    assert_eq!(hidden_effect::grad(&[1.5, 2.0, 3.0]), [4.0, 4.0, 2.0]);
}

/// Patterns that begin with dots, alone and among others, of integers and of floats.
#[differentiate]
fn below(x: f64, n: i32) -> f64 {
    let by_count = match n {
        ..=0 => x,
        1 | 2 => x * x,
        n if n % 2 == 0 => x.sin(),
        _ => x.cos(),
    };
    let by_value = match x {
        ..0.0 => 2.0 * x,
        0.0..=0.5 => x.exp(),
        _ => x.ln(),
    };
    let either = if matches!(n, 7.. | ..=-2) { x } else { 1.0 };
    by_count * by_value * either
}

#[differentiate]
fn on_all_sides(x: &[f64]) -> f64 {
    let one = |x: f64| (-2..8).map(|n| below(x, n)).sum::<f64>();
    x.iter().map(|x| one(*x)).product()
}

#[test]
fn patterns_without_a_start() {
    agree!(on_all_sides, [-0.5, 0.3, 1.7]);
}
