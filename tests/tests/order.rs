//! Reads and writes of one memory keep their order, whatever is written where it is used: through parameters, views and calls.

use autodiff_runtime::differentiate;

#[differentiate]
fn swaps(x: &mut [f64], y: &mut [f64]) -> f64 {
    x.swap(0, 1);
    x[0] = x[0] * x[1] + y[0];
    y.swap(0, 2);
    let tail = &mut y[1..];
    tail.swap(0, 1);
    std::mem::swap(&mut x[1], &mut y[0]);
    x[0] * y[0] + x[1] * y[1] * y[2]
}

#[differentiate]
fn rotates(x: &mut [f64], n: usize) -> f64 {
    for _ in 0..n {
        let last = x[x.len() - 1];
        for i in (1..x.len()).rev() {
            x[i] *= x[i - 1];
        }
        x[0] = last;
    }
    x[0] + 2.0 * x[1] + 3.0 * x[2]
}

#[differentiate]
fn overwrites(x: &mut [f64]) -> f64 {
    let pair = (x[0], x[1]);
    x[0] = pair.1.sin();
    x[1] = pair.0 * x[0];
    (x[0], x[2]) = (x[2] * x[1], x[0]);
    x[0] * x[1] + x[2]
}

/// Forward and reverse against differences, and all outputs bit-equal to the function's.
fn check<const N: usize>(
    at: [f64; N],
    function: impl Fn(&mut [f64]) -> f64,
    jvp: impl Fn(&mut [f64], &mut [f64]) -> (f64, f64),
    value_and_grad: impl Fn(&mut [f64]) -> (f64, Vec<f64>),
) {
    let mut expected = at;
    let value = function(&mut expected);
    let mut reverse = at;
    let (reverse_value, gradient) = value_and_grad(&mut reverse);
    assert_eq!((reverse_value, reverse), (value, expected));
    for k in 0..N {
        let mut forward = at;
        let mut direction = [0.0; N];
        direction[k] = 1.0;
        let (forward_value, slope) = jvp(&mut forward, &mut direction);
        assert_eq!((forward_value, forward), (value, expected));
        assert!((slope - gradient[k]).abs() <= 1e-12 * slope.abs().max(1.0));
        let shifted = |h: f64| {
            let mut x = at;
            x[k] += h;
            function(&mut x)
        };
        let difference = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
        assert!(
            (slope - difference).abs() < 1e-8,
            "{k}: {slope} {difference}"
        );
    }
}

#[test]
fn swapped_elements() {
    let at = [0.3, 0.7, 1.1, 0.5, 0.9];
    check(
        at,
        |v| {
            let (x, y) = v.split_at_mut(2);
            swaps(x, y)
        },
        |v, d| {
            let ((x, y), (dx, dy)) = (v.split_at_mut(2), d.split_at_mut(2));
            swaps::jvp(x, y, dx, dy)
        },
        |v| {
            let (x, y) = v.split_at_mut(2);
            let (value, (gx, gy)) = swaps::value_and_grad(x, y);
            (value, [gx, gy].concat())
        },
    );
}

#[test]
fn rotated_elements() {
    check(
        [0.3, 0.7, 1.1, 0.5],
        |x| rotates(x, 3),
        |x, dx| rotates::jvp(x, 3, dx),
        |x| rotates::value_and_grad(x, 3),
    );
}

#[test]
fn overwritten_elements() {
    check(
        [0.3, 0.7, 1.1],
        overwrites,
        overwrites::jvp,
        overwrites::value_and_grad,
    );
}
