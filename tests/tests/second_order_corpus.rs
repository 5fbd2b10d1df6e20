//! The functions of the corpus once more, differentiated twice: products of the Hessian with a direction against differences of the
//! gradient, and the gradient and the value as at first order.
//!
//! The build script writes the same functions with `order = 2`.
#![allow(clippy::all)]

include!(concat!(env!("OUT_DIR"), "/twice.rs"));

macro_rules! checks {
    ($($theme:ident: $($f:ident)+;)+) => {$(
        #[test]
        fn $theme() {
            $(tests::curvature!($theme::$f at &tests::modes::POINTS);)+
        }
    )+};
}

tests::corpus!(checks);
