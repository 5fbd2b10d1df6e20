//! Every kind of parameter and result, in every function of the companion.
#![allow(clippy::needless_range_loop)] // numerical code counts

use autodiff_runtime::differentiate;
use num_traits::Float;

#[differentiate]
fn mixed(x: &[f64], a: f64, n: usize, flag: bool) -> f64 {
    let mut s = 0.0;
    for i in 0..n.min(x.len()) {
        s += if flag { a * x[i] } else { a + x[i] };
    }
    s
}

#[test]
fn integers_and_flags_have_no_slot() {
    let (value, (gx, ga)) = mixed::value_and_grad(&[1.0, 2.0, 3.0], 0.5, 2, true);
    assert_eq!((value, gx, ga), (1.5, vec![0.5, 0.5, 0.0], 3.0));
    assert_eq!(
        mixed::jvp(&[1.0, 2.0], 0.5, 2, true, &[1.0, 0.0], 2.0),
        (1.5, 6.5)
    );
    let (mut gx, mut ga) = (vec![9.0; 3], 9.0);
    let value = mixed::value_and_grad_into(&[1.0, 2.0, 3.0], 0.5, 2, false, &mut gx, &mut ga);
    assert_eq!((value, gx, ga), (4.0, vec![1.0, 1.0, 0.0], 2.0));
}

#[differentiate]
fn by_value(v: Vec<f64>, w: [f64; 2], t: (f64, f64)) -> f64 {
    v[0] * w[1] + v[1] * w[0] * t.0 + t.1 * t.1
}

#[test]
fn owned_aggregates() {
    let (value, (gv, gw, gt)) = by_value::value_and_grad(vec![2.0, 3.0], [5.0, 7.0], (11.0, 13.0));
    assert_eq!(value, 14.0 + 165.0 + 169.0);
    assert_eq!((gv, gw, gt), (vec![7.0, 55.0], [33.0, 2.0], (15.0, 26.0)));
    let (_, slope) = by_value::jvp(
        vec![2.0, 3.0],
        [5.0, 7.0],
        (11.0, 13.0),
        vec![1.0, 0.0],
        [0.0, 1.0],
        (0.0, 1.0),
    );
    assert_eq!(slope, 7.0 + 2.0 + 26.0);
    let j = by_value::jacobian(vec![2.0, 3.0], [5.0, 7.0], (11.0, 13.0));
    assert_eq!(j.shape(), (1, 6));
    assert_eq!(j.as_slice(), [7.0, 55.0, 33.0, 2.0, 15.0, 26.0]);
}

#[differentiate]
fn overwritten(mut x: f64, mut v: Vec<f64>) -> f64 {
    x *= x;
    v[0] *= x;
    v[0] * v[1]
}

#[test]
fn parameters_may_be_overwritten() {
    let (value, (gx, gv)) = overwritten::value_and_grad(3.0, vec![2.0, 5.0]);
    assert_eq!(value, 90.0);
    assert_eq!((gx, gv), (60.0, vec![45.0, 18.0]));
}

#[differentiate]
fn step(x: &mut [f64], dt: f64) {
    for i in 0..x.len() {
        x[i] += dt * x[i] * x[i];
    }
}

#[test]
fn an_in_place_function_is_an_input_and_an_output() {
    let mut x = [1.0, 2.0];
    let ((), pullback) = step::vjp(&mut x, 0.5);
    assert_eq!(x, [1.5, 4.0]);
    let (gx, gdt) = pullback(vec![1.0, 10.0]);
    assert_eq!((gx, gdt), (vec![2.0, 30.0], 41.0));
    assert_eq!(x, [1.5, 4.0]);
    let (mut x, mut dx) = ([1.0, 2.0], [1.0, 0.0]);
    step::jvp(&mut x, 0.5, &mut dx, 1.0);
    assert_eq!((x, dx), ([1.5, 4.0], [3.0, 4.0]));
    let j = step::jacobian(&mut [1.0, 2.0], 0.5);
    assert_eq!(
        j,
        autodiff_runtime::nalgebra::dmatrix![2.0, 0.0, 1.0; 0.0, 3.0, 4.0]
    );
}

#[differentiate]
fn norm_and_scale(x: &mut [f64]) -> f64 {
    let mut s = 0.0;
    for e in x.iter_mut() {
        s += *e * *e;
        *e *= 2.0;
    }
    s
}

#[test]
fn a_result_beside_what_is_overwritten() {
    let mut x = [3.0, 4.0];
    let (value, g) = norm_and_scale::value_and_grad(&mut x);
    assert_eq!((value, g), (25.0, vec![6.0, 8.0]));
    assert_eq!(x, [6.0, 8.0]);
    let mut x = [3.0, 4.0];
    let (value, pullback) = norm_and_scale::vjp(&mut x);
    assert_eq!(value, 25.0);
    assert_eq!(pullback(1.0, vec![10.0, 0.0]), vec![26.0, 8.0]);
}

#[differentiate]
fn with_scratch(x: &[f64], #[constant] buffer: &mut [f64]) -> f64 {
    for i in 0..x.len() {
        buffer[i] = x[i] * x[i];
    }
    let mut s = 0.0;
    for i in 0..x.len() {
        s += buffer[i] * x[i];
    }
    s
}

#[test]
fn a_scratch_buffer() {
    let mut buffer = [0.0; 2];
    let (value, g) = with_scratch::value_and_grad(&[1.0, 2.0], &mut buffer);
    assert_eq!((value, g), (9.0, vec![3.0, 12.0]));
    let (_, slope) = with_scratch::jvp(&[1.0, 2.0], &mut buffer, &[1.0, 1.0]);
    assert_eq!(slope, 15.0);
}

#[differentiate(wrt = (x))]
fn chosen(x: f64, y: f64) -> f64 {
    x * y * y
}

#[differentiate(wrt = y)]
fn other(x: f64, y: f64) -> f64 {
    x * y * y
}

#[test]
fn wrt_chooses() {
    assert_eq!(chosen::grad(2.0, 3.0), 9.0);
    assert_eq!(other::grad(2.0, 3.0), 12.0);
}

#[differentiate]
fn uses_chosen(x: f64, y: f64) -> f64 {
    chosen(x * y, y) + other(x, y)
}

#[test]
fn what_a_callee_leaves_out_counts_as_constant() {
    // d/dx (x y stop(y)^2 + stop(x) y^2), d/dy likewise.
    assert_eq!(uses_chosen::grad(2.0, 3.0), (27.0, 18.0 + 12.0));
}

#[differentiate]
fn nested(m: &[Vec<f64>], a: &[[f64; 2]; 2]) -> f64 {
    let mut s = 0.0;
    for (row, b) in m.iter().zip(a.iter()) {
        for (x, y) in row.iter().zip(b.iter()) {
            s += x * y;
        }
    }
    s
}

#[test]
fn nested_containers() {
    let m = vec![vec![1.0, 2.0], vec![3.0, 4.0]];
    let a = [[5.0, 6.0], [7.0, 8.0]];
    let (value, (gm, ga)) = nested::value_and_grad(&m, &a);
    assert_eq!(value, 70.0);
    assert_eq!(gm, vec![vec![5.0, 6.0], vec![7.0, 8.0]]);
    assert_eq!(ga, [[1.0, 2.0], [3.0, 4.0]]);
}

#[differentiate]
fn single(x: &[f32], a: f32) -> f32 {
    let mut s = 0.0;
    for &e in x {
        s += (e * a).exp();
    }
    s.ln()
}

#[test]
fn single_precision_stays_single() {
    let (value, (gx, ga)) = single::value_and_grad(&[0.5, 1.0], 2.0);
    assert_eq!(value, single(&[0.5, 1.0], 2.0));
    let p = 1.0 / (1.0 + 1.0_f32.exp());
    assert!((gx[0] - 2.0 * p).abs() < 1e-6 && (ga - (1.0 - 0.5 * p)).abs() < 1e-6);
}

#[differentiate]
fn across(x: f32, y: f64) -> f64 {
    (x as f64) * y + f64::from(x) + (y as f32 * x) as f64
}

#[test]
fn casts_between_floats() {
    assert_eq!(across::grad(2.0, 3.0), (7.0_f32, 4.0));
}

#[differentiate]
fn constant_size<const N: usize>(x: &[f64; N], w: [f64; N]) -> f64 {
    let mut s = 0.0;
    for i in 0..N {
        s += x[i] * w[i] * w[i];
    }
    s
}

#[differentiate]
fn generic<T: Float, const N: usize>(x: [T; N], scale: T) -> [T; N] {
    let mut y = x;
    for i in 0..N {
        y[i] = y[i] * scale + T::one();
    }
    y
}

#[test]
fn constant_generics() {
    let (value, (gx, gw)) = constant_size::value_and_grad(&[1.0, 2.0], [3.0, 4.0]);
    assert_eq!((value, gx, gw), (41.0, [9.0, 16.0], [6.0, 16.0]));
    let (value, pullback) = generic::vjp([1.0, 2.0], 3.0);
    assert_eq!(value, [4.0, 7.0]);
    assert_eq!(pullback([1.0, 1.0]), ([3.0, 3.0], 3.0));
    let j = generic::jacobian([1.0_f32, 2.0], 3.0);
    assert_eq!(
        j,
        autodiff_runtime::nalgebra::dmatrix![3.0, 0.0, 1.0; 0.0, 3.0, 2.0]
    );
}

type Scalar = f64;

#[differentiate]
fn under_another_name(x: Scalar, y: &[Scalar]) -> Scalar {
    let mut s = x;
    for i in 0..y.len() {
        s = s * y[i] + x.sin();
    }
    s
}

#[test]
fn type_aliases() {
    let f = |p: &[f64; 3]| under_another_name(p[0], &p[1..]);
    let (gx, gy) = under_another_name::grad(0.4, &[0.7, 1.3]);
    autodiff_runtime::check::gradient(f, &[0.4, 0.7, 1.3], &[gx, gy[0], gy[1]]).assert_below(1e-9);
}

#[test]
#[should_panic(expected = "has shape [3], but the tangent or gradient given for it has shape [2]")]
fn a_direction_of_the_wrong_length() {
    mixed::jvp(&[1.0, 2.0, 3.0], 0.5, 2, true, &[1.0, 0.0], 1.0);
}

#[test]
#[should_panic(expected = "has shape [3], but the tangent or gradient given for it has shape [4]")]
fn a_buffer_of_the_wrong_length() {
    mixed::value_and_grad_into(&[1.0, 2.0, 3.0], 0.5, 2, true, &mut [0.0; 4], &mut 0.0);
}

#[differentiate(forward)]
fn only_forward(x: f64) -> f64 {
    x * x
}

#[differentiate(reverse, name = derivative_of_square)]
fn only_reverse(x: f64) -> f64 {
    x * x
}

#[test]
fn one_mode_and_another_name() {
    assert_eq!(only_forward::jvp(3.0, 1.0), (9.0, 6.0));
    assert_eq!(only_forward::jacobian(3.0)[(0, 0)], 6.0);
    assert_eq!(derivative_of_square::grad(3.0), 6.0);
    assert_eq!(only_reverse(3.0), 9.0);
}

mod inner {
    /// A function in another module.
    #[autodiff_runtime::differentiate]
    pub fn cube(x: f64) -> f64 {
        x.powi(3)
    }
    pub mod deeper {
        #[autodiff_runtime::differentiate]
        pub(crate) fn twice(x: f64) -> f64 {
            2.0 * super::cube(x)
        }
    }
}

use inner::deeper::twice;

#[differentiate]
fn calls_modules(x: f64) -> f64 {
    inner::cube(x) + twice(x) + self::inner::deeper::twice(x)
}

#[test]
fn calls_into_modules() {
    assert_eq!(calls_modules::grad(2.0), 60.0);
}

#[test]
fn a_function_inside_a_function() {
    #[differentiate]
    fn local(x: f64) -> f64 {
        x * x
    }
    assert_eq!(local::grad(2.0), 4.0);
}

#[differentiate]
fn rows_of_references(rows: &[&[f64]], pair: (&[f64], f64), scale: f64) -> f64 {
    let sum = |row: &[f64]| row.iter().map(|x| x * x).sum::<f64>();
    rows.iter().map(|row| sum(row) * scale).sum::<f64>() + pair.0[0].powi(2) * pair.1
}

/// The pullback has copies of the references, and what they refer to outlives it.
#[test]
fn references_in_lists() {
    let (value, pullback) = rows_of_references::vjp(&[&[1.0, 2.0], &[3.0]], (&[4.0], 5.0), 2.0);
    assert_eq!(value, 108.0);
    let (rows, pair, scale) = pullback(1.0);
    assert_eq!(rows, [vec![4.0, 8.0], vec![12.0]]);
    assert_eq!((pair, scale), ((vec![40.0], 16.0), 14.0));
}
