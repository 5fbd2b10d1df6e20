//! Functions of the standard library that make iterators.
//!
//! ```text
//! iter::successors(Some(x), |v| Some(v * r)).take(n)
//! ```
//!
//! By its last name alone (`use std::iter::zip; zip(a, b)`) a function could be another one, which the compiler cannot see: rustc is asked
//! whether it is the library's.

use super::adaptors::zipped;
use super::place::peel;
use super::source::Source;
use super::value::Value;
use super::{Lower, int};
use crate::ir::{Inert, Stmt};
use syn::spanned::Spanned;

impl Lower<'_> {
    /// `iter::zip(a, b)` and the like; `None` if it is another function.
    pub fn iterator_maker(&mut self, path: &syn::ExprPath, args: &[&syn::Expr]) -> Option<Value> {
        let mut names = path.path.segments.iter().rev().map(|s| s.ident.to_string());
        let (name, owner) = (names.next()?, names.next());
        if owner.is_some_and(|owner| owner != "iter") {
            return None;
        }
        let source = self.made_by(&name, args)?;
        if path.path.get_ident().is_some() {
            self.assert_library(path, &name);
        }
        Some(Value::Iter(Box::new(source)))
    }

    fn made_by(&mut self, name: &str, args: &[&syn::Expr]) -> Option<Source> {
        Some(match (name, args) {
            ("zip", [a, b]) => {
                let span = a.span();
                let (a, b) = (self.known_source(a)?, self.known_source(b)?);
                self.assert_pairs(&a, span);
                zipped(a, b)
            }
            ("empty", []) => Source::Repeat(Box::new(Value::Unit), Some(int(0))),
            ("once", [value]) => self.repeated(value, Some(int(1))),
            ("repeat", [value]) => self.repeated(value, None),
            ("repeat_n", [value, n]) => {
                let source = self.repeated(value, None);
                let n = self.operand(n);
                match source {
                    Source::Repeat(value, _) => Source::Repeat(value, Some(n)),
                    other => other,
                }
            }
            ("repeat_with", [f]) => {
                let f = self.callable(f)?;
                let pure = self.is_pure(&f);
                Source::Map(Source::From(int(0)).in_turn(pure), f)
            }
            ("from_fn", [f]) => {
                let f = self.callable(f)?;
                Source::MapWhile(Box::new(Source::From(int(0))), f)
            }
            ("successors", [first, f]) => {
                let first = self.value(first);
                let first = self.settled(first);
                Source::Successors(Box::new(first), self.callable(f)?)
            }
            _ => return None,
        })
    }

    fn repeated(&mut self, value: &syn::Expr, n: Option<crate::ir::Operand>) -> Source {
        let value = self.value(value);
        let value = Box::new(self.settled(value));
        Source::Repeat(value, n)
    }

    /// A call by a single name where an iterator is wanted.
    pub fn unqualified_maker(&mut self, expr: &syn::Expr) -> Option<Value> {
        let syn::Expr::Call(call) = peel(expr) else {
            return None;
        };
        let syn::Expr::Path(path) = peel(&call.func) else {
            return None;
        };
        let name = path.path.get_ident()?;
        if self.scopes.get(name).is_some() {
            return None;
        }
        library_type(&name.to_string())?;
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        self.iterator_maker(path, &args)
    }

    fn assert_library(&mut self, path: &syn::ExprPath, name: &str) {
        let Some(ty) = library_type(name) else { return };
        self.out.push(Stmt::Effect(Inert {
            expr: syn::parse_quote!({ let _: #ty = #path; }),
            uses: Vec::new(),
            writes: Vec::new(),
            cheap: false,
            what: String::new(),
        }));
    }
}

/// What type the function of this name has in the standard library.
fn library_type(name: &str) -> Option<syn::Type> {
    Some(match name {
        "zip" => syn::parse_quote!(
            fn(
                ::core::iter::Empty<()>,
                ::core::iter::Empty<()>,
            ) -> ::core::iter::Zip<::core::iter::Empty<()>, ::core::iter::Empty<()>>
        ),
        "empty" => syn::parse_quote!(fn() -> ::core::iter::Empty<()>),
        "once" => syn::parse_quote!(fn(()) -> ::core::iter::Once<()>),
        "repeat" => syn::parse_quote!(fn(()) -> ::core::iter::Repeat<()>),
        "repeat_n" => syn::parse_quote!(fn((), usize) -> ::core::iter::RepeatN<()>),
        "repeat_with" => syn::parse_quote!(fn(fn()) -> ::core::iter::RepeatWith<fn()>),
        "successors" => syn::parse_quote!(
            fn(
                ::core::option::Option<()>,
                fn(&()) -> ::core::option::Option<()>,
            ) -> ::core::iter::Successors<(), fn(&()) -> ::core::option::Option<()>>
        ),
        _ => return None,
    })
}
