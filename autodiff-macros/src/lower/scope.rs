//! What names mean: variables, places, closures.

use crate::ir::{Place, VarId};
use proc_macro2::Ident;
use std::collections::BTreeMap;

/// What a name stands for.
#[derive(Clone)]
pub enum Binding {
    /// A value or mutable variable, or a view.
    Var(VarId),
    /// A reference to this place.
    Alias { place: Place, mutable: bool },
    /// A closure, inlined where it is called, and what it sees.
    Closure(Box<syn::ExprClosure>, Box<Scopes>),
    /// An item of the function's own (`const`, `fn`): code that mentions it is kept as it is.
    Item,
}

/// The names in scope, the innermost block last.
#[derive(Clone, Default)]
pub struct Scopes {
    scopes: Vec<BTreeMap<String, Binding>>,
}

impl Scopes {
    /// Opens a block.
    pub fn push(&mut self) {
        self.scopes.push(BTreeMap::new());
    }

    /// Closes a block.
    pub fn pop(&mut self) {
        self.scopes.pop();
    }

    /// How many blocks are open.
    pub fn depth(&self) -> usize {
        self.scopes.len()
    }

    /// Takes the scopes above a depth away, to be put back by [`Scopes::put_back`].
    pub fn take_above(&mut self, depth: usize) -> Vec<BTreeMap<String, Binding>> {
        self.scopes.split_off(depth.min(self.scopes.len()))
    }

    /// Puts back what [`Scopes::take_above`] took.
    pub fn put_back(&mut self, depth: usize, above: Vec<BTreeMap<String, Binding>>) {
        self.scopes.truncate(depth);
        self.scopes.extend(above);
    }

    /// Gives a name a meaning in the innermost block.
    pub fn bind(&mut self, name: &Ident, binding: Binding) {
        if self.scopes.is_empty() {
            self.push();
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.to_string(), binding);
        }
    }

    /// What a name means.
    pub fn get(&self, name: &Ident) -> Option<&Binding> {
        let name = name.to_string();
        self.scopes.iter().rev().find_map(|s| s.get(&name))
    }
}
