//! Taylor coefficients along a direction: closed forms, derivatives of order one and two, and what is left of the function.

use autodiff_runtime::batch::Lanes;
use autodiff_runtime::differentiate;
use num_traits::Float;

/// The coefficients agree to so many digits.
fn close<const K: usize>((value, tail): (f64, Lanes<f64, K>), expected: [f64; K], first: f64) {
    assert!((value - first).abs() <= 1e-15 * (1.0 + first.abs()));
    for (k, (a, b)) in tail.0.iter().zip(expected).enumerate() {
        let scale = 1.0 + b.abs();
        assert!((a - b).abs() <= 1e-14 * scale, "{}: {a}, not {b}", k + 1);
    }
}

#[differentiate(taylor)]
fn exponential(x: f64) -> f64 {
    x.exp()
}

#[differentiate(taylor)]
fn geometric(x: f64) -> f64 {
    1.0 / (1.0 - x)
}

#[differentiate(taylor)]
fn sine(x: f64) -> f64 {
    x.sin()
}

#[differentiate(taylor)]
fn root(x: f64) -> f64 {
    (1.0 + x).sqrt()
}

#[test]
fn closed_forms() {
    let (e, inverse) = (1.0f64.exp(), 1.0 / 6.0);
    close(exponential::taylor::<3>(1.0, 1.0), [e, e / 2.0, e / 6.0], e);
    close(
        exponential::taylor(0.0, 2.0),
        [2.0, 2.0, 4.0 / 3.0, 2.0 / 3.0],
        1.0,
    );
    close(geometric::taylor(0.0, 1.0), [1.0; 12], 1.0);
    close(
        sine::taylor(0.0, 1.0),
        [1.0, 0.0, -inverse, 0.0, inverse / 20.0],
        0.0,
    );
    close(
        root::taylor(0.0, 1.0),
        [0.5, -0.125, 0.0625, -5.0 / 128.0],
        1.0,
    );
}

#[differentiate(taylor)]
fn chosen(x: f64, which: usize) -> f64 {
    let root = x.sqrt();
    match which {
        0 => root.max(1.0),
        1 => (-root).min(-1.0),
        _ => root.clamp(1.0, 2.0),
    }
}

/// The coefficients of what was not chosen are infinite here.
#[test]
fn what_was_not_chosen_has_no_part() {
    for which in 0..3 {
        assert_eq!(chosen::jvp(0.0, which, 1.0).1, 0.0);
        assert_eq!(
            chosen::taylor(0.0, which, 1.0).1,
            Lanes([0.0; 3]),
            "{which}"
        );
    }
}

/// Euler steps of `y' = y^2`: a polynomial in the initial value.
#[differentiate(taylor)]
fn steps(y: f64, h: f64, n: usize) -> f64 {
    let mut y = y;
    for _ in 0..n {
        y += h * y * y;
    }
    y
}

#[test]
fn of_a_polynomial() {
    // With y = t: y1 = t + h t^2, y2 = y1 + h y1^2 = t + 2 h t^2 + 2 h^2 t^3 + h^3 t^4.
    let h = 0.5;
    close(
        steps::taylor(0.0, h, 2, 1.0, 0.0),
        [1.0, 2.0 * h, 2.0 * h * h, h * h * h, 0.0],
        0.0,
    );
}

#[differentiate(taylor, order = 2)]
fn inner(x: &[f64], scale: f64) -> f64 {
    let mut product = scale;
    for (i, v) in x.iter().enumerate() {
        if *v > 0.5 {
            product *= v.ln() + 2.0;
        } else {
            product /= 1.5 + v.cos() * i as f64;
        }
    }
    product
}

#[differentiate(taylor, order = 2)]
fn outer(x: &[f64], shift: f64, #[constant] weights: &[f64]) -> f64 {
    let squares: Vec<f64> = x
        .iter()
        .zip(weights)
        .map(|(v, w)| w * (v - shift).powi(3))
        .collect();
    let total: f64 = squares.iter().sum();
    let mut rest = [0.0; 2];
    rest[0] = inner(x, shift).max(total) * x[0].hypot(shift);
    rest[1] = inner(&squares, 2.0).atan2(total) % 3.0;
    let norm = (rest[0] * rest[0] + rest[1].powf(2.0)).sqrt();
    norm * 0.5 + 2.0 / norm - x[1].powf(shift) * (-norm).exp()
}

const X: [f64; 3] = [0.7, 0.3, 1.2];
const V: [f64; 3] = [0.4, -0.5, 0.3];
const WEIGHTS: [f64; 3] = [1.0, -2.0, 0.5];

/// Calls, loops, branches, lists: the first two coefficients are the slope and half the curvature.
#[test]
fn first_and_second_derivatives() {
    let (value, tail) = outer::taylor::<4>(&X, 1.4, &WEIGHTS, &V, -0.6);
    let (again, slope) = outer::jvp(&X, 1.4, &WEIGHTS, &V, -0.6);
    let (hx, hs) = outer::hvp(&X, 1.4, &WEIGHTS, &V, -0.6);
    let curvature = hx.iter().zip(V).map(|(h, v)| h * v).sum::<f64>() - 0.6 * hs;
    assert_eq!((value, value), (again, outer(&X, 1.4, &WEIGHTS)));
    assert!((tail.0[0] - slope).abs() <= 1e-14 * (1.0 + slope.abs()));
    assert!((tail.0[1] - curvature / 2.0).abs() <= 1e-12 * (1.0 + curvature.abs()));
}

#[test]
fn what_is_left_falls_as_the_first_power_that_is_cut_off() {
    let (value, tail) = outer::taylor::<4>(&X, 1.4, &WEIGHTS, &V, -0.6);
    let left = |t: f64| {
        let x: Vec<f64> = X.iter().zip(V).map(|(x, v)| x + t * v).collect();
        let series = value + tail.0.iter().rev().fold(0.0, |sum, c| (sum + c) * t);
        (outer(&x, 1.4 - 0.6 * t, &WEIGHTS) - series).abs()
    };
    let (coarse, fine) = (left(0.02), left(0.01));
    assert!(
        coarse > 1e-12 && (24.0..40.0).contains(&(coarse / fine)),
        "{coarse}, {fine}"
    );
}

#[differentiate(taylor)]
fn generic<T: Float>(x: &[T], (a, b): (T, T)) -> (T, Vec<T>) {
    let mut sum = T::zero();
    for v in x {
        sum = sum + *v * a / (b + T::one());
    }
    (sum.exp() * a, x.iter().map(|v| *v * *v * b).collect())
}

#[test]
fn of_several_outputs_in_both_float_types() {
    let ((value, list), (tail, tails)) =
        generic::taylor::<_, 3>(&[0.0f64, 1.0], (0.5, 0.0), &[1.0, -1.0], (0.0, 1.0));
    // sum = (t + 1 - t) a / (1 + t) = a / (1 + t), a = 1/2
    assert_eq!(list, [0.0, 0.0]);
    assert!((value - 0.5 * 0.5f64.exp()).abs() < 1e-16);
    assert!((tail.0[0] + 0.25 * 0.5f64.exp()).abs() < 1e-15);
    // t^2 t, (1 - t)^2 t
    assert_eq!(tails, [Lanes([0.0, 0.0, 1.0]), Lanes([1.0, -2.0, 1.0])]);
    let narrow = generic::taylor::<_, 3>(&[0.0f32, 1.0], (0.5, 0.0), &[1.0, -1.0], (0.0, 1.0));
    assert_eq!(
        narrow.1.1,
        [Lanes([0.0, 0.0, 1.0]), Lanes([1.0, -2.0, 1.0])]
    );
}

#[differentiate(taylor)]
fn in_place(state: &mut [f64], dt: f64) {
    for v in state.iter_mut() {
        *v *= 1.0 + dt * *v;
    }
}

#[differentiate(taylor)]
fn twice(x: f64, dt: f64) -> f64 {
    let mut state = [x, 1.0];
    in_place(&mut state, dt);
    in_place(&mut state[..1], dt);
    state[0] + state[1]
}

#[test]
fn of_what_is_changed_in_place() {
    let (mut state, mut curve) = ([2.0], [Lanes([1.0, 0.0])]);
    in_place::taylor(&mut state, 0.5, &mut curve, 0.0);
    // (2 + t) (1 + (2 + t) / 2)
    assert_eq!((state, curve), ([4.0], [Lanes([3.0, 0.5])]));
    let (value, tail) = twice::taylor::<4>(0.0, 0.5, 1.0, 0.0);
    let h = 0.5;
    assert_eq!(value, 1.5);
    assert_eq!(tail, Lanes([1.0, 2.0 * h, 2.0 * h * h, h * h * h]));
}

#[test]
#[should_panic(expected = "tangent of `x`")]
fn a_direction_of_another_length() {
    outer::taylor::<2>(&X, 1.4, &WEIGHTS, &[1.0], 0.0);
}
