//! What the numeric suites share.

pub mod corpus;
pub mod dual;
pub mod modes;

/// The code of the README runs.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
