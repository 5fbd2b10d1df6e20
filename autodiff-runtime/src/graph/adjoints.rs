//! The adjoints of what a function computes: what `f::adjoints(..)` gives, with the option `graph`.
//!
//! *In*: while [`adjoints`] runs a gradient, values and adjoints in the order of the reverse part. *Out*: a list of them.

use std::cell::RefCell;
use std::fmt::Write;

/// A number that a function computes, and the derivative of its result with respect to it.
///
/// ```
/// use autodiff_runtime::differentiate;
/// use autodiff_runtime::graph::table;
///
/// #[differentiate(graph)]
/// fn loss(w: f64, b: f64, x: f64) -> f64 {
///     let z = w * x + b;
///     z * z
/// }
///
/// let adjoints = loss::adjoints(2.0, -1.0, 3.0);
/// let of: Vec<_> = adjoints.iter().map(|a| (a.label, a.value, a.adjoint)).collect();
/// assert_eq!(of, [("t2 = z * z", 25.0, 1.0), ("z = t1 + b", 5.0, 10.0), ("t1 = w * x", 6.0, 10.0)]);
/// println!("{}", table(&adjoints));
/// ```
///
/// They come as the backward pass has them, the last one first; of a loop once for each iteration. Called functions add theirs if they have the
/// option too. What has the adjoint zero because the result does not depend on it is left out.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Adjoint {
    /// The statement, as the graph has it.
    pub label: &'static str,
    /// The number.
    pub value: f64,
    /// The derivative of the result.
    pub adjoint: f64,
}

thread_local! {
    /// What was handed over, while somebody asks for it.
    static SHOWN: RefCell<Option<Vec<Adjoint>>> = const { RefCell::new(None) };
}

/// What `run` hands over.
#[doc(hidden)]
pub fn adjoints<R>(run: impl FnOnce() -> R) -> Vec<Adjoint> {
    let outer = SHOWN.replace(Some(Vec::new()));
    run();
    SHOWN.replace(outer).unwrap_or_default()
}

/// Hands over a value and its adjoint.
#[doc(hidden)]
pub fn adjoint(label: &'static str, value: f64, adjoint: f64) {
    SHOWN.with_borrow_mut(|shown| {
        if let Some(shown) = shown {
            shown.push(Adjoint {
                label,
                value,
                adjoint,
            });
        }
    });
}

/// A line for each: statement, value, adjoint.
#[must_use]
pub fn table(adjoints: &[Adjoint]) -> String {
    let widths = adjoints.iter().map(|a| a.label.chars().count());
    let width = widths.max().unwrap_or(0);
    let mut text = String::new();
    for Adjoint {
        label,
        value,
        adjoint,
    } in adjoints
    {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{label:width$}  {value:>14.8}  {adjoint:>14.8}");
    }
    text
}
