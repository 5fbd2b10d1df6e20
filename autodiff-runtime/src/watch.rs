//! The option `watch`: what says where a derivative is not finite any more.
//!
//! *In*: each derivative as it is computed, the operation that it belongs to, where that stands, and its arguments; and the values. *Out*: nothing,
//! or a panic at the first derivative that is NaN or infinite, or the first value that is NaN though no argument is.

use crate::scalar::Real;
use std::fmt::Write;

/// A number as it is shown.
#[inline]
pub fn number<T: Real>(x: T) -> f64 {
    x.__to_f64()
}

/// Looks at a derivative.
///
/// # Panics
///
/// If it is not finite.
#[inline]
pub fn watch<T: Real>(derivative: T, operation: &str, place: &str, values: &[(&str, f64)]) {
    if derivative.__is_nan() || derivative.__is_infinite() {
        report(
            "derivative",
            derivative.__to_f64(),
            operation,
            place,
            values,
        );
    }
}

/// Looks at a value: what is NaN makes all derivatives NaN.
///
/// # Panics
///
/// If it is NaN and none of the arguments is.
#[inline]
pub fn watch_value<T: Real>(value: T, operation: &str, place: &str, values: &[(&str, f64)]) {
    if value.__is_nan() && !values.iter().any(|(_, value)| value.is_nan()) {
        report("value", value.__to_f64(), operation, place, values);
    }
}

#[cold]
fn report(what: &str, is: f64, operation: &str, place: &str, values: &[(&str, f64)]) -> ! {
    let mut at = String::new();
    for (name, value) in values {
        let separator = if at.is_empty() { ", where" } else { "," };
        // Writing to a string does not fail.
        let _ = write!(at, "{separator} {name} = {value:?}");
    }
    panic!("the {what} of `{operation}` at {place} is {is}{at}")
}
