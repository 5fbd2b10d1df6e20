//! Items inside a function: the generated code has those of all its blocks at its head, so that a name must not mean something else elsewhere.

use crate::diagnostic::Diagnostics;
use crate::names::names;
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use std::collections::BTreeMap;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Item, ItemFn, Stmt, UseTree};

/// The names that items in the code declare; `*` for those that nobody knows here.
pub fn declared(block: &Block) -> Vec<String> {
    let mut found = Declared(Vec::new());
    found.visit_block(block);
    found.0
}

struct Declared(Vec<String>);

impl<'ast> Visit<'ast> for Declared {
    fn visit_item(&mut self, item: &'ast Item) {
        self.0
            .extend(of_item(item).into_iter().map(|(name, _)| name));
        visit::visit_item(self, item);
    }
}

/// Reports items of inner blocks whose name is used outside of these.
pub fn check(item: &ItemFn, diagnostics: &mut Diagnostics) {
    let mut inner = Inner {
        depth: 0,
        items: BTreeMap::new(),
    };
    inner.visit_block(&item.block);
    let whole = item.block.to_token_stream();
    for (name, span, inside) in inner.items.into_values() {
        if name == "*" || inside < count(whole.clone(), &name) {
            diagnostics.item_of_inner_block(span, &name);
        }
    }
}

/// The items of inner blocks.
struct Inner {
    depth: usize,
    /// By the item's text and name: the name, its place, and how often the blocks with the item mention it.
    items: BTreeMap<(String, String), (String, Span, usize)>,
}

impl<'ast> Visit<'ast> for Inner {
    fn visit_block(&mut self, block: &'ast Block) {
        let items = block.stmts.iter().filter_map(|stmt| match stmt {
            Stmt::Item(item) if self.depth > 0 => Some(item),
            _ => None,
        });
        for item in items {
            for (name, span) in of_item(item) {
                let key = (item.to_token_stream().to_string(), name.clone());
                let inside = count(block.to_token_stream(), &name);
                let known = self.items.entry(key).or_insert((name, span, 0));
                known.2 += inside;
            }
        }
        self.depth += 1;
        visit::visit_block(self, block);
        self.depth -= 1;
    }
}

/// How often a name stands in the code.
fn count(code: TokenStream, name: &str) -> usize {
    names(code).filter(|ident| ident == name).count()
}

/// The names that an item declares.
fn of_item(item: &Item) -> Vec<(String, Span)> {
    let named = |ident: &Ident| vec![(ident.to_string(), ident.span())];
    match item {
        Item::Const(i) => named(&i.ident),
        Item::Static(i) => named(&i.ident),
        Item::Fn(i) => named(&i.sig.ident),
        Item::Struct(i) => named(&i.ident),
        Item::Enum(i) => named(&i.ident),
        Item::Type(i) => named(&i.ident),
        Item::Mod(i) => named(&i.ident),
        Item::Trait(i) => named(&i.ident),
        Item::Use(i) => imported(&i.tree),
        _ => Vec::new(),
    }
}

fn imported(tree: &UseTree) -> Vec<(String, Span)> {
    match tree {
        UseTree::Path(path) => imported(&path.tree),
        UseTree::Group(group) => group.items.iter().flat_map(imported).collect(),
        UseTree::Name(name) => vec![(name.ident.to_string(), name.ident.span())],
        UseTree::Rename(name) if name.rename == "_" => Vec::new(),
        UseTree::Rename(name) => vec![(name.rename.to_string(), name.rename.span())],
        UseTree::Glob(glob) => vec![("*".to_owned(), glob.span())],
    }
}
