//! From the IR to tokens.
