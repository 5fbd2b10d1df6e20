//! The compiler behind `#[differentiate]` (being built).
#![allow(dead_code)]

mod analysis;
mod diagnostic;
mod emit;
mod fence;
mod ir;
mod lower;
mod options;
mod pipeline;
mod rules;
#[cfg(test)]
mod testing;
mod transform;
