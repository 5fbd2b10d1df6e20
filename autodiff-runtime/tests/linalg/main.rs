//! The matrix primitives: each rule against differences, forward against reverse, and against extended precision.

mod check;
mod coverage;
mod edges;
mod factors;
mod functions;
mod products;
mod singular;
mod spectral;
mod square;
