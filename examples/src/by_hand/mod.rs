//! Hand-written derivatives of every application: what the generated ones are measured against.

pub mod ba;
pub mod classics;
pub mod estimation;
pub mod finance;
pub mod gmm;
pub mod hand;
pub mod lstm;
pub mod models;
pub mod rotation;
pub mod tangents;
