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

/// The derivatives of functions, and their second ones, against differences.
macro_rules! both_orders {
    ($($f:ident)+) => {
        mod both_orders {
            use super::*;
            $(
                #[test]
                fn $f() {
                    tests::agree!(super::$f at &POINTS);
                    tests::curvature!(super::$f at &POINTS);
                }
            )+
        }
    };
}

mod as_used;
mod coverage;
mod defined;
mod edges;
mod estimation;
mod general;
mod generic;
mod handed_on;
mod large;
mod mechanics;
mod methods;
mod pivoted;
mod programs;
mod results;
mod robotics;
mod second_factors;
mod second_methods;
mod second_order;
mod shapes;
mod shapes_of_parts;
mod statistics;
mod studies;
mod studies_in_space;
mod through;
mod transforms;
