//! Which functions call themselves. The type of a pullback contains those of the pullbacks of what is called: in a cycle it has to be boxed.
//!
//! *In*: a function, or the members of a block, as written. *Out*: the names of those on a cycle, as far as names tell. A cycle through
//! free functions shows where they stand in one file; otherwise the option `recursive` says so.

use crate::case::is_lower;
use crate::lower::{peel, types};
use crate::names::names;
use crate::rules;
use crate::source::circles::{Calls, reached};
use crate::source::{Source, functions};
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit::Visit;

/// Does the function call itself?
pub fn calls_itself(item: &syn::ItemFn, is_member: bool, owner: Option<&syn::Type>) -> bool {
    let alone = owner.is_some_and(|owner| is_alone(&item.sig, &item.block, owner));
    let called = called(&item.block, &item.sig.generics, alone);
    let name = item.sig.ident.to_string();
    called.paths.contains(&name) || is_member && called.methods.contains(&name)
}

/// The members of a block that call themselves, possibly through other members.
pub fn cycles(block: &syn::ItemImpl) -> BTreeSet<String> {
    let functions = block.items.iter().filter_map(|item| match item {
        syn::ImplItem::Fn(f) => {
            let Called {
                mut paths, methods, ..
            } = called(
                &f.block,
                &block.generics,
                is_alone(&f.sig, &f.block, &block.self_ty),
            );
            paths.extend(methods);
            Some((f.sig.ident.to_string(), paths))
        }
        _ => None,
    });
    let all: Calls = functions.collect();
    let names = all
        .keys()
        .filter(|name| reached(&all, name).contains(*name));
    names.cloned().collect()
}

/// Does a free function call itself through other free functions of its file?
pub fn calls_itself_through_others(item: &syn::ItemFn) -> bool {
    let name = item.sig.ident.to_string();
    let Some(source) = Source::of(item.sig.ident.span()) else {
        return false;
    };
    is_on_circle(&name, &source.circle_of(&name))
}

/// Is the name on a circle of the functions with these texts, each without its `fn`?
fn is_on_circle(name: &str, texts: &[String]) -> bool {
    let mut calls = Calls::new();
    for text in texts {
        let parsed = syn::parse_str(&format!("fn {text}"));
        let Some(function) = parsed
            .ok()
            .filter(|f: &syn::ItemFn| f.sig.receiver().is_none())
        else {
            continue;
        };
        let called = called(&function.block, &function.sig.generics, false).free;
        let known = calls.entry(function.sig.ident.to_string());
        known.or_default().extend(called);
    }
    reached(&calls, name).contains(name)
}

/// Is the receiver of a member surely the only value of its type there? Neither the type holds any of its own, nor does the member name it.
fn is_alone(sig: &syn::Signature, block: &syn::Block, owner: &syn::Type) -> bool {
    let inputs = sig.inputs.iter().skip(1);
    let mut code: TokenStream = inputs.map(ToTokens::to_token_stream).collect();
    code.extend(block.to_token_stream());
    let named = |name: &str| names(code.clone()).any(|part| part == name);
    if named("Self") {
        return false;
    }
    if holds_others(owner) {
        return true;
    }
    let (name, source) = (functions::owner(owner), Source::of(owner.span()));
    let both = name.zip(source);
    both.is_some_and(|(name, source)| !named(&name) && source.holds_none_of_itself(&name))
}

/// Is it a list, which holds values of another type?
fn holds_others(owner: &syn::Type) -> bool {
    const NAMES: &[&str] = &["Option", "Vec"];
    match owner {
        syn::Type::Array(_) | syn::Type::Slice(_) => true,
        syn::Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| NAMES.iter().any(|name| last.ident == name))
        }
        _ => false,
    }
}

fn called(block: &syn::Block, generics: &syn::Generics, alone: bool) -> Called {
    let floats = types::float_params(generics);
    let mut parameters = generics.type_params();
    let mut called = Called {
        alone,
        has_others: parameters.any(|p| !floats.contains(&p.ident)),
        ..Called::default()
    };
    called.visit_block(block);
    called
}

/// The names of what is called, the last ones of paths.
#[derive(Default)]
struct Called {
    paths: BTreeSet<String>,
    /// Those of them that no type owns.
    free: BTreeSet<String>,
    /// Without those that floats have, of anything but `self`: a type of the user's has them for its fields' sake.
    methods: BTreeSet<String>,
    /// Are there type parameters that are no floats? The method of a field is then taken for that of another type.
    has_others: bool,
    /// Is there no value of the type but `self`?
    alone: bool,
}

impl<'ast> Visit<'ast> for Called {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func {
            let mut names = path.path.segments.iter().rev().map(|s| s.ident.to_string());
            let last = names.next();
            if names.next().is_none_or(|owner| is_lower(&owner)) {
                self.free.extend(last.clone());
            }
            self.paths.extend(last);
        }
        syn::visit::visit_expr_call(self, call);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if path.path.segments.len() > 1 {
            let last = path.path.segments.last();
            self.paths.extend(last.map(|s| s.ident.to_string()));
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        let of_field = matches!(peel(&call.receiver), syn::Expr::Field(_));
        let of_self = matches!(peel(&call.receiver), syn::Expr::Path(p) if is_self(&p.path));
        let itself = matches!(&*call.receiver, syn::Expr::Path(p) if is_self(&p.path));
        let of_another = self.has_others && of_field || self.alone && !itself;
        let of_floats = !of_self && rules::find(&name, call.args.len() + 1).is_some();
        if !of_another && !of_floats {
            self.methods.insert(name);
        }
        syn::visit::visit_expr_method_call(self, call);
    }
}

/// `self`, or the name that it has in a function of its own.
fn is_self(path: &syn::Path) -> bool {
    path.is_ident("self") || path.is_ident("self_")
}
