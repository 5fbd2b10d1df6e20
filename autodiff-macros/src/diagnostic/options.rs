//! Messages about the attribute and its options.
