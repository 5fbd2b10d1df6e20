//! What names mean: variables, places, closures.

use super::option::OptionVar;
use super::source::Source;
use super::value::{Callable, Value};
use crate::ir::{Operand, Place, VarId};
use proc_macro2::Ident;
use std::rc::Rc;

/// What a name stands for.
#[derive(Clone, Debug)]
pub enum Binding {
    /// A value or mutable variable, or a view.
    Var(VarId),
    /// A reference to a place, a closure, an iterator, a tuple of such: what is written in place of the name.
    Value(Value),
    /// A mutable `Option`.
    Option(OptionVar),
    /// A mutable `Option` of references, or a mutable reference to a number: it holds copies of what they refer to, which are there when that has changed.
    Copies(VarId),
    /// A mutable reference into a list: the place, with variables for what may differ.
    Moving(Rc<Place>),
    /// A mutable iterator.
    Iter(IterVar),
    /// A function inside the function, inlined where something differentiable is handed to it.
    Fn(Callable),
    /// An item of the function's own (`const`, `fn`): code that mentions it is kept as it is.
    Item,
}

/// A mutable variable that holds an iterator: what it runs over, and how far it is.
#[derive(Clone, Debug)]
pub struct IterVar {
    /// A counted source.
    pub source: Rc<Source>,
    /// The next position.
    pub at: VarId,
    /// The length of the source.
    pub len: Operand,
}

/// The names in scope, the innermost last. Cheap to clone: closures keep the scopes that they see.
#[derive(Clone, Debug, Default)]
pub struct Scopes {
    last: Option<Rc<Name>>,
}

#[derive(Debug)]
struct Name {
    name: String,
    binding: Binding,
    outer: Option<Rc<Name>>,
}

impl Scopes {
    /// Gives a name a meaning from here on.
    pub fn bind(&mut self, name: &Ident, binding: Binding) {
        let name = name.to_string();
        let outer = self.last.take();
        self.last = Some(Rc::new(Name {
            name,
            binding,
            outer,
        }));
    }

    /// What a name means.
    pub fn get(&self, name: &Ident) -> Option<&Binding> {
        let mut at = self.last.as_deref();
        while let Some(entry) = at {
            if name == &entry.name {
                return Some(&entry.binding);
            }
            at = entry.outer.as_deref();
        }
        None
    }
}
