//! The compiler behind `#[differentiate]` (skeleton).
#![allow(dead_code)]
mod diagnostic;
mod ir;
mod rules;
