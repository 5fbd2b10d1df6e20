//! What comes out of an arm of a macro.
//!
//! ```text
//! { let y = $x; y * y }       a + b       { let y_m1 = (a + b); y_m1 * y_m1 }
//! ```
//!
//! What the macro binds itself has names of its own, as scopes tell names apart by their text.

use super::pattern::{Bindings, Bound, repetition};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use syn::parse::Parser;
use syn::visit::Visit;

/// What a name gets that may turn out to be the macro's.
const MARK: &str = "__of_macro";

/// The body of an arm, and the names in it that it does not bind.
pub struct Written {
    pub tokens: TokenStream,
    pub free: BTreeSet<String>,
}

/// How often each name is bound in a function.
pub fn bound_in(item: &syn::ItemFn) -> BTreeMap<String, usize> {
    let mut names = Names::default();
    names.visit_item_fn(item);
    names.bound
}

/// What an arm says. `call` tells its names from those of others.
pub fn written(body: &TokenStream, bound: &Bindings, span: Span, call: usize) -> Option<Written> {
    let marked = Writer {
        span,
        name: &|name| Some(format!("{name}{MARK}")),
    };
    let marked = marked.tokens(body.clone(), bound)?;
    let block = syn::Block::parse_within.parse2(marked).ok()?;
    let mut names = Names::default();
    block.iter().for_each(|stmt| names.visit_stmt(stmt));
    let unmarked = |name: &String| name.strip_suffix(MARK).map(str::to_owned);
    let own: BTreeSet<String> = names.bound.keys().filter_map(unmarked).collect();
    let read: BTreeSet<String> = names.read.iter().filter_map(unmarked).collect();
    let named = Writer {
        span,
        name: &|name| own.contains(name).then(|| format!("{name}_m{call}")),
    };
    Some(Written {
        tokens: named.tokens(body.clone(), bound)?,
        free: read.difference(&own).cloned().collect(),
    })
}

/// The same with all names as they are.
pub fn as_it_is(body: &TokenStream, bound: &Bindings) -> Option<TokenStream> {
    let writer = Writer {
        span: Span::call_site(),
        name: &|_| None,
    };
    writer.tokens(body.clone(), bound)
}

/// The names that patterns bind, and those that expressions read.
#[derive(Default)]
struct Names {
    bound: BTreeMap<String, usize>,
    read: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
        *self.bound.entry(pat.ident.to_string()).or_default() += 1;
        syn::visit::visit_pat_ident(self, pat);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        let name = path.path.get_ident().map(ToString::to_string);
        self.read.extend(name);
    }
}

struct Writer<'w> {
    span: Span,
    /// Another name for one of the macro's, if it gets one.
    name: &'w dyn Fn(&str) -> Option<String>,
}

impl Writer<'_> {
    fn tokens(&self, body: TokenStream, bound: &Bindings) -> Option<TokenStream> {
        let mut tokens = body.into_iter();
        let mut out = TokenStream::new();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(p) if p.as_char() == '$' => match tokens.next()? {
                    TokenTree::Ident(name) if name == "crate" => name.to_tokens(&mut out),
                    TokenTree::Ident(name) => match bound.get(&name.to_string())? {
                        Bound::One(tokens) => out.extend(tokens.clone()),
                        Bound::Many(_) => return None,
                    },
                    TokenTree::Group(group) => {
                        let (separator, _) = repetition(&mut tokens)?;
                        self.rounds(&group, separator.as_ref(), bound, &mut out)?;
                    }
                    _ => return None,
                },
                TokenTree::Group(group) => {
                    let mut inner =
                        Group::new(group.delimiter(), self.tokens(group.stream(), bound)?);
                    inner.set_span(self.span);
                    inner.to_tokens(&mut out);
                }
                TokenTree::Ident(name) => self.ident(&name).to_tokens(&mut out),
                mut token => {
                    token.set_span(self.span);
                    token.to_tokens(&mut out);
                }
            }
        }
        Some(out)
    }

    /// `$( .. ),*`: once for each of what its names stand for.
    fn rounds(
        &self,
        group: &Group,
        separator: Option<&TokenTree>,
        bound: &Bindings,
        out: &mut TokenStream,
    ) -> Option<()> {
        let mut used = BTreeSet::new();
        mentioned(group.stream(), &mut used);
        let many = |name: &String| match bound.get(name) {
            Some(Bound::Many(all)) => Some((name.clone(), all)),
            _ => None,
        };
        let many: Vec<(String, &Vec<Bound>)> = used.iter().filter_map(many).collect();
        let count = many.first()?.1.len();
        if many.iter().any(|(_, all)| all.len() != count) {
            return None;
        }
        for k in 0..count {
            let mut bound = bound.clone();
            for (name, all) in &many {
                bound.insert(name.clone(), all[k].clone());
            }
            if let (Some(separator), true) = (separator, k > 0) {
                separator.to_tokens(out);
            }
            out.extend(self.tokens(group.stream(), &bound)?);
        }
        Some(())
    }

    fn ident(&self, name: &Ident) -> Ident {
        let text = name.to_string();
        let keyword = syn::parse_str::<Ident>(&text).is_err();
        let other = (self.name)(&text).filter(|_| !keyword && !text.starts_with("r#"));
        match other {
            Some(other) => Ident::new(&other, self.span),
            None => {
                let mut name = name.clone();
                name.set_span(self.span);
                name
            }
        }
    }
}

/// The names after a `$`.
fn mentioned(tokens: TokenStream, names: &mut BTreeSet<String>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(p) if p.as_char() == '$' => {
                if let Some(TokenTree::Ident(name)) = tokens.peek() {
                    names.insert(name.to_string());
                }
            }
            TokenTree::Group(group) => mentioned(group.stream(), names),
            _ => {}
        }
    }
}
