//! Matrices and vectors of nalgebra in annotated functions.
#![allow(clippy::all)]

#[macro_use]
mod check;
mod coverage;
mod methods;
mod programs;
mod second_order;
