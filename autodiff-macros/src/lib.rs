//! The compiler behind `#[differentiate]` (skeleton).
#![allow(dead_code)]
mod ir;
mod rules;
