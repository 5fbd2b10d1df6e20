//! Second derivatives of functions of every signature, at kinks, and in generic functions.

use autodiff_runtime::check::check_hessian;
use autodiff_runtime::differentiate;
use nalgebra::{DMatrix, dmatrix};
use num_traits::Float;
use std::f64::consts::FRAC_2_SQRT_PI;

#[differentiate(order = 2)]
fn scalars(x: f64, n: usize, y: f64) -> f64 {
    x.powi(n as i32) * y.ln()
}

#[test]
fn several_parameters() {
    let (x, y) = (1.5f64, 2.0f64);
    let (xx, xy, yy) = (6.0 * x * y.ln(), 3.0 * x * x / y, -x.powi(3) / (y * y));
    let hessian = scalars::hessian(x, 3, y);
    assert!((hessian - dmatrix![xx, xy; xy, yy]).amax() < 1e-14);
    let (hx, hy) = scalars::hvp(x, 3, y, 0.5, -2.0);
    assert!((hx - (0.5 * xx - 2.0 * xy)).abs() < 1e-14);
    assert!((hy - (0.5 * xy - 2.0 * yy)).abs() < 1e-14);
}

#[differentiate(order = 2, wrt = x)]
fn weighted(x: &[f64; 3], scale: f64, #[constant] weights: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..3 {
        sum += weights[i] * x[i] * x[(i + 1) % 3] * scale;
    }
    sum
}

#[test]
fn some_parameters_only() {
    let x = [0.3, 0.7, -0.4];
    let expected = dmatrix![0.0, 2.0, 6.0; 2.0, 0.0, 4.0; 6.0, 4.0, 0.0];
    assert_eq!(weighted::hessian(&x, 2.0, &[1.0, 2.0, 3.0]), expected);
    let product = weighted::hvp(&x, 2.0, &[1.0, 2.0, 3.0], &[1.0, 0.0, -1.0]);
    assert_eq!(product, [-6.0, -2.0, 6.0]);
}

#[differentiate(order = 2)]
fn generic<T: Float>(x: &[T], (a, b): (T, T)) -> T {
    let mut s = a;
    for v in x {
        s = s * *v + b.exp();
    }
    s
}

#[test]
fn both_float_types() {
    let wide = generic::hessian(&[0.5f64, 0.25], (1.5, 0.0));
    let narrow = generic::hessian(&[0.5f32, 0.25], (1.5, 0.0));
    let expected = dmatrix![
        0.0, 1.5, 0.25, 0.0;
        1.5, 0.0, 0.5, 1.0;
        0.25, 0.5, 0.0, 0.0;
        0.0, 1.0, 0.0, 1.25
    ];
    assert_eq!(wide, expected);
    assert_eq!(narrow.cast::<f64>(), expected);
}

#[differentiate(order = 2)]
fn polar(r: f64, angle: f64) -> (f64, f64) {
    (r * angle.cos(), r * angle.sin())
}

#[differentiate(order = 2)]
fn squares(x: &[f64]) -> Vec<f64> {
    x.iter().map(|v| v * v * v).collect()
}

#[differentiate(order = 2)]
fn step(state: &mut [f64], dt: f64) -> f64 {
    state[0] += dt * state[1];
    state[1] -= dt * state[0].sin();
    state[0] * dt
}

#[test]
fn one_hessian_for_each_output() {
    let (r, angle) = (2.0f64, 0.6f64);
    let (sin, cos) = angle.sin_cos();
    let hessians = polar::hessian(r, angle);
    assert_eq!(hessians.len(), 2);
    let expected = [
        dmatrix![0.0, -sin; -sin, -r * cos],
        dmatrix![0.0, cos; cos, -r * sin],
    ];
    for (hessian, expected) in hessians.iter().zip(expected) {
        assert!((hessian - expected).amax() < 1e-15);
    }
    let cubes = squares::hessian(&[1.0, 2.0]);
    assert_eq!(
        cubes,
        [dmatrix![6.0, 0.0; 0.0, 0.0], dmatrix![0.0, 0.0; 0.0, 12.0]]
    );
}

/// The result of `step` is `(a + dt b) dt`, a scalar; its Hessian does not see the outputs.
#[test]
fn outputs_in_place() {
    let mut state = [0.3, -0.2];
    let expected = dmatrix![0.0, 0.0, 1.0; 0.0, 0.0, 0.2; 1.0, 0.2, -0.4];
    let hessian = step::hessian(&mut state, 0.1);
    assert!((hessian - expected).amax() < 1e-15);
    assert_eq!(state, [0.3, -0.2]);
    let mut direction = [1.0, 2.0];
    let (by_state, by_dt) = step::hvp(&mut state, 0.1, &mut direction, -1.0);
    assert!((by_state[0] + 1.0).abs() < 1e-15);
    assert!((by_state[1] + 0.2).abs() < 1e-15);
    assert!((by_dt - (1.0 + 0.4 + 0.4)).abs() < 1e-15);
    // The state is the new one, and the direction its tangent.
    assert_eq!(state[0], 0.3 + 0.1 * -0.2);
    let da = 1.0 + 0.1 * 2.0 + 0.2;
    assert!((direction[0] - da).abs() < 1e-15);
    let db = 2.0 - (0.1 * state[0].cos() * da - state[0].sin());
    assert!((direction[1] - db).abs() < 1e-15);
}

#[differentiate(order = 2)]
fn move_all(state: &mut [f64], rate: f64) {
    for v in state.iter_mut() {
        *v = rate * *v * *v;
    }
}

#[test]
fn outputs_only() {
    let hessians = move_all::hessian(&mut [2.0, 3.0], 0.5);
    assert_eq!(hessians.len(), 2);
    assert_eq!(
        hessians[1],
        dmatrix![0.0, 0.0, 0.0; 0.0, 1.0, 6.0; 0.0, 6.0, 0.0]
    );
}

/// `scratch` is not differentiated and holds active values nevertheless.
#[differentiate(order = 2)]
fn with_scratch(x: &[f64], #[constant] scratch: &mut [f64]) -> f64 {
    for i in 0..x.len() {
        scratch[i] = x[i] * x[i];
        scratch[i] *= x[0];
    }
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += scratch[i] * x[i];
    }
    sum
}

#[differentiate(order = 2)]
fn through_scratch(x: &[f64]) -> f64 {
    let mut scratch = vec![0.0; x.len()];
    with_scratch(x, &mut scratch) * x[1]
}

#[test]
fn scratch_space() {
    let x = [1.0, 2.0];
    // x0 (x0^3 + x1^3)
    let expected = dmatrix![12.0, 12.0; 12.0, 12.0];
    assert_eq!(with_scratch::hessian(&x, &mut [0.0; 2]), expected);
    // x0^4 x1 + x0 x1^4
    let expected = dmatrix![24.0, 36.0; 36.0, 48.0];
    assert_eq!(through_scratch::hessian(&x), expected);
}

#[differentiate(order = 2)]
fn owned(mut x: Vec<f64>, table: [[f64; 2]; 2]) -> f64 {
    x.push(table[0][1]);
    let kept = x.clone();
    x.truncate(1);
    x.extend_from_slice(&kept);
    x.iter().zip(&kept).map(|(a, b)| a * b * table[1][0]).sum()
}

#[test]
fn owned_arguments() {
    let (x, table) = (vec![0.5, -1.5], [[1.0, 2.0], [3.0, 4.0]]);
    let hessian = owned::hessian(x.clone(), table);
    assert_eq!(hessian.shape(), (6, 6));
    assert_eq!(hessian, hessian.transpose());
    let (by_x, by_table) = owned::hvp(x, table, vec![1.0, 0.0], [[0.0; 2]; 2]);
    let column: Vec<f64> = by_x.into_iter().chain(by_table.concat()).collect();
    assert_eq!(column, hessian.column(0).as_slice());
    // x0 x0 + x0 x1 + x1 t01, times t10
    assert_eq!(
        (hessian[(0, 0)], hessian[(0, 1)], hessian[(1, 3)]),
        (6.0, 3.0, 3.0)
    );
}

#[differentiate(order = 2)]
fn single(x: f32, y: f32) -> f32 {
    let wide = f64::from(x) as f32;
    (wide * y).exp()
}

#[differentiate(order = 2)]
fn mixed(x: f64, y: f32) -> f64 {
    x * x * y as f64
}

#[test]
fn casts() {
    let (by_x, by_y) = mixed::hvp(3.0, 2.0, 1.0, 0.5);
    assert_eq!((by_x, by_y), (7.0, 6.0));
    let e = 2.0f32.exp();
    assert_eq!(single::hvp(1.0, 2.0, 1.0, 0.0), (4.0 * e, 3.0 * e));
}

#[differentiate(order = 2)]
fn kinks(x: &[f64]) -> f64 {
    let norm = x.iter().map(|v| v * v).sum::<f64>().sqrt();
    x[0].abs() * x[1] + x[0].max(x[1]) * x[0] + norm.powi(3) / 3.0
}

#[differentiate(order = 2)]
fn corners(x: f64, y: f64) -> f64 {
    x.hypot(y).powi(2) + x.atan2(y) * 0.0 + y.clamp(-1.0, 0.0) * y + x.powf(2.0) + x.powi(0)
}

#[differentiate(order = 2)]
fn guarded(x: f64) -> f64 {
    if x > 0.0 { x.sqrt() } else { 0.0 }
}

/// The conventions of the first derivatives, differentiated: no NaN where the function is finite.
#[test]
fn conventions_at_kinks() {
    assert_eq!(kinks::hessian(&[0.0, 0.0]), dmatrix![2.0, 0.0; 0.0, 0.0]);
    assert_eq!(corners::hessian(0.0, 0.0), dmatrix![2.0, 0.0; 0.0, 2.0]);
    assert_eq!(guarded::hessian(0.0)[(0, 0)], 0.0);
}

#[differentiate(order = 2, name = cube_derivatives)]
fn cube(x: f64) -> f64 {
    x * x * x
}

#[test]
fn another_name() {
    assert_eq!(cube_derivatives::hvp(2.0, 1.0), 12.0);
}

type Energy = f64;

#[differentiate(order = 2)]
fn spring(x: f64) -> Energy {
    0.5 * x * x
}

#[test]
fn an_alias_of_a_scalar() {
    assert_eq!(spring::hvp(2.0, 3.0), 3.0);
    assert_eq!(spring::hessian(2.0), DMatrix::from_element(1, 1, 1.0));
}

#[test]
#[should_panic(expected = "tangent of `x`")]
fn a_direction_of_another_length() {
    through_scratch::hvp(&[1.0, 2.0], &[1.0]);
}

#[differentiate(order = 2, partials(x = FRAC_2_SQRT_PI * (-x * x).exp()))]
fn erf(x: f64) -> f64 {
    erf_by_series(x)
}

/// Its series (Abramowitz and Stegun 7.1.6), which the compiler does not look into.
fn erf_by_series(x: f64) -> f64 {
    let mut term = x;
    let mut sum = x;
    for n in 1..60 {
        term *= 2.0 * x * x / (2 * n + 1) as f64;
        sum += term;
    }
    FRAC_2_SQRT_PI * (-x * x).exp() * sum
}

/// The value, an integer and a constant take part in the partials; that of `shift` is a number.
#[differentiate(order = 2, partials(x = n as f64 * (result - shift) / x, shift = 1.0))]
fn shifted_power<T: Float + From<f64>>(x: f64, n: u32, #[constant] table: &[T], shift: f64) -> f64 {
    x.powi(n as i32) * table.len() as f64 + shift
}

#[differentiate(order = 2, partials(result = -result.sin()), name = cosine)]
fn cos_of(result: f64) -> f64 {
    result.cos()
}

#[differentiate(order = 2)]
fn of_rules(x: f64, y: f64) -> f64 {
    erf(x * y) * erf(y) + shifted_power(y, 3, &[1.0, 2.0], x * x)
}

#[test]
fn stated_partials_are_differentiated_once_more() {
    let slope = |x: f64| FRAC_2_SQRT_PI * (-x * x).exp();
    assert!((erf::hvp(0.7, 2.0) + 2.0 * 2.0 * 0.7 * slope(0.7)).abs() < 1e-15);
    let power = shifted_power::hessian(1.5, 3, &[1.0, 2.0], 0.25);
    assert!((power - dmatrix![18.0, 0.0; 0.0, 0.0]).amax() < 1e-14);
    assert_eq!(cosine::hvp(0.6, 1.0), -0.6f64.cos());
    let (x, y) = (0.4, 0.9);
    let curve = |x: f64| -2.0 * x * slope(x);
    let xx = y * y * curve(x * y) * erf(y) + 2.0;
    let xy = (slope(x * y) + x * y * curve(x * y)) * erf(y) + y * slope(x * y) * slope(y);
    let yy = x * x * curve(x * y) * erf(y)
        + 2.0 * x * slope(x * y) * slope(y)
        + erf(x * y) * curve(y)
        + 12.0 * y;
    let hessian = of_rules::hessian(x, y);
    assert!((hessian - dmatrix![xx, xy; xy, yy]).amax() < 1e-13);
}

const RATE: f64 = 0.5;
const TABLE: [f64; 3] = [1.0, -2.0, 3.0];
const SLICE: &[f64] = &TABLE;

#[differentiate(order = 2)]
fn by_table(x: &[f64], table: &[f64], rate: f64) -> f64 {
    let terms = x.iter().zip(table).map(|(x, t)| t * (rate * x).exp());
    terms.sum::<f64>() * table[0]
}

/// Constants by name: values, references to them, and references themselves.
#[differentiate(order = 2)]
fn of_constants(x: &[f64]) -> f64 {
    by_table(x, SLICE, RATE) + by_table(x, &TABLE, x[0]) * by_table(SLICE, x, RATE)
}

#[test]
fn constants_by_name() {
    let x = [0.3, 0.7, -0.4];
    let hessian = of_constants::hessian(&x);
    check_hessian(|x: &[f64; 3]| of_constants::grad(x), &hessian, &x).assert_below(1e-8);
}

/// What is not chosen has no influence, though the root at zero has an infinite slope.
#[differentiate(order = 2, batch)]
fn unchosen(x: &[f64]) -> f64 {
    x[0].max(0.0).sqrt() + (1.0 - x[1] * x[1]).clamp(0.0, 0.5).sqrt() + f64::min(x[2], 0.0).cbrt()
}

#[test]
fn what_is_not_chosen_has_no_influence() {
    let x = [-1.0, 2.0, 3.0];
    assert_eq!(unchosen::grad(&x), [0.0; 3]);
    assert_eq!(unchosen::value_and_grad(&x), (0.0, vec![0.0; 3]));
    assert_eq!(unchosen::jvp(&x, &[1.0, 1.0, 1.0]), (0.0, 0.0));
    let direction = [autodiff_runtime::batch::Lanes([1.0, -2.0]); 3];
    assert_eq!(unchosen::jvp_batch(&x, &direction).1.0, [0.0, 0.0]);
    assert_eq!(unchosen::hessian(&x), nalgebra::DMatrix::zeros(3, 3));
    assert_eq!(unchosen::hvp(&x, &[1.0; 3]), [0.0; 3]);
    let inside = unchosen::grad(&[4.0, 0.8, -8.0]);
    let expected = [0.25, -0.8 / 0.6, 1.0 / 12.0];
    for (a, b) in inside.iter().zip(expected) {
        assert!((a - b).abs() < 1e-15, "{a} {b}");
    }
}
