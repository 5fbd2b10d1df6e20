//! First.
use autodiff_runtime::differentiate;

#[differentiate]
fn sq(x: f64, a: f64) -> f64 {
    let y = x * a;
    y.sin() * x.exp() / (1.0 + a * a).sqrt()
}

#[differentiate]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        sum += 100.0 * (x[i + 1] - x[i].powi(2)).powi(2) + (1.0 - x[i]).powi(2);
    }
    sum
}

#[differentiate]
fn windows(x: &[f64]) -> f64 {
    x.windows(2)
        .map(|w| 100.0 * (w[1] - w[0].powi(2)).powi(2) + (1.0 - w[0]).powi(2))
        .sum()
}

#[differentiate]
fn product(x: &[f64]) -> f64 {
    let mut p = 1.0;
    for &a in x {
        p *= a;
    }
    p
}

fn check(f: impl Fn(&[f64]) -> f64, x: &[f64], g: &[f64]) {
    let r = autodiff_runtime::check::gradient(f, x, g);
    assert!(r.error < 1e-8, "{r:?}");
}

#[test]
fn scalars() {
    let (v, (gx, ga)) = sq::value_and_grad(0.7, 1.3);
    assert_eq!(v, sq(0.7, 1.3));
    check(|p| sq(p[0], p[1]), &[0.7, 1.3], &[gx, ga]);
}

#[test]
fn slices() {
    let x = [0.3, -0.7, 1.2, 0.4];
    check(rosenbrock, &x, &rosenbrock::grad(&x));
    check(windows, &x, &windows::grad(&x));
    check(product, &x, &product::grad(&x));
}
