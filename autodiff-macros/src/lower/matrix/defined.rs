//! Methods by their definitions: inlined as the closures that they are written as.
//!
//! ```text
//! v.cap_magnitude(3.0)      n = call matrix::norm(&v); if n > 3.0 { t = call scaled .. } else { t = v }
//! ```

use super::super::Lower;
use super::super::place::peel;
use super::super::value::Value;
use super::definitions::{
    CHANGES, CONSTRUCTORS, DISTANCES, Definition, FUNCTIONS, METHODS, NORMS, OF_PLANE, OF_POINTS,
    OF_SPACE, OF_VECTORS,
};
use super::table::canonical;
use crate::diagnostic::advice;
use crate::ir::{FloatTy, Ty};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use std::str::FromStr;
use syn::Expr;

impl Lower<'_> {
    /// A method that only reads.
    pub(super) fn defined_method(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let args: Vec<&Expr> = call.args.iter().collect();
        let (table, name, args) = match (call.method.to_string().as_str(), args.as_slice()) {
            ("apply_norm", [norm]) => with_norm(NORMS, &[], norm)?,
            ("apply_metric_distance", [other, norm]) => with_norm(DISTANCES, &[other], norm)?,
            (name, args) => (METHODS, name.to_owned(), args.to_vec()),
        };
        let number = self.value_ty(receiver).peel().element().unless_inert();
        let closure = self.definition(table, &name, args.len() + 1, &number)?;
        let place = self.place_of(receiver.clone());
        let mutable = false;
        let receiver = Value::Ref { place, mutable };
        Some(self.inlined(&closure, Some(receiver), args.into_iter()))
    }

    /// A free function of nalgebra: `nalgebra::distance(&p, &q)`.
    pub fn defined_function(&mut self, path: &syn::ExprPath, args: &[&Expr]) -> Option<Value> {
        let mut segments = path.path.segments.iter().rev();
        let (function, owner) = (segments.next()?, segments.next());
        let name = function.ident.to_string();
        let meant = match owner {
            Some(owner) => owner.ident == "nalgebra" || owner.ident == "na",
            None => {
                let local = self.scopes.get(&function.ident).is_some();
                let file = self.file().filter(|_| !local);
                file.is_some_and(|file| file.surely_imports_from("nalgebra", &name))
            }
        };
        if !meant || !FUNCTIONS.iter().any(|(defined, _)| *defined == name) {
            return None;
        }
        self.span = function.ident.span();
        let closure = self.definition(FUNCTIONS, &name, args.len(), &Ty::Unknown)?;
        Some(self.inlined(&closure, None, args.iter().copied()))
    }

    /// Is it a member of a type of nalgebra that has no derivative?
    pub fn is_of_type_without_rules(&self, path: &syn::ExprPath) -> bool {
        let mut segments = path.path.segments.iter().rev();
        let function = segments.next().is_some_and(|s| s.ident == "orthonormalize");
        let Some(owner) = segments.next().map(|s| s.ident.to_string()) else {
            return false;
        };
        let from = segments
            .next()
            .map(|s| s.ident == "nalgebra" || s.ident == "na");
        let imported = || {
            self.file()
                .is_some_and(|f| f.surely_imports_from("nalgebra", &owner))
        };
        let named = function || advice::TYPES.contains(&owner.as_str());
        named && from.unwrap_or_else(imported)
    }

    /// A method that changes the receiver: a place, or a part of a matrix.
    pub(super) fn defined_change(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let (name, args) = (call.method.to_string(), call.args.len());
        let number = match receiver {
            Value::Block(block) => self.place_ty(&block.matrix).peel().element(),
            other => self.value_ty(other).peel().element(),
        }
        .unless_inert();
        let closure = self.definition(CHANGES, &name, args + 1, &number)?;
        let receiver = match receiver {
            Value::Block(_) => receiver.clone(),
            other => {
                let place = self.place_of(other.clone());
                let mutable = true;
                Value::Ref { place, mutable }
            }
        };
        Some(self.inlined(&closure, Some(receiver), call.args.iter()))
    }

    /// An associated function of a matrix type, which has so many rows.
    pub(super) fn defined_constructor(
        &mut self,
        path: &syn::ExprPath,
        function: &Ident,
        shape: Option<(usize, usize)>,
        element: &Ty,
        args: &[&Expr],
    ) -> Option<Value> {
        let owner = path.path.segments.last()?.ident.to_string();
        let of_shape = match shape {
            _ if owner.contains("Point") => OF_POINTS,
            Some((3, 3)) => OF_PLANE,
            Some((4, 4)) => OF_SPACE,
            Some((_, 1)) => OF_VECTORS,
            _ => &[],
        };
        let tables = [CONSTRUCTORS, of_shape].concat();
        self.span = function.span();
        let name = function.to_string();
        let mut closure = self.definition(&tables, &name, args.len(), element)?;
        let owner = path.to_token_stream();
        closure.body = syn::parse2(renamed(closure.body.to_token_stream(), &|name| {
            (name == "Self").then(|| owner.clone())
        }))
        .ok()?;
        Some(self.inlined(&closure, None, args.iter().copied()))
    }

    /// The closure of a name and a number of parameters, on numbers of a type.
    fn definition(
        &self,
        table: &[Definition],
        name: &str,
        parameters: usize,
        number: &Ty,
    ) -> Option<syn::ExprClosure> {
        let name = canonical(name);
        let (_, text) = table.iter().find(|(defined, _)| *defined == name)?;
        let tokens = spanned(TokenStream::from_str(text).ok()?, self.span);
        let tokens = renamed(tokens, &|name| {
            (name == "rt").then(|| self.runtime.to_token_stream())
        });
        let tokens = match number {
            Ty::Float(FloatTy::Param(t)) => converted(tokens, t),
            _ => tokens,
        };
        let closure: syn::ExprClosure = syn::parse2(tokens).ok()?;
        (closure.inputs.len() == parameters).then_some(closure)
    }

    fn inlined<'e>(
        &mut self,
        closure: &syn::ExprClosure,
        receiver: Option<Value>,
        args: impl Iterator<Item = &'e Expr>,
    ) -> Value {
        let patterns = closure.inputs.iter().skip(usize::from(receiver.is_some()));
        let mut values: Vec<Value> = receiver.into_iter().collect();
        for (pattern, arg) in patterns.zip(args) {
            let is_function = pattern.to_token_stream().to_string() == "f";
            let function = is_function.then(|| self.callable(arg)).flatten();
            values.push(match function {
                Some(f) => Value::Fun(f),
                None => {
                    let value = self.value(arg);
                    self.settled(value)
                }
            });
        }
        let f = self.closure(closure);
        self.apply(&f, values)
    }
}

/// The definitions for a norm, its name, and the arguments with its parameter: `&LpNorm(3)`.
fn with_norm<'e>(
    table: &'static [Definition],
    before: &[&'e Expr],
    norm: &'e Expr,
) -> Option<(&'static [Definition], String, Vec<&'e Expr>)> {
    let (path, parameter) = match behind(norm) {
        Expr::Path(path) => (path, None),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => (path, call.args.first()),
            _ => return None,
        },
        _ => return None,
    };
    let name = path.path.segments.last()?.ident.to_string();
    Some((
        table,
        name,
        before.iter().copied().chain(parameter).collect(),
    ))
}

fn behind(expr: &Expr) -> &Expr {
    match peel(expr) {
        Expr::Reference(e) => behind(&e.expr),
        expr => expr,
    }
}

/// The tokens, all at one place of the user's code.
fn spanned(tokens: TokenStream, span: Span) -> TokenStream {
    let moved = tokens.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), spanned(group.stream(), span)).into();
        }
        token.set_span(span);
        token
    });
    moved.collect()
}

/// The tokens with numbers of a type parameter in the place of literals.
fn converted(tokens: TokenStream, number: &Ident) -> TokenStream {
    let each = tokens.into_iter().map(|token| match token {
        TokenTree::Literal(literal) if literal.to_string().contains('.') => {
            quote_spanned!(literal.span() => #number::from_f64(#literal).unwrap())
        }
        TokenTree::Group(group) => {
            Group::new(group.delimiter(), converted(group.stream(), number)).into_token_stream()
        }
        token => token.into_token_stream(),
    });
    each.collect()
}

/// The tokens with others in the place of some names.
fn renamed(tokens: TokenStream, other: &dyn Fn(&Ident) -> Option<TokenStream>) -> TokenStream {
    let each = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(name) => other(&name).unwrap_or_else(|| name.into_token_stream()),
        TokenTree::Group(group) => {
            Group::new(group.delimiter(), renamed(group.stream(), other)).into_token_stream()
        }
        token => token.into_token_stream(),
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_closures() {
        let of_shapes = [OF_PLANE, OF_SPACE, OF_POINTS, OF_VECTORS].concat();
        let others = [METHODS, CHANGES, CONSTRUCTORS, FUNCTIONS, NORMS, DISTANCES].concat();
        for (name, text) in [of_shapes, others].concat() {
            let closure = syn::parse_str::<syn::ExprClosure>(text);
            assert!(closure.is_ok(), "{name}: {text}");
        }
    }
}
