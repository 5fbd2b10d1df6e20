//! The derivative functions of a function of a slice against each other and against differences, and the primal bit-equal.

/// Two points where hardly any function has a kink.
pub const POINTS: [&[f64]; 2] = [
    &[
        0.71, -0.3, 1.1, 0.45, 0.9, -0.6, 0.25, 1.3, -0.8, 0.55, 0.15, 0.35,
    ],
    &[
        -0.41, 0.8, 0.31, -1.2, 0.6, 0.72, -0.11, 0.93, 1.4, -0.53, 0.66, 2.1,
    ],
];

type Gradient<'a> = &'a dyn Fn(&[f64]) -> (f64, Vec<f64>);
type Product<'a> = &'a dyn Fn(&[f64], &[f64]) -> Vec<f64>;
type Slope<'a> = &'a dyn Fn(&[f64], &[f64]) -> (f64, f64);

/// A function of a list and its derivative functions.
pub struct Modes<'a> {
    /// Its name, for messages.
    pub name: &'a str,
    /// The function itself.
    pub f: &'a dyn Fn(&[f64]) -> f64,
    /// Reverse mode, in one pass where there is one.
    pub value_and_grad: Gradient<'a>,
    /// The same into the caller's memory.
    pub value_and_grad_into: &'a dyn Fn(&[f64], &mut [f64]) -> f64,
    /// The value, and what the pullback makes of 1.
    pub pulled: Gradient<'a>,
    /// Forward mode: the value and the slope in a direction.
    pub jvp: Slope<'a>,
}

impl Modes<'_> {
    /// Compares them at each of the points.
    ///
    /// # Panics
    ///
    /// Where they differ, or where no input has any influence.
    pub fn check(&self, points: &[&[f64]]) {
        let gradients: Vec<Vec<f64>> = points.iter().map(|x| self.gradient(x)).collect();
        let some = gradients.iter().flatten().any(|g| *g != 0.0);
        assert!(some, "{}: nothing depends on {points:?}", self.name);
        for (x, gradient) in points.iter().zip(&gradients) {
            self.slopes(x, gradient);
        }
    }

    /// The gradient, three times, compared with differences.
    fn gradient(&self, x: &[f64]) -> Vec<f64> {
        let name = self.name;
        let value = (self.f)(x);
        assert!(value.is_finite(), "{name} at {x:?} is {value}");
        let (again, gradient) = (self.value_and_grad)(x);
        self.same(again, value, "value_and_grad");
        let mut into = vec![7.0; x.len()];
        self.same(
            (self.value_and_grad_into)(x, &mut into),
            value,
            "value_and_grad_into",
        );
        assert_eq!(into, gradient, "{name} at {x:?}: value_and_grad_into");
        let (again, pulled) = (self.pulled)(x);
        self.same(again, value, "vjp");
        for (k, (a, b)) in pulled.iter().zip(&gradient).enumerate() {
            assert!(
                near(*a, *b),
                "{name}: at {k} of {x:?}: pullback {a}, gradient {b}"
            );
        }
        let f = |x: &Vec<f64>| (self.f)(x);
        let report = autodiff_runtime::check::gradient(f, &x.to_vec(), &gradient);
        assert!(report.error < 1e-8, "{name} at {x:?}: {report}");
        gradient
    }

    /// The gradient's entries are the slopes of forward mode.
    fn slopes(&self, x: &[f64], gradient: &[f64]) {
        let name = self.name;
        for (k, g) in gradient.iter().enumerate() {
            let mut direction = vec![0.0; x.len()];
            direction[k] = 1.0;
            let (value, slope) = (self.jvp)(x, &direction);
            self.same(value, (self.f)(x), "jvp");
            assert!(
                near(slope, *g),
                "{name}: at {k} of {x:?}: forward {slope}, reverse {g}"
            );
        }
    }

    fn same(&self, value: f64, primal: f64, mode: &str) {
        assert_eq!(
            value.to_bits(),
            primal.to_bits(),
            "{}: primal in {mode}",
            self.name
        );
    }
}

/// A function of a list and its second derivatives.
pub struct Curvature<'a> {
    /// Its name, for messages.
    pub name: &'a str,
    /// The gradient.
    pub grad: &'a dyn Fn(&[f64]) -> Vec<f64>,
    /// The product of the Hessian with a direction.
    pub hvp: Product<'a>,
}

impl Curvature<'_> {
    /// Compares products of the Hessian with differences of the gradient, at each of the points.
    ///
    /// # Panics
    ///
    /// Where they differ.
    pub fn check(&self, points: &[&[f64]]) {
        for x in points {
            for phase in [0.3, 1.9] {
                let direction: Vec<f64> = (0..x.len()).map(|k| (k as f64 + phase).sin()).collect();
                self.product(x, &direction);
            }
        }
    }

    fn product(&self, x: &[f64], direction: &[f64]) {
        let product = (self.hvp)(x, direction);
        assert_eq!(product.len(), x.len(), "{}", self.name);
        let moved = |t: f64| -> Vec<f64> {
            let pairs = x.iter().zip(direction);
            pairs.map(|(x, d)| x + t * d).collect()
        };
        for (k, entry) in product.iter().enumerate() {
            let slope = |t| (self.grad)(&moved(t))[k];
            let expected = autodiff_runtime::check::derivative(slope, 0.0);
            let off = (entry - expected.value).abs() / expected.value.abs().max(1.0);
            assert!(
                off < 1e-6,
                "{}: at {k} of {x:?}: {entry}, by differences {}",
                self.name,
                expected.value
            );
        }
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * b.abs().max(1.0)
}

/// `agree!(f, [0.5, 1.0], more)`: the derivative functions of `f(&x, more)` at `x` agree. `agree!(f at points)` takes several points.
#[macro_export]
macro_rules! agree {
    ($($f:ident)::+ at $points:expr $(, $more:expr)*) => {
        $crate::modes::Modes {
            name: stringify!($($f)::+),
            f: &|x| $($f)::+(x $(, $more)*),
            value_and_grad: &|x| $($f)::+::value_and_grad(x $(, $more)*),
            value_and_grad_into: &|x, into| $($f)::+::value_and_grad_into(x $(, $more)*, into),
            pulled: &|x| {
                let (value, pullback) = $($f)::+::vjp(x $(, $more)*);
                (value, pullback(1.0))
            },
            jvp: &|x, direction| $($f)::+::jvp(x $(, $more)*, direction),
        }
        .check($points)
    };
    ($($f:ident)::+, $x:expr $(, $more:expr)*) => {
        $crate::agree!($($f)::+ at &[&$x[..]] $(, $more)*)
    };
}

/// `curvature!(f at points)`: the products of the Hessian of `f` are those of differences of its gradient.
#[macro_export]
macro_rules! curvature {
    ($($f:ident)::+ at $points:expr $(, $more:expr)*) => {
        $crate::modes::Curvature {
            name: stringify!($($f)::+),
            grad: &|x| $($f)::+::grad(x $(, $more)*),
            hvp: &|x, direction| $($f)::+::hvp(x $(, $more)*, direction),
        }
        .check($points)
    };
    ($($f:ident)::+, $x:expr $(, $more:expr)*) => {
        $crate::curvature!($($f)::+ at &[&$x[..]] $(, $more)*)
    };
}

/// `name: |x| expression at [[..], [..]];` becomes a test of the expression at the points.
#[macro_export]
macro_rules! checks {
    ($($name:ident: |$x:ident| $body:expr, $([$($at:expr),* $(,)?]),+;)+) => {
        mod checks {
            #![allow(unused_imports)]
            use super::*;
            $(
                #[test]
                fn $name() {
                    #[autodiff_runtime::differentiate]
                    fn driver($x: &[f64]) -> f64 {
                        $body
                    }
                    $crate::agree!(driver at &[$(&[$($at as f64),*]),+]);
                }
            )+
        }
    };
}

/// The same of the second derivatives.
#[macro_export]
macro_rules! checks_twice {
    ($($name:ident: |$x:ident| $body:expr, $([$($at:expr),* $(,)?]),+;)+) => {
        mod checks {
            #![allow(unused_imports)]
            use super::*;
            $(
                #[test]
                fn $name() {
                    #[autodiff_runtime::differentiate(order = 2)]
                    fn driver($x: &[f64]) -> f64 {
                        $body
                    }
                    $crate::curvature!(driver at &[$(&[$($at as f64),*]),+]);
                }
            )+
        }
    };
}
