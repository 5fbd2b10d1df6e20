//! Struct literals. The type of a struct's tangent has no name that the compiler could know: a tangent is made as a zero and filled in.
//!
//! ```text
//! let p = Point { x: a, ..q }
//!
//! forward    let mut t = q_dot; t.x = a_dot; let p_dot = t
//! reverse    a_bar += take(p_bar.x); q_bar += p_bar
//! ```

use crate::case::is_upper;
use crate::ir::{Access, Literal, Operand, Payload, Place, Proj};
use std::rc::Rc;

/// The parts that are given by name, and that which the others are taken from.
pub fn split<'o>(literal: &Literal, parts: &'o [Operand]) -> (&'o [Operand], Option<&'o Operand>) {
    let (fields, base) = parts.split_at(literal.members.len());
    (fields, base.first().filter(|_| literal.base))
}

/// The places of the fields in a tangent or an adjoint.
pub fn fields(literal: &Literal, whole: &Place) -> Vec<Place> {
    let members = literal.members.iter();
    let field = |m: &syn::Member| whole.clone().then(step(literal, m));
    members.map(field).collect()
}

fn step(literal: &Literal, member: &syn::Member) -> Proj {
    if makes_box(&literal.path) {
        return Proj::Deref;
    }
    if !is_variant(&literal.path) {
        return Proj::Field(member.clone());
    }
    Proj::Payload(Rc::new(Payload {
        variant: literal.path.clone(),
        member: member.clone(),
        access: Access::TangentMut,
    }))
}

/// `Box::new`: what is in a box is behind it.
fn makes_box(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|s| s.ident == "new")
}

/// `Shape::Circle`, `Self::Circle`: a type within a type.
fn is_variant(path: &syn::Path) -> bool {
    let owner = path.segments.iter().rev().nth(1);
    owner.is_some_and(|s| is_upper(&s.ident.to_string()))
}
