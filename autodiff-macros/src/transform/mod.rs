//! From a program to its derivative programs.

pub mod adjoint;
pub mod custom;
mod filled;
pub mod forward;
mod hoist;
mod lengths;
mod shared;
mod structs;
mod sums;
mod watch;

use crate::ir::Function;

/// The program as it is analysed and transformed: nothing is computed or read more often than it has to be, and lists do not grow.
pub fn prepare(function: &mut Function) {
    sums::sums(function);
    filled::filled(function);
    hoist::hoist(function);
    shared::share(function);
}
