//! Functions that take functions.
#![allow(clippy::all)]
use autodiff_runtime::differentiate;
use tests::agree;

#[differentiate]
fn trapezoid<F: Fn(f64) -> f64>(f: F, a: f64, b: f64, n: usize) -> f64 {
    let h = (b - a) / n as f64;
    let mut sum = 0.5 * (f(a) + f(b));
    for i in 1..n {
        sum += f(a + i as f64 * h);
    }
    sum * h
}

#[differentiate]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate]
fn by_name(x: &[f64]) -> f64 {
    trapezoid(square, x[0], x[1], 8)
}

#[differentiate]
fn by_closure(x: &[f64]) -> f64 {
    let k = x[2];
    trapezoid(|t| (k * t).sin() + x[3] * t, x[0], x[1], 8)
}

#[differentiate]
fn by_rule(x: &[f64]) -> f64 {
    trapezoid(f64::exp, x[0], x[1], 8)
}

#[test]
fn integrals() {
    agree!(by_name, [0.3, 1.7]);
    agree!(by_closure, [0.3, 1.7, 0.9, -0.4]);
    agree!(by_rule, [0.3, 1.7]);
    let (value, (da, db)) = trapezoid::value_and_grad(square::vjp, 0.0, 1.0, 100);
    assert_eq!(value, trapezoid(square, 0.0, 1.0, 100));
    assert!(da.abs() < 1e-3 && (db - 1.0).abs() < 1e-3);
    let (_, slope) = trapezoid::jvp(square::jvp, 0.0, 1.0, 100, 0.0, 1.0);
    assert!((slope - db).abs() < 1e-12);
    let stated = |x: f64| (x.sin(), move |d: f64| d * x.cos());
    let (_, (_, db)) = trapezoid::value_and_grad(stated, 0.0, 1.0, 100);
    assert!((db - 1f64.sin()).abs() < 1e-3);
}

#[differentiate]
fn newton<F, G>(f: F, df: G, x0: f64, tolerance: f64) -> Option<f64>
where
    F: Fn(f64) -> f64,
    G: Fn(f64) -> f64,
{
    let mut x = x0;
    for _ in 0..100 {
        let slope = df(x);
        if slope.abs() < 1e-14 {
            return None;
        }
        let next = x - f(x) / slope;
        if (next - x).abs() < tolerance {
            return Some(next);
        }
        x = next;
    }
    None
}

#[differentiate]
fn cube_root(x: &[f64]) -> f64 {
    newton(|y| y * y * y - x[0] * x[1], |y| 3.0 * y * y, 1.0, 1e-15).unwrap_or(0.0)
}

#[differentiate]
fn bisect(f: &dyn Fn(f64) -> f64, mut low: f64, mut high: f64, steps: usize) -> f64 {
    for _ in 0..steps {
        let middle = 0.5 * (low + high);
        if f(low) * f(middle) <= 0.0 {
            high = middle;
        } else {
            low = middle;
        }
    }
    let (a, b) = (f(low), f(high));
    low - a * (high - low) / (b - a)
}

#[differentiate]
fn bracketed(x: &[f64]) -> f64 {
    let shift = x[1];
    bisect(&|y: f64| y.powi(3) + x[0] * y - shift, 0.0, 4.0, 2)
}

#[differentiate]
fn golden(f: impl Fn(f64) -> f64, a: f64, b: f64) -> f64 {
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = (a, b);
    let (mut c, mut d) = (b - ratio * (b - a), a + ratio * (b - a));
    let (mut fc, mut fd) = (f(c), f(d));
    for _ in 0..12 {
        if fc < fd {
            b = d;
            d = c;
            fd = fc;
            c = b - ratio * (b - a);
            fc = f(c);
        } else {
            a = c;
            c = d;
            fc = fd;
            d = a + ratio * (b - a);
            fd = f(d);
        }
    }
    f(0.5 * (a + b))
}

#[differentiate]
fn least(x: &[f64]) -> f64 {
    let w: Vec<f64> = x.iter().map(|v| v * v).collect();
    golden(
        |t| w.iter().map(|w| (t - w).powi(2)).sum::<f64>() + x[0] * t,
        -1.0,
        3.0,
    )
}

#[test]
fn roots_and_minima() {
    agree!(cube_root, [2.0, 4.0]);
    agree!(bracketed, [1.5, 5.6]);
    agree!(least, [0.5, 1.5, 1.1]);
}

#[differentiate]
fn simpson(f: &impl Fn(f64) -> f64, a: f64, fa: f64, b: f64, fb: f64) -> (f64, f64, f64) {
    let m = 0.5 * (a + b);
    let fm = f(m);
    (m, fm, (b - a).abs() / 6.0 * (fa + 4.0 * fm + fb))
}

#[differentiate]
fn adaptive<F: Fn(f64) -> f64>(
    f: &F,
    a: f64,
    fa: f64,
    b: f64,
    fb: f64,
    eps: f64,
    depth: u32,
) -> f64 {
    let (m, fm, whole) = simpson(f, a, fa, b, fb);
    let (_, _, left) = simpson(f, a, fa, m, fm);
    let (_, _, right) = simpson(f, m, fm, b, fb);
    let delta = left + right - whole;
    if depth == 0 || delta.abs() <= 15.0 * eps {
        return left + right + delta / 15.0;
    }
    adaptive(f, a, fa, m, fm, eps / 2.0, depth - 1)
        + adaptive(f, m, fm, b, fb, eps / 2.0, depth - 1)
}

#[differentiate]
fn recursive(x: &[f64]) -> f64 {
    let f = |t: f64| (x[0] * t).sin() * t;
    adaptive(&f, x[1], f(x[1]), x[2], f(x[2]), 1e-6, 8)
}

#[differentiate]
fn nested(x: &[f64]) -> f64 {
    trapezoid(
        |s| trapezoid(|t| (x[0] * s * t).cos() + x[1] * t, 0.0, s, 4),
        x[2],
        2.0,
        4,
    )
}

#[differentiate]
fn twice<F: Fn(f64) -> f64 + Copy>(f: F, x: f64) -> f64 {
    trapezoid(f, 0.0, x, 3) + trapezoid(|t| f(t) * x, 0.0, 1.0, 3)
}

#[differentiate]
fn handed_on(x: &[f64]) -> f64 {
    twice(|t| t * t * x[0], x[1])
}

#[test]
fn functions_of_functions() {
    agree!(recursive, [1.3, 0.2, 2.5]);
    agree!(nested, [1.3, 0.2, 0.5]);
    agree!(handed_on, [1.3, 0.7]);
}

#[differentiate]
fn runge_kutta(
    f: impl Fn(f64, &[f64]) -> Vec<f64>,
    y: &[f64],
    t: f64,
    h: f64,
    steps: usize,
) -> Vec<f64> {
    let n = y.len();
    let mut y = y.to_vec();
    let mut t = t;
    for _ in 0..steps {
        let k1 = f(t, &y);
        let y2: Vec<f64> = (0..n).map(|i| y[i] + 0.5 * h * k1[i]).collect();
        let k2 = f(t + 0.5 * h, &y2);
        let y3: Vec<f64> = (0..n).map(|i| y[i] + 0.5 * h * k2[i]).collect();
        let k3 = f(t + 0.5 * h, &y3);
        let y4: Vec<f64> = (0..n).map(|i| y[i] + h * k3[i]).collect();
        let k4 = f(t + h, &y4);
        for i in 0..n {
            y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
        t += h;
    }
    y
}

#[differentiate]
fn oscillator(t: f64, y: &[f64]) -> Vec<f64> {
    vec![y[1], -y[0] + 0.1 * t]
}

#[differentiate]
fn pendulum(x: &[f64]) -> f64 {
    let damping = x[2];
    let y = runge_kutta(
        |t, y| vec![y[1], -x[3] * y[0].sin() - damping * y[1] + t],
        &x[..2],
        0.0,
        0.05,
        6,
    );
    let z = runge_kutta(oscillator, &y, 0.0, 0.05, 3);
    y[0] * y[1] + z[0]
}

#[differentiate]
fn euler<F>(mut f: F, y: &mut [f64], h: f64)
where
    F: FnMut(f64, &[f64], &mut [f64]),
{
    let mut dy = vec![0.0; y.len()];
    for k in 0..3 {
        f(k as f64 * h, y, &mut dy);
        for (y, d) in y.iter_mut().zip(&dy) {
            *y += h * d;
        }
    }
}

#[differentiate]
fn lotka(t: f64, y: &[f64], dy: &mut [f64]) {
    dy[0] = y[0] * (1.0 - y[1]) + t;
    dy[1] = y[1] * (y[0] - 1.0);
}

#[differentiate]
fn in_place(x: &[f64]) -> f64 {
    let mut y = x[..2].to_vec();
    euler(lotka, &mut y, 0.1);
    euler(
        |t: f64, y: &[f64], dy: &mut [f64]| {
            dy[0] = x[2] * y[1] + t;
            dy[1] = -y[0] * y[0];
        },
        &mut y,
        x[2],
    );
    y[0] * y[1]
}

#[test]
fn systems() {
    agree!(pendulum, [0.3, -0.2, 0.1, 1.4]);
    agree!(in_place, [1.3, 0.8, 0.1]);
}

#[differentiate]
fn at_two(f: &mut impl FnMut(f64) -> f64, x: f64) -> f64 {
    f(x) + f(x * 2.0)
}

#[differentiate]
fn lent_on<F>(f: &mut F, x: f64, n: usize) -> f64
where
    F: FnMut(f64) -> f64,
{
    let mut s = x;
    for _ in 0..n {
        s += f(s) * at_two(f, x);
    }
    s * f(s)
}

/// The function that is lent is used again after the call.
#[differentiate]
fn lent(x: &[f64]) -> f64 {
    let mut wave = |v: f64| (v * x[1]).sin();
    let first = at_two(&mut wave, x[0]) * lent_on(&mut wave, x[0], 3);
    first + wave(x[1]) + lent_on(&mut |v| v * v * x[1], x[0], 0)
}

#[test]
fn lent_exclusively() {
    agree!(lent, [0.7, 0.4]);
}

#[differentiate]
fn first_of(f: fn(f64) -> Option<f64>, x: f64) -> f64 {
    match f(x) {
        Some(v) => v * v,
        None => -x,
    }
}

#[differentiate]
fn root(x: f64) -> Option<f64> {
    if x < 0.0 { None } else { Some(x.sqrt() * x) }
}

#[differentiate]
fn partial(x: &[f64]) -> f64 {
    first_of(root, x[0]) + first_of(root, x[1])
}

#[differentiate]
fn average<F: Fn(usize, f64) -> f64>(f: F, x: &[f64]) -> f64 {
    x.iter().enumerate().map(|(i, v)| f(i, *v)).sum::<f64>() / x.len() as f64
}

#[differentiate]
fn indexed(x: &[f64]) -> f64 {
    let table = [x[0], 2.0, 3.0];
    let mut total = 0.0;
    for k in 1..3 {
        let scale = x[k - 1] * k as f64;
        total += average(|i: usize, v| v * v * table[i] * scale, x);
    }
    total
}

/// The closure is called, but its value has no part in the result.
#[differentiate]
fn only_compared(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    if f(x) > 0.0 { x * x } else { x }
}

#[differentiate]
fn compared(x: &[f64]) -> f64 {
    only_compared(|t| t * x[1], x[0]) + only_compared(square, x[1])
}

/// A predicate, the message of an assertion and a list are told more than the function's name.
#[differentiate]
fn asked_about(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    assert!(f(x) < 1e3, "{} at {x}", f(x));
    if (x * f(x)).is_sign_negative() {
        return f(x) * 2.0;
    }
    let kind = f(x).partial_cmp(&1.0);
    x * if kind.is_some_and(|o| o.is_gt()) {
        f(x)
    } else {
        3.0
    }
}

#[differentiate]
fn asked(x: &[f64]) -> f64 {
    asked_about(|t| t * x[1], x[0]) + asked_about(square, x[1]) + asked_about(square, x[0])
}

#[test]
fn kinds_of_functions() {
    agree!(asked, [1.3, -0.8]);
    agree!(asked, [0.4, 2.0]);
    agree!(partial, [1.3, -0.8]);
    agree!(indexed, [1.3, -0.8, 0.4]);
    agree!(compared, [1.3, -0.8]);
}

/// Literals alone do not say what type the closure is of.
#[differentiate]
fn newton_of_any<T: num_traits::Float, F, D>(f: F, slope: D, start: T, steps: usize) -> Option<T>
where
    F: Fn(T) -> T,
    D: Fn(T) -> T,
{
    let mut x = start;
    for _ in 0..steps {
        if slope(x).abs() < T::epsilon() {
            return None;
        }
        x = x - f(x) / slope(x);
    }
    Some(x)
}

#[differentiate]
fn two_roots(x: &[f64]) -> f64 {
    let a = x[0] * x[1];
    let root = newton_of_any(|v| v * v * v - a, |v| 3.0 * v.powi(2), 1.0, 20);
    root.unwrap() + newton_of_any(|v| v.sin() - x[1], |v| v.cos(), x[0], 9).unwrap()
}

#[test]
fn closures_of_literals() {
    agree!(two_roots, [0.5, 0.7]);
}
