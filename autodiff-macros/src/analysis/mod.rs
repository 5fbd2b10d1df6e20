//! What a program computes, without running it.

pub mod activity;
pub mod bits;
pub mod callees;
