//! Closures, inlined where they are called.
//!
//! ```text
//! let sq = |a: f64| a * a;  sq(x[0])      a = read x[0]; t1 = a * a
//! ```

use super::Lower;
use super::build::ExitKind;
use super::place::peel;
use super::value::{Callable, Value};
use crate::ir::Ty;
use std::rc::Rc;
use syn::spanned::Spanned;

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
                None => Some(Callable::Path(path.clone())),
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

    /// A closure and what it sees.
    pub fn closure(&self, closure: &syn::ExprClosure) -> Callable {
        Callable::Closure(Rc::new(closure.clone()), self.scopes.clone())
    }

    /// The value of a call.
    pub fn apply(&mut self, f: &Callable, args: Vec<Value>) -> Value {
        match f {
            Callable::Path(path) => self.apply_path(path, args),
            Callable::Closure(closure, seen) => self.inline(closure, seen.clone(), args),
        }
    }

    fn inline(
        &mut self,
        closure: &syn::ExprClosure,
        seen: super::scope::Scopes,
        args: Vec<Value>,
    ) -> Value {
        if self.depth >= DEEPEST {
            self.diagnostics.too_deep(closure.span());
            return Value::Unit;
        }
        self.depth += 1;
        let here = std::mem::replace(&mut self.scopes, seen);
        let claim = self.claim.take();
        let value = self.with_exit(ExitKind::Return, None, Ty::Unknown, |lower| {
            for (pat, arg) in closure.inputs.iter().zip(args) {
                lower.bind_pattern(pat, arg);
            }
            let value = lower.value(&closure.body);
            match &closure.output {
                syn::ReturnType::Type(_, ty) => lower.typed(value, ty),
                syn::ReturnType::Default => value,
            }
        });
        self.claim = claim;
        self.scopes = here;
        self.depth -= 1;
        value
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
