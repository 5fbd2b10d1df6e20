//! From syntax to the IR.
