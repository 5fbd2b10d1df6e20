//! Closures, inlined where they are called.
//!
//! ```text
//! let sq = |a: f64| a * a;  sq(x[0])      a = read x[0]; t1 = a * a
//! ```

use super::Lower;
use super::build::ExitKind;
use super::place::peel;
use super::scope::{Binding, Scopes};
use super::value::{Callable, Value};
use crate::ir::{Operand, Place, Rhs, Stmt, Ty, VarId, VarKind};
use crate::source::functions;
use proc_macro2::Ident;
use quote::quote;
use std::collections::BTreeSet;
use std::rc::Rc;
use syn::spanned::Spanned;
use syn::visit::Visit;

/// How many closures may be inlined into each other.
const DEEPEST: usize = 64;

impl Lower<'_> {
    /// A closure, or a path to a function, as an argument; reports anything else.
    pub fn callable(&mut self, expr: &syn::Expr) -> Option<Callable> {
        match peel(expr) {
            syn::Expr::Closure(closure) => Some(self.closure(closure)),
            syn::Expr::Reference(e) => self.callable(&e.expr),
            syn::Expr::Path(path) => match self.local_value(path) {
                Some(Value::Fun(f)) => Some(f),
                Some(_) => None,
                None => {
                    let written_here = self.maker(path);
                    Some(written_here.unwrap_or_else(|| Callable::Path(path.clone())))
                }
            },
            other => match self.value(other) {
                Value::Fun(f) => Some(f),
                _ => {
                    self.diagnostics.not_a_closure(other.span());
                    None
                }
            },
        }
    }

    /// A closure and what it sees; `move` copies the scalars that may change later.
    pub fn closure(&mut self, closure: &syn::ExprClosure) -> Callable {
        let mut seen = self.scopes.clone();
        if closure.capture.is_some() {
            let mut mentioned = Mentioned::default();
            mentioned.visit_expr(&closure.body);
            for name in mentioned.names {
                self.copy_captured(&name, &mut seen, mentioned.written.contains(&name));
            }
        }
        Callable::Closure(Rc::new(closure.clone()), seen)
    }

    /// What a `move` closure takes along of a name that may change: what follows does not change the closure's own.
    fn copy_captured(&mut self, name: &Ident, seen: &mut Scopes, written: bool) {
        let var = match self.scopes.get(name) {
            Some(Binding::Var(var)) => *var,
            Some(Binding::Option(_)) => return self.take_along(name, seen, written),
            _ => return self.copy_reference(name, seen, written),
        };
        let known = self.function.var(var).clone();
        if !matches!(known.kind, VarKind::Mutable) {
            return;
        }
        if !matches!(known.ty, Ty::Float(_) | Ty::Int | Ty::Bool) {
            return self.take_along(name, seen, written);
        }
        let kind = if written {
            VarKind::Mutable
        } else {
            VarKind::Value
        };
        let copy = self.local(name, known.ty, kind);
        let rhs = Rhs::Read(Place::var(var));
        self.out.push(Stmt::Let { var: copy, rhs });
        seen.bind(name, Binding::Var(copy));
    }

    /// `let name = name;`, seen by the closure alone.
    fn take_along(&mut self, name: &Ident, seen: &mut Scopes, written: bool) {
        let outside = self.scopes.clone();
        let mutable = written.then(|| syn::Token![mut](name.span()));
        self.statement(&syn::parse_quote!(let #mutable #name = #name;));
        if let Some(own) = self.scopes.get(name) {
            seen.bind(name, own.clone());
        }
        self.scopes = outside;
    }

    /// A function inside the function as a closure; `None` if it has to stay what it is.
    pub fn local_function(&mut self, item: &syn::ItemFn) -> Option<Callable> {
        let generic = item.sig.generics.type_params().next().is_some()
            || item.sig.generics.const_params().next().is_some();
        let plain = item.sig.asyncness.is_none() && item.attrs.iter().all(functions::is_plain);
        let receiver = item.sig.receiver().is_some();
        if generic || !plain || receiver {
            return None;
        }
        let (inputs, output, block) = (&item.sig.inputs, &item.sig.output, &item.block);
        let closure: syn::ExprClosure = syn::parse2(quote!(|#inputs| #output #block)).ok()?;
        Some(Callable::Closure(Rc::new(closure), self.scopes.clone()))
    }

    /// The value of a call.
    pub fn apply(&mut self, f: &Callable, args: Vec<Value>) -> Value {
        match f {
            Callable::Path(path) => self.apply_path(path, args),
            Callable::Param(var) => self.call_param(*var, args),
            Callable::Closure(closure, seen) => self.inline(closure, seen.clone(), args),
            Callable::Choice(choice) => self.apply_chosen(choice, args),
        }
    }

    fn inline(&mut self, closure: &Rc<syn::ExprClosure>, seen: Scopes, args: Vec<Value>) -> Value {
        if self.inlined.len() >= DEEPEST || self.inlined.iter().any(|c| Rc::ptr_eq(c, closure)) {
            self.diagnostics.too_deep(closure.span());
            return super::failed();
        }
        self.inlined.push(closure.clone());
        let here = std::mem::replace(&mut self.scopes, seen);
        let claim = self.claim.take();
        let wrapper = self.wrapper;
        if let syn::ReturnType::Type(..) = &closure.output {
            self.wrapper = super::types::returned_wrapper(&closure.output);
        }
        let value = self.with_exit(ExitKind::Return, None, Ty::Unknown, |lower| {
            for (pat, arg) in closure.inputs.iter().zip(args) {
                lower.bind_argument(pat, arg);
            }
            let value = lower.value(&closure.body);
            match &closure.output {
                syn::ReturnType::Type(_, ty) => lower.typed(value, ty),
                syn::ReturnType::Default => value,
            }
        });
        self.claim = claim;
        self.wrapper = wrapper;
        self.scopes = here;
        self.inlined.pop();
        value
    }

    /// A parameter of what is inlined: another name for a value that has one.
    pub fn bind_argument(&mut self, pat: &syn::Pat, arg: Value) {
        let (ident, known) = match pat {
            syn::Pat::Type(p) => (&*p.pat, self.ty(&p.ty) != Ty::Unknown),
            pat => (pat, true),
        };
        match (ident, &arg) {
            (syn::Pat::Ident(p), Value::Operand(Operand::Var(v)))
                if known && p.mutability.is_none() && p.subpat.is_none() && self.is_named(*v) =>
            {
                self.scopes.bind(&p.ident, Binding::Var(*v));
            }
            _ => self.bind_pattern(pat, arg),
        }
    }

    fn is_named(&self, var: VarId) -> bool {
        let value = matches!(self.function.var(var).kind, VarKind::Value);
        value && !self.nameless.contains(&var)
    }

    /// A value of a type that is written: an unsuffixed literal is of that type.
    fn typed(&mut self, value: Value, ty: &syn::Type) -> Value {
        let known = self.ty(ty);
        match value {
            Value::Rhs(rhs, old) => Value::Rhs(rhs, super::value::join(old, known)),
            other => other,
        }
    }
}

/// The names that a closure mentions, in order.
pub fn mentioned(closure: &syn::ExprClosure) -> Vec<Ident> {
    let mut mentioned = Mentioned::default();
    mentioned.visit_expr(&closure.body);
    mentioned.names
}

/// The names that a closure mentions, in order, and those of them that it assigns.
#[derive(Default)]
struct Mentioned {
    names: Vec<Ident>,
    written: BTreeSet<Ident>,
}

impl<'ast> Visit<'ast> for Mentioned {
    fn visit_expr_path(&mut self, e: &'ast syn::ExprPath) {
        if let Some(name) = e.path.get_ident()
            && !self.names.contains(name)
        {
            self.names.push(name.clone());
        }
    }

    fn visit_expr(&mut self, e: &'ast syn::Expr) {
        let written = super::inert::target(e).and_then(super::inert::root);
        let name = written.and_then(|p| p.path.get_ident());
        self.written.extend(name.cloned());
        syn::visit::visit_expr(self, e);
    }
}
