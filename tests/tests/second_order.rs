//! Second derivatives: `hvp` and `hessian` against differences of the gradient, and against closed forms.

use autodiff_runtime::differentiate;
use nalgebra::DMatrix;

/// The Hessian by central differences of the gradient, extrapolated once.
fn by_differences(grad: impl Fn(&[f64]) -> Vec<f64>, x: &[f64]) -> DMatrix<f64> {
    let slope = |k: usize, step: f64| -> Vec<f64> {
        let at = |h: f64| {
            let mut moved = x.to_vec();
            moved[k] += h;
            grad(&moved)
        };
        let (above, below) = (at(step), at(-step));
        let rise = above.iter().zip(&below).map(|(a, b)| a - b);
        rise.map(|d| d / (2.0 * step)).collect()
    };
    let column = |k: usize| {
        let (coarse, fine) = (slope(k, 2e-4), slope(k, 1e-4));
        let pairs = coarse.into_iter().zip(fine);
        pairs
            .map(|(c, f)| (4.0 * f - c) / 3.0)
            .collect::<Vec<f64>>()
    };
    let columns: Vec<f64> = (0..x.len()).flat_map(column).collect();
    DMatrix::from_vec(x.len(), x.len(), columns)
}

fn close(a: &DMatrix<f64>, b: &DMatrix<f64>, tolerance: f64) {
    assert_eq!(a.shape(), b.shape());
    let scale = 1.0 + b.amax();
    assert!((a - b).amax() <= tolerance * scale, "{a}is not{b}");
}

/// All that has to hold between the derivatives of a function of a slice.
macro_rules! check {
    ($f:ident, $x:expr) => {{
        let x: &[f64] = &$x;
        let hessian = $f::hessian(x);
        let numeric = by_differences(|x| $f::grad(x), x);
        close(&hessian, &numeric, 1e-7);
        close(&hessian, &hessian.transpose(), 1e-13);
        let v: Vec<f64> = (0..x.len()).map(|k| 0.3 + (k as f64).sin()).collect();
        let product = &hessian * nalgebra::DVector::from_column_slice(&v);
        let hvp = nalgebra::DVector::from_vec($f::hvp(x, &v));
        assert!((product - &hvp).amax() <= 1e-12 * (1.0 + hvp.amax()));
    }};
}

#[differentiate(order = 2)]
fn rosenbrock(x: &[f64]) -> f64 {
    x.windows(2)
        .map(|w| 100.0 * (w[1] - w[0].powi(2)).powi(2) + (1.0 - w[0]).powi(2))
        .sum()
}

#[differentiate(order = 2)]
fn recurrence(x: &[f64]) -> f64 {
    let mut s = 0.5;
    for v in x {
        s = (s * v).tanh() + v.atan2(s * s + 1.0);
    }
    s.exp()
}

#[differentiate(order = 2)]
fn branches(x: &[f64]) -> f64 {
    let mut s = x[0];
    for v in x {
        if *v < 0.0 {
            s += v.sin() * s;
        } else if s > 2.0 {
            s -= v.sqrt();
        } else {
            s *= v.powf(1.5);
        }
    }
    s
}

#[differentiate(order = 2)]
fn in_place(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    for _ in 0..3 {
        for i in 1..u.len() {
            u[i] += 0.5 * u[i - 1] * u[i];
        }
    }
    let mut kept = Vec::new();
    for v in &u {
        if *v > 0.1 {
            kept.push(v.ln() * v);
        }
    }
    std::mem::swap(&mut u, &mut kept);
    u.iter().map(|v| v * v).sum::<f64>() + kept[0]
}

#[differentiate(order = 2)]
fn newton(x: &[f64]) -> f64 {
    let mut y = 1.0;
    while (y * y * y - x[0] * y - 2.0_f64).abs() > 1e-14 {
        y -= (y * y * y - x[0] * y - 2.0) / (3.0 * y * y - x[0]);
    }
    y * x[1]
}

#[differentiate(order = 2)]
fn dot(a: &[f64], b: &[f64], scale: f64) -> f64 {
    let mut sum = 0.0;
    for (a, b) in a.iter().zip(b) {
        sum += a * b * scale;
    }
    sum
}

#[differentiate(order = 2)]
fn smooth(u: &mut [f64], rate: f64) {
    for i in 1..u.len() {
        u[i] = u[i] + rate * u[i - 1].sin() * u[i];
    }
}

#[differentiate(order = 2)]
fn pair(a: f64, b: f64) -> (f64, f64) {
    (a * b.exp(), (a / b).sin())
}

#[differentiate(order = 2)]
fn calls(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let rate = dot(&u[..2], &x[1..3], x[0]);
    for _ in 0..2 {
        smooth(&mut u, 0.1 * rate);
    }
    let (p, q) = pair(u[0], u[2]);
    let (_, unused) = pair(x[1], 2.0);
    dot(&u, x, p) + q * unused
}

#[differentiate(order = 2)]
fn power(x: f64, n: usize) -> f64 {
    if n == 0 {
        return 1.0;
    }
    x.sin() * power(x, n - 1) + x
}

#[differentiate(order = 2)]
fn recursion(x: &[f64]) -> f64 {
    power(x[0], 3) * power(x[1], 2)
}

#[differentiate(order = 2)]
fn linear(x: &[f64]) -> f64 {
    2.0 * x[0] - 3.0 * x[1] + x[2].fract()
}

#[differentiate(order = 2)]
fn pendulum(x: &[f64]) -> f64 {
    let (mut angle, mut speed) = (x[0], x[1]);
    #[checkpoint(3)]
    for _ in 0..40 {
        speed -= 0.05 * x[2] * angle.sin();
        angle += 0.05 * speed;
    }
    let mut energy = 0.5 * speed * speed;
    #[checkpoint]
    for _ in 0..100 {
        if energy < 0.1 {
            break;
        }
        energy *= 0.5 + 0.1 * angle.cos();
    }
    energy
}

#[differentiate(order = 2, checkpoint)]
fn rerun(x: &[f64], rate: f64) -> f64 {
    let mut s = 1.0;
    for v in x {
        s = (s * v + rate).sin();
    }
    s
}

#[differentiate(order = 2)]
fn reruns(x: &[f64]) -> f64 {
    rerun(x, x[0]) * rerun(&x[1..], 0.5)
}

#[test]
fn hessians_are_differences_of_gradients() {
    check!(rosenbrock, [1.0, 2.0, -0.5, 0.7]);
    check!(recurrence, [0.3, -0.8, 1.2]);
    check!(branches, [0.4, -0.3, 1.7, 2.5, -1.1]);
    check!(in_place, [0.7, 0.4, 1.2, 0.05]);
    check!(newton, [0.8, 1.3]);
    check!(calls, [0.6, -0.4, 0.9]);
    check!(recursion, [0.6, -0.4]);
    check!(pendulum, [0.6, -0.4, 1.3]);
    check!(reruns, [0.6, -0.4, 1.3]);
    assert_eq!(linear::hessian(&[0.3, 0.4, 0.6]), DMatrix::zeros(3, 3));
}

/// A function that takes functions: some given as what `vjp_jvp` is, some by closures of that shape, some changing what they are given.
mod given_functions {
    use super::*;

    #[differentiate(order = 2)]
    fn simpson<F: Fn(f64) -> f64>(f: F, a: f64, b: f64) -> f64 {
        let middle = 0.5 * (a + b);
        (b - a) / 6.0 * (f(a) + 4.0 * f(middle) + f(b))
    }

    #[differentiate(order = 2)]
    fn wave(x: f64) -> f64 {
        x.sin() * x
    }

    #[differentiate(order = 2)]
    fn perhaps(x: f64) -> Option<f64> {
        (x > 0.0).then_some(x * x * x)
    }

    #[differentiate(order = 2)]
    fn tried(f: impl Fn(f64) -> Option<f64>, a: f64) -> Option<f64> {
        let y = f(a)?;
        f(y).map(|z| z * a)
    }

    #[differentiate(order = 2)]
    fn stepped(f: impl Fn(&[f64], &mut [f64]), x: &mut [f64], n: usize) -> f64 {
        let mut slope = vec![0.0; x.len()];
        for _ in 0..n {
            f(x, &mut slope);
            for (x, s) in x.iter_mut().zip(&slope) {
                *x += 0.1 * s;
            }
        }
        x.iter().map(|x| x * x).sum()
    }

    #[differentiate(order = 2)]
    fn pendulum(x: &[f64]) -> f64 {
        let (k, mut state) = (x[2], [x[0], x[1]]);
        stepped(
            |x: &[f64], out: &mut [f64]| {
                out[0] = x[1];
                out[1] = -k * x[0].sin();
            },
            &mut state,
            4,
        )
    }

    /// Functions whose parameters have no derivative, but what they capture has.
    #[differentiate(order = 2)]
    fn weighed(a: f64, f: impl Fn(usize) -> f64, g: &dyn Fn() -> [f64; 2]) -> f64 {
        let [p, q] = g();
        a * f(0) * f(1) + p * q * f(2).sin()
    }

    #[differentiate(order = 2)]
    fn captured(x: &[f64]) -> f64 {
        let first = weighed(x[0], |k| x[k] * x[k], &|| [x[1], x[0] * x[2]]);
        first * weighed(1.0, |k| x[2 - k], &|| [x[0] * x[0], 1.0])
    }

    #[test]
    fn by_name_and_by_closure() {
        check!(pendulum, [0.4, -0.2, 1.3]);
        check!(captured, [0.7, 1.3, -0.4]);
        let product = |v: [f64; 2]| simpson::hvp(wave::vjp_jvp, 0.3, 1.1, v[0], v[1]);
        let grad = |x: &[f64]| {
            let (a, b) = simpson::grad(wave::vjp, x[0], x[1]);
            vec![a, b]
        };
        let numeric = by_differences(grad, &[0.3, 1.1]);
        let (first, second) = (product([1.0, 0.0]), product([0.0, 1.0]));
        let columns = DMatrix::from_vec(2, 2, vec![first.0, first.1, second.0, second.1]);
        close(&columns, &numeric, 1e-8);
        close(&simpson::hessian(wave::vjp_jvp, 0.3, 1.1), &columns, 1e-14);
        let by_hand = |x: f64, d: f64| {
            let pullback = move |y_bar: f64, y_bar_dot: f64| {
                let (slope, curve) = (2.0 * x, 2.0 * d);
                (y_bar * slope, y_bar_dot * slope + y_bar * curve)
            };
            (x * x, (2.0 * x * d, pullback))
        };
        // The integral of x^2 from a to b.
        let (by_a, by_b) = simpson::hvp(by_hand, 0.5, 2.0, 1.0, 3.0);
        assert!((by_a + 1.0).abs() < 1e-14 && (by_b - 12.0).abs() < 1e-14);
    }

    /// `x^10`
    #[test]
    fn of_what_may_have_no_value() {
        let product = tried::hvp(perhaps::vjp_jvp, 1.1, 2.0).expect("a value");
        assert!((product - 2.0 * 90.0 * 1.1_f64.powi(8)).abs() < 1e-11);
        assert!(tried::hvp(perhaps::vjp_jvp, -1.0, 1.0).is_none());
    }
}
