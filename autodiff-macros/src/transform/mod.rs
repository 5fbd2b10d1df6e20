//! From a program to its derivative programs.

pub mod adjoint;
pub mod custom;
pub mod forward;
pub mod hoist;
mod structs;
mod watch;
