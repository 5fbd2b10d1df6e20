//! What the numeric suites share.

pub mod dual;
