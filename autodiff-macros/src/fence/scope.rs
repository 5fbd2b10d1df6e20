//! What a name stands for when it is called: a variable, or a closure that lowering inlines.

use proc_macro2::Ident;
use syn::visit::Visit;
use syn::{Expr, Item, Pat, Stmt};

/// What a name in scope stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Named {
    /// A parameter or a `let` that is bound to some value.
    Variable,
    /// `let f = |x| ..`
    Closure,
    /// `fn f` inside the function.
    Item,
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
                self.0.push((p.ident.clone(), Named::Variable));
                syn::visit::visit_pat_ident(self, p);
            }
        }
        Names(&mut self.names).visit_pat(pat);
    }

    /// Binds the names of a `let`.
    pub fn bind_local(&mut self, local: &syn::Local) {
        let init = local.init.as_ref().map(|init| peel(&init.expr));
        match (name(&local.pat), init) {
            (Some(name), Some(init))
                if is_closure(init) || is_called(&local.pat) && is_function(init) =>
            {
                self.names.push((name.clone(), Named::Closure));
            }
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
                self.names.push((item.sig.ident.clone(), Named::Item));
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

/// Is it a variable with the type of a function?
fn is_called(pat: &Pat) -> bool {
    matches!(pat, Pat::Type(p) if crate::lower::types::is_called(&p.ty))
}

/// A closure, or a function by its path.
pub fn is_function(expr: &Expr) -> bool {
    is_closure(expr) || matches!(peel(expr), Expr::Path(_))
}

/// `|x| ..`, `&|x| ..`, `Box::new(|x| ..)`
fn is_closure(expr: &Expr) -> bool {
    match peel(expr) {
        Expr::Closure(_) => true,
        Expr::Reference(e) => is_closure(&e.expr),
        Expr::Call(call) => {
            let is_box = |path: &syn::ExprPath| crate::lower::owner_is(path, "Box");
            matches!(&*call.func, Expr::Path(path) if is_box(path))
                && call.args.len() == 1
                && call.args.iter().all(is_closure)
        }
        _ => false,
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
