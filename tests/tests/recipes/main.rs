//! Numeric routines as one writes them down for oneself, by theme: loops over indices, buffers that are changed in place, early exits,
//! nested arrays, `f32`, generic floats.
#![allow(clippy::all, clippy::pedantic, dead_code, unused_assignments)]

mod elimination;
mod estimation;
mod evolution;
mod filters;
mod losses;
mod patterns;
mod pricing;
mod series;
mod shapes;
mod styles;
