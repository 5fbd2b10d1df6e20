//! Compiler (skeleton).
