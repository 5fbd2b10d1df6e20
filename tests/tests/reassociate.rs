//! `#[differentiate(reassociate)]`: what is computed is the same but for rounding, at all lengths.
#![allow(clippy::needless_range_loop)]

use autodiff_runtime::differentiate;

/// The same function with and without the option.
macro_rules! twice {
    (fn $name:ident, fn $plain:ident $params:tt -> $result:ty $body:block) => {
        #[differentiate(reassociate)]
        fn $name $params -> $result $body
        #[differentiate]
        fn $plain $params -> $result $body
    };
}

twice! {
    fn dot, fn dot_plain(x: &[f64], y: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..x.len() {
            sum += x[i] * y[i];
        }
        sum
    }
}

twice! {
    fn moments, fn moments_plain(x: &[f64], y: &[f64]) -> f64 {
        let n = x.len() as f64;
        let mean = x.iter().sum::<f64>() / n;
        let (mut second, mut third) = (1.0, 0.5);
        for (v, w) in x.iter().zip(y) {
            second += (v - mean).powi(2) * w;
            third -= (v - mean).powi(3).sin();
        }
        (second / n).ln() * third + y[0]
    }
}

twice! {
    fn quadratic, fn quadratic_plain(x: &[f64], y: &[f64]) -> f64 {
        let n = x.len();
        let mut total = 0.0;
        for i in 1..n {
            let mut row = x[i];
            for j in i..n {
                row += x[j] * y[j - i] * x[i - 1];
            }
            total += row * row;
        }
        total
    }
}

twice! {
    fn branches, fn branches_plain(x: &[f64], y: &[f64]) -> f64 {
        let mut sum = 0.0;
        let mut u = x.to_vec();
        for i in 1..u.len() {
            u[i] = 0.5 * u[i - 1] + y[i];
            sum += u[i].cos();
        }
        for i in 0..u.len() {
            if x[i] > 0.25 {
                sum += u[i] * y[i];
            }
        }
        sum
    }
}

fn near(a: f64, b: f64, what: &str) {
    assert!((a - b).abs() <= 1e-13 * (1.0 + b.abs()), "{what}: {a} {b}");
}

fn all_near(a: &[f64], b: &[f64], what: &str) {
    assert_eq!(a.len(), b.len());
    assert!(b.iter().any(|v| *v != 0.0), "{what}");
    a.iter().zip(b).for_each(|(a, b)| near(*a, *b, what));
}

macro_rules! same_but_for_rounding {
    ($name:ident, $plain:ident) => {
        for n in (2..20).chain([64, 65, 101]) {
            let what = concat!(stringify!($name), " of several lengths");
            let x: Vec<f64> = (0..n).map(|i| 0.3 + (i as f64 * 1.7).sin()).collect();
            let y: Vec<f64> = (0..n).map(|i| 0.6 + (i as f64 * 0.7).cos()).collect();
            let (value, (gx, gy)) = $name::value_and_grad(&x, &y);
            let (plain, (px, py)) = $plain::value_and_grad(&x, &y);
            near(value, plain, what);
            all_near(&[gx, gy].concat(), &[px, py].concat(), what);
            let (_, pullback) = $name::vjp(&x, &y);
            let (_, plain_pullback) = $plain::vjp(&x, &y);
            let ((gx, gy), (px, py)) = (pullback(0.7), plain_pullback(0.7));
            all_near(&[gx, gy].concat(), &[px, py].concat(), what);
            let (_, slope) = $name::jvp(&x, &y, &y, &x);
            let (_, plain_slope) = $plain::jvp(&x, &y, &y, &x);
            near(slope, plain_slope, what);
        }
    };
}

#[test]
fn dot_products() {
    same_but_for_rounding!(dot, dot_plain);
}

#[test]
fn several_sums() {
    same_but_for_rounding!(moments, moments_plain);
}

#[test]
fn loops_in_loops() {
    same_but_for_rounding!(quadratic, quadratic_plain);
}

#[test]
fn branches_and_states() {
    same_but_for_rounding!(branches, branches_plain);
}

/// The sum is taken in lanes: a small number that the one-by-one sum loses is kept.
#[test]
fn sums_are_taken_in_lanes() {
    let mut x = vec![1e-16; 80];
    x[0] = 1.0;
    let ones = vec![1.0; 80];
    assert_eq!(dot_plain::value_and_grad(&x, &ones).0, 1.0);
    assert!(dot::value_and_grad(&x, &ones).0 > 1.0);
}
