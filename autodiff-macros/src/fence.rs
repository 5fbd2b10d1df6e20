//! The accepted language, as an exhaustive match over the syntax tree.
