//! Runtime (skeleton).
