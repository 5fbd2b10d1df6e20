//! What a name stands for: something, or what was refused and need not be complained about again.

use proc_macro2::Ident;
use syn::visit::Visit;
use syn::{Expr, Item, Pat, Stmt};

/// What a name in scope stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Named {
    /// A parameter, a variable, a closure, a function inside the function.
    Known,
    /// A `let` whose value was refused.
    Refused,
}

/// The names of the blocks that are open, innermost last.
#[derive(Default)]
pub struct Scopes {
    names: Vec<(Ident, Named)>,
    starts: Vec<usize>,
}

impl Scopes {
    /// Opens a scope.
    pub fn push(&mut self) {
        self.starts.push(self.names.len());
    }

    /// Closes the innermost scope.
    pub fn pop(&mut self) {
        let start = self.starts.pop().unwrap_or(0);
        self.names.truncate(start);
    }

    /// What the name stands for, if it is known.
    pub fn get(&self, name: &Ident) -> Option<Named> {
        let found = self.names.iter().rev().find(|(n, _)| n == name);
        found.map(|(_, named)| *named)
    }

    /// Binds all names of a pattern.
    pub fn bind_pattern(&mut self, pat: &Pat) {
        struct Names<'a>(&'a mut Vec<(Ident, Named)>);
        impl<'ast> Visit<'ast> for Names<'_> {
            fn visit_pat_ident(&mut self, p: &'ast syn::PatIdent) {
                self.0.push((p.ident.clone(), Named::Known));
                syn::visit::visit_pat_ident(self, p);
            }
        }
        Names(&mut self.names).visit_pat(pat);
    }

    /// Binds the names of a `let`.
    pub fn bind_local(&mut self, local: &syn::Local) {
        let init = local.init.as_ref().map(|init| peel(&init.expr));
        match (name(&local.pat), init) {
            (Some(name), Some(Expr::Infer(_))) => {
                self.names.push((name.clone(), Named::Refused));
            }
            _ => self.bind_pattern(&local.pat),
        }
    }

    /// Binds the functions that are declared in a block.
    pub fn bind_items(&mut self, block: &syn::Block) {
        for stmt in &block.stmts {
            if let Stmt::Item(Item::Fn(item)) = stmt {
                self.names.push((item.sig.ident.clone(), Named::Known));
            }
        }
    }
}

fn name(pat: &Pat) -> Option<&Ident> {
    match pat {
        Pat::Ident(p) if p.subpat.is_none() => Some(&p.ident),
        Pat::Type(p) => name(&p.pat),
        _ => None,
    }
}

/// The expression without parentheses.
pub fn peel(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(e) => peel(&e.expr),
        Expr::Group(e) => peel(&e.expr),
        other => other,
    }
}
