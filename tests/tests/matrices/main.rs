//! Matrices and vectors of nalgebra in annotated functions.
#![allow(clippy::all)]

#[macro_use]
mod check;
mod methods;
mod programs;
