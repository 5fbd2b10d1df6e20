//! Functions as people write them, by theme: reverse against forward mode against differences, and the primal bit-equal.
//!
//! The functions are the corpus of the compiler's own tests of lowering.
#![allow(clippy::all)]

#[path = "../../autodiff-macros/src/lower/tests/corpus/containers.rs"]
mod containers;
#[path = "../../autodiff-macros/src/lower/tests/corpus/control.rs"]
mod control;
#[path = "../../autodiff-macros/src/lower/tests/corpus/functions.rs"]
mod functions;
#[path = "../../autodiff-macros/src/lower/tests/corpus/graphics.rs"]
mod graphics;
#[path = "../../autodiff-macros/src/lower/tests/corpus/iterators.rs"]
mod iterators;
#[path = "../../autodiff-macros/src/lower/tests/corpus/learning.rs"]
mod learning;
#[path = "../../autodiff-macros/src/lower/tests/corpus/patterns.rs"]
mod patterns;
#[path = "../../autodiff-macros/src/lower/tests/corpus/simulation.rs"]
mod simulation;

macro_rules! checks {
    ($($theme:ident: $($f:ident)+;)+) => {$(
        #[test]
        fn $theme() {
            $(tests::agree!($theme::$f at &tests::modes::POINTS);)+
        }
    )+};
}

tests::corpus!(checks);

/// Branches find its root, so that only its last step has a derivative: it has no second one.
#[test]
fn bisection() {
    tests::agree!(functions::bisection at &tests::modes::POINTS);
}
