//! Matrices and vectors of nalgebra in annotated functions.
#![allow(clippy::all)]

/// Tests by theme.
macro_rules! checks {
    ($($theme:ident: $($f:ident)+;)+) => {$(
        #[test]
        fn $theme() {
            $(tests::agree!($f at &tests::modes::POINTS);)+
        }
    )+};
}

mod coverage;
mod edges;
mod estimation;
mod large;
mod methods;
mod programs;
mod second_factors;
mod second_methods;
mod second_order;
mod shapes;
