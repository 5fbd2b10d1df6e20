//! Places: a variable and a path into it.

use super::{Operand, VarId};
use proc_macro2::{Ident, Span};
use std::rc::Rc;

/// A root variable and a path into it.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where the path starts.
    pub root: VarId,
    /// The path.
    pub path: Vec<Proj>,
}

/// One step of a path.
#[derive(Clone, Debug)]
pub enum Proj {
    /// `*p`: through a reference-typed variable. Always explicit, also where Rust dereferences by itself.
    Deref,
    /// `p.0`, `p.name`
    Field(syn::Member),
    /// What a variant of an enum holds, where it is that variant.
    Payload(Rc<Payload>),
    /// `p[i]`
    Index(Operand),
    /// `p[i]` of a type of the user's.
    Entry(Entry),
    /// `p[lo..hi]`
    Range {
        /// Lower end; `None` for 0.
        lo: Option<Operand>,
        /// Upper end (exclusive); `None` for the length.
        hi: Option<Operand>,
    },
    /// The elements of a part of a list in groups of so many: a list of arrays.
    Records(usize),
    /// What is inside `Some(..)` or `Ok(..)`.
    Wrapped,
    /// What is inside `Err(..)`: it has no derivative.
    Failure,
    /// `p.coords` of a point, `*u` of a `Unit`: the tangent of what is inside is that of the whole.
    Inside(Option<Ident>),
}

/// A field of a variant of an enum.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Payload {
    /// `Shape::Circle`
    pub variant: syn::Path,
    /// Which field.
    pub member: syn::Member,
    /// Of the value, or of its tangent?
    pub access: Access,
}

/// An entry of a value of the user's, or of its tangent.
#[derive(Clone, Debug)]
pub struct Entry {
    /// By which the value finds it.
    pub index: Operand,
    /// By which its tangent does, see [`Rhs::Position`](super::Rhs::Position).
    pub position: Operand,
    /// Of the tangent?
    pub of_tangent: bool,
}

impl Entry {
    /// What stands in the brackets.
    pub fn key(&self) -> &Operand {
        if self.of_tangent {
            &self.position
        } else {
            &self.index
        }
    }
}

/// What a [`Payload`] is in. The tangent of an enum has no name that the compiler could know: methods give its fields.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Access {
    Primal,
    Tangent,
    TangentMut,
}

impl Payload {
    /// The method of the tangent that gives the field.
    pub fn method(variant: &Ident, member: &syn::Member, access: Access) -> Ident {
        let member = match member {
            syn::Member::Named(name) => name.to_string(),
            syn::Member::Unnamed(k) => k.index.to_string(),
        };
        let suffix = if access == Access::TangentMut {
            "_mut"
        } else {
            ""
        };
        let name = format!("__{variant}_{member}{suffix}").replace("r#", "");
        Ident::new(&name, Span::call_site())
    }
}

impl Proj {
    /// The step in the tangent or adjoint that belongs to a step in a value; `None` where it stays where it is.
    #[must_use]
    pub fn of_tangent(&self, access: Access) -> Option<Self> {
        Some(match self {
            Self::Payload(payload) if payload.access == Access::Primal => {
                Self::Payload(Rc::new(Payload {
                    access,
                    ..(**payload).clone()
                }))
            }
            Self::Entry(entry) => Self::Entry(Entry {
                of_tangent: true,
                ..entry.clone()
            }),
            Self::Inside(_) => return None,
            other => other.clone(),
        })
    }
}

impl Place {
    /// The whole of a variable.
    pub fn var(root: VarId) -> Self {
        Self {
            root,
            path: Vec::new(),
        }
    }

    /// Is it the variable, or what it refers to?
    pub fn is_whole(&self) -> bool {
        self.path.iter().all(|p| matches!(p, Proj::Deref))
    }

    /// One step further.
    #[must_use]
    pub fn then(mut self, proj: Proj) -> Self {
        self.path.push(proj);
        self
    }
}
