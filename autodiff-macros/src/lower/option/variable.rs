//! Mutable variables of type `Option`.
//!
//! ```text
//! let mut best = None; .. best = Some(x)      some = false; let best; .. some = true; best = x
//! ```

use super::super::scope::Binding;
use super::super::slot::is_literal;
use super::super::value::Value;
use super::super::{Lower, boolean};
use super::{Optional, Payload, none, optional, some};
use crate::emit::types::referred;
use crate::ir::{Arg, Place, Rhs, Stmt, Ty, VarId, VarKind};
use crate::lower::place::peel;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// A mutable variable of type `Option`.
#[derive(Clone, Copy, Debug)]
pub struct OptionVar {
    /// Is there a value?
    pub some: VarId,
    /// Which.
    pub payload: VarId,
}

impl Lower<'_> {
    /// `let mut best = None;`: two variables where it holds numbers, otherwise one: what has no number to begin with has no value to begin with.
    pub fn option_variable(&mut self, name: &Ident, ty: Option<&syn::Type>, value: Optional) {
        let inner = match ty.and_then(option_argument) {
            Some(written) => self.ty(referred(written)),
            None => self.payload_ty(&value.payload),
        };
        if is_number(&inner) {
            self.split_variable(name, ty, value);
        } else {
            self.held_variable(name, ty, value);
        }
    }

    /// A variable for the condition and one for the value, whose type comes with its first.
    fn split_variable(&mut self, name: &Ident, ty: Option<&syn::Type>, value: Optional) {
        let some = self.variable("some", boolean(false));
        // While the variable refers to a number nothing changes that: it is the number itself.
        let written = ty.and_then(option_argument).map(referred);
        let ty = written.map(|t| self.ty(t));
        let hint = self.local(name, ty.unwrap_or_default(), VarKind::Mutable);
        self.function.vars[hint.0 as usize].annotation = written.cloned();
        self.made.insert(hint);
        self.deferred.insert(hint);
        self.out.push(Stmt::Declare(hint));
        let variable = OptionVar {
            some,
            payload: hint,
        };
        if !is_literal(&value.some, "false") {
            self.set_option(variable, Value::Optional(Box::new(value)));
        }
        self.scopes.bind(name, Binding::Option(variable));
    }

    /// An `Option` of Rust's own.
    fn held_variable(&mut self, name: &Ident, ty: Option<&syn::Type>, value: Optional) {
        let (rhs, known) = self.option_rhs(value.owned());
        let written = ty.and_then(option_argument);
        let owned = written.map(|t| owned_type(t, &self.runtime));
        let copies = owned.as_ref() != written;
        let known = match &owned {
            Some(inner) => Ty::Option(Box::new(self.ty(inner))),
            None => known,
        };
        let var = self.local(name, known, VarKind::Mutable);
        let annotation = owned.map(|t| syn::parse_quote!(::core::option::Option<#t>));
        self.function.vars[var.0 as usize].annotation = annotation;
        self.out.push(Stmt::Let { var, rhs });
        let binding = if copies {
            Binding::Copies(var)
        } else {
            Binding::Var(var)
        };
        self.scopes.bind(name, binding);
    }

    /// The variable, if it is one that holds copies for an `Option` of references.
    pub fn option_of_copy(&self, expr: &syn::Expr) -> Option<VarId> {
        let syn::Expr::Path(path) = peel(expr) else {
            return None;
        };
        match self.scopes.get(path.path.get_ident()?)? {
            Binding::Copies(var) if matches!(self.function.var(*var).ty, Ty::Option(_)) => {
                Some(*var)
            }
            _ => None,
        }
    }

    /// What such a variable holds now, for a call.
    pub fn lent_copy(&mut self, var: VarId) -> Arg {
        let copy = self.copy_of(Place::var(var));
        if let Some(copy) = copy.as_var() {
            self.function.vars[copy.0 as usize].lent = true;
        }
        Arg::Value(copy)
    }

    /// What a variable holds now, in one of its own.
    pub fn copy_of_variable(&mut self, var: VarId) -> Place {
        let copy = self.copy_of(Place::var(var));
        Place::var(self.in_variable(copy))
    }

    fn payload_ty(&self, payload: &Payload) -> Ty {
        match payload {
            Payload::Value(value) => self.value_ty(value),
            _ => Ty::Unknown,
        }
    }

    /// What an `Option` variable holds.
    pub fn option_read(&mut self, variable: OptionVar) -> Value {
        let some = self.temp(Rhs::Read(Place::var(variable.some)), Ty::Bool);
        let payload = Payload::Value(Value::Place(Place::var(variable.payload)));
        optional(some, payload)
    }

    /// Assigns an `Option` variable.
    pub fn set_option(&mut self, variable: OptionVar, value: Value) {
        let slot = self.option_slot(variable);
        self.deliver(slot, value);
    }

    /// `take`, `replace`, `insert` of an `Option` variable; `None` if it is no such call.
    pub fn option_change(&mut self, call: &syn::ExprMethodCall) -> Option<Value> {
        let syn::Expr::Path(path) = super::super::place::peel(&call.receiver) else {
            return None;
        };
        let Binding::Option(variable) = *self.scopes.get(path.path.get_ident()?)? else {
            return None;
        };
        let new = match (call.method.to_string().as_str(), call.args.first()) {
            ("take", None) => none(),
            ("replace" | "insert", Some(value)) => {
                let value = self.value(value);
                some(self.settled(value))
            }
            _ => return None,
        };
        let old = self.option_read(variable);
        let old = self.settled(old);
        self.set_option(variable, new);
        Some(old)
    }

    /// The same of an `Option` in a field or an element, and `get_or_insert` of any, as what it stands for.
    pub fn held_option_change(
        &mut self,
        call: &syn::ExprMethodCall,
        effect_only: bool,
    ) -> Option<syn::Expr> {
        let (place, name) = (&call.receiver, call.method.to_string());
        let filled = |new: syn::Expr, check: TokenStream| -> syn::Expr {
            syn::parse_quote!({ #check { #place = ::core::option::Option::Some(#new); } #place.as_mut().unwrap() })
        };
        const NAMES: &[&str] = &[
            "get_or_insert",
            "get_or_insert_with",
            "insert",
            "replace",
            "take",
        ];
        if !NAMES.contains(&name.as_str()) || !self.is_option_place(place) {
            return None;
        }
        let held = matches!(peel(place), syn::Expr::Field(_) | syn::Expr::Index(_));
        Some(match (name.as_str(), call.args.first()) {
            ("get_or_insert", Some(value)) if is_pure(value) => {
                filled(value.clone(), quote!(if #place.is_none()))
            }
            ("get_or_insert_with", Some(syn::Expr::Closure(f))) if f.inputs.is_empty() => {
                filled(syn::parse_quote!((#f)()), quote!(if #place.is_none()))
            }
            // An assignment looks at its right side first, which may change the index.
            ("insert" | "replace", Some(value)) if has_index(place) && !is_pure(value) => {
                return None;
            }
            ("insert", Some(value)) if held => filled(value.clone(), TokenStream::new()),
            ("replace", Some(value)) if held && effect_only => {
                syn::parse_quote!(#place = ::core::option::Option::Some(#value))
            }
            ("replace", Some(value)) if held => {
                syn::parse_quote!(::core::mem::replace(&mut #place, ::core::option::Option::Some(#value)))
            }
            ("take", None) if held && effect_only => {
                syn::parse_quote!(#place = ::core::option::Option::None)
            }
            ("take", None) if held => {
                syn::parse_quote!(::core::mem::replace(&mut #place, ::core::option::Option::None))
            }
            _ => return None,
        })
    }

    /// Is it surely an `Option`, in a variable, a field or an element, which can be named again?
    fn is_option_place(&mut self, expr: &syn::Expr) -> bool {
        if !is_place(expr) {
            return false;
        }
        let mark = self.mark();
        let value = self.value(expr);
        let is_option = match &value {
            Value::Optional(_) => true,
            Value::Place(_) => matches!(self.value_ty(&value), Ty::Option(_)),
            _ => false,
        };
        self.roll_back(mark) && is_option
    }
}

fn has_index(place: &syn::Expr) -> bool {
    match peel(place) {
        syn::Expr::Field(e) => has_index(&e.base),
        other => matches!(other, syn::Expr::Index(_)),
    }
}

/// A variable, a field or an element of one.
fn is_place(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Path(_) => true,
        syn::Expr::Paren(e) => is_place(&e.expr),
        syn::Expr::Field(e) => is_place(&e.base),
        syn::Expr::Index(e) => is_place(&e.expr) && is_pure(&e.index),
        _ => false,
    }
}

/// Does the expression only name or compute something?
fn is_pure(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Lit(_) | syn::Expr::Path(_) => true,
        syn::Expr::Paren(e) => is_pure(&e.expr),
        syn::Expr::Unary(e) => is_pure(&e.expr),
        syn::Expr::Field(e) => is_pure(&e.base),
        syn::Expr::Binary(e) => is_pure(&e.left) && is_pure(&e.right),
        _ => false,
    }
}

/// `T` of `Option<T>`.
pub fn option_argument(ty: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last().filter(|s| s.ident == "Option")?;
    let syn::PathArguments::AngleBracketed(args) = &last.arguments else {
        return None;
    };
    match args.args.first()? {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// The type of a copy of what the type refers to, or its parts do.
fn owned_type(ty: &syn::Type, rt: &TokenStream) -> syn::Type {
    match ty {
        syn::Type::Reference(r) => match &*r.elem {
            syn::Type::Slice(s) => {
                let element = &s.elem;
                syn::parse_quote!(#rt::Vec<#element>)
            }
            inner => inner.clone(),
        },
        syn::Type::Tuple(t) => {
            let parts = t.elems.iter().map(|t| owned_type(t, rt));
            syn::parse_quote!((#(#parts,)*))
        }
        other => other.clone(),
    }
}

/// Is it a number, or several, which begin with a zero?
fn is_number(ty: &Ty) -> bool {
    match ty {
        Ty::Tuple(parts) => parts.iter().all(is_number),
        ty => ty.is_scalar(),
    }
}
