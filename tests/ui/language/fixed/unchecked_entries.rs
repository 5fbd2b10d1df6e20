//! Entries that are not checked are checked in the derivatives: what is not checked stands in the function alone.

use autodiff_runtime::{check, differentiate};

#[differentiate]
fn axpy(alpha: f64, x: &[f64], y: &mut [f64]) {
    assert_eq!(x.len(), y.len());
    for i in 0..x.len() {
        unsafe {
            *y.get_unchecked_mut(i) += alpha * *x.get_unchecked(i);
        }
    }
}

#[differentiate]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    (0..n).map(|i| unsafe { a.get_unchecked(i) * b.get_unchecked(i) }).sum()
}

#[differentiate]
fn sums(x: &[f64]) -> f64 {
    let mut sums = x.to_vec();
    unsafe {
        for i in 1..sums.len() {
            *sums.get_unchecked_mut(i) = sums.get_unchecked(i - 1) * 0.5 + sums[i];
        }
    }
    let part = unsafe { sums.get_unchecked(1..3) };
    let last = unsafe { sums.get_unchecked(2) };
    part.iter().sum::<f64>() * last
}

#[differentiate]
fn driver(x: &[f64]) -> f64 {
    let mut y = x.to_vec();
    axpy(x[0], x, &mut y);
    dot(&y, x) + sums(x)
}

fn main() {
    let x = [0.7, -1.2, 1.9];
    let (value, gradient) = driver::value_and_grad(&x);
    assert_eq!(value, driver(&x));
    check::check_grad(driver, driver::grad, &x[..]).assert_below(1e-7);
    for (k, slope) in gradient.iter().enumerate() {
        let mut direction = [0.0; 3];
        direction[k] = 1.0;
        assert!((driver::jvp(&x, &direction).1 - slope).abs() < 1e-12);
    }
}
