//! The option `watch`: the first derivative that is not finite is named with its operation, place and arguments.

use autodiff_runtime::differentiate;
use std::panic::{UnwindSafe, catch_unwind};

#[differentiate(watch, order = 2)]
fn distance(x: &[f64], scale: f64) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v * v;
    }
    let norm = sum.sqrt();
    scale * norm
}

/// The line of the square root.
const LINE: u32 = line!() - 5;

#[differentiate(watch)]
fn ratio(a: f64, b: f64) -> f64 {
    let c = a * 2.0;
    c / b
}

#[differentiate]
fn unwatched(x: &[f64], scale: f64) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v * v;
    }
    let norm = sum.sqrt();
    scale * norm
}

/// What a function panics with.
fn message<T>(f: impl FnOnce() -> T + UnwindSafe) -> String {
    let Err(panic) = catch_unwind(f) else {
        return String::new();
    };
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

fn place() -> String {
    format!("tests/watch.rs:{LINE}:")
}

#[test]
fn the_first_one_is_named() {
    let root = message(|| distance::grad(&[0.0, 0.0], 2.0));
    assert!(root.starts_with("the derivative of `sqrt` at "), "{root}");
    assert!(root.contains(&place()), "{root}");
    assert!(root.ends_with(" is inf, where t4 = 0.0"), "{root}");
    // The slope of the sum of squares is zero, and zero wins.
    assert_eq!(
        message(|| distance::jvp(&[0.0, 0.0], 2.0, &[1.0, 0.0], 0.0)),
        ""
    );
    let quotients = [
        message(|| ratio::grad(1.0, 0.0)),
        message(|| ratio::jvp(1.0, 0.0, 1.0, 0.0)),
    ];
    for quotient in quotients {
        assert!(
            quotient.starts_with("the derivative of `/` at "),
            "{quotient}"
        );
        assert!(quotient.ends_with(", where c = 2.0, b = 0.0"), "{quotient}");
    }
}

#[test]
fn nothing_is_said_of_finite_derivatives() {
    let x = [3.0, 4.0];
    assert_eq!(
        distance::value_and_grad(&x, 2.0),
        unwatched::value_and_grad(&x, 2.0)
    );
    assert_eq!(
        distance::jvp(&x, 2.0, &[1.0, 0.0], 1.0),
        unwatched::jvp(&x, 2.0, &[1.0, 0.0], 1.0)
    );
    assert!((distance::hessian(&x, 2.0)[(2, 0)] - 0.6).abs() < 1e-15);
}
