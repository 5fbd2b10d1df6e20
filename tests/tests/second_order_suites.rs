//! Suites of first derivatives once more, their functions differentiated twice: products of the Hessian with a direction against differences of the
//! gradient.
//!
//! The build script writes the same functions with `order = 2`.
#![allow(clippy::all, unused_imports, dead_code)]

include!(concat!(env!("OUT_DIR"), "/suites.rs"));
