//! Examples (skeleton).
fn main() {}
