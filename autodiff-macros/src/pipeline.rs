//! From the annotated function to its expansion: every stage by name, in order.
