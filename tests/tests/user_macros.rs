//! Macros of the user's own in differentiated bodies.

use autodiff_runtime::differentiate;
use tests::agree;

macro_rules! square {
    ($x:expr) => {
        $x * $x
    };
}

macro_rules! largest {
    ($a:expr) => { $a };
    ($a:expr, $($rest:expr),+ $(,)?) => { $a.max(largest!($($rest),+)) };
}

/// Names of the macro's own: `x` and `total` are others than the function's.
macro_rules! polynomial {
    ($at:expr; $($c:expr),* $(,)?) => {{
        let x = $at;
        let mut total = 0.0;
        $( total = total * x + $c; )*
        total
    }};
}

macro_rules! rotate {
    ($v:ident[$i:literal, $j:literal] by $angle:expr) => {
        let (s, c) = $angle.sin_cos();
        let (a, b) = ($v[$i], $v[$j]);
        $v[$i] = c * a - s * b;
        $v[$j] = s * a + c * b;
    };
}

macro_rules! apply {
    (@each $f:path => $($x:expr);+) => { [$($f($x)),+] };
    (both $a:tt and $b:tt) => { apply!(@each f64::sin => $a; $b) };
}

#[differentiate]
fn fragments(x: &[f64]) -> f64 {
    let total = square!(x[0] + x[1]) + largest!(x[0], x[1], x[2] * 2.0);
    total * polynomial!(total * x[2]; 1.0, x[0], total)
}

#[differentiate]
fn statements(x: &[f64]) -> f64 {
    let mut v = [x[0], x[1], x[2]];
    rotate!(v[0, 1] by x[3]);
    rotate!(v[1, 2] by 0.5 * x[4]);
    let mut w = vec![square!(v[0]); 2];
    w.push(x[0]);
    let (p, q) = (v[1] * w[0], v[2] * w[1]);
    let [a, b] = apply!(both p and q);
    a * v[1] + v[2] * b
}

/// A function that a macro makes around expressions that it is handed: each is one, whatever stands beside it.
macro_rules! around {
    ($name:ident, |$x:ident| $y:expr, $k:expr, $z:literal) => {
        #[differentiate]
        fn $name($x: &[f64]) -> f64 {
            let k: usize = 2 * $k;
            if 1.0 < -$y {
                return -$y / $y;
            }
            2.0 * $y + $x[k] * $z.abs() - $y
        }
    };
}

around!(whole, |x| x[0] + x[1] * x[1], 3 - 2, -3.0_f64);

#[test]
fn expressions_that_are_handed_to_a_macro() {
    let x = [0.4, 0.6, 0.7];
    let y = x[0] + x[1] * x[1];
    assert_eq!(whole(&x), 2.0 * y + x[2] * 3.0 - y);
    agree!(whole, x);
    assert_eq!(whole(&[-2.0, 0.5, 0.0]), -1.0);
}

/// A macro inside the function, with a name of the function's in it.
#[differentiate]
fn inside(x: &[f64]) -> f64 {
    let scale = x[0].exp();
    macro_rules! scaled {
        ($($k:expr => $w:expr),*) => { 0.0 $(+ scale * x[$k] * $w)* };
    }
    scaled!(1 => 2.0, 2 => x[0]).tanh()
}

mod elsewhere {
    use super::*;

    /// Defined at the top of the file.
    #[differentiate]
    pub fn in_a_module(x: &[f64]) -> f64 {
        x.iter().map(|v| square!(v.cos())).sum()
    }
}

#[test]
fn macros_are_seen_through() {
    agree!(fragments, [0.5, -0.25, 0.75]);
    agree!(statements, [0.5, -0.25, 0.75, 0.3, 1.1]);
    agree!(inside, [0.2, -0.4, 0.7]);
    agree!(elsewhere::in_a_module, [0.2, -0.4, 0.7]);
}
