//! Both modes of a function of a slice against each other and against differences, and the primal bit-equal.

/// Two points where hardly any function has a kink.
pub const POINTS: [&[f64]; 2] = [
    &[
        0.71, -0.3, 1.1, 0.45, 0.9, -0.6, 0.25, 1.3, -0.8, 0.55, 0.15, 0.35,
    ],
    &[
        -0.41, 0.8, 0.31, -1.2, 0.6, 0.72, -0.11, 0.93, 1.4, -0.5, 0.66, 2.1,
    ],
];

/// Checks `value_and_grad` and `jvp` of a function at each of the points.
///
/// # Panics
///
/// Where they differ, or where no input has any influence.
pub fn check(
    name: &str,
    points: &[&[f64]],
    f: impl Fn(&[f64]) -> f64,
    reverse: impl Fn(&[f64]) -> (f64, Vec<f64>),
    forward: impl Fn(&[f64], &[f64]) -> (f64, f64),
) {
    let gradients = points.iter().map(|x| gradient(name, x, &f, &reverse));
    let gradients: Vec<Vec<f64>> = gradients.collect();
    let some = gradients.iter().flatten().any(|g| *g != 0.0);
    assert!(some, "{name}: nothing depends on {points:?}");
    for (x, gradient) in points.iter().zip(&gradients) {
        for (k, g) in gradient.iter().enumerate() {
            let mut direction = vec![0.0; x.len()];
            direction[k] = 1.0;
            let (value, slope) = forward(x, &direction);
            assert_eq!(
                value.to_bits(),
                f(x).to_bits(),
                "{name}: primal in forward mode"
            );
            let near = (slope - g).abs() <= 1e-10 * slope.abs().max(1.0);
            assert!(
                near,
                "{name}: at {k} of {x:?}: forward {slope}, reverse {g}"
            );
        }
    }
}

/// The gradient, compared with differences.
fn gradient(
    name: &str,
    x: &[f64],
    f: impl Fn(&[f64]) -> f64,
    reverse: impl Fn(&[f64]) -> (f64, Vec<f64>),
) -> Vec<f64> {
    let value = f(x);
    assert!(value.is_finite(), "{name} at {x:?} is {value}");
    let (again, gradient) = reverse(x);
    assert_eq!(
        again.to_bits(),
        value.to_bits(),
        "{name}: primal in reverse mode"
    );
    let report = autodiff_runtime::check::gradient(|x: &Vec<f64>| f(x), &x.to_vec(), &gradient);
    let tolerance = 2.0 * report.numeric.uncertainty.max(1e-7);
    assert!(report.error < tolerance, "{name} at {x:?}: {report}");
    gradient
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
                    $crate::modes::check(
                        stringify!($name), &[$(&[$($at as f64),*]),+],
                        driver, |x| driver::value_and_grad(x), |x, d| driver::jvp(x, d),
                    );
                }
            )+
        }
    };
}
