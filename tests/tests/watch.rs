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

#[differentiate(watch, order = 2)]
fn power(x: &[f64], p: f64) -> f64 {
    let mut product = 1.0;
    for v in x {
        let root = v.powf(p);
        product *= root * v;
    }
    product.exp() * p
}

#[differentiate(watch)]
fn leveled(x: f64, y: f64) -> f64 {
    let difference = x.exp() - y.exp();
    let z = difference * y;
    z.sin() * x
}

/// The reverse sweep meets the products before the power, and the power is what is wrong.
#[test]
fn what_made_a_nan_is_named() {
    let x = [2.0, -1.5];
    let messages = [
        message(move || power::grad(&x, 0.5)),
        message(move || power::jvp(&x, 0.5, &[1.0, 0.0], 0.0)),
        message(move || power::vjp(&x, 0.5).0),
        message(move || power::hvp(&x, 0.5, &[1.0, 0.0], 0.0)),
    ];
    for text in messages {
        assert!(text.starts_with("the value of `powf` at "), "{text}");
        assert!(text.contains("is NaN, where v = -1.5, p = 0.5"), "{text}");
    }
    // Nothing between is NaN before the difference of the infinite values.
    let text = message(|| leveled::grad(800.0, 900.0));
    assert!(text.starts_with("the value of `-` at "), "{text}");
    assert_eq!(text.matches("= inf").count(), 2, "{text}");
    assert_eq!(message(|| power::grad(&[2.0, 1.5], 0.5)), "");
    assert_eq!(message(|| power::hessian(&[2.0, 1.5], 0.5)), "");
    assert_eq!(message(|| leveled::grad(0.3, 0.4)), "");
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
