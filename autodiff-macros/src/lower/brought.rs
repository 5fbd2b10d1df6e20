//! Functions of the standard library by the names that `use` brings.
//!
//! ```text
//! use std::mem::swap;      swap(&mut a, &mut b)      std::mem::swap(&mut a, &mut b)
//! ```

use crate::case::is_lower;
use crate::source::{Source, imports};
use proc_macro2::Ident;
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};

/// Spells out their paths in a body, but for names that the function binds itself.
pub fn spell_out(block: &mut syn::Block, sig: &syn::Signature, source: Option<&Source>) {
    let Some(source) = source else {
        return;
    };
    let mut own = Own::default();
    own.visit_signature(sig);
    own.visit_block(block);
    SpellOut { source, own }.visit_block_mut(block);
}

/// What the function gives a meaning of its own.
#[derive(Default)]
struct Own {
    bound: BTreeSet<String>,
    brought: BTreeMap<String, Vec<String>>,
}

impl<'ast> Visit<'ast> for Own {
    fn visit_pat_ident(&mut self, p: &'ast syn::PatIdent) {
        self.bound.insert(p.ident.to_string());
        visit::visit_pat_ident(self, p);
    }

    fn visit_signature(&mut self, sig: &'ast syn::Signature) {
        self.bound.insert(sig.ident.to_string());
        visit::visit_signature(self, sig);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        for import in imports::of(&item.tree) {
            match import.name {
                Some(name) if import.is_of_std() => {
                    self.brought.insert(name, import.path);
                }
                name => self.bound.extend(name),
            }
        }
    }
}

struct SpellOut<'a> {
    source: &'a Source,
    own: Own,
}

impl VisitMut for SpellOut<'_> {
    /// Functions inside the function are code of their own.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}

    fn visit_expr_path_mut(&mut self, path: &mut syn::ExprPath) {
        visit_mut::visit_expr_path_mut(self, path);
        let Some(name) = path.path.get_ident() else {
            return;
        };
        let text = name.to_string();
        if !is_lower(&text) || self.own.bound.contains(&text) {
            return;
        }
        let inside = self.own.brought.get(&text).map(Vec::as_slice);
        if let Some(full) = inside.or_else(|| self.source.path_in_std(&text)) {
            let segments = full.iter().map(|s| Ident::new(s, name.span()));
            path.path = syn::parse_quote!(::#(#segments)::*);
        }
    }
}
