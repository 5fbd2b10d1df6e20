//! What stands around the derivative program: names, types, bounds and visibility of the generated functions.

use autodiff_runtime::operators::Mode;
use autodiff_runtime::{Differentiable, OwnedTangent, Tangent, differentiate};

/// Parameters named as what the generated code calls its own.
#[differentiate]
#[allow(clippy::too_many_arguments)]
fn names(value: f64, pullback: &[f64], cotangent: f64, rt: f64, k: f64, names: f64) -> f64 {
    value * pullback[0] * cotangent + rt * k * names
}

#[differentiate]
fn raw(r#type: f64, type_bar: f64, type_dot: f64, d_type: f64) -> f64 {
    let r#fn = r#type * r#type;
    r#fn * type_bar * type_dot * d_type
}

#[test]
fn names_of_the_user_do_not_meet_those_of_the_macro() {
    let gradient = (6.0, vec![3.0], 2.0, 30.0, 24.0, 20.0);
    let at = (1.0, [2.0], 3.0, 4.0, 5.0, 6.0);
    let (value, found) = names::value_and_grad(at.0, &at.1, at.2, at.3, at.4, at.5);
    assert_eq!((value, &found), (126.0, &gradient));
    let (_, pullback) = names::vjp(at.0, &at.1, at.2, at.3, at.4, at.5);
    assert_eq!(pullback(1.0), gradient);
    let row = names::jacobian(at.0, &at.1, at.2, at.3, at.4, at.5);
    assert_eq!(row.as_slice(), [6.0, 3.0, 2.0, 30.0, 24.0, 20.0]);
    assert_eq!(raw::grad(3.0, 2.0, 1.0, 1.0), (12.0, 9.0, 18.0, 18.0));
    assert_eq!(raw::jvp(3.0, 2.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0).1, 12.0);
}

/// A struct with no more than the traits that differentiation needs: it cannot be flattened.
#[derive(Clone, Debug, PartialEq)]
struct Point {
    x: f64,
    y: f64,
}

fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

impl Differentiable for Point {
    type Tangent = Self;
    type Slot = Self;
    fn zero_tangent(&self) -> Self {
        point(0.0, 0.0)
    }
    fn fits_tangent(&self, _: &Self) -> bool {
        true
    }
}

impl Tangent for Point {
    fn accumulate_tangent(&mut self, other: &Self) {
        self.x += other.x;
        self.y += other.y;
    }
    fn subtract_tangent(&mut self, other: &Self) {
        self.x -= other.x;
        self.y -= other.y;
    }
    fn clear_tangent(&mut self) {
        *self = point(0.0, 0.0);
    }
    fn tangent_shape(&self) -> String {
        "Point".to_owned()
    }
}

impl OwnedTangent for Point {
    fn zero_like_tangent(&self) -> Self {
        point(0.0, 0.0)
    }
}

#[differentiate]
fn scaled_area(p: &Point, a: f64) -> f64 {
    p.x * p.y * a
}

#[differentiate]
fn twice_scaled(p: &Point, a: f64) -> f64 {
    let area = scaled_area(p, a);
    area * a
}

#[differentiate]
fn changes_a_struct(p: Point, q: &mut Point) -> f64 {
    q.x = p.x * q.y;
    p.y * q.x
}

#[test]
fn structs_need_no_more_than_a_tangent() {
    let p = point(2.0, 3.0);
    assert_eq!(scaled_area::grad(&p, 4.0), (point(12.0, 8.0), 6.0));
    assert_eq!(twice_scaled::grad(&p, 4.0), (point(48.0, 32.0), 48.0));
    let direction = point(1.0, 0.0);
    assert_eq!(twice_scaled::jvp(&p, 4.0, &direction, 0.0), (96.0, 48.0));
    let (_, pullback) = scaled_area::vjp(&p, 4.0);
    assert_eq!(pullback(0.5), (point(6.0, 4.0), 3.0));
    let mut q = point(1.0, 5.0);
    let gradient = changes_a_struct::grad(p, &mut q);
    assert_eq!(gradient, (point(15.0, 10.0), point(0.0, 6.0)));
    assert_eq!(q, point(10.0, 5.0));
}

/// What is returned has no derivative and cannot be copied.
struct Count(usize);

impl Differentiable for Count {
    type Tangent = ();
    type Slot = ();
    fn zero_tangent(&self) {}
    fn fits_tangent(&self, (): &()) -> bool {
        true
    }
}

#[differentiate]
fn counted(x: &mut [f64]) -> Count {
    x[0] *= x[1];
    let n = x.len();
    Count(n)
}

#[test]
fn an_inactive_result_is_moved() {
    let (mut x, mut direction) = ([2.0, 3.0], [1.0, 0.5]);
    let (count, ()) = counted::jvp(&mut x, &mut direction);
    assert_eq!((count.0, x, direction), (2, [6.0, 3.0], [4.0, 0.5]));
}

#[derive(Clone, Copy)]
struct Table<'a> {
    rows: &'a [usize],
}

#[differentiate]
fn weighted<'a>(
    x: &[f64],
    #[constant] first: &'a Table<'a>,
    #[constant] second: &Table<'_>,
    #[constant] third: Table<'a>,
) -> f64 {
    let weight = (first.rows.len() + second.rows.len() + third.rows.len()) as f64;
    weight * x[0] * x[1]
}

#[test]
fn lifetimes_stay_out_of_the_pullback() {
    let rows = [1, 2];
    let table = Table { rows: &rows };
    let gradient = weighted::grad(&[3.0, 5.0], &table, &table, table);
    assert_eq!(gradient, [30.0, 18.0]);
    let (_, pullback) = weighted::vjp(&[3.0, 5.0], &table, &table, table);
    assert_eq!(pullback(1.0), [30.0, 18.0]);
}

/// A type that a macro substitutes comes in an invisible group.
macro_rules! cubic {
    ($name:ident, $scalar:ty) => {
        #[differentiate]
        fn $name(x: $scalar, a: &[$scalar]) -> $scalar {
            let square = x * x;
            a[0] * square * x
        }
    };
}

cubic!(cubic_single, f32);
cubic!(cubic_double, f64);

#[test]
fn functions_made_by_macros() {
    assert_eq!(cubic_single::grad(2.0, &[3.0]), (36.0, vec![8.0]));
    assert_eq!(cubic_double::grad(2.0, &[3.0]), (36.0, vec![8.0]));
}

#[differentiate]
#[cfg(any())]
fn not_compiled(x: f64) -> f64 {
    x * does_not_exist
}

/// Both the companion and this have the name.
#[allow(dead_code)]
fn not_compiled() {}

/// A parameter taken by value, generic and not scalar: nothing in the backward part says which type it was.
#[differentiate]
fn tagged<T: num_traits::Float, M: Copy>(x: T, #[constant] mark: M) -> T {
    let size = T::from(std::mem::size_of_val(&mark)).unwrap_or_else(T::one);
    x * x * size
}

#[differentiate]
fn calls_tagged(x: f64, #[constant] n: u8) -> f64 {
    let one = tagged(x, n);
    one * tagged::<f64, u8>(x, n)
}

#[test]
fn the_backward_part_infers_its_types() {
    assert_eq!(calls_tagged::grad(2.0, 1), 32.0);
    assert_eq!(calls_tagged::jvp(2.0, 1, 1.0), (16.0, 32.0));
}

#[differentiate]
fn mixed(x: &[f64], pair: [f64; 2], n: usize) -> f64 {
    let sum: f64 = x.iter().take(n).map(|v| (pair[0] * v).sin()).sum();
    sum * pair[1] + x[0]
}

/// One row, which a single reverse sweep gives; its columns are those of the forward mode.
#[test]
fn the_jacobian_of_a_scalar_function_is_its_gradient() {
    let (x, pair) = ([0.3, -1.2, 0.8], [1.5, 0.7]);
    let jacobian = mixed::jacobian(&x, pair, 2);
    assert_eq!(jacobian.shape(), (1, 5));
    assert_eq!(mixed::jacobian_mode(&x, pair, 2), Mode::Reverse);
    for k in 0..5 {
        let unit = |i: usize| f64::from(u8::from(i == k));
        let (_, slope) = mixed::jvp(
            &x,
            pair,
            2,
            &[unit(0), unit(1), unit(2)],
            [unit(3), unit(4)],
        );
        assert!((jacobian[(0, k)] - slope).abs() < 1e-15);
    }
}

#[differentiate]
fn single(x: f32) -> f32 {
    x.powi(3)
}

#[test]
fn the_jacobian_of_one_number_by_one_number() {
    let jacobian = single::jacobian(2.0);
    assert_eq!((jacobian.shape(), jacobian[(0, 0)]), ((1, 1), 12.0_f32));
    assert_eq!(single::jvp(2.0, 1.0), (8.0, 12.0));
    let mut gradient = f32::NAN;
    assert_eq!(single::value_and_grad_into(2.0, &mut gradient), 8.0);
    assert_eq!(gradient, 12.0);
}
