//! Functions in the idioms of published crates and papers, by theme: each is accepted as it is written there and differentiated right.
//!
//! A driver that is annotated too calls the function with numbers from a slice, so that every signature is tested through the call
//! protocol.
#![allow(
    clippy::all,
    clippy::pedantic,
    confusable_idents,
    mixed_script_confusables
)]

#[macro_use(checks)]
extern crate tests;

mod crates;
mod densities;
mod finance;
mod generics;
pub mod heron;
mod items;
mod iterators;
mod learning;
mod lists;
mod namesakes;
mod notation;
mod physics;
mod signals;
