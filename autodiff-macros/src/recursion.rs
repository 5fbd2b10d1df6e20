//! Which functions call themselves. The type of a pullback contains those of the pullbacks of what is called: in a cycle it has to be boxed.
//!
//! *In*: a function, or the members of a block, as written. *Out*: the names of those on a cycle, as far as names tell. A cycle through
//! free functions cannot be seen from one of them: the option `recursive` says so.

use crate::lower::{peel, types};
use crate::rules;
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::Visit;

/// What each function calls.
type Calls = BTreeMap<String, BTreeSet<String>>;

/// Does the function call itself?
pub fn calls_itself(item: &syn::ItemFn, is_member: bool) -> bool {
    let called = called(&item.block, &item.sig.generics);
    let name = item.sig.ident.to_string();
    called.paths.contains(&name) || is_member && called.methods.contains(&name)
}

/// The members of a block that call themselves, possibly through other members.
pub fn cycles(block: &syn::ItemImpl) -> BTreeSet<String> {
    let functions = block.items.iter().filter_map(|item| match item {
        syn::ImplItem::Fn(f) => {
            let Called {
                mut paths, methods, ..
            } = called(&f.block, &block.generics);
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

/// What is called from a function, directly or not.
fn reached(all: &Calls, from: &str) -> BTreeSet<String> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from.to_owned()]);
    while let Some(name) = open.pop() {
        let callees = all.get(&name).into_iter().flatten();
        let new = callees.filter(|callee| found.insert((*callee).clone()));
        open.extend(new.cloned());
    }
    found
}

fn called(block: &syn::Block, generics: &syn::Generics) -> Called {
    let floats = types::float_params(generics);
    let mut parameters = generics.type_params();
    let mut called = Called {
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
    /// Without those that floats have, of anything but `self`: a type of the user's has them for its fields' sake.
    methods: BTreeSet<String>,
    /// Are there type parameters that are no floats? The method of a field is then taken for that of another type.
    has_others: bool,
}

impl<'ast> Visit<'ast> for Called {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func {
            let last = path.path.segments.last();
            self.paths.extend(last.map(|s| s.ident.to_string()));
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
        let of_another = self.has_others && matches!(peel(&call.receiver), syn::Expr::Field(_));
        let of_self = matches!(peel(&call.receiver), syn::Expr::Path(p) if p.path.is_ident("self"));
        let of_floats = !of_self && rules::find(&name, call.args.len() + 1).is_some();
        if !of_another && !of_floats {
            self.methods.insert(name);
        }
        syn::visit::visit_expr_method_call(self, call);
    }
}
