//! Matrices and vectors of nalgebra in annotated functions.
#![allow(clippy::all)]

/// Tests by theme.
macro_rules! checks {
    ($($theme:ident: $($f:ident)+;)+) => {$(
        #[test]
        fn $theme() {
            $(tests::modes::check(
                stringify!($f), &tests::modes::POINTS, $f, |x| $f::value_and_grad(x), |x, d| $f::jvp(x, d),
            );)+
        }
    )+};
}

mod coverage;
mod methods;
mod programs;
mod second_order;
