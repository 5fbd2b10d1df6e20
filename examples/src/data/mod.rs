//! ADBench's data files, and generated data of the same shape.

pub mod generate;
pub mod read;
mod tokens;
