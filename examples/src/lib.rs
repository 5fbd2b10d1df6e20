//! Applications of autodiff-runtime: ordinary numerical functions, their generated derivatives, and hand-written ones beside them.
#![allow(clippy::needless_range_loop)] // numerical code counts

pub mod applications;
pub mod ba;
pub mod by_hand;
pub mod classics;
pub mod compile_time;
pub mod cost;
pub mod data;
pub mod estimation;
pub mod finance;
pub mod gmm;
pub mod hand;
pub mod lstm;
pub mod measure;
pub mod models;
pub mod parallel;
pub mod plot;
pub mod primitives;
pub mod textbook;
