//! Struct literals. The type of a struct's tangent has no name that the compiler could know: a tangent is made as a zero and filled in.
//!
//! ```text
//! let p = Point { x: a, ..q }
//!
//! forward    let mut t = q_dot; t.x = a_dot; let p_dot = t
//! reverse    a_bar += take(p_bar.x); q_bar += p_bar
//! ```

use crate::ir::{Literal, Operand, Place, Proj};

/// The parts that are given by name, and that which the others are taken from.
pub fn split<'o>(literal: &Literal, parts: &'o [Operand]) -> (&'o [Operand], Option<&'o Operand>) {
    let (fields, base) = parts.split_at(literal.members.len());
    (fields, base.first().filter(|_| literal.base))
}

/// The places of the fields in a value, a tangent or an adjoint.
pub fn fields(literal: &Literal, whole: &Place) -> Vec<Place> {
    let members = literal.members.iter();
    let field = |m: &syn::Member| whole.clone().then(Proj::Field(m.clone()));
    members.map(field).collect()
}
