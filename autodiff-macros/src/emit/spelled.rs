//! Names of the compiler's own in a file, where hygiene does not tell them from the user's: those that the user has too get other ones.
//!
//! ```text
//! for k in 0..inputs { f(Clone::clone(&k), d_k) }        for k_1 in 0..inputs { f(Clone::clone(&k), d_k) }
//! ```

use crate::names::names;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::Visit;
use syn::visit_mut::VisitMut;

/// The code with names that can be told apart by how they are spelled. Where spans do not say whose a name is, nothing is changed.
pub fn told_apart(code: &TokenStream) -> TokenStream {
    let own = context(Span::mixed_site());
    let Some(mut file) = own.and_then(|_| syn::parse2::<syn::File>(code.clone()).ok()) else {
        return code.clone();
    };
    let mut bound = Bound::default();
    bound.visit_file(&file);
    let mut taken: BTreeSet<String> = names(code.clone()).map(|name| name.to_string()).collect();
    let clashes: Vec<String> = bound.own.intersection(&bound.users).cloned().collect();
    let renamed = clashes.into_iter().map(|name| {
        let free = (1..).map(|k| format!("{name}_{k}"));
        let other = free.into_iter().find(|other| !taken.contains(other));
        let other = other.unwrap_or_else(|| name.clone());
        taken.insert(other.clone());
        (name, other)
    });
    Renaming(renamed.collect()).visit_file_mut(&mut file);
    file.into_token_stream()
}

/// Whose a name is: the part of a span that says where names are looked up.
fn context(span: Span) -> Option<String> {
    let text = format!("{span:?}");
    let (context, _) = text.split_once(" bytes(")?;
    Some(context.to_owned())
}

fn is_own(name: &Ident) -> bool {
    context(name.span()) == context(Span::mixed_site())
}

/// The variables of the compiler's and of the user's.
#[derive(Default)]
struct Bound {
    own: BTreeSet<String>,
    users: BTreeSet<String>,
}

impl Visit<'_> for Bound {
    fn visit_pat_ident(&mut self, pattern: &syn::PatIdent) {
        let names = match is_own(&pattern.ident) {
            true => &mut self.own,
            false => &mut self.users,
        };
        names.insert(pattern.ident.to_string());
        syn::visit::visit_pat_ident(self, pattern);
    }
}

/// Gives variables of the compiler's their other names.
struct Renaming(BTreeMap<String, String>);

impl Renaming {
    fn rename(&self, name: &mut Ident) {
        if let Some(other) = self.0.get(&name.to_string())
            && is_own(name)
        {
            *name = format_ident!("{other}", span = name.span());
        }
    }

    /// What a macro is given is not parsed: only variables have such names there.
    fn in_tokens(&self, tokens: TokenStream) -> TokenStream {
        let renamed = tokens.into_iter().map(|token| match token {
            TokenTree::Ident(mut name) => {
                self.rename(&mut name);
                TokenTree::Ident(name)
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), self.in_tokens(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            other => other,
        });
        renamed.collect()
    }
}

impl VisitMut for Renaming {
    fn visit_pat_ident_mut(&mut self, pattern: &mut syn::PatIdent) {
        self.rename(&mut pattern.ident);
        syn::visit_mut::visit_pat_ident_mut(self, pattern);
    }

    fn visit_expr_path_mut(&mut self, path: &mut syn::ExprPath) {
        if path.path.get_ident().is_some()
            && let Some(only) = path.path.segments.first_mut()
        {
            self.rename(&mut only.ident);
        }
        syn::visit_mut::visit_expr_path_mut(self, path);
    }

    /// `{ field }` stands for `{ field: field }`.
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if field.colon_token.is_none() {
            field.colon_token = Some(syn::Token![:](Span::mixed_site()));
        }
        syn::visit_mut::visit_field_value_mut(self, field);
    }

    fn visit_macro_mut(&mut self, given: &mut syn::Macro) {
        given.tokens = self.in_tokens(std::mem::take(&mut given.tokens));
    }
}
