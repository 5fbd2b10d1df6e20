//! What a program computes, without running it.

pub mod activity;
mod bits;
pub mod callees;
